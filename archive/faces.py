"""Faces that people asked to have blurred: a correction of the photo, and the pictures made for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa

from archive import blurred, boards, changes, photos
from archive import tables as t
from archive.model import Board, Polygon
from archive.records import Records, one


class FaceRecords(Records):
    def faces(self, photo_id: str) -> tuple[Polygon, ...]:
        """Outlines in photo pixels. Raises NotFound."""
        with self.database.read() as connection:
            one(connection, t.photos, photo_id)
            return blurred.of_photos(connection, [photo_id]).get(photo_id, ())

    def unblurred(self, board_ids: Sequence[str]) -> list[tuple[Board, tuple[Polygon, ...]]]:
        """Boards whose blurred pictures are not made yet, with the pictures to make them from, and the outlines in
        pixels of the board."""
        with self.database.read() as connection:
            plain = boards.load(connection, board_ids, faces=False)
            places = blurred.places(connection, plain)
        found = []
        for board in plain:
            if places.get(board.id) and not blurred.shown(board, places[board.id]).renditions:
                found.append((replace(board, renditions=blurred.own(board.renditions)), places[board.id]))
        return found

    def keep_blurred(self, board: Board, places: Sequence[Polygon], images: Mapping[str, str]) -> None:
        """Name → SHA-256 of blobs that are stored; ``board`` and ``places`` as ``unblurred`` gave them."""
        with self.database.write() as connection:
            number = one(connection, t.boards, board.id).current
            here = (t.renditions.c.board_id == board.id) & (t.renditions.c.number == number)
            old = here & t.renditions.c.name.startswith(blurred.PREFIX)
            connection.execute(sa.delete(t.renditions).where(old))
            for name, digest in images.items():
                photos.keep_blob(connection, digest)
                row = {
                    "board_id": board.id,
                    "number": number,
                    "name": blurred.key(board, places) + name,
                    "blob": digest,
                }
                connection.execute(sa.insert(t.renditions).values(**row))
            changes.record(connection, boards.refresh(connection, [board.id])[1])
