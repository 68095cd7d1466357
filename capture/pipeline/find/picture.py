"""The picture the search looks at: small, in Lab, without ink, with the direction of its edges."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.pipeline.frame import Pixels

Floats = NDArray[np.float32]

CHROMA_WEIGHT = 1.5
"""a and b of 8-bit Lab against its L: a step in colour counts as much as one in light that looks as strong."""


@dataclass(frozen=True, eq=False)
class Picture:
    """``scale`` is search pixels per photo pixel. ``lab`` H×W×3 float32, ink suppressed, chroma weighted;
    ``tensor`` H×W×3 float32: Jxx, Jxy, Jyy of the colour gradient (Di Zenzo 1986), in Lab levels a pixel squared;
    ``ink`` H×W float32: how much darker a pixel is than the ground around it."""

    scale: float
    lab: Floats
    tensor: Floats
    ink: Floats

    @property
    def width(self) -> int:
        return int(self.lab.shape[1])

    @property
    def height(self) -> int:
        return int(self.lab.shape[0])

    def outline(self) -> NDArray[np.float64]:
        """The outer corners of the picture, 4×2, clockwise from the top left."""
        right, bottom = self.width - 0.5, self.height - 0.5
        return np.array([[-0.5, -0.5], [right, -0.5], [right, bottom], [-0.5, bottom]])

    def to_photo(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points in search pixels → photo pixels (pixel centres at whole numbers in both)."""
        return (points + 0.5) / self.scale - 0.5

    def from_photo(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        return (points + 0.5) * self.scale - 0.5


def search_picture(pixels: Pixels, side: int, stroke: int) -> Picture:
    """Scale H×W×3 BGR so that its long side is ``side`` (never up) and wipe strokes thinner than ``stroke`` pixels."""
    scale = min(1.0, side / max(pixels.shape[:2]))
    size = (max(8, round(pixels.shape[1] * scale)), max(8, round(pixels.shape[0] * scale)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA) if scale < 1 else pixels
    raw = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2LAB), np.uint8)
    lab, ink = without_ink(raw, stroke)
    return Picture(scale=scale, lab=lab, tensor=colour_tensor(lab), ink=ink)


def without_ink(raw: Pixels, stroke: int) -> tuple[Floats, Floats]:
    """Closing lifts dark strokes from the light; a median takes their colour from a and b."""
    odd = stroke | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (odd, odd))
    light = np.ascontiguousarray(raw[..., 0])
    closed = cv2.morphologyEx(light, cv2.MORPH_CLOSE, kernel)
    ink = cv2.subtract(closed, light)
    chroma = _even_chroma(raw, odd)
    lab = np.dstack([closed.astype(np.float32), (chroma - 128) * CHROMA_WEIGHT])
    return lab, ink.astype(np.float32)


def _even_chroma(raw: Pixels, window: int) -> Floats:
    """a and b after a median over ``window`` pixels, taken at half size: colour is blurred by JPEG anyway."""
    height, width = raw.shape[:2]
    half = cv2.resize(raw[..., 1:], ((width + 1) // 2, (height + 1) // 2), interpolation=cv2.INTER_AREA)
    even = cv2.medianBlur(half, window // 2 | 1)
    return np.asarray(cv2.resize(even, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def colour_tensor(lab: Floats) -> Floats:
    """H×W×3 Lab → Jxx, Jxy, Jyy summed over the channels."""
    soft = cv2.GaussianBlur(lab, (0, 0), 1.0)
    gx = cv2.Sobel(soft, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8, borderType=cv2.BORDER_REPLICATE)
    gy = cv2.Sobel(soft, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8, borderType=cv2.BORDER_REPLICATE)
    products = [np.einsum("ijk,ijk->ij", a, b) for a, b in ((gx, gx), (gx, gy), (gy, gy))]
    return np.stack(products, axis=2)
