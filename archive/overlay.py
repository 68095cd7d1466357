"""Corrections laid over an automatic result on reading. Pure: the result itself is never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from archive import geometry
from archive.documents import quad
from archive.model import Board, Correction, CorrectionField, Line, Phase, Reading, Region, RegionKind

HUMAN = "human"
CLAIMED = 0.5
"""A line belongs to a correction when that share of it lies under the anchor."""


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


def _standing(corrections: Sequence[Correction]) -> list[Correction]:
    """Without those that a later one covers."""
    standing: list[Correction] = []
    for correction in corrections:
        standing = [c for c in standing if geometry.covered(c.anchor, [correction.anchor]) < CLAIMED]
        standing.append(correction)
    return standing


def _with_texts(regions: Sequence[Region], corrections: Sequence[Correction]) -> tuple[Region, ...]:
    anchors = [c.anchor for c in corrections]
    lost: list[list[Line]] = [[] for _ in corrections]
    place: list[tuple[int, int] | None] = [None] * len(corrections)
    kept: list[list[Line]] = []
    for r, region in enumerate(regions):
        kept.append([])
        for line in region.lines:
            owner = _owner(line, anchors)
            if owner is None:
                kept[r].append(line)
                continue
            lost[owner].append(line)
            place[owner] = place[owner] or (r, len(kept[r]))
    extra: list[Region] = []
    # From the last place to the first, so that an insertion moves no place that is still to be used.
    for i in sorted(range(len(corrections)), key=lambda i: place[i] or (-1, -1), reverse=True):
        if not corrections[i].value:
            continue
        line = _human_line(corrections[i], lost[i])
        where = place[i] or _room(regions, kept, line)
        if where is None:
            extra.insert(0, Region(RegionKind.TEXT, line.polygon, (line,)))
        else:
            kept[where[0]].insert(where[1], line)
    return tuple(replace(region, lines=tuple(lines)) for region, lines in zip(regions, kept, strict=True)) + tuple(
        extra
    )


def _owner(line: Line, anchors: Sequence[tuple[tuple[float, float], ...]]) -> int | None:
    """Index of the anchor that a line lies under most; None where too little of it lies under all of them."""
    if geometry.covered(line.polygon, anchors) < CLAIMED:
        return None
    shared = geometry.overlaps(line.polygon, anchors)
    return max(range(len(anchors)), key=lambda i: shared[i])


def _room(regions: Sequence[Region], kept: Sequence[Sequence[Line]], line: Line) -> tuple[int, int] | None:
    """The end of the region that holds most of a line where nothing had been read."""
    shares = [geometry.covered(line.polygon, [region.polygon]) for region in regions]
    best = max(range(len(regions)), key=lambda r: shares[r], default=None)
    return (best, len(kept[best])) if best is not None and shares[best] >= CLAIMED else None


def _human_line(correction: Correction, lost: Sequence[Line]) -> Line:
    readings = [Reading(line.text, line.confidence) for line in lost] + [o for line in lost for o in line.others]
    others = tuple(r for r in dict.fromkeys(readings) if r.text != correction.value)
    return Line(str(correction.value), correction.anchor, 1.0, HUMAN, others)
