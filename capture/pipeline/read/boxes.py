"""From the detection model's probability map to upright or tilted boxes.

Differentiable Binarization, Liao et al. 2020: threshold, contours, smallest rectangle, mean probability, unclip.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Corners = NDArray[np.float64]
"""4×2, frame pixels: top left, top right, bottom right, bottom left of the text as it is read."""


@dataclass(frozen=True, eq=False)
class Box:
    corners: Corners
    score: float  # mean probability of text inside, 0..1

    @property
    def width(self) -> float:
        return float(np.linalg.norm(self.corners[1] - self.corners[0]))

    @property
    def height(self) -> float:
        return float(np.linalg.norm(self.corners[3] - self.corners[0]))

    @property
    def centre(self) -> tuple[float, float]:
        x, y = self.corners.mean(axis=0)
        return float(x), float(y)

    @property
    def angle(self) -> float:
        """Degrees, of the top edge; clockwise on the screen."""
        x, y = self.corners[1] - self.corners[0]
        return float(np.degrees(np.arctan2(y, x)))

    def rolled(self, quarters: int) -> Box:
        """The same place for text that is upright after so many clockwise quarter turns."""
        return Box(np.roll(self.corners, quarters, axis=0), self.score)

    def trimmed(self, share: float) -> Box:
        """Without ``share`` of its height above and below."""
        down = (self.corners[3] - self.corners[0]) * share, (self.corners[2] - self.corners[1]) * share
        return Box(self.corners + np.array([down[0], down[1], -down[1], -down[0]]), self.score)


@dataclass(frozen=True)
class BoxParams:
    ink: float = 0.3  # probability above which a pixel belongs to text
    keep: float = 0.5  # least mean probability of a box
    unclip: float = 1.6  # the model marks shrunken text: grow by area / perimeter times this
    least_side: float = 3.0  # map pixels


def boxes(probability: NDArray[np.float32], params: BoxParams = BoxParams()) -> list[Box]:
    """Boxes of an H×W map in its own pixels, best first."""
    mask = cv2.dilate((probability > params.ink).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = (_box(np.asarray(contour, np.int32), probability, params) for contour in contours)
    return sorted((box for box in found if box is not None), key=lambda box: -box.score)


def _box(contour: NDArray[np.int32], probability: NDArray[np.float32], params: BoxParams) -> Box | None:
    (x, y), (w, h), angle = cv2.minAreaRect(contour)
    if min(w, h) < params.least_side:
        return None
    score = _mean_inside(probability, np.asarray(cv2.boxPoints(((x, y), (w, h), angle)), np.float32))
    if score < params.keep:
        return None
    grow = 2 * w * h * params.unclip / (2 * (w + h))
    return Box(upright_corners((x, y), (w + grow, h + grow), angle), score)


def _mean_inside(probability: NDArray[np.float32], quad: NDArray[np.float32]) -> float:
    height, width = probability.shape
    x0, y0 = np.clip(np.floor(quad.min(axis=0)).astype(int), 0, [width - 1, height - 1])
    x1, y1 = np.clip(np.ceil(quad.max(axis=0)).astype(int), 0, [width - 1, height - 1])
    mask = np.zeros((y1 - y0 + 1, x1 - x0 + 1), np.uint8)
    cv2.fillPoly(mask, [(quad - [x0, y0]).astype(np.int32)], 1)
    return float(cv2.mean(probability[y0 : y1 + 1, x0 : x1 + 1], mask)[0])


def upright_corners(centre: tuple[float, float], size: tuple[float, float], angle: float) -> Corners:
    """Corners of a rectangle turned by ``angle`` degrees, named so that the top edge leans 45° at most."""
    w, h = size
    quarter = round(angle / 90)
    angle -= 90 * quarter
    if quarter % 2:
        w, h = h, w
    radians = np.radians(angle)
    along = np.array([np.cos(radians), np.sin(radians)]) * w / 2
    down = np.array([-np.sin(radians), np.cos(radians)]) * h / 2
    middle = np.array(centre)
    return np.array([middle - along - down, middle + along - down, middle + along + down, middle - along + down])
