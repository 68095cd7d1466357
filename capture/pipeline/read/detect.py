"""Where text stands on a frame."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.pipeline.frame import Pixels
from capture.pipeline.read import models
from capture.pipeline.read.boxes import Box, BoxParams, boxes

STRIDE = 32  # the network halves the picture five times


@dataclass(frozen=True)
class DetectParams:
    long_side: int = 1280  # pixels of the picture that the model sees
    least_side: int = 736  # smaller pictures are enlarged to this short side
    boxes: BoxParams = field(default_factory=BoxParams)


def detect(pixels: Pixels, params: DetectParams, threads: int) -> list[Box]:
    """Boxes of text in an H×W×3 BGR picture, in its pixels, best first."""
    height, width = pixels.shape[:2]
    small = _resized(pixels, params)
    probability = probability_map(small, threads)
    scale = np.array([width / small.shape[1], height / small.shape[0]])
    return [Box(box.corners * scale, box.score) for box in boxes(probability, params.boxes)]


def probability_map(pixels: Pixels, threads: int) -> NDArray[np.float32]:
    """H×W probability of text; both sides must be multiples of 32."""
    scaled = (pixels.astype(np.float32) / 127.5 - 1.0).transpose(2, 0, 1)[None]
    return np.asarray(models.run(models.DETECTION, np.ascontiguousarray(scaled), threads)[0, 0])


def _resized(pixels: Pixels, params: DetectParams) -> Pixels:
    height, width = pixels.shape[:2]
    scale = min(params.long_side / max(height, width), max(1.0, params.least_side / min(height, width)))
    size = tuple(max(STRIDE, round(side * scale / STRIDE) * STRIDE) for side in (width, height))
    shrinking = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, size, interpolation=shrinking), dtype=np.uint8)
