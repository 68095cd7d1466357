"""What was destroyed for good: its digests and ids, so that nothing brings it back."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from archive.columns import now
from archive.errors import Forgotten
from archive.records import Records, chunks
from archive.tables import tombstones


class TombstoneRecords(Records):
    def tombstones(self) -> dict[str, str]:
        """Digest or id → kind."""
        with self.database.read() as connection:
            return known(connection)


def known(connection: sa.Connection) -> dict[str, str]:
    return {row.digest: row.kind for row in connection.execute(sa.select(tombstones))}


def check(connection: sa.Connection, digest: str) -> None:
    """Raises Forgotten when these bytes were destroyed on purpose."""
    row = connection.execute(sa.select(tombstones).where(tombstones.c.digest == digest)).one_or_none()
    if row is not None:
        raise Forgotten(f"was destroyed on {row.at:%Y-%m-%d} ({row.reason})")


def set_up(connection: sa.Connection, kind: str, digests: Iterable[str], reason: str) -> None:
    wanted = list(dict.fromkeys(digests))
    there: set[str] = set()
    for some in chunks(wanted):
        there |= set(connection.execute(sa.select(tombstones.c.digest).where(tombstones.c.digest.in_(some))).scalars())
    rows = [{"digest": d, "kind": kind, "at": now(), "reason": reason} for d in wanted if d not in there]
    if rows:
        connection.execute(sa.insert(tombstones), rows)
