"""Writing that a quad's sides would cut: a board's own edge runs between words, a drawn box or a shadow through them.

The reader's detector looks at the whole photo, small; a word that lies partly inside a quad speaks against it, and so
does one that stands just outside, nearer than a line's height.
"""

from __future__ import annotations

from dataclasses import dataclass, field

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
    tall: float = 0.2  # of the photo's shorter side: what is higher is no word, but a whole page taken for one
    near: float = 2.0  # outside by no more than that
    far_in: float = 0.75  # a word that reaches out by less than this of a height is not cut: boxes are generous
    weight: float = 4.0  # natural log, of a quad all of whose writing is cut
    each: float = 0.7  # natural log, of every word that is cut
    free: float = 1.0  # words that may be cut: a detector errs
    outside: float = 0.5  # a word just outside counts so much of a cut one
    lost: float = 0.1  # a word that reaches out by more than this of its height may be lost
    dear: float = 0.02  # share of the writing whose loss is as bad as a board that is left in its photo


def words(pixels: Pixels, scale: float, params: WritingParams, threads: int = 1) -> Doubles:
    """Boxes of text on an H×W×3 BGR photo, M×4×2 in pixels of a picture ``scale`` times as large."""
    found = detect(pixels, params.detect, threads)
    boxes = np.array([box.corners for box in found], np.float64).reshape(-1, 4, 2)
    heights = np.linalg.norm(boxes - np.roll(boxes, 1, axis=1), axis=2).min(axis=1)
    return np.asarray(boxes[heights < params.tall * min(pixels.shape[:2])] * scale)


def untouched(quads: Doubles, found: Doubles, params: WritingParams) -> Doubles:
    """For each of N convex quads a factor of its probability: 1 where no word is cut or stands close outside, and for
    the last, which is the whole photo."""
    factors = np.ones(len(quads))
    if not len(found) or len(quads) < 2:
        return factors
    sides = np.linalg.norm(np.stack([found[:, 1] - found[:, 0], found[:, 3] - found[:, 0]]), axis=2)
    lengths, heights = sides.max(0), sides.min(0)
    deep = depth(quads[:-1], found.reshape(-1, 2)).reshape(len(quads) - 1, len(found), 4)
    deep /= np.maximum(heights, 1.0)[:, None]  # of each corner, in heights; above 0 inside
    outer, inner = deep.min(2), deep.max(2)
    cut = (inner > params.far_in) & (outer < -params.far_in)
    inside = outer >= -params.far_in
    close = (inner <= params.far_in) & (inner > -params.near) & ~inside
    against = cut + params.outside * close
    share = (against @ lengths) / np.maximum((cut | close | inside) @ lengths, 1e-9)
    factors[:-1] = np.exp(-np.maximum(params.weight * share, params.each * (against.sum(1) - params.free)))
    return factors


def worth_it(chance: float, chosen: Doubles, found: Doubles, params: WritingParams) -> bool:
    """Whether to cut the photo to ``chosen`` (N×4×2): by that, a wrong quad loses the writing outside all of them, and
    a whole photo in place of a right one only that it is straight. ``chance``: how likely the first one is right."""
    if not len(found):
        return True
    sides = np.linalg.norm(np.stack([found[:, 1] - found[:, 0], found[:, 3] - found[:, 0]]), axis=2)
    lengths, heights = sides.max(0), sides.min(0)
    out = depth(chosen, found.reshape(-1, 2)).reshape(len(chosen), len(found), 4).min(2) < -params.lost * heights
    lost = float(out.all(0) @ lengths / max(float(lengths.sum()), 1e-9))
    return (1 - chance) * lost <= chance * params.dear


def depth(quads: Doubles, points: Doubles) -> Doubles:
    """N×M: distance of each point from each convex quad's outline, above 0 inside."""
    sides = np.roll(quads, -1, axis=1) - quads
    to_point = points[None, None] - quads[:, :, None]  # N×4×M×2
    along = (to_point * sides[:, :, None]).sum(3) / np.maximum((sides**2).sum(2), 1e-12)[:, :, None]
    apart = to_point - np.clip(along, 0, 1)[..., None] * sides[:, :, None]
    turn = sides[:, :, None, 0] * to_point[..., 1] - sides[:, :, None, 1] * to_point[..., 0]
    inside = (turn >= 0).all(1) | (turn <= 0).all(1)
    distance = np.sqrt((apart**2).sum(3).min(1))
    return np.asarray(np.where(inside, distance, -distance))
