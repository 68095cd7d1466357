"""Boards that a person said are one: the members keep being read for themselves, and show as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

import sqlalchemy as sa

from archive.model import Board, Region
from archive.records import chunks
from archive.tables import boards

MERGED = "merged"
"""Why a board was retired: it is shown as part of the one that ``replaced_by`` names."""


def members(connection: sa.Connection, board_ids: Sequence[str]) -> dict[str, list[str]]:
    """Board id → ids of those merged into it, in the order in which they were found."""
    found: dict[str, list[str]] = defaultdict(list)
    for some in chunks(board_ids):
        here = (boards.c.retired == MERGED) & boards.c.replaced_by.in_(some)
        query = sa.select(boards.c.id, boards.c.replaced_by).where(here).order_by(boards.c.id)
        for row in connection.execute(query):
            found[row.replaced_by].append(row.id)
    return found


def lay_over(
    connection: sa.Connection, found: Sequence[Board], load: Callable[[Sequence[str]], list[Board]]
) -> list[Board]:
    """Boards with the views and regions of their members behind their own."""
    joined = members(connection, [board.id for board in found])
    if not joined:
        return list(found)
    parts = {board.id: board for board in load([i for ids in joined.values() for i in ids])}
    return [together(board, [parts[i] for i in joined.get(board.id, ())]) for board in found]


def together(board: Board, parts: Sequence[Board]) -> Board:
    photo = board.views[0].photo_id
    regions = list(board.regions)
    for part in parts:
        here = part.views[0].photo_id == photo
        regions += part.regions if here else [_elsewhere(region) for region in part.regions]
    views = {view.photo_id: view for part in reversed(parts) for view in part.views}
    views |= {view.photo_id: view for view in board.views}
    ordered = dict.fromkeys([*(v.photo_id for v in board.views), *sorted(views)])
    return replace(board, regions=tuple(regions), views=tuple(views[i] for i in ordered))


def _elsewhere(region: Region) -> Region:
    """Of another photo: its polygons would lie wrong in the photo of the board, so it has none."""
    return replace(region, polygon=(), lines=tuple(replace(line, polygon=()) for line in region.lines))
