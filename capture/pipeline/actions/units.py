"""The items of a board: rows of a table, wrapped lines and notes put together, and what stands over them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np

from archive.model import Line, Polygon
from capture.pipeline.actions.pieces import Part, Piece, further_down, is_open, level_with
from capture.pipeline.actions.rows import AND, items_of, joined_notes, joined_rows
from capture.pipeline.phase.words import fold

NEAR = 0.6  # heights of a line between an item and the name or date that was found apart from it
_FIRST = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_LAST = re.compile(r"[A-ZÀ-Þ][a-zà-ÿ]+\s*(?:[:>→,(|=]|-\s|$)")


@dataclass(frozen=True, slots=True)
class Unit:
    """``cells`` are its parts, as they stand side by side or under one another; ``box`` around them on the upright
    board. ``who``, ``when``, ``what``: cells of a ``ruled`` table's columns. ``heads``: it stands over what it is
    about. ``level``: numbers of the cells that stand beside the one before them."""

    cells: tuple[str, ...]
    lines: tuple[Line, ...]
    box: tuple[float, float, float, float]
    who: str = ""
    when: str = ""
    ruled: bool = False
    heads: bool = False
    level: frozenset[int] = frozenset()
    what: str = ""

    @property
    def source(self) -> str:
        return "\n".join(line.text for line in self.lines)

    def joined(self, part_of: Callable[[str], Part]) -> str:
        """One text: lines that go on are joined, a name or a date by itself is parted from the rest."""
        out, apart = self.cells[0].strip(), bool(part_of(self.cells[0]))
        for n, (before, cell) in enumerate(pairwise(self.cells), start=1):
            goes_on = is_open(before) or bool(AND.match(fold(cell))) or cell.rstrip().endswith(":")
            # «réunion / parents le 6»: a body in small letters under a text is more often the rest of it
            rest_of = bool(part_of(cell) & Part.BODY) and cell.strip()[:1].islower() and "," not in cell
            goes_on = goes_on or (rest_of and not self.ruled and n not in self.level) or _one_name(before, cell)
            here = bool(part_of(cell)) and not goes_on
            out += (" | " if here or (apart and not goes_on) else " ") + cell.strip()
            apart = here
        return out

    @property
    def polygon(self) -> Polygon:
        """Convex hull of its lines, photo pixels; empty where none has a place."""
        points = np.array([p for line in self.lines for p in line.polygon], np.float32)
        if not len(points):
            return ()
        return tuple((float(x), float(y)) for x, y in cv2.convexHull(points).reshape(-1, 2))


def units(found: Sequence[Piece], part_of: Callable[[str], Part], has_owner: Callable[[str], bool]) -> list[Unit]:
    """``part_of``: whether a line is a name or a date and nothing else; ``has_owner``: it says who does it."""
    written = [p for p in found if not p.note]
    heads = _heads(written, part_of)
    made = [over(p) for p in heads]
    made += [unit_of(row) for row in joined_rows([p for p in written if p not in heads], part_of, has_owner)]
    for note in joined_notes([p for p in found if p.note]):
        items = items_of(note)
        several = sum(any(has_owner(p.text) for p in item) for item in items) > 1
        made += [unit_of(item) for item in items] if several else [unit_of(note)]
    place = {id(p.line): n for n, p in enumerate(found)}
    return sorted(_told_below(made, part_of), key=lambda u: min(place[id(line)] for line in u.lines))


def over(piece: Piece) -> Unit:
    """A name or a date that stands over what it is about."""
    return replace(unit_of([piece]), heads=True)


def unit_of(found: Sequence[Piece]) -> Unit:
    boxes = [p.box for p in found]
    box = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
    level = frozenset(n for n, (a, b) in enumerate(pairwise(found), start=1) if level_with(a, b))
    return Unit(tuple(p.text for p in found), tuple(p.line for p in found), box, level=level)


def _heads(found: Sequence[Piece], part_of: Callable[[str], Part]) -> list[Piece]:
    """Names, or dates, that stand by themselves over the items they are about; empty where the board has none.

    It has some when the first line of a column is one, with nothing beside it and an item under it."""
    lone = [p for p in found if part_of(p.text) and not any(level_with(p, q) for q in found if q is not p)]
    lone += [
        p
        for p in found
        if p not in lone
        and part_of(p.text)
        and all(part_of(q.text) == part_of(p.text) for q in found if q is not p and level_with(p, q))
    ]
    below = {id(p): min((q for q in found if further_down(p, q)), key=lambda q: q.box[1], default=None) for p in lone}
    items = [p for p in lone if (q := below[id(p)]) is not None and not part_of(q.text)]
    first = [p for p in items if not any(further_down(q, p) for q in found)]
    kinds = {part_of(p.text) & ~Part.BODY for p in first}
    return [p for p in items if part_of(p.text) & ~Part.BODY in kinds] if first and len(items) < len(found) else []


def _told_below(made: Sequence[Unit], part_of: Callable[[str], Part]) -> list[Unit]:
    """Names and dates that were found apart from the item right above them, joined to it."""
    kept = list(made)
    for unit in made:
        kind = [part_of(cell) for cell in unit.cells]
        if unit.heads or not all(kind):
            continue
        above = [
            u
            for u in kept
            if u is not unit
            and not u.heads
            and not any(part_of(cell) for cell in u.cells)
            and min(u.box[2], unit.box[2]) > max(u.box[0], unit.box[0])
            and abs(unit.box[1] - u.box[3]) <= NEAR * (unit.box[3] - unit.box[1]) / len(unit.cells)
        ]
        if above:
            item = min(above, key=lambda u: abs(unit.box[1] - u.box[3]))
            box = tuple(f(a, b) for f, a, b in zip((min, min, max, max), item.box, unit.box, strict=True))
            kept[kept.index(item)] = replace(
                item, cells=item.cells + unit.cells, lines=item.lines + unit.lines, box=(box[0], box[1], box[2], box[3])
            )
            kept.remove(unit)
    return kept


def _one_name(before: str, cell: str) -> bool:
    """Whether a first name ends a line and its surname begins the next."""
    return bool(_FIRST.fullmatch(before.strip()) and _LAST.match(cell.strip()))
