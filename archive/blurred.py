"""The pictures of boards that may be shown: where people asked for faces to be blurred, only those in which they are.

A board's blurred pictures are renditions of their own, whose names hold a digest of the places and of the pictures
they were made from; as long as they are not made, none is shown. So neither a new reading nor parts joined anew bring
a face back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa

from archive import corrected, documents
from archive import tables as t
from archive.model import Board, CorrectionField, Polygon, digest_of
from archive.plane import inverse, mapped
from archive.records import chunks

PREFIX = "blurred-"


def lay_over(connection: sa.Connection, found: Sequence[Board]) -> list[Board]:
    """Boards with the pictures that may be shown."""
    there = places(connection, found)
    return [shown(board, there.get(board.id, ())) for board in found]


def shown(board: Board, there: Sequence[Polygon]) -> Board:
    if not there:
        kept = own(board.renditions)
        return board if len(kept) == len(board.renditions) else replace(board, renditions=kept)
    start = key(board, there)
    return replace(
        board, renditions={n.removeprefix(start): d for n, d in board.renditions.items() if n.startswith(start)}
    )


def of_photos(connection: sa.Connection, photo_ids: Sequence[str]) -> dict[str, tuple[Polygon, ...]]:
    """The latest that was said of each."""
    found: dict[str, tuple[Polygon, ...]] = {}
    for some in chunks(photo_ids):
        field = t.corrections.c.field == CorrectionField.FACES.value
        for row in connection.execute(corrected.standing().where(field, t.corrections.c.photo_id.in_(some))):
            found[row.photo_id] = tuple(documents.polygon(each) for each in row.value)
    return found


def places(connection: sa.Connection, found: Sequence[Board]) -> dict[str, tuple[Polygon, ...]]:
    """Board → outlines in its pixels, of those that reach into it."""
    faces = of_photos(connection, list({view.photo_id for board in found for view in board.views}))
    if not faces:
        return {}
    there = {}
    for board in found:
        every = [
            mapped(inverse(view.homography), face) for view in board.views for face in faces.get(view.photo_id, ())
        ]
        there[board.id] = tuple(place for place in every if _reaches(place, board.width, board.height))
    return there


def _reaches(place: Polygon, width: int, height: int) -> bool:
    xs, ys = [x for x, _ in place], [y for _, y in place]
    return min(xs) < width and max(xs) > 0 and min(ys) < height and max(ys) > 0


def own(renditions: Mapping[str, str]) -> dict[str, str]:
    return {name: digest for name, digest in renditions.items() if not name.startswith(PREFIX)}


def key(board: Board, there: Sequence[Polygon]) -> str:
    where = [[[round(x), round(y)] for x, y in place] for place in there]
    return f"{PREFIX}{digest_of([where, sorted(own(board.renditions).items())])[:8]}-"
