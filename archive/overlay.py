"""Corrections laid over an automatic result on reading. Pure: the result itself is never changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from archive import geometry
from archive.documents import quad
from archive.model import (
    Board,
    Correction,
    CorrectionField,
    Decided,
    DecidedKind,
    Line,
    Phase,
    Polygon,
    Reading,
    Region,
    RegionKind,
)

HUMAN = "human"
CLAIMED = 0.5
"""A line belongs to a correction when that share of it lies under the anchor."""
SAME = 0.9
"""IoU of two outlines of one place: outlines are rounded on their way through a page."""


def lay_over(board: Board, corrections: Sequence[Correction]) -> Board:
    """The board as people corrected it; ``corrections`` are its own, in the order in which they were made.

    The later of two on the same thing wins. A corrected line has reader "human" and confidence 1; what the readers
    had made of it moves to ``others``. An empty text takes the line away.
    """
    for correction in corrections:
        if correction.field is CorrectionField.PHASE:
            board = replace(board, phase=replace(board.phase, label=Phase(correction.value), source=HUMAN))
        elif correction.field is CorrectionField.CORNERS:
            board = _with_corners(board, correction)
        elif correction.field is CorrectionField.DECIDED:
            board = replace(board, decided=_with_decided(board.decided, correction))
        elif correction.field is CorrectionField.THEMES:
            board = replace(board, themes=tuple(correction.value))
    texts = _standing([c for c in corrections if c.field is CorrectionField.TEXT])
    return replace(board, regions=_with_texts(board.regions, texts)) if texts else board


def _with_corners(board: Board, correction: Correction) -> Board:
    views = tuple(
        replace(view, quad=quad(correction.value), quad_confidence=1.0, whole_photo=False)
        if view.photo_id == correction.photo_id
        else view
        for view in board.views
    )
    return replace(board, views=views)


def _with_decided(items: Sequence[Decided], correction: Correction) -> tuple[Decided, ...]:
    """In the place of what was found there; one that a person wrote gives way to a later one at the same place."""
    gone = _at(items, correction.anchor)
    kept = [item for item in items if item not in gone]
    if correction.value is None:
        return tuple(kept)
    place = items.index(gone[0]) if gone else len(items)
    given = correction.value
    due = date.fromisoformat(given["due"]) if given.get("due") else None
    source = next((item.source for item in gone), "")
    told = next((item.due_text for item in gone if item.due == due), "")  # «à la rentrée» holds while the date does
    made = Decided(
        DecidedKind(given["kind"]),
        given["text"],
        given.get("owner", ""),
        due,
        told,
        source,
        correction.anchor,
        HUMAN,
        bool(given.get("done")),
    )
    before = [item for item in items[:place] if item in kept]
    return (*before, made, *kept[len(before) :])


def _at(items: Sequence[Decided], anchor: Polygon) -> list[Decided]:
    """Those that lie under the anchor: the one at that very place alone, where there is one, for the outlines of
    neighbours overlap."""
    same = [item for item in items if geometry.iou(geometry.shape(item.polygon), geometry.shape(anchor)) >= SAME]
    return same or [item for item in items if geometry.covered(item.polygon, [anchor]) >= CLAIMED]


def taken_away(items: Sequence[Decided], corrections: Sequence[Correction]) -> list[tuple[Correction, Decided]]:
    """What people took away of what was found or written, with the correction that did it; without what came back."""
    found: list[tuple[Correction, Decided]] = []
    shown = tuple(items)
    for correction in (c for c in corrections if c.field is CorrectionField.DECIDED):
        if correction.value is None:
            found += [(correction, item) for item in _at(shown, correction.anchor)]
        else:
            back = _at([item for _, item in found], correction.anchor)
            found = [(by, item) for by, item in found if item not in back]
        shown = _with_decided(shown, correction)
    return found


def _standing(corrections: Sequence[Correction]) -> list[Correction]:
    """Without those that a later one covers."""
    standing: list[Correction] = []
    for correction in corrections:
        standing = [c for c in standing if geometry.covered(c.anchor, [correction.anchor]) < CLAIMED]
        standing.append(correction)
    return standing


def _with_texts(regions: Sequence[Region], corrections: Sequence[Correction]) -> tuple[Region, ...]:
    """A line that lies under the anchors is replaced by what was written there, in its place among the lines."""
    lines = [line for region in regions for line in region.lines]
    shared = [geometry.overlaps(line.polygon, [c.anchor for c in corrections]) for line in lines]
    claimed = [geometry.covered(line.polygon, [c.anchor for c in corrections]) >= CLAIMED for line in lines]
    lost: list[list[Line]] = [[] for _ in corrections]
    for n, line in enumerate(lines):
        if claimed[n]:
            lost[_largest(shared[n])].append(line)
    written: dict[int, list[Line]] = defaultdict(list)  # by the number of the line whose place it takes
    elsewhere: list[Line] = []
    for c, correction in enumerate(corrections):
        if not correction.value:
            continue
        line = _human_line(correction, lost[c])
        under = {n: shared[n][c] for n in range(len(lines)) if claimed[n] and shared[n][c] > 0}
        if under:
            written[max(under, key=lambda n: under[n])].append(line)
        else:
            elsewhere.append(line)
    merged, number = [], 0
    for region in regions:
        kept: list[Line] = []
        for line in region.lines:
            kept += sorted(written[number], key=_top_left) if claimed[number] else [line]
            number += 1
        merged.append(replace(region, lines=tuple(kept)))
    return _with_room_for(merged, elsewhere)


def _with_room_for(regions: Sequence[Region], lines: Sequence[Line]) -> tuple[Region, ...]:
    """Lines where nothing had been read: at the end of the region that holds them, or in a region of their own."""
    found = list(regions)
    for line in lines:
        shares = [geometry.covered(line.polygon, [region.polygon]) for region in found]
        if shares and max(shares) >= CLAIMED:
            here = _largest(shares)
            found[here] = replace(found[here], lines=(*found[here].lines, line))
        else:
            found.append(Region(RegionKind.TEXT, line.polygon, (line,)))
    return tuple(found)


def _largest(values: Sequence[float]) -> int:
    return max(range(len(values)), key=lambda i: values[i])


def _top_left(line: Line) -> tuple[float, float]:
    return min(y for _, y in line.polygon), min(x for x, _ in line.polygon)


def _human_line(correction: Correction, lost: Sequence[Line]) -> Line:
    readings = [Reading(line.text, line.confidence) for line in lost] + [o for line in lost for o in line.others]
    others = tuple(r for r in dict.fromkeys(readings) if r.text != correction.value)
    return Line(str(correction.value), correction.anchor, 1.0, HUMAN, others)
