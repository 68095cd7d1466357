"""Where a correction belongs after a new reading of its photo. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive import geometry, matching
from archive.documents import quad
from archive.model import Correction, CorrectionField, Polygon, Quad

FOUND = 0.3
"""A text correction has its place where that share of its anchor lies under new lines: readers differ in how tightly
they draw a line."""

INSIDE = 0.5


@dataclass(frozen=True)
class Place:
    """A live board of the photo after the reading."""

    board_id: str
    quad: Quad
    lines: tuple[Polygon, ...]


@dataclass(frozen=True)
class Anchored:
    board_id: str | None
    orphaned: bool


def anchor(correction: Correction, added: bool, places: Sequence[Place]) -> Anchored:
    """``added``: a person wrote what no reader had seen, so that no line is asked for, only the board."""
    if correction.field in (CorrectionField.CONTENT, CorrectionField.SESSION):
        return Anchored(None, False)
    find = _of_text if correction.field is CorrectionField.TEXT else _of_board
    found = find(correction, added, places)
    return Anchored(correction.board_id, True) if found is None else Anchored(found, False)


def _of_text(correction: Correction, added: bool, places: Sequence[Place]) -> str | None:
    best = max(places, key=lambda p: geometry.covered(correction.anchor, p.lines), default=None)
    if best is not None and geometry.covered(correction.anchor, best.lines) >= FOUND:
        return best.board_id
    if not (added or correction.value == ""):  # a line taken away needs none to come back
        return None
    inside = [p for p in places if geometry.covered(correction.anchor, [p.quad]) >= INSIDE]
    return inside[0].board_id if inside else None


def _of_board(correction: Correction, _added: bool, places: Sequence[Place]) -> str | None:
    if any(p.board_id == correction.board_id for p in places):
        return correction.board_id
    if correction.field is CorrectionField.DECIDED:
        inside = [p for p in places if geometry.covered(correction.anchor, [p.quad]) >= INSIDE]
        return inside[0].board_id if inside else None
    if correction.field is not CorrectionField.CORNERS or correction.board_id is not None:
        return None
    given = geometry.shape(quad(correction.value))
    same = [p for p in places if geometry.iou(given, geometry.shape(p.quad)) >= matching.SAME_IOU]
    return same[0].board_id if same else None
