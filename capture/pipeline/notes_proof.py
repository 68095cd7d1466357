"""Is a coloured quad a sheet of paper, or something drawn, printed or standing in the room?"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.pipeline import notes_shape
from capture.pipeline.ground import Mask
from capture.pipeline.notes_pieces import Evened
from capture.pipeline.notes_shape import Corners


@dataclass(frozen=True)
class Params:
    fill: float = 0.86  # least share of the quad that the area covers
    square: float = 0.55  # least squareness: no corner further than 20° from right
    longest: float = 3.2  # ratio of the sides
    short: float = 0.018  # least short side, as a share of the picture's longer side
    grain: float = 4.0  # CIELAB lightness: marker fills are streaky, paper is not
    drawn: float = 0.4  # share of the rim under a drawn line from which on it is a drawn shape
    border: float = 0.3  # share of the outline that may lie on the picture's border


@dataclass(frozen=True)
class Evidence:
    """What was measured on one candidate; shares 0..1."""

    fill: float
    square: float
    ratio: float
    short: float
    grain: float
    drawn: float
    border: float

    def holds(self, params: Params) -> bool:
        return (
            self.fill >= params.fill
            and self.square >= params.square
            and self.ratio <= params.longest
            and self.short >= params.short
            and self.grain <= params.grain
            and self.drawn <= params.drawn
            and self.border <= params.border
        )


def examine(picture: Evened, mask: Mask, quad: Corners) -> Evidence:
    width, height = notes_shape.sides(quad)
    inside = notes_shape.filled(quad, mask.shape[:2])
    common = cv2.countNonZero(inside & mask)
    union = max(1, cv2.countNonZero(inside | mask))
    return Evidence(
        fill=common / union,
        square=notes_shape.squareness(quad),
        ratio=max(width, height) / max(1.0, min(width, height)),
        short=min(width, height) / max(mask.shape),
        grain=_grain(picture, inside),
        drawn=_drawn(picture, quad),
        border=_border(mask),
    )


def _grain(picture: Evened, inside: Mask) -> float:
    """Roughness of the bare paper: median change of lightness between neighbours, off the strokes."""
    core = np.asarray(cv2.erode(inside, np.ones((5, 5), np.uint8)), np.uint8) & ~picture.ink
    if cv2.countNonZero(core) < 30:
        return 99.0
    return float(np.percentile(picture.rough[core > 0], 75))


def _drawn(picture: Evened, quad: Corners) -> float:
    """Share of the rim that lies under a line darker than both sides, on the side with the least but one: a pen goes
    all around a shape, a note's shadow along two of its sides."""
    lightness = picture.lab[..., 0]
    reach = max(4.0, 0.012 * max(lightness.shape))
    hits: list[NDArray[np.bool_]] = []
    for start, end in zip(quad, np.roll(quad, -1, axis=0), strict=True):
        along = end - start
        normal = np.array([-along[1], along[0]]) / max(float(np.linalg.norm(along)), 1e-6)
        where = start + np.linspace(0.08, 0.92, 40)[:, None] * along
        offsets = np.linspace(-reach, reach, 17)
        points = where[:, None] + offsets[None, :, None] * normal
        profile = cv2.remap(
            lightness,
            points[..., 0].astype(np.float32),
            points[..., 1].astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        lower_side = np.minimum(profile[:, :3].mean(axis=1), profile[:, -3:].mean(axis=1))
        hits.append(profile[:, 4:-4].min(axis=1) < lower_side - 14.0)
    return sorted(float(np.mean(side)) for side in hits)[1]


def _border(mask: Mask) -> float:
    outline = notes_shape.outline(mask)
    height, width = mask.shape
    x, y = outline[:, 0], outline[:, 1]
    return float(np.mean((x <= 1) | (y <= 1) | (x >= width - 2) | (y >= height - 2)))
