"""Where are the sticky notes, and what colour are they?"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from archive.model import Colour, Polygon
from capture.pipeline import clean, colour, ground, notes_groups, notes_pieces, notes_proof, notes_shape
from capture.pipeline.frame import Frame
from capture.pipeline.ground import Ground, Mask
from capture.pipeline.notes_pieces import Evened
from capture.pipeline.notes_shape import Corners

VERSION = 1


@dataclass(frozen=True)
class Params:
    ground: ground.Params = field(default_factory=ground.Params)
    pieces: notes_pieces.Params = field(default_factory=notes_pieces.Params)
    proof: notes_proof.Params = field(default_factory=notes_proof.Params)
    gap: float = 0.6  # of a note's side: nearer notes belong to one group


@dataclass(frozen=True)
class Note:
    """``polygon`` in frame pixels, clockwise from the top left; ``angle`` in degrees clockwise, -45..45; ``group``
    counts from 1 in reading order."""

    polygon: Polygon
    colour: Colour
    angle: float
    group: int


@dataclass(frozen=True, eq=False)
class _Sheet:
    mask: Mask
    quad: Corners  # small pixels


DEFAULT = Params()


def find_notes(frame: Frame, params: Params = DEFAULT, seen: Ground | None = None) -> tuple[Note, ...]:
    """The notes of a board or of a whole photo, in no particular order; empty when there are none. ``seen``: its
    ground, where it was estimated already."""
    seen = seen or ground.estimate(frame.pixels, params.ground)
    picture = notes_pieces.even(frame.pixels, seen, params.pieces)
    sheets = _sheets(picture, params)
    if not sheets:
        return ()
    names = _names(picture, seen, sheets)
    notes = tuple(
        Note(_to_frame(s.quad, picture), name, round(notes_shape.angle(s.quad), 1), 0)
        for s, name in zip(sheets, names, strict=True)
    )
    numbers = notes_groups.groups([n.polygon for n in notes], params.gap)
    return tuple(replace(n, group=g) for n, g in zip(notes, numbers, strict=True))


def _sheets(picture: Evened, params: Params) -> list[_Sheet]:
    sheets = []
    for mask in notes_pieces.candidates(picture, params.pieces):
        sheet = _sheet(picture, mask, params)
        if sheet is not None:
            sheets.append(sheet)
    return sheets


def _sheet(picture: Evened, mask: Mask, params: Params) -> _Sheet | None:
    kept = notes_shape.trimmed(mask)
    quad = notes_shape.corners(notes_shape.outline(kept))
    if quad is None or not notes_proof.examine(picture, kept, quad).holds(params.proof):
        return None
    return _Sheet(kept, quad)


def _names(picture: Evened, seen: Ground, sheets: list[_Sheet]) -> list[Colour]:
    paper = np.array([_paper(picture, s.mask) for s in sheets])
    balance = colour.balance(paper, seen.colour, clean.whiteness(seen))
    return [colour.name(p) for p in paper * balance]


def _paper(picture: Evened, mask: Mask) -> NDArray[np.float64]:
    """The bare paper's colour, BGR relative to the ground's brightness."""
    core = np.asarray(cv2.erode(mask, np.ones((5, 5), np.uint8)), np.uint8) & ~picture.ink
    chosen = core if cv2.countNonZero(core) > 20 else mask
    return np.asarray(np.median(picture.relative[chosen > 0], axis=0), np.float64)


def _to_frame(quad: Corners, picture: Evened) -> Polygon:
    # Pixel centres lie at whole numbers on both scales.
    points = (quad + 0.5) / np.array(picture.scale) - 0.5
    return tuple((float(x), float(y)) for x, y in points)
