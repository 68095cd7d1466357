"""Boards in a photo: where their corners are, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import cv2
import numpy as np

from archive.model import Quad
from capture.pipeline.find.features import features
from capture.pipeline.find.lines import Doubles, edge_pixels, find_lines
from capture.pipeline.find.picture import Picture, search_picture
from capture.pipeline.find.quads import Limits, line_quads
from capture.pipeline.find.refine import refine
from capture.pipeline.find.regions import region_quads, regions
from capture.pipeline.find.score import models as networks
from capture.pipeline.find.score import scorer
from capture.pipeline.find.writing import WritingParams, untouched, words, worth_it
from capture.pipeline.find.zoom import outline_quads, zoomed_quads
from capture.pipeline.frame import Frame
from capture.pipeline.read.models import DETECTION, digests
from capture.pipeline.threads import Aside

__all__ = ["VERSION", "Found", "Params", "find_boards", "models", "whole_photo"]

VERSION = 10

SMALLEST = 32
"""Pixels; nothing can be told of the sides of a board in a photo smaller than this."""


@dataclass(frozen=True)
class Params:
    """Lengths in pixels of the search picture, whose long side is ``side``."""

    side: int = 800
    stroke: int = 11  # ink thinner than this is wiped before edges are looked for
    fine: int = 5  # the same in a second look, where the first one was unsure: profiles and shadows are thin too
    unsure: float = 0.75
    floor: float = 0.5  # smallest gradient, in Lab levels a pixel
    pixels: int = 25_000  # of edge, at most
    lines: int = 24  # of each direction
    zooms: int = 3  # second looks at small things
    sure: float = 0.15  # below it the whole photo is kept
    another: float = 0.8  # what a second board must reach
    beside: float = 0.5  # the same, where without it writing would be lost
    unlikely: float = 0.1  # the whole photo, so that a second look settles a doubt
    doubt: float = 0.4  # below it the whole photo, by which nothing is lost, is taken where it is less likely
    caution: float = 0.1  # by no more than this
    small: float = 0.4  # of the photo: a doubtful quad smaller than that would lose most of what may be there
    limits: Limits = field(default_factory=Limits)
    writing: WritingParams = field(default_factory=WritingParams)


@dataclass(frozen=True)
class Found:
    """``quad`` in photo pixels, clockwise from the top left as seen in the photo; corners may lie outside it.
    ``confidence``: how probable it is that the quad covers the board with IoU 0.9 or more."""

    quad: Quad
    confidence: float
    whole_photo: bool = False


def models() -> Mapping[str, str]:
    """Digests of the network that judges quads and of the detector of writing, for the recipe."""
    return {**networks(), DETECTION: digests()[DETECTION]}


def find_boards(frame: Frame, params: Params = Params(), threads: int = 1) -> tuple[Found, ...]:
    """The boards of a photo, the best first; never empty: the whole photo when none is sure enough. ``threads``: of the
    detector of writing, as reading uses it, so that both share what is loaded."""
    if min(frame.width, frame.height) < SMALLEST:
        return (whole_photo(frame, 0.0),)
    seen = search_picture(frame.pixels, params.side, params.stroke)
    with Aside(threads) as aside:  # the writing is looked for while sides are
        said = aside(lambda: words(frame.pixels, seen.scale, params.writing, threads))
        look = _judged(seen, said, params)
    if look.doubtful or (look.best < params.unsure and not look.whole):
        finer = _judged(search_picture(frame.pixels, params.side, params.fine), said, params)
        least = params.doubt if look.doubtful and finer.chances[-1] < params.unlikely else params.another
        if finer.best >= least and not finer.doubtful and not finer.whole:
            look = finer
    if look.doubtful or look.whole:
        return (whole_photo(frame, float(look.chances[-1])),)
    reach = 2.0 / look.picture.scale
    return tuple(
        Found(
            _as_quad(refine(frame.pixels, look.picture.to_photo(look.quads[i]), reach)),
            float(look.chances[i]),
        )
        for i in look.chosen
    )


@dataclass(frozen=True, eq=False)
class _Look:
    """What was seen in one search picture: ``chosen`` are numbers of ``quads``, the likeliest first; ``doubtful``: the
    whole photo is the safer answer; ``whole``: it is the likeliest one."""

    picture: Picture
    quads: Doubles
    chances: Doubles
    chosen: list[int]
    doubtful: bool
    whole: bool

    @property
    def best(self) -> float:
        return float(self.chances[self.chosen[0]])


def _judged(picture: Picture, said: Callable[[], Doubles], params: Params) -> _Look:
    """``said`` gives the boxes of words, in search pixels; it is asked last."""
    quads = candidates(picture, params)
    judge = scorer()
    worth = judge.worth(features(quads, picture))
    chances = judge.probability(worth) * untouched(quads, said(), params.writing)
    chosen = _choose(quads, chances, params.another)
    if not worth_it(float(chances[chosen[0]]), quads[chosen], said(), params.writing):
        chosen = _choose(quads, chances, params.beside)
    best, first = float(chances[chosen[0]]), quads[chosen[0]]
    small = cv2.contourArea(first.astype(np.float32)) < params.small * picture.width * picture.height
    doubtful = best < params.sure or (best < params.doubt and (small or best < chances[-1] + params.caution))
    doubtful = doubtful or not worth_it(best, quads[chosen], said(), params.writing)
    return _Look(picture, quads, chances, chosen, bool(doubtful), _is_whole(first, picture))


def candidates(picture: Picture, params: Params) -> Doubles:
    """Quads of every source, N×4×2 in search pixels; the last is the whole photo."""
    edges = edge_pixels(picture, params.floor, params.pixels)
    lying, standing = find_lines(edges, picture, params.lines)
    outlines = regions(picture, params.limits.area)
    return np.concatenate(
        [
            line_quads(lying, standing, picture, params.limits),
            zoomed_quads(outlines, edges, picture, params.limits, params.zooms),
            outline_quads(outlines, edges, picture, params.limits, params.zooms + 1),
            region_quads(outlines),
            picture.outline()[None],
        ]
    )


def whole_photo(frame: Frame, confidence: float) -> Found:
    right, bottom = frame.width - 0.5, frame.height - 0.5
    return Found(((-0.5, -0.5), (right, -0.5), (right, bottom), (-0.5, bottom)), confidence, whole_photo=True)


def _choose(quads: Doubles, chances: Doubles, another: float) -> list[int]:
    """The likeliest quad, then every one of at least ``another`` that overlaps none before it."""
    chosen: list[int] = []
    for i in np.argsort(-chances, kind="stable"):
        if chosen and chances[i] < another:
            break
        if all(_apart(quads[i], quads[k]) for k in chosen):
            chosen.append(int(i))
    return chosen


def _is_whole(quad: Doubles, picture: Picture) -> bool:
    """Whether a quad is the photo's own outline but for a hundredth: a photo that its paper fills."""
    return bool(np.abs(quad - picture.outline()).max() < 0.01 * max(picture.width, picture.height))


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
