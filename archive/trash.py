"""The trash: photos and texts out of sight, with all that is known of them, until they are restored or destroyed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from archive import audit, boards, changes, jobs, photos, walls
from archive import tables as t
from archive.columns import now
from archive.errors import NotFound
from archive.merged import MERGED
from archive.model import ChangeKind, PhotoState
from archive.records import Records, one

TRASHED = "trashed"
"""Why a board was retired: its photo lies in the trash."""


@dataclass(frozen=True)
class Trashed:
    """``kind``: photo or material."""

    id: str
    kind: ChangeKind
    session_id: str | None
    name: str
    at: datetime


class TrashRecords(Records):
    def trash(self, ids: Sequence[str], author: str = "") -> int:
        """Put photos and texts into the trash; how many were not there yet. Raises NotFound."""
        return self._move(ids, True, author)

    def untrash(self, ids: Sequence[str], author: str = "") -> int:
        """Take them out again, as they were; how many. Raises NotFound."""
        return self._move(ids, False, author)

    def trashed(self, before: datetime | None = None) -> list[Trashed]:
        """What lies there (since before a moment), the latest first."""
        found = []
        with self.database.read() as connection:
            for table, kind in ((t.photos, ChangeKind.PHOTO), (t.materials, ChangeKind.MATERIAL)):
                for row in connection.execute(sa.select(table).where(table.c.trashed_at.is_not(None))):
                    name = row.file_name or (row.title if kind is ChangeKind.MATERIAL else "")
                    found.append(Trashed(row.id, kind, row.session_id, name, row.trashed_at))
        kept = [each for each in found if before is None or each.at < before]
        return sorted(kept, key=lambda each: each.at, reverse=True)

    def _move(self, ids: Sequence[str], into: bool, author: str) -> int:
        count = 0
        with self.database.write() as connection:
            for key in dict.fromkeys(ids):
                table, kind = _where(connection, key)
                if (one(connection, table, key).trashed_at is not None) is into:
                    continue
                count += 1
                if kind is ChangeKind.PHOTO:
                    _photo(connection, key, into)
                else:
                    _material(connection, key, into)
                audit.log(connection, audit.Act("trash" if into else "restore", kind.value, key, author))
        return count


def _where(connection: sa.Connection, key: str) -> tuple[sa.Table, ChangeKind]:
    for table, kind in ((t.photos, ChangeKind.PHOTO), (t.materials, ChangeKind.MATERIAL)):
        if connection.execute(sa.select(table.c.id).where(table.c.id == key)).first():
            return table, kind
    raise NotFound(f"no photo or text '{key}'", "'fresque trash list' lists what lies in the trash")


def _photo(connection: sa.Connection, photo_id: str, into: bool) -> None:
    apart = walls.take_down_all(connection, [photo_id])  # what is joined is found again
    seen = boards.ids(connection, None, photo_id, include_retired=True)
    here = t.boards.c.id.in_(seen)
    if into:
        live = t.boards.c.retired.is_(None) | (t.boards.c.retired == MERGED)
        connection.execute(sa.update(t.boards).where(here, live).values(retired=TRASHED))
        jobs.complete(connection, photo_id)
    else:
        # a link that was kept says that it had been merged
        back = sa.case((t.boards.c.replaced_by.is_not(None), MERGED), else_=None)
        connection.execute(sa.update(t.boards).where(here, t.boards.c.retired == TRASHED).values(retired=back))
        if one(connection, t.photos, photo_id).state == PhotoState.PENDING.value:
            jobs.enqueue(connection, [photo_id])
    photo = photos.touch(connection, photo_id, trashed_at=now() if into else None)
    joined = set(connection.execute(sa.select(t.boards.c.replaced_by).where(here)).scalars()) - {None}
    touched = boards.refresh(connection, sorted({*seen, *apart, *(str(i) for i in joined)}))[1]
    changes.record(connection, [*touched, photo])


def _material(connection: sa.Connection, key: str, into: bool) -> None:
    row = one(connection, t.materials, key)
    here = t.materials.c.id == key
    values = {"trashed_at": now() if into else None, "revision": row.revision + 1}
    connection.execute(sa.update(t.materials).where(here).values(**values))
    changes.record(connection, [changes.Touched(ChangeKind.MATERIAL, key, row.revision + 1, into)])
