"""Where are the sticky notes, and what colour are they?"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from archive.model import Colour, Polygon
from capture.pipeline import clean, colour, ground, notes_groups, notes_pieces, notes_proof, notes_shape, notes_split
from capture.pipeline.frame import Frame
from capture.pipeline.ground import Ground, Mask
from capture.pipeline.notes_pieces import Evened
from capture.pipeline.notes_shape import Corners

VERSION = 2


@dataclass(frozen=True)
class Params:
    ground: ground.Params = field(default_factory=ground.Params)
    pieces: notes_pieces.Params = field(default_factory=notes_pieces.Params)
    proof: notes_proof.Params = field(default_factory=notes_proof.Params)
    split: notes_split.Params = field(default_factory=notes_split.Params)
    longish: float = 1.5  # ratio of the sides from which on it may be two notes side by side
    enough: int = 3  # notes from which on their usual size is known
    small: float = 0.2  # of the usual area: what is smaller is no note
    two: tuple[float, float] = (1.65, 2.3)  # ratio of the sides of two notes edge to edge
    like: float = 0.2  # how far their height may be from the usual one
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
    sheets = _of_a_size(sheets, params)
    names = _names(picture, seen, sheets)
    notes = tuple(
        Note(_to_frame(s.quad, picture), name, round(notes_shape.angle(s.quad), 1), 0)
        for s, name in zip(sheets, names, strict=True)
    )
    numbers = notes_groups.groups([n.polygon for n in notes], params.gap)
    return tuple(replace(n, group=g) for n, g in zip(notes, numbers, strict=True))


def _sheets(picture: Evened, params: Params) -> list[_Sheet]:
    flat = np.asarray((picture.labels > 0).astype(np.uint8) * 255, np.uint8)
    sheets: list[_Sheet] = []
    for mask in notes_pieces.candidates(picture, params.pieces):
        sheet = _sheet(picture, mask, params)
        if sheet is None or _long(sheet) > params.longish:
            parts = [_sheet(picture, piece, params) for piece in notes_split.split(mask, flat, params.split)]
            pieces = [part for part in parts if part is not None and _long(part) <= params.longish]
            if len(pieces) > (sheet is not None):
                sheets += pieces
                continue
        if sheet is not None:
            sheets.append(sheet)
    return sheets


def _long(sheet: _Sheet) -> float:
    """Its longer side over its shorter one."""
    width, height = notes_shape.sides(sheet.quad)
    return max(width, height) / max(1.0, min(width, height))


def _sheet(picture: Evened, mask: Mask, params: Params) -> _Sheet | None:
    kept = notes_shape.trimmed(mask)
    quad = notes_shape.corners(notes_shape.outline(kept))
    if quad is None or not notes_proof.examine(picture, kept, quad).holds(params.proof):
        return None
    return _Sheet(kept, quad)


def _of_a_size(sheets: list[_Sheet], params: Params) -> list[_Sheet]:
    """Notes of one wall are of like sizes. Beside three of them a much smaller patch is a shadow or a scrap; and where
    all are of one size, what is as high and twice as long is two that lie edge to edge."""
    single = [np.sqrt(abs(cv2.contourArea(s.quad.astype(np.float32)))) for s in sheets if _long(s) <= params.longish]
    if len(single) < params.enough:
        return sheets
    usual = float(np.median(sorted(single)[-max(3, len(single) // 2) :]))
    one_size = float(np.std(single)) < params.like / 2 * usual
    found = []
    for sheet in sheets:
        if abs(cv2.contourArea(sheet.quad.astype(np.float32))) < params.small * usual**2:
            continue
        short = min(notes_shape.sides(sheet.quad))
        two = one_size and params.two[0] <= _long(sheet) <= params.two[1] and abs(short / usual - 1) < params.like
        found += _halves(sheet) if two else [sheet]
    return found


def _halves(sheet: _Sheet) -> list[_Sheet]:
    a, b, c, d = sheet.quad
    width, height = notes_shape.sides(sheet.quad)
    if width >= height:
        quads = (a, (a + b) / 2, (d + c) / 2, d), ((a + b) / 2, b, c, (d + c) / 2)
    else:
        quads = (a, b, (b + c) / 2, (a + d) / 2), ((a + d) / 2, (b + c) / 2, c, d)
    size = (sheet.mask.shape[0], sheet.mask.shape[1])
    return [_Sheet(sheet.mask & notes_shape.filled(np.array(q), size), np.array(q)) for q in quads]


def _names(picture: Evened, seen: Ground, sheets: list[_Sheet]) -> list[Colour]:
    paper = np.array([_paper(picture, s.mask) for s in sheets])
    balance = colour.balance(paper, seen.colour, clean.whiteness(seen), max(1.0, seen.white))
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
