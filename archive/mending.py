"""What people set right about boards as a whole: joined, taken apart, described."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from archive import audit, boards, changes, documents, jobs
from archive import corrections as corrected
from archive import tables as t
from archive.columns import now, storable
from archive.errors import UsageError
from archive.ids import new_id
from archive.merged import MERGED
from archive.model import Board, Correction, CorrectionField, Quad
from archive.records import Records, one

DESCRIBED = ("author", "credit", "permitted_uses", "caption")


class MendingRecords(Records):
    def merge_boards(self, board_id: str, others: Sequence[str], author: str = "") -> Board:
        """Say that ``others`` are the same board: they show as part of it, and keep being read for themselves.

        Raises NotFound; UsageError for boards that are gone, or of another session.
        """
        with self.database.write() as connection:
            target = _live(connection, board_id)
            wanted = [i for i in dict.fromkeys(others) if i != board_id]
            if not wanted:
                raise UsageError("there is nothing to merge it with", "name two boards and more")
            for other in wanted:
                if _live(connection, other).session_id != target.session_id:
                    raise UsageError(f"board {other} is of another session", "move its photo first")
                inside = (t.boards.c.retired == MERGED) & (t.boards.c.replaced_by == other)
                connection.execute(sa.update(t.boards).where(inside).values(replaced_by=board_id))
                here = t.boards.c.id == other
                connection.execute(sa.update(t.boards).where(here).values(retired=MERGED, replaced_by=board_id))
            changes.record(connection, boards.refresh(connection, [board_id, *wanted])[1])
            audit.log(connection, audit.Act("merge", "board", board_id, author, {"boards": wanted}))
            return boards.load(connection, [board_id])[0]

    def unmerge_board(self, board_id: str, author: str = "") -> Board:
        """Take a board out of the one it was merged into; with the other's id, all that were merged into it.

        Raises NotFound, UsageError.
        """
        with self.database.write() as connection:
            row = one(connection, t.boards, board_id)
            if row.retired == MERGED:
                apart, from_board = [board_id], row.replaced_by
            else:
                inside = (t.boards.c.retired == MERGED) & (t.boards.c.replaced_by == board_id)
                apart = list(connection.execute(sa.select(t.boards.c.id).where(inside)).scalars())
                from_board = board_id
            if not apart:
                raise UsageError(f"board {board_id} was not merged")
            here = t.boards.c.id.in_(apart)
            connection.execute(sa.update(t.boards).where(here).values(retired=None, replaced_by=None))
            changes.record(connection, boards.refresh(connection, [*apart, from_board])[1])
            audit.log(connection, audit.Act("unmerge", "board", from_board, author, {"boards": apart}))
            return boards.load(connection, [board_id])[0]

    def split_board(self, board_id: str, quads: Sequence[Quad], author: str = "") -> list[Correction]:
        """Say that one board is several, with these corners in its photo: the first keeps the board, the next reading,
        which is asked for at once, finds the others. To undo it, withdraw the corrections.

        Raises NotFound, UsageError.
        """
        if len(quads) < 2:
            raise UsageError("a board is split into two and more", "give the corners of each part")
        with self.database.write() as connection:
            board = _live(connection, board_id)
            found = boards.load(connection, [board_id])[0]
            photo = one(connection, t.photos, found.views[0].photo_id)
            made = [
                Correction(
                    new_id(),
                    photo.id,
                    board.id if number == 0 else None,
                    CorrectionField.CORNERS,
                    corrected.checked_corners(documents.points_json(quad)),
                    author=storable(author),
                    made_at=now(),
                )
                for number, quad in enumerate(quads)
            ]
            for each in made:
                corrected.add(connection, each, photo)
            jobs.enqueue(connection, [photo.id])
            audit.log(connection, audit.Act("split", "board", board_id, author, {"parts": len(quads)}))
        return made

    def describe_board(self, board_id: str, author: str = "", **given: str) -> Board:
        """Set what is known of it: ``author``'s own name is who says so; ``given`` holds ``artist``, ``credit``,
        ``permitted_uses`` or ``caption``. Raises NotFound, UsageError."""
        values = {("author" if name == "artist" else name): storable(text) for name, text in given.items()}
        strange = set(values) - set(DESCRIBED)
        if strange:
            raise UsageError(f"a board has no {', '.join(sorted(strange))}")
        with self.database.write() as connection:
            one(connection, t.boards, board_id)
            connection.execute(sa.update(t.boards).where(t.boards.c.id == board_id).values(**values))
            changes.record(connection, boards.refresh(connection, [board_id])[1])
            audit.log(connection, audit.Act("describe", "board", board_id, author, {"fields": sorted(given)}))
            return boards.load(connection, [board_id])[0]


def _live(connection: sa.Connection, board_id: str) -> sa.Row[Any]:
    row = one(connection, t.boards, board_id)
    if row.retired is not None:
        heir = f"it shows in {row.replaced_by}" if row.replaced_by else "'fresque readings' of its photo lists others"
        raise UsageError(f"board {board_id} is no longer there by itself", heir)
    return row
