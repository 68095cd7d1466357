"""A board laid together from parts: one picture, a view for each photo, each line once. Pure, but for two queries.

Polygons stay in pixels of a photo, as everywhere: those of the first part's photo, prolonged beyond its border. What
a person says of a place in another part is taken to that part's own photo, so that no re-reading loses it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from archive import documents, geometry, merged
from archive import tables as t
from archive.model import Board, Homography, Line, Polygon, Region, RegionKind, View
from archive.plane import inverse, mapped, times
from archive.records import chunks
from archive.tables_walls import walls

JOINED = "joined"
"""Why a board was retired: it is a part of the one that ``replaced_by`` names."""

PREFIX = "joined-"
"""Of the names of a joined board's renditions, kept with its first part."""

SAME = 0.3
"""Share of a line under a line of the part that shows its place better, from which on it is that line again."""


@dataclass(frozen=True)
class Part:
    """``way`` leads from the board's pixels to those of the whole."""

    board: Board
    way: Homography

    @property
    def to_photo(self) -> Homography:
        """Pixels of the whole → pixels of the part's photo."""
        return times(self.board.views[0].homography, inverse(self.way))

    def depth(self, x: float, y: float) -> float:
        """How far inside the part a place of the whole lies, in the part's pixels; negative outside."""
        ((u, v),) = mapped(inverse(self.way), ((x, y),))
        return min(u, v, self.board.width - 1 - u, self.board.height - 1 - v)


def lay_over(
    connection: sa.Connection, found: Sequence[Board], load: Callable[[Sequence[str]], list[Board]]
) -> list[Board]:
    """Boards with the parts joined to them. Where a part has been read again since, its lines follow without a place
    until walls are looked for again."""
    rows = _rows(connection, [board.id for board in found])
    if not rows:
        return list(found)
    members = load([row.board_id for group in rows.values() for row in group[1:]])
    by_id = {board.id: board for board in [*members, *found]}
    return [_with(board, rows[board.id], by_id) if board.id in rows else board for board in found]


def parts_of(
    connection: sa.Connection, board_ids: Sequence[str], load: Callable[[Sequence[str]], list[Board]]
) -> list[tuple[str, list[Part]]]:
    """Of those that are joined, as long as no part has been read again: the id, and the parts, the first ahead."""
    rows = {
        first: group
        for first, group in _rows(connection, board_ids).items()
        if all(row.number == row.current for row in group)
    }
    by_id = {board.id: board for board in load([row.board_id for group in rows.values() for row in group])}
    return [
        (first, [Part(by_id[row.board_id], documents.homography(row.way)) for row in group])
        for first, group in rows.items()
    ]


def _with(board: Board, rows: Sequence[sa.Row[Any]], by_id: dict[str, Board]) -> Board:
    parts = [Part(by_id[row.board_id], documents.homography(row.way)) for row in rows]
    if any(row.number != row.current for row in rows):
        return merged.together(board, [part.board for part in parts[1:]])
    return join(parts, (rows[0].width, rows[0].height))


def _rows(connection: sa.Connection, board_ids: Sequence[str]) -> dict[str, list[sa.Row[Any]]]:
    """First board → rows of its parts in order, itself ahead; parts that are gone are left out."""
    found: dict[str, list[sa.Row[Any]]] = defaultdict(list)
    for some in chunks(board_ids):
        query = sa.select(walls, t.boards.c.current).join(t.boards, t.boards.c.id == walls.c.board_id)
        here = (walls.c.kind == "part") & walls.c.first.in_(some)
        there = (t.boards.c.retired == JOINED) | (walls.c.board_id == walls.c.first)
        for row in connection.execute(query.where(here, there).order_by(walls.c.place)):
            found[row.first].append(row)
    return {first: rows for first, rows in found.items() if len(rows) > 1 and rows[0].board_id == first}


def first_of(connection: sa.Connection, board_ids: Sequence[str]) -> list[str]:
    """The boards that these are parts of."""
    query = sa.select(t.boards.c.replaced_by).where(t.boards.c.retired == JOINED)
    return [
        first
        for some in chunks(board_ids)
        for first in connection.execute(query.where(t.boards.c.id.in_(some))).scalars()
    ]


def seen_in(connection: sa.Connection, photo_id: str) -> list[str]:
    """The joined boards of which a photo shows a part."""
    here = (t.views.c.board_id == t.boards.c.id) & (t.views.c.number == t.boards.c.current)
    query = sa.select(t.boards.c.replaced_by).join(t.views, here)
    return list(connection.execute(query.where(t.views.c.photo_id == photo_id, t.boards.c.retired == JOINED)).scalars())


def join(parts: Sequence[Part], size: tuple[int, int]) -> Board:
    """One board out of its parts, the first ahead; ``size`` of the whole picture."""
    first = parts[0].board
    regions = [region for n, part in enumerate(parts) for region in _regions(n, part, parts)]
    views: dict[str, View] = {}
    for part in parts:
        for view in part.board.views[:1]:
            views.setdefault(view.photo_id, replace(view, homography=part.to_photo))
    joined = {name.removeprefix(PREFIX): d for name, d in first.renditions.items() if name.startswith(PREFIX)}
    return replace(
        first,
        width=size[0],
        height=size[1],
        regions=tuple(regions),
        views=tuple(views.values()),
        renditions={**{n: d for n, d in first.renditions.items() if not n.startswith(PREFIX)}, **joined},
    )


def place_of(parts: Sequence[Part], photo_id: str, anchor: Polygon) -> tuple[Part, Polygon]:
    """The part that a polygon, in pixels of one part's photo, belongs to, and the polygon in that part's photo: the
    part with a line there, else the one that shows the place best."""
    here = next((part for part in parts if part.board.views[0].photo_id == photo_id), parts[0])
    whole = mapped(inverse(here.to_photo), anchor)
    there = [mapped(part.to_photo, whole) for part in parts]
    lines = [geometry.covered(a, [line.polygon for line in p.board.lines]) for p, a in zip(parts, there, strict=True)]
    x, y = _middle(whole)
    best = max(range(len(parts)), key=lambda n: (lines[n] >= SAME, parts[n].depth(x, y)))
    return parts[best], there[best]


def _regions(number: int, part: Part, parts: Sequence[Part]) -> list[Region]:
    """A part's regions without what another part shows better, polygons in the first part's photo."""
    to_whole = inverse(part.to_photo)
    found = []
    for region in part.board.regions:
        outline = mapped(to_whole, region.polygon)
        if region.kind is RegionKind.NOTE and _again(number, outline, parts, region.kind):
            continue
        lines = [line for line in region.lines if not _again(number, mapped(to_whole, line.polygon), parts, None)]
        if region.lines and not lines and region.kind is RegionKind.TEXT:
            continue
        found.append(_moved(region, lines, times(parts[0].to_photo, to_whole)))
    return found


def _moved(region: Region, lines: Sequence[Line], way: Homography) -> Region:
    moved = tuple(replace(line, polygon=mapped(way, line.polygon)) for line in lines)
    return replace(region, polygon=mapped(way, region.polygon), lines=moved)


def _again(number: int, place: Polygon, parts: Sequence[Part], kind: RegionKind | None) -> bool:
    """Whether a part that shows a place (of the whole) better, or as well and before, has something read there."""
    if not place:
        return False
    x, y = _middle(place)
    own = parts[number].depth(x, y)
    for other, part in enumerate(parts):
        depth = part.depth(x, y)
        if other == number or depth < 0 or (depth, -other) < (own, -number):
            continue
        there = mapped(part.to_photo, place)
        read = (
            [r.polygon for r in part.board.regions if r.kind is kind] if kind else [n.polygon for n in part.board.lines]
        )
        if geometry.covered(there, read) >= SAME:
            return True
    return False


def _middle(polygon: Polygon) -> tuple[float, float]:
    return sum(x for x, _ in polygon) / len(polygon), sum(y for _, y in polygon) / len(polygon)
