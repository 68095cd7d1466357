"""Three known ways of cleaning a photographed board, each as it is usually written: what ours must beat.

All take and give H×W×3 uint8 BGR.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.cluster.vq import kmeans2

Picture = NDArray[np.uint8]


def local_white(picture: Picture) -> Picture:
    """Zhang & He, «Whiteboard scanning and image enhancement» (2007), section 6: the white of each cell is the
    average of its brightest quarter, filtered for outliers; each channel is divided by it, then an S-curve."""
    height, width = picture.shape[:2]
    cell = max(15, max(height, width) // 60)
    rows, cols = -(-height // cell), -(-width // cell)
    white = np.empty((rows, cols, 3), np.float32)
    for i in range(rows):
        for j in range(cols):
            here = picture[i * cell : (i + 1) * cell, j * cell : (j + 1) * cell].reshape(-1, 3)
            bright = here[np.argsort(here.sum(axis=1))[-max(1, len(here) // 4) :]]
            white[i, j] = bright.mean(axis=0)
    white = np.asarray(cv2.medianBlur(white, 5), np.float32)
    full = cv2.resize(white, (width, height), interpolation=cv2.INTER_LINEAR)
    even = np.minimum(1.0, picture / np.maximum(full, 1.0))
    curved = 0.5 - 0.5 * np.cos(np.pi * even**0.75)
    return np.asarray(np.clip(255 * curved, 0, 255), np.uint8)


def gaussians(picture: Picture) -> Picture:
    """The script that goes round for ImageMagick: difference of Gaussians, turned over, stretched to the full range,
    slightly blurred, levels of 60 % to 91 %, one channel at a time."""
    scale = max(picture.shape[:2]) / 2000
    fine = picture.astype(np.float32)
    ring = cv2.GaussianBlur(fine, (0, 0), 15 * scale) - fine
    turned = 1.0 - np.clip(ring / 255.0, 0, 1)
    low, high = np.percentile(turned, (0.2, 99.0), axis=(0, 1))
    stretched = np.clip((turned - low) / np.maximum(high - low, 1e-3), 0, 1)
    stretched = cv2.GaussianBlur(stretched, (0, 0), scale)
    return np.asarray(255 * np.clip((stretched - 0.60) / 0.31, 0, 1), np.uint8)


def one_background(picture: Picture) -> Picture:
    """noteshrink: the commonest colour (six bits a channel) is the background; what differs from it by 0.20 in
    saturation or 0.25 in value is foreground, in eight colours; the background becomes white, colours are stretched."""
    pixels = picture.reshape(-1, 3)
    sample = pixels[:: max(1, len(pixels) // 40_000)]
    coarse = (sample >> 2).astype(np.int64) << 2
    names, counts = np.unique(coarse @ np.array([1, 256, 65536]), return_counts=True)
    code = int(names[np.argmax(counts)])
    background = np.array([[code & 255, code >> 8 & 255, code >> 16]], np.uint8)
    marked = sample[_foreground(sample, background)].astype(np.float64)
    if len(marked) < 16:
        return np.full_like(picture, 255)
    centres, _ = kmeans2(marked, 7, iter=20, minit="++", seed=0)
    palette = np.vstack([background, centres]).astype(np.float64)
    palette = 255 * (palette - palette.min()) / max(1e-6, float(np.ptp(palette)))
    palette[0] = 255
    out = np.full_like(pixels, 255)
    fore = np.flatnonzero(_foreground(pixels, background))
    for some in np.array_split(fore, max(1, len(fore) // 200_000)):
        far = ((pixels[some, None].astype(np.float32) - centres[None].astype(np.float32)) ** 2).sum(axis=2)
        out[some] = np.clip(palette[1 + far.argmin(axis=1)], 0, 255)
    return np.asarray(out.reshape(picture.shape), np.uint8)


def _foreground(pixels: Picture, background: Picture) -> NDArray[np.bool_]:
    saturation, value = _saturation_value(pixels)
    plain_saturation, plain_value = _saturation_value(background)
    return np.asarray((np.abs(value - plain_value) >= 0.25) | (np.abs(saturation - plain_saturation) >= 0.20))


def _saturation_value(pixels: Picture) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    high, low = pixels.max(axis=1).astype(np.float32), pixels.min(axis=1).astype(np.float32)
    return (high - low) / np.maximum(high, 1), high / 255


BASELINES: dict[str, Callable[[Picture], Picture]] = {
    "local white": local_white,
    "Gaussians": gaussians,
    "one background": one_background,
}
