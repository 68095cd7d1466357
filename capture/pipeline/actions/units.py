"""The lines of a board as one item each: rows of a table, wrapped lines and notes put together."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from archive.model import Homography, Line, Polygon, Region, RegionKind
from capture.pipeline.phase.words import fold

BESIDE = 0.5  # of the lower one's height: that much two cells of a row share
GAP = 1.2  # line heights between two lines of one item at most
CLOSE = 0.35  # line heights: a line that goes on in lower case is that near
INSIDE, ALIGNED = 0.6, 0.5  # gap in heights, and shared width, of two lines of one note
SET_IN = (0.25, 2.5)  # heights that the further lines of an item stand to the right of its first
APART = 0.2  # line heights between the gaps inside items and those between items
NOTE, TIGHT = 5, 0.15  # lines, and gaps in heights, of a region that is one item
BULLETS = 2  # lines that begin with an arrow and are no name or date by itself: then arrows begin items
RAISED = 0.8  # of the lines begin with a capital or a sign: then one that does not goes on from above
_OPEN = re.compile(
    r"(?:\b(?:le|la|les|l|de|du|des|d|au|aux|a|et|ou|en|un|une|avec|pour|par|sur|avant|avt|des|d'ici|chez|fin|mi|debut"
    r"|mme|dr|me|mlle|chaque|tous les|every"
    r"|equipes?|services?|asso|police|agence|centre|the|of|to|by|and|for|on|in|next)\.?|(?<=\s)m\.?|[=:,+&/'’]|→|->|=>)$"
)
_NUMBER = re.compile(r"(?:^|[\s(])\d{1,2}(?:er)?$")  # a day whose month is on the next line
_ARROW = re.compile(r"\s*(?:→|➔|->|=>|–>)")
_BEGINS = re.compile(_ARROW.pattern + r"|\s*\(")
_AND = re.compile(r"\s*(?:et|and|\+|&|ou|or)\s")
_COLUMN = re.compile(
    r"\W*(?:qui|quoi|quand|action|responsable|resp|pilote|echeance|date|delai|who|what|when|owner|due)\W*"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A line with its place on the upright board: left, top, right, bottom in its pixels."""

    line: Line
    text: str  # the line's, as it is searched
    box: tuple[float, float, float, float]
    region: int
    note: bool

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]


@dataclass(frozen=True, slots=True)
class Unit:
    """``cells`` are its parts, as they stand side by side or under one another."""

    cells: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def source(self) -> str:
        return "\n".join(line.text for line in self.lines)

    def joined(self, is_part: Callable[[str], bool]) -> str:
        """One text: lines that go on are joined, a name or a date by itself is parted from the rest."""
        out = self.cells[0].strip()
        for before, cell in pairwise(self.cells):
            alone = (is_part(cell) or is_part(before)) and not (is_open(before) or _AND.match(fold(cell)))
            out += (" | " if alone else " ") + cell.strip()
        return out

    @property
    def polygon(self) -> Polygon:
        """Convex hull of its lines, photo pixels."""
        points = np.array([p for line in self.lines for p in line.polygon], np.float32)
        return tuple((float(x), float(y)) for x, y in cv2.convexHull(points).reshape(-1, 2))


def pieces(regions: Sequence[Region], to_photo: Homography, cased: Callable[[str], str] = str) -> list[Piece]:
    """In reading order; ``to_photo`` maps the upright board's pixels to the photo's. ``cased`` is laid over texts."""
    back = np.linalg.inv(np.array(to_photo, np.float64))
    found = []
    for number, region in enumerate(regions):
        for line in region.lines:
            if sum(c.isalnum() for c in line.text) > 1:
                x, y, w = back @ np.array([(*p, 1.0) for p in line.polygon]).T
                x, y = x / w, y / w
                box = (float(x.min()), float(y.min()), float(x.max()), float(y.max()))
                found.append(Piece(line, cased(line.text), box, number, region.kind is RegionKind.NOTE))
    return found


def units(found: Sequence[Piece], is_part: Callable[[str], bool], has_owner: Callable[[str], bool]) -> list[Unit]:
    """``is_part``: a name or a date and nothing else; ``has_owner``: says who does it."""
    made = [_unit(row) for row in _rows([p for p in found if not p.note], is_part, has_owner)]
    for note in _notes([p for p in found if p.note]):
        owners = sum(has_owner(p.text) for p in note)
        groups = [[p] for p in note] if owners > 1 else [list(note)]
        made += [_unit(group) for group in groups]
    place = {id(p.line): n for n, p in enumerate(found)}
    return sorted(made, key=lambda u: min(place[id(line)] for line in u.lines))


def is_open(text: str) -> bool:
    """Whether a line cannot be the end of what it says."""
    return bool(_OPEN.search(fold(text.strip())) or _NUMBER.search(text.strip())) or text.count("(") > text.count(")")


def _unit(found: Sequence[Piece]) -> Unit:
    return Unit(tuple(p.text for p in found), tuple(p.line for p in found))


def _rows(
    found: Sequence[Piece], is_part: Callable[[str], bool], has_owner: Callable[[str], bool]
) -> list[list[Piece]]:
    """What goes on joins the line above it; a name or a date by itself that does not is a cell of the row beside."""
    raised = sum(not p.text.strip()[:1].islower() for p in found) >= RAISED * len(found)
    joints = {n: _joint([p for p in found if p.region == n]) for n in {p.region for p in found}}
    bulleted = sum(bool(_ARROW.match(p.text)) and not is_part(p.text) for p in found) >= BULLETS
    rows: list[list[Piece]] = []
    cells: list[Piece] = []
    for piece in found:
        part = is_part(piece.text)
        first = bulleted and not part and bool(_ARROW.match(piece.text))
        above = None if first else _above(piece, rows)
        close = above is not None and _gap(above[-1], piece) < joints[piece.region]
        hung = above is not None and _hangs(above, piece)
        both = above is not None and has_owner(piece.text) and any(has_owner(p.text) for p in above)
        close = close and (part or not raised or piece.text.strip()[:1].islower())
        if above is not None and (((close or hung) and not both) or _goes_on(above, piece, part, is_part, raised)):
            above.append(piece)
        elif part:
            cells.append(piece)
        else:
            rows.append([piece])
    for cell in cells:
        beside = [row for row in rows if any(_beside(p, cell) for p in row)]
        level = min(beside, key=lambda row: min(_far(p, cell) for p in row), default=None)
        if level is None:
            rows.append([cell])
        else:
            level.insert(0 if cell.box[0] < level[0].box[0] else len(level), cell)
    return rows


def _above(piece: Piece, rows: Sequence[list[Piece]]) -> list[Piece] | None:
    """The row whose last line ends right above a line, the nearest of them."""
    near = [row for row in rows if _under(row[-1], piece) and not _stands_out(row, piece)]
    return min(near, key=lambda row: _gap(row[-1], piece), default=None)


def _hangs(row: Sequence[Piece], piece: Piece) -> bool:
    """Whether a line is set in under the first of the row: the item goes on."""
    return SET_IN[0] <= _set_in(row, piece) <= SET_IN[1] and _gap(row[-1], piece) <= INSIDE


def _stands_out(row: Sequence[Piece], piece: Piece) -> bool:
    """Whether a line is level with the first of a row whose further lines are set in: the next item begins."""
    return len(row) > 1 and _set_in(row, row[1]) >= SET_IN[0] and _set_in(row, piece) < SET_IN[0] / 2


def _set_in(row: Sequence[Piece], piece: Piece) -> float:
    return (piece.box[0] - row[0].box[0]) / max(1.0, row[0].height)


def _gap(above: Piece, below: Piece) -> float:
    """In heights of the line above."""
    return (below.box[1] - above.box[3]) / max(1.0, above.height)


def _joint(region: Sequence[Piece]) -> float:
    """The gap below which two lines of a region are one item: halfway between its small and its large gaps, where
    they fall apart; else none is small enough."""
    gaps = sorted(
        min((_gap(a, b) for a in region if a is not b and _under(a, b)), default=float("inf")) for b in region
    )
    gaps = [gap for gap in gaps if gap < GAP]
    texts = [p.text.strip() for p in region]
    if 2 <= len(texts) <= NOTE and gaps and gaps[-1] <= TIGHT:  # written like a note, whatever it stands on
        first, *rest = texts
        shouted = all(p.line.text.isupper() for p in region)
        one = shouted or (not first[:1].islower() and all(t[:1].islower() for t in rest))
        return TIGHT + 0.01 if one else float("-inf")
    jumps = [(b - a, (a + b) / 2) for a, b in pairwise(gaps)]
    widest, middle = max(jumps, default=(0.0, 0.0))
    return middle if widest >= APART else float("-inf")


def _goes_on(row: Sequence[Piece], piece: Piece, part: bool, is_part: Callable[[str], bool], raised: bool) -> bool:
    last, text = row[-1].text.strip(), piece.text.strip()
    if _COLUMN.fullmatch(fold(last)):
        return False
    if (
        _BEGINS.match(text)
        or _AND.match(fold(text))
        or (is_open(last) and (part or text[:1].islower() or not _NUMBER.search(last)))
    ):
        return True
    if part:
        return not any(is_part(p.text) for p in row)
    close = piece.box[1] - row[-1].box[3] <= CLOSE * row[-1].height
    return raised and close and text[:1].islower() and not re.search(r"[.?!:]$", last)


def _under(above: Piece, below: Piece) -> bool:
    gap = below.box[1] - above.box[3]
    overlap = min(above.box[2], below.box[2]) - max(above.box[0], below.box[0])
    height = min(above.height, below.height)
    return above.region == below.region and -0.5 * height <= gap <= GAP * height and overlap > 0


def _beside(a: Piece, b: Piece) -> bool:
    shared = min(a.box[3], b.box[3]) - max(a.box[1], b.box[1])
    return shared >= BESIDE * min(a.height, b.height)


def _far(piece: Piece, cell: Piece) -> float:
    """Of two rows that a cell could belong to, the one level with it counts more than the nearer one."""
    apart = max(0.0, max(piece.box[0], cell.box[0]) - min(piece.box[2], cell.box[2]))
    return abs(piece.box[1] + piece.box[3] - cell.box[1] - cell.box[3]) / 2 + 0.1 * apart


def _notes(found: Sequence[Piece]) -> list[list[Piece]]:
    """The lines of each note; notes that were taken for one fall apart by their gaps and columns."""
    groups: list[list[Piece]] = []
    for piece in sorted(found, key=lambda p: (p.region, p.box[1])):
        near = [g for g in groups if _under(g[-1], piece) and _gap(g[-1], piece) <= INSIDE and _aligned(g[-1], piece)]
        if near:
            min(near, key=lambda g: abs(g[-1].box[0] - piece.box[0])).append(piece)
        else:
            groups.append([piece])
    return groups


def _aligned(above: Piece, below: Piece) -> bool:
    shared = min(above.box[2], below.box[2]) - max(above.box[0], below.box[0])
    return shared >= ALIGNED * min(above.box[2] - above.box[0], below.box[2] - below.box[0])
