"""Lines that are one item put together: wrapped lines, cells of a row, the lines of a note."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from capture.pipeline.actions.pieces import (
    GAP,
    Part,
    Piece,
    distance,
    gap_to,
    in_midst,
    is_open,
    level_with,
    right_under,
)
from capture.pipeline.lists import marks
from capture.pipeline.phase.words import fold

CLOSE = 0.35  # line heights: a line that goes on in lower case is that near
INSIDE, ALIGNED = 0.6, 0.5  # gap in heights, and shared width, of two lines of one note
SET_IN = (0.25, 2.5)  # heights that the further lines of an item stand to the right of its first
APART = 0.2  # line heights between the gaps inside items and those between items
NOTE, TIGHT = 5, 0.15  # lines, and gaps in heights, of a region that is one item
BULLETS = 2  # lines that begin with a list's sign and are no name or date by itself: then signs begin items
RAISED = 0.8  # of the lines begin with a capital or a sign: then one that does not goes on from above
_ARROW = re.compile(r"\s*(?:→|➔|->|=>|–>)")
_BEGINS = re.compile(_ARROW.pattern + r"|\s*\(|\s*@\s[a-z]")  # «@ partir du»: a misread «à»
_DASH = re.compile(r"\s*[-–—]\s")
AND = re.compile(r"\s*(?:et|and|\+|&|ou|or)\s")
_LEADS = re.compile(r"(?:[:=]|→|->|=>|>>|—>|–>|~>|►)\s*$")  # what it is about comes next
_COLUMN = re.compile(
    r"\W*(?:qui|quoi|quand|action|responsable|resp|pilote|echeance|date|delai|who|what|when|owner|due)\W*"
)


def joined_rows(
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
        close = above is not None and gap_to(above[-1], piece) < joints[piece.region]
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
        beside = [row for row in rows if any(level_with(p, cell) for p in row)]
        level = min(beside, key=lambda row: min(distance(p, cell) for p in row), default=None)
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
    near = [row for row in rows if right_under(row[-1], piece) and not _stands_out(row, piece)]
    return min(near, key=lambda row: gap_to(row[-1], piece), default=None)


def _hangs(row: Sequence[Piece], piece: Piece) -> bool:
    """Whether a line is set in under the first of the row: the item goes on."""
    return SET_IN[0] <= _set_in(row, piece) <= SET_IN[1] and gap_to(row[-1], piece) <= INSIDE


def _stands_out(row: Sequence[Piece], piece: Piece) -> bool:
    """Whether a line is level with the first of a row whose further lines are set in: the next item begins."""
    return len(row) > 1 and _set_in(row, row[1]) >= SET_IN[0] and _set_in(row, piece) < SET_IN[0] / 2


def _set_in(row: Sequence[Piece], piece: Piece) -> float:
    return (piece.box[0] - row[0].box[0]) / max(1.0, row[0].height)


def _joint(region: Sequence[Piece]) -> float:
    """The gap below which two lines of a region are one item: halfway between its small and its large gaps, where
    they fall apart; else none is small enough."""
    gaps = sorted(
        min((gap_to(a, b) for a in region if a is not b and right_under(a, b)), default=float("inf")) for b in region
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
        or AND.match(fold(text))
        or (is_open(last) and (part or text[:1].islower() or not in_midst(last)))
    ):
        return True
    if part and _LEADS.search(text):
        return False  # «Équipe soignante >>»: the next item begins
    if part:
        return not any(part_of(p.text) & part & ~Part.BODY for p in row)
    close = piece.box[1] - row[-1].box[3] <= CLOSE * row[-1].height
    return raised and close and text[:1].islower() and not re.search(r"[.?!:]$", last)


def joined_notes(found: Sequence[Piece]) -> list[list[Piece]]:
    """The lines of each note; notes that were taken for one fall apart by their gaps and columns."""
    groups: list[list[Piece]] = []
    for piece in sorted(found, key=lambda p: (p.region, p.box[1])):
        near = [
            g for g in groups if right_under(g[-1], piece) and gap_to(g[-1], piece) <= INSIDE and _aligned(g[-1], piece)
        ]
        if near:
            min(near, key=lambda g: abs(g[-1].box[0] - piece.box[0])).append(piece)
        else:
            groups.append([piece])
    return groups


def items_of(note: Sequence[Piece]) -> list[list[Piece]]:
    """The lines of a note that may each be an item: those that plainly go on joined."""
    items: list[list[Piece]] = []
    for piece in note:
        if items and (is_open(items[-1][-1].text) or piece.text.strip()[:1].islower()):
            items[-1].append(piece)
        else:
            items.append([piece])
    return items


def _aligned(above: Piece, below: Piece) -> bool:
    shared = min(above.box[2], below.box[2]) - max(above.box[0], below.box[0])
    return shared >= ALIGNED * min(above.box[2] - above.box[0], below.box[2] - below.box[0])
