"""Frame: pixels that nobody may change, and the way back to the photo."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""H×W×3 uint8, BGR."""

Matrix = NDArray[np.float64]
"""3×3 float64 homography."""


def _identity() -> Matrix:
    return np.eye(3)


@dataclass(frozen=True, eq=False)
class Frame:
    """``pixels`` (H×W×3 uint8 BGR, made read-only) and ``to_photo``, the homography from a pixel of this frame to
    a pixel of the photo (EXIF orientation applied; pixel centres at whole numbers, origin top left)."""

    pixels: Pixels
    to_photo: Matrix = field(default_factory=_identity)

    def __post_init__(self) -> None:
        view = self.pixels.view()
        view.flags.writeable = False
        object.__setattr__(self, "pixels", view)

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    def points_to_photo(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """N×2 frame pixels → N×2 photo pixels."""
        return apply_homography(self.to_photo, points)

    def points_from_photo(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """N×2 photo pixels → N×2 frame pixels."""
        return apply_homography(np.asarray(np.linalg.inv(self.to_photo), dtype=np.float64), points)

    def turned(self, turn: int) -> Frame:
        """The frame after a clockwise turn of 0, 90, 180 or 270 degrees; ``to_photo`` follows."""
        if turn == 0:
            return self
        w, h = self.width - 1, self.height - 1
        code, back = {
            90: (cv2.ROTATE_90_CLOCKWISE, [[0, 1, 0], [-1, 0, h], [0, 0, 1]]),
            180: (cv2.ROTATE_180, [[-1, 0, w], [0, -1, h], [0, 0, 1]]),
            270: (cv2.ROTATE_90_COUNTERCLOCKWISE, [[0, -1, w], [1, 0, 0], [0, 0, 1]]),
        }[turn]
        pixels = np.asarray(cv2.rotate(self.pixels, code), dtype=np.uint8)
        return Frame(pixels, np.asarray(self.to_photo @ np.array(back, dtype=np.float64)))


def apply_homography(matrix: Matrix, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Map N×2 points through a 3×3 homography."""
    pts = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    homogeneous = np.concatenate([pts, np.ones((len(pts), 1))], axis=1) @ matrix.T
    return np.asarray(homogeneous[:, :2] / homogeneous[:, 2:3])
