"""The lines of a board as one item each: rows of a table, wrapped lines and notes put together."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Flag
from itertools import pairwise

import cv2
import numpy as np

from archive.model import Homography, Line, Polygon, Region, RegionKind
from capture.pipeline.lists import marks
from capture.pipeline.phase.words import fold

BESIDE = 0.5  # of the lower one's height: that much two cells of a row share
GAP = 1.2  # line heights between two lines of one item at most
CLOSE = 0.35  # line heights: a line that goes on in lower case is that near
INSIDE, ALIGNED = 0.6, 0.5  # gap in heights, and shared width, of two lines of one note
SET_IN = (0.25, 2.5)  # heights that the further lines of an item stand to the right of its first
APART = 0.2  # line heights between the gaps inside items and those between items
NEAR = 0.6  # heights of a line between an item and the name or date that was found apart from it
NOTE, TIGHT = 5, 0.15  # lines, and gaps in heights, of a region that is one item
BULLETS = 2  # lines that begin with a list's sign and are no name or date by itself: then signs begin items
RAISED = 0.8  # of the lines begin with a capital or a sign: then one that does not goes on from above
_OPEN = re.compile(
    r"(?:\b(?:le|la|les|l|de|du|des|d|au|aux|a|et|ou|en|un|une|avec|pour|par|sur|avant|avt|des|d'ici|chez|fin|mi|debut"
    r"|mme|dr|me|mlle|chaque|tous les|every"
    r"|equipes?|services?|asso|police|agence|centre|the|of|to|by|and|for|on|in|next)\.?|(?<=\s)m\.?|[=:,+&/'’]|→|->|=>)$"
)
_NUMBER = re.compile(r"(?:^|[\s(/,])\d{1,2}(?:er)?$")  # a day whose month is on the next line
_ARROW = re.compile(r"\s*(?:→|➔|->|=>|–>)")
_BEGINS = re.compile(_ARROW.pattern + r"|\s*\(|\s*@\s[a-z]")  # «@ partir du»: a misread «à»
_DASH = re.compile(r"\s*[-–—]\s")
_AND = re.compile(r"\s*(?:et|and|\+|&|ou|or)\s")
_FIRST = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_LAST = re.compile(r"[A-ZÀ-Þ][a-zà-ÿ]+\s*(?:[:>→,(|=]|-\s|$)")
_LEADS = re.compile(r"(?:[:=]|→|->|=>)\s*$")  # what it is about comes next
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


class Part(Flag):
    """What a line holds that holds nothing else: falsy where it says anything more."""

    NO = 0
    OWNER = 1
    DATE = 2
    BODY = 4  # an owner that is no person by name


@dataclass(frozen=True, slots=True)
class Unit:
    """``cells`` are its parts, as they stand side by side or under one another; ``box`` around them on the upright
    board. ``who`` and ``when``: cells of a ``ruled`` table's columns. ``heads``: it stands over what it is about."""

    cells: tuple[str, ...]
    lines: tuple[Line, ...]
    box: tuple[float, float, float, float]
    who: str = ""
    when: str = ""
    ruled: bool = False
    heads: bool = False

    @property
    def source(self) -> str:
        return "\n".join(line.text for line in self.lines)

    def joined(self, part_of: Callable[[str], Part]) -> str:
        """One text: lines that go on are joined, a name or a date by itself is parted from the rest."""
        out, apart = self.cells[0].strip(), bool(part_of(self.cells[0]))
        for before, cell in pairwise(self.cells):
            goes_on = is_open(before) or bool(_AND.match(fold(cell))) or cell.rstrip().endswith(":")
            # «réunion / parents le 6»: a body in small letters under a text is more often the rest of it
            rest_of = bool(part_of(cell) & Part.BODY) and cell.strip()[:1].islower() and "," not in cell
            goes_on = goes_on or (rest_of and not self.ruled) or _one_name(before, cell)
            here = bool(part_of(cell)) and not goes_on
            out += (" | " if here or (apart and not goes_on) else " ") + cell.strip()
            apart = here
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


def units(found: Sequence[Piece], part_of: Callable[[str], Part], has_owner: Callable[[str], bool]) -> list[Unit]:
    """``part_of``: whether a line is a name or a date and nothing else; ``has_owner``: it says who does it."""
    written = [p for p in found if not p.note]
    heads = _heads(written, part_of)
    made = [over(p) for p in heads]
    made += [_unit(row) for row in _rows([p for p in written if p not in heads], part_of, has_owner)]
    for note in _notes([p for p in found if p.note]):
        items = _items(note)
        several = sum(any(has_owner(p.text) for p in item) for item in items) > 1
        made += [_unit(item) for item in items] if several else [_unit(note)]
    place = {id(p.line): n for n, p in enumerate(found)}
    return sorted(_told_below(made, part_of), key=lambda u: min(place[id(line)] for line in u.lines))


def _items(note: Sequence[Piece]) -> list[list[Piece]]:
    """The lines of a note that may each be an item: those that plainly go on joined."""
    items: list[list[Piece]] = []
    for piece in note:
        if items and (is_open(items[-1][-1].text) or piece.text.strip()[:1].islower()):
            items[-1].append(piece)
        else:
            items.append([piece])
    return items


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


def is_open(text: str) -> bool:
    """Whether a line cannot be the end of what it says."""
    return bool(_OPEN.search(fold(text.strip())) or _NUMBER.search(text.strip())) or text.count("(") > text.count(")")


def _one_name(before: str, cell: str) -> bool:
    """Whether a first name ends a line and its surname begins the next."""
    return bool(_FIRST.fullmatch(before.strip()) and _LAST.match(cell.strip()))


def over(piece: Piece) -> Unit:
    """A name or a date that stands over what it is about."""
    return replace(_unit([piece]), heads=True)


def _unit(found: Sequence[Piece]) -> Unit:
    boxes = [p.box for p in found]
    box = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
    return Unit(tuple(p.text for p in found), tuple(p.line for p in found), box)


def _heads(found: Sequence[Piece], part_of: Callable[[str], Part]) -> list[Piece]:
    """Names, or dates, that stand by themselves over the items they are about; empty where the board has none.

    It has some when the first line of a column is one, with nothing beside it and an item under it."""
    lone = [p for p in found if part_of(p.text) and not any(_beside(p, q) for q in found if q is not p)]
    lone += [
        p
        for p in found
        if p not in lone
        and part_of(p.text)
        and all(part_of(q.text) == part_of(p.text) for q in found if q is not p and _beside(p, q))
    ]
    below = {id(p): min((q for q in found if _lower(p, q)), key=lambda q: q.box[1], default=None) for p in lone}
    items = [p for p in lone if (q := below[id(p)]) is not None and not part_of(q.text)]
    first = [p for p in items if not any(_lower(q, p) for q in found)]
    kinds = {part_of(p.text) & ~Part.BODY for p in first}
    return [p for p in items if part_of(p.text) & ~Part.BODY in kinds] if first and len(items) < len(found) else []


def _lower(above: Piece, below: Piece) -> bool:
    """Whether a line begins in the column of another, under it."""
    shared = min(above.box[2], below.box[2]) - max(above.box[0], below.box[0])
    return above is not below and shared > 0 and below.box[1] >= above.box[3] - 0.5 * above.height


def _rows(
    found: Sequence[Piece], part_of: Callable[[str], Part], has_owner: Callable[[str], bool]
) -> list[list[Piece]]:
    """What goes on joins the line above it; a name or a date by itself that does not is a cell of the row beside."""
    raised = sum(not p.text.strip()[:1].islower() for p in found) >= RAISED * len(found)
    joints = {n: _joint([p for p in found if p.region == n]) for n in {p.region for p in found}}
    listed = {id(p) for p in _listed(found) if not part_of(p.text)}
    bulleted = len(listed) >= BULLETS
    rows: list[list[Piece]] = []
    cells: list[Piece] = []
    for piece in found:
        part = part_of(piece.text)
        first = bulleted and id(piece) in listed
        above = None if first else _above(piece, rows)
        close = above is not None and _gap(above[-1], piece) < joints[piece.region]
        hung = above is not None and _hangs(above, piece)
        both = above is not None and has_owner(piece.text) and any(has_owner(p.text) for p in above)
        close = close and (bool(part) or not raised or piece.text.strip()[:1].islower())
        if above is not None and (((close or hung) and not both) or _goes_on(above, piece, part_of, raised)):
            above.append(piece)
        elif part and not _LEADS.search(piece.text):
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


def _listed(found: Sequence[Piece]) -> list[Piece]:
    """Those that begin an item of a list, by their sign."""
    regions = [[p for p in found if p.region == n] for n in {p.region for p in found}]
    return [p for some in regions for p, sign in zip(some, marks([p.text for p in some]), strict=True) if sign]


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


def _goes_on(row: Sequence[Piece], piece: Piece, part_of: Callable[[str], Part], raised: bool) -> bool:
    part = part_of(piece.text)
    last, text = row[-1].text.strip(), piece.text.strip()
    if _COLUMN.fullmatch(fold(last)):
        return False
    if (
        _BEGINS.match(text)
        or (_DASH.match(text) and not _DASH.match(row[0].text))
        or _AND.match(fold(text))
        or (is_open(last) and (part or text[:1].islower() or not _NUMBER.search(last)))
    ):
        return True
    if part:
        return not any(part_of(p.text) & part & ~Part.BODY for p in row)
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
