"""A picture made smaller by averaging, quickly.

OpenCV halves a picture some eight times as fast as it averages by any other factor, so a large one is halved first, as
often as it can be. A last odd row or column is left out of a halving: less than a pixel of the photo.
"""

from __future__ import annotations

import cv2
import numpy as np

from capture.pipeline.frame import Pixels


def smaller(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """H×W×3 brought to ``size`` (width, height), neither of them larger than it is."""
    width, height = size
    while pixels.shape[1] >= 2 * width and pixels.shape[0] >= 2 * height:
        half = (pixels.shape[1] // 2, pixels.shape[0] // 2)
        even = pixels[: 2 * half[1], : 2 * half[0]]
        pixels = np.asarray(cv2.resize(even, half, interpolation=cv2.INTER_AREA), np.uint8)
    if pixels.shape[1::-1] == size:
        return pixels
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
