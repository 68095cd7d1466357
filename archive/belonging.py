"""What belongs to which session: what questions of rights are asked with."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from archive import audit
from archive.model import Photo
from archive.photos import photo_of
from archive.records import Records, chunks
from archive.tables import boards, materials, photos, views

MANY = 2000
"""Above this it is quicker to read the whole table than to ask for each id."""


class BelongingRecords(Records):
    def sessions_of(self, ids: Sequence[str]) -> dict[str, str | None]:
        """Id of a live board or a material → its session; what is not there, or retired, is left out."""
        found: dict[str, str | None] = {}
        live = sa.select(boards.c.id, boards.c.session_id).where(boards.c.retired.is_(None))
        texts = sa.select(materials.c.id, materials.c.session_id)
        with self.database.read() as connection:
            if len(ids) > MANY:
                for query in (live, texts):
                    found |= {row.id: row.session_id for row in connection.execute(query)}
                return {each: found[each] for each in ids if each in found}
            for some in chunks(ids):
                for query, key in ((live, boards.c.id), (texts, materials.c.id)):
                    found |= {row.id: row.session_id for row in connection.execute(query.where(key.in_(some)))}
        return found

    def revisions(self, board_ids: Sequence[str]) -> dict[str, int]:
        """Of boards, retired ones too: cheap, to know whether one that was loaded before is still as it was."""
        found: dict[str, int] = {}
        with self.database.read() as connection:
            for some in chunks(board_ids):
                query = sa.select(boards.c.id, boards.c.revision).where(boards.c.id.in_(some))
                found |= {row.id: row.revision for row in connection.execute(query)}
        return found

    def sessions_of_photos(self, photo_ids: Sequence[str]) -> list[str]:
        """The sessions in which photos are, each once; photos that are gone are left out."""
        found: set[str] = set()
        with self.database.read() as connection:
            for some in chunks(photo_ids):
                query = sa.select(photos.c.session_id).where(photos.c.id.in_(some)).distinct()
                found.update(connection.execute(query).scalars())
        return sorted(found)

    def board_order(self, session_id: str) -> list[tuple[str, str, str]]:
        """Id, phase and time taken (ISO, "9" where there is none) of each live board of a session."""
        here = (views.c.board_id == boards.c.id) & (views.c.number == boards.c.current)
        query = (
            sa.select(boards.c.id, boards.c.phase, photos.c.taken_at)
            .join(views, here)
            .join(photos, photos.c.id == views.c.photo_id)
            .where(boards.c.session_id == session_id, boards.c.retired.is_(None))
            .order_by(boards.c.id)
        )
        with self.database.read() as connection:
            return [(i, phase, at.isoformat() if at else "9") for i, phase, at in connection.execute(query)]

    def photos_of_blob(self, digest: str) -> list[Photo]:
        """Every photo of those bytes, whatever its session."""
        query = sa.select(photos).where(photos.c.blob == digest).order_by(photos.c.added_at)
        with self.database.read() as connection:
            return [photo_of(row) for row in connection.execute(query)]

    def note_act(self, act: audit.Act) -> None:
        """A row of the log for what changes nothing, such as reading a restricted session."""
        with self.database.write() as connection:
            audit.log(connection, act)
