"""Writing that a quad's sides would cut: a board's own edge runs between words, a drawn box or a shadow through them.

The reader's detector looks at the whole photo, small; a word that lies partly inside a quad speaks against it, and so
does one that stands just outside, nearer than a line's height.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.pipeline.frame import Pixels
from capture.pipeline.read.detect import DetectParams, detect
from capture.pipeline.read.tiles import TileParams

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class WritingParams:
    """Lengths in heights of the word concerned."""

    detect: DetectParams = field(
        default_factory=lambda: DetectParams(long_side=736, least_side=32, tiles=TileParams(nearest=1.0))
    )
    near: float = 2.0  # outside by no more than that
    far_in: float = 0.75  # a word that reaches out by less than this of a height is not cut: boxes are generous
    weight: float = 4.0  # natural log, of a quad all of whose writing is cut
    each: float = 0.7  # natural log, of every word that is cut
    free: float = 1.0  # words that may be cut: a detector errs
    outside: float = 0.5  # a word just outside counts so much of a cut one


def words(pixels: Pixels, scale: float, params: WritingParams, threads: int = 1) -> Doubles:
    """Boxes of text on an H×W×3 BGR photo, M×4×2 in pixels of a picture ``scale`` times as large."""
    found = detect(pixels, params.detect, threads)
    return np.array([box.corners for box in found], np.float64).reshape(-1, 4, 2) * scale


def untouched(quads: Doubles, found: Doubles, params: WritingParams) -> Doubles:
    """For each of N quads, clockwise, a factor of its probability: 1 where no word is cut or stands close outside, and
    for the last, which is the whole photo."""
    if not len(found):
        return np.ones(len(quads))
    sides = np.linalg.norm(np.stack([found[:, 1] - found[:, 0], found[:, 3] - found[:, 0]]), axis=2)
    lengths, heights = sides.max(0), sides.min(0)
    factors = np.ones(len(quads))
    for i, quad in enumerate(quads[:-1]):
        deep = _depth(quad, found) / np.maximum(heights, 1.0)[:, None]  # of each corner, in heights; inside is above 0
        outer, inner = deep.min(1), deep.max(1)
        cut = (inner > params.far_in) & (outer < -params.far_in)
        close = (inner <= params.far_in) & (inner > -params.near)
        inside = outer >= -params.far_in
        all_of_it = lengths[cut | close | inside].sum()
        if all_of_it > 0:
            share = (lengths[cut].sum() + params.outside * lengths[close & ~inside].sum()) / all_of_it
            count = cut.sum() + params.outside * (close & ~inside).sum()
            factors[i] = np.exp(-max(params.weight * share, params.each * (count - params.free)))
    return factors


def _depth(quad: Doubles, found: Doubles) -> Doubles:
    """Signed distance of M×4 corners from a quad's outline, above 0 inside."""
    outline = quad.astype(np.float32).reshape(-1, 1, 2)
    return np.array(
        [[cv2.pointPolygonTest(outline, (float(x), float(y)), True) for x, y in corners] for corners in found]
    )
