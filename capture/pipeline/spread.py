"""Values known at some places, spread smoothly over the rest."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Map = NDArray[np.float32]
Mask = NDArray[np.uint8]


def fill_in(values: Map, mask: Mask) -> Map:
    """``values`` (h×w×3) where the mask is set, smoothed a little, and spread into the holes (push-pull over halved
    pictures)."""
    if not mask.any():
        return values
    height, width = mask.shape
    weight = (mask > 0).astype(np.float32)
    half = ((width + 1) // 2, (height + 1) // 2)  # nothing finer is asked of what is spread over holes
    weighted = cv2.resize(cv2.multiply(values, cv2.merge([weight] * 3)), half, interpolation=cv2.INTER_AREA)
    weight = np.asarray(cv2.resize(weight, half, interpolation=cv2.INTER_AREA), np.float32)
    spread = _push_pull(np.asarray(weighted, np.float32), weight)
    return np.asarray(cv2.resize(spread, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _push_pull(weighted: Map, weight: Map) -> Map:
    height, width = weight.shape
    if min(height, width) <= 2 or bool((weight > 0.999).all()):
        return np.asarray(weighted / np.maximum(weight, 1e-6)[..., None], np.float32)
    half = ((width + 1) // 2, (height + 1) // 2)
    coarse = _push_pull(
        np.asarray(cv2.resize(weighted, half, interpolation=cv2.INTER_AREA), np.float32),
        np.asarray(cv2.resize(weight, half, interpolation=cv2.INTER_AREA), np.float32),
    )
    below = np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
    share = np.minimum(weight, 1.0)[..., None]
    known = weighted / np.maximum(weight, 1e-6)[..., None]
    return np.asarray(known * share + below * (1 - share), np.float32)


def widely_blurred(values: Map, share: float) -> Map:
    """A Gaussian whose sigma is that share of the longer side, on an eighth of the picture: it holds nothing finer."""
    height, width = values.shape[:2]
    size = (max(8, width // 8), max(8, height // 8))
    coarse = cv2.resize(values, size, interpolation=cv2.INTER_AREA)
    coarse = cv2.GaussianBlur(coarse, (0, 0), share * max(size), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)
