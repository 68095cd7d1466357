"""Upright line images cut out of a frame."""

from __future__ import annotations

import cv2
import numpy as np

from capture.pipeline.frame import Pixels
from capture.pipeline.read.boxes import Box

HEIGHT = 48  # what the recogniser was trained on


def crop(pixels: Pixels, box: Box, stretch: float = 1.0) -> Pixels:
    """The box as an upright picture of 48 rows; ``stretch`` widens it."""
    return fit(native(pixels, box), stretch)


def fit(picture: Pixels, stretch: float = 1.0) -> Pixels:
    """Any line picture brought to 48 rows."""
    height, width = picture.shape[:2]
    wide = max(8, round(width * HEIGHT / height * stretch))
    shrinking = cv2.INTER_AREA if height > HEIGHT else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, (wide, HEIGHT), interpolation=shrinking), dtype=np.uint8)


def native(pixels: Pixels, box: Box) -> Pixels:
    """The box as an upright picture at the frame's own resolution."""
    width, height = max(2, round(box.width)), max(2, round(box.height))
    # Whole pixels are cut where the box allows it: the transform of a 12-megapixel picture is never made.
    x0, y0 = np.maximum(np.floor(box.corners.min(axis=0)).astype(int) - 1, 0)
    x1, y1 = np.ceil(box.corners.max(axis=0)).astype(int) + 2
    part = pixels[y0:y1, x0:x1]
    if part.size == 0:
        return np.zeros((height, width, 3), np.uint8)
    source = (box.corners - [x0, y0]).astype(np.float32)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, target)
    flat = cv2.warpPerspective(part, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(flat, dtype=np.uint8)
