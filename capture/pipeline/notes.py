"""Where are the sticky notes, and what colour are they?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from archive.model import Colour, Polygon
from capture.pipeline import (
    clean,
    colour,
    ground,
    notes_edges,
    notes_groups,
    notes_pieces,
    notes_proof,
    notes_shape,
    notes_signs,
    notes_sizes,
    notes_split,
)
from capture.pipeline.frame import Frame
from capture.pipeline.ground import Ground, Mask
from capture.pipeline.notes_pieces import Evened
from capture.pipeline.notes_shape import Corners

VERSION = 5


@dataclass(frozen=True)
class Params:
    ground: ground.Params = field(default_factory=ground.Params)
    pieces: notes_pieces.Params = field(default_factory=notes_pieces.Params)
    split: notes_split.Params = field(default_factory=notes_split.Params)
    edges: notes_edges.Params = field(default_factory=notes_edges.Params)
    sizes: notes_sizes.Params = field(default_factory=notes_sizes.Params)
    fill: float = 0.84  # least share of its quad that an area of one colour covers
    sure: float = 0.5  # probability from which on a quad is a sheet
    maybe: float = 0.2  # and from which on its sides are moved, as long as that makes it likelier
    enough_sure: float = 0.9
    move: float = 0.05  # of a side's length
    moves: int = 2
    strip: float = 2.4  # ratio of the sides from which on it is a strip with a title, no sheet of a pad
    seam: float = 3.0  # CIELAB lightness: least step at a line across the middle that makes it two
    ahead: float = 0.5  # what that takes from its probability, in choosing; and what no line adds
    gap: float = 0.6  # of a note's side: nearer notes belong to one group


@dataclass(frozen=True)
class Note:
    """``polygon`` in frame pixels, clockwise from the top left; ``angle`` in degrees clockwise, -45..45; ``group``
    counts from 1 in reading order."""

    polygon: Polygon
    colour: Colour
    angle: float
    group: int


DEFAULT = Params()


def find_notes(frame: Frame, params: Params = DEFAULT, seen: Ground | None = None) -> tuple[Note, ...]:
    """The notes of a board or of a whole photo, in no particular order; empty when there are none. ``seen``: its
    ground, where it was estimated already."""
    seen = seen or ground.estimate(frame.pixels, params.ground)
    picture = notes_pieces.even(frame.pixels, seen, params.pieces)
    quads = candidates(picture, params)
    sure = notes_proof.probabilities(picture, quads)
    wholes = [quads[n] for n in np.argsort(-sure) if sure[n] >= params.maybe]
    quads, sure = _settled(picture, *_chosen(picture, quads, sure, params.maybe, params), params)
    sheets = notes_sizes.joined(_chosen(picture, quads, sure, params.sure, params)[0], wholes, params.sizes)
    sheets = notes_sizes.of_a_size(sheets, params.sizes)
    if not sheets:
        return ()
    names = _names(picture, seen, sheets)
    notes = tuple(
        Note(_to_frame(quad, picture), name, round(notes_shape.angle(quad), 1), 0)
        for quad, name in zip(sheets, names, strict=True)
    )
    numbers = notes_groups.groups([n.polygon for n in notes], params.gap)
    return tuple(replace(n, group=g) for n, g in zip(notes, numbers, strict=True))


def coloured(notes: Sequence[Note]) -> list[Polygon]:
    """The outlines of those that are seen by their colour; a white note on white is seen by its shadow."""
    return [note.polygon for note in notes if note.colour is not Colour.WHITE]


def candidates(picture: Evened, params: Params = DEFAULT) -> list[Corners]:
    """Quads (small pixels) that may be sheets: areas of one colour, the parts that lines cut them into, their halves;
    and what edges alone suggest."""
    flat = np.asarray((picture.labels > 0).astype(np.uint8) * 255, np.uint8)
    quads: list[Corners] = []
    for mask in notes_pieces.candidates(picture, params.pieces):
        whole = _quad(mask, params)
        if whole is not None:
            quads.append(whole)
        if whole is None or notes_sizes.long(whole) > params.sizes.long:
            parts = notes_split.split(mask, flat, params.split)
            quads += [quad for part in parts if len(parts) > 1 and (quad := _quad(part, params)) is not None]
            quads += notes_sizes.halves(whole) if whole is not None else []
    quads += notes_edges.hypotheses(picture, params.edges)
    return [quad for quad in quads if notes_sizes.long(quad) < params.strip]


def _quad(mask: Mask, params: Params) -> Corners | None:
    """Of an area that fills it: an ellipse does not."""
    kept = notes_shape.trimmed(mask)
    quad = notes_shape.corners(notes_shape.outline(kept))
    if quad is None:
        return None
    inside = notes_shape.filled(quad, kept.shape)
    both = cv2.countNonZero(inside & kept) / max(1, cv2.countNonZero(inside | kept))
    return quad if both >= params.fill else None


def _chosen(
    picture: Evened, quads: list[Corners], sure: NDArray[np.float64], least: float, params: Params
) -> tuple[list[Corners], NDArray[np.float64]]:
    """The likeliest sheets that do not lie on each other by more than notes do, and how likely each is. Of long ones
    those come first that nothing parts, and those last that a line parts in the middle."""
    kept: list[int] = []
    ahead = np.zeros(len(quads))
    for n in np.flatnonzero(sure >= least):
        if notes_sizes.long(quads[n]) > params.sizes.long:
            ahead[n] = -params.ahead if notes_signs.parted(picture, quads[n]) > params.seam else params.ahead
    for n in np.argsort(-sure - ahead):
        if sure[n] >= least and all(notes_sizes.common(quads[n], quads[k]) <= params.sizes.covered for k in kept):
            kept.append(int(n))
    return [quads[n] for n in kept], sure[kept]


def _settled(
    picture: Evened, quads: list[Corners], sure: NDArray[np.float64], params: Params
) -> tuple[list[Corners], NDArray[np.float64]]:
    """Quads whose sides were moved a little, one after the other, where that makes them likelier: a shadow begins
    later than its note."""
    quads, sure = list(quads), sure.copy()
    for n, _ in enumerate(quads):
        for _round in range(params.moves):
            if sure[n] >= params.enough_sure:
                break
            tried = [_moved(quads[n], side, by) for side in range(4) for by in (-params.move, params.move)]
            values = notes_proof.probabilities(picture, tried)
            best = int(np.argmax(values))
            if values[best] <= sure[n]:
                break
            quads[n], sure[n] = tried[best], values[best]
    return quads, sure


def _moved(quad: Corners, side: int, by: float) -> Corners:
    """One side pushed out by a share of the sides that it ends."""
    a, b, c, d = ((side + n) % 4 for n in range(4))
    moved = quad.copy()
    moved[a] += by * (quad[a] - quad[d])
    moved[b] += by * (quad[b] - quad[c])
    return moved


def _names(picture: Evened, seen: Ground, sheets: list[Corners]) -> list[Colour]:
    seen_as = (_paper(picture, notes_shape.filled(quad, picture.labels.shape)) for quad in sheets)
    # as under the board's mean light: one lamp may be warmer than the window on the other side
    paper = np.array(
        [bgr * seen.colour / _tint(picture, seen, quad) for bgr, quad in zip(seen_as, sheets, strict=True)]
    )
    balance = colour.balance(paper, seen.colour, clean.whiteness(seen), max(1.0, seen.white))
    return [colour.name(p) for p in paper * balance]


def _tint(picture: Evened, seen: Ground, quad: Corners) -> NDArray[np.float64]:
    """The ground's own tint where a note hangs, BGR relative to its brightness."""
    place = quad.mean(axis=0)[::-1] / picture.labels.shape * seen.tint.shape[:2]
    row, column = np.clip(place.astype(int), 0, np.array(seen.tint.shape[:2]) - 1)
    return np.asarray(seen.tint[row, column], np.float64)


def _paper(picture: Evened, mask: Mask) -> NDArray[np.float64]:
    """The bare paper's colour, BGR relative to the ground's brightness."""
    core = np.asarray(cv2.erode(mask, np.ones((5, 5), np.uint8)), np.uint8) & ~picture.ink
    chosen = core if cv2.countNonZero(core) > 20 else mask
    return np.asarray(np.median(picture.relative[chosen > 0], axis=0), np.float64)


def _to_frame(quad: Corners, picture: Evened) -> Polygon:
    # Pixel centres lie at whole numbers on both scales.
    points = (quad + 0.5) / np.array(picture.scale) - 0.5
    return tuple((float(x), float(y)) for x, y in points)
