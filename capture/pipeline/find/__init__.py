"""Boards in a photo: where their corners are, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from archive.model import Quad
from capture.pipeline.find.features import features
from capture.pipeline.find.lines import Doubles, edge_pixels, find_lines
from capture.pipeline.find.picture import Picture, search_picture
from capture.pipeline.find.quads import Limits, line_quads
from capture.pipeline.find.refine import refine
from capture.pipeline.find.regions import region_quads
from capture.pipeline.find.score import probability
from capture.pipeline.frame import Frame

VERSION = 1

SMALLEST = 32
"""Pixels; nothing can be told of the sides of a board in a photo smaller than this."""


@dataclass(frozen=True)
class Params:
    """Lengths in pixels of the search picture, whose long side is ``side``."""

    side: int = 800
    stroke: int = 11  # ink thinner than this is wiped before edges are looked for
    floor: float = 0.5  # smallest gradient, in Lab levels a pixel
    pixels: int = 25_000  # of edge, at most
    lines: int = 24  # of each direction
    sure: float = 0.3  # below it the whole photo is kept
    another: float = 0.97  # what a second board must reach
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Found:
    """``quad`` in photo pixels, clockwise from the top left as seen in the photo; corners may lie outside it.
    ``confidence``: how probable it is that the quad covers the board with IoU 0.9 or more."""

    quad: Quad
    confidence: float
    whole_photo: bool = False


def find_boards(frame: Frame, params: Params = Params()) -> tuple[Found, ...]:
    """The boards of a photo, the best first; never empty: the whole photo when none is sure enough."""
    if min(frame.width, frame.height) < SMALLEST:
        return (whole_photo(frame, 0.0),)
    picture = search_picture(frame.pixels, params.side, params.stroke)
    quads = candidates(picture, params)
    chances = probability(features(quads, picture)) if len(quads) else np.empty(0)
    chosen = _choose(quads, chances, params)
    if not chosen:
        return (whole_photo(frame, 1 - float(chances.max(initial=0))),)
    reach = 2.0 / picture.scale
    return tuple(
        Found(_as_quad(refine(frame.pixels, picture.to_photo(quads[i]), reach)), float(chances[i])) for i in chosen
    )


def candidates(picture: Picture, params: Params) -> Doubles:
    """Quads of every source, N×4×2 in search pixels."""
    edges = edge_pixels(picture, params.floor, params.pixels)
    lying, standing = find_lines(edges, picture, params.lines)
    lined = line_quads(lying, standing, picture, params.limits)
    return np.concatenate([lined, region_quads(picture, params.limits.area)])


def whole_photo(frame: Frame, confidence: float) -> Found:
    right, bottom = frame.width - 0.5, frame.height - 0.5
    return Found(((-0.5, -0.5), (right, -0.5), (right, bottom), (-0.5, bottom)), confidence, whole_photo=True)


def _choose(quads: Doubles, chances: Doubles, params: Params) -> list[int]:
    """The likeliest quad, then every other that is likely and overlaps none before it."""
    chosen: list[int] = []
    for i in np.argsort(-chances):
        if chances[i] < (params.another if chosen else params.sure):
            break
        if all(_apart(quads[i], quads[k]) for k in chosen):
            chosen.append(int(i))
    return chosen


def _apart(first: Doubles, second: Doubles) -> bool:
    """Whether the boxes of two quads share less than a twentieth of the smaller one."""
    low = np.maximum(first.min(0), second.min(0))
    high = np.minimum(first.max(0), second.max(0))
    shared = float(np.prod(np.maximum(high - low, 0)))
    smaller = min(float(np.prod(np.ptp(q, axis=0))) for q in (first, second))
    return shared < 0.05 * smaller


def _as_quad(corners: Doubles) -> Quad:
    a, b, c, d = ((float(x), float(y)) for x, y in corners)
    return (a, b, c, d)
