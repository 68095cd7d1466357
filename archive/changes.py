"""The feed that the index pulls: one row for each object and commit, numbered without gaps in the order of commits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from archive.model import Change, ChangeKind
from archive.records import Records
from archive.tables import changes, feed


@dataclass(frozen=True)
class Touched:
    """An object that a transaction has changed."""

    kind: ChangeKind
    object_id: str
    revision: int
    deleted: bool = False


def record(connection: sa.Connection, touched: Iterable[Touched]) -> None:
    """Write change rows; the last act of a transaction.

    The number comes from a row that stays locked until the commit: a reader that has seen number n never sees a
    smaller one appear later, whatever the database.
    """
    rows = [
        {"kind": t.kind.value, "object_id": t.object_id, "revision": t.revision, "deleted": t.deleted} for t in touched
    ]
    if not rows:
        return
    connection.execute(sa.update(feed).values(last=feed.c.last + len(rows)))
    first = connection.execute(sa.select(feed.c.last)).scalar_one() - len(rows) + 1
    connection.execute(sa.insert(changes), [{"sequence": first + i, **row} for i, row in enumerate(rows)])


class ChangeFeed(Records):
    def changes(self, after_sequence: int = 0, limit: int = 1000) -> list[Change]:
        """The next changes, oldest first; an empty list when the reader is up to date."""
        query = sa.select(changes).where(changes.c.sequence > after_sequence).order_by(changes.c.sequence).limit(limit)
        with self.database.read() as connection:
            return [
                Change(row.sequence, ChangeKind(row.kind), row.object_id, row.revision, row.deleted)
                for row in connection.execute(query)
            ]

    def last_sequence(self) -> int:
        with self.database.read() as connection:
            return int(connection.execute(sa.select(feed.c.last)).scalar_one())
