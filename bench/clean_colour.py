"""How different do two colours look? CIEDE2000, for arrays."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


def lab_of(picture: NDArray[np.uint8]) -> Values:
    """H×W×3 uint8 BGR (sRGB) → H×W×3 CIELAB, lightness 0..100."""
    return np.asarray(cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_BGR2LAB), np.float64)


def difference(first: Values, second: Values) -> Values:
    """ΔE00 of two ...×3 arrays of CIELAB (Sharma, Wu and Dalal, «The CIEDE2000 color-difference formula», 2005)."""
    mean_chroma = (np.hypot(first[..., 1], first[..., 2]) + np.hypot(second[..., 1], second[..., 2])) / 2
    stretch = 1 + 0.5 * (1 - np.sqrt(mean_chroma**7 / (mean_chroma**7 + 25.0**7)))
    c1, h1 = _polar(first, stretch)
    c2, h2 = _polar(second, stretch)
    chroma = (c1 + c2) / 2
    grey = c1 * c2 == 0
    turn = np.where(grey, 0.0, (h2 - h1 + 180) % 360 - 180)
    hue = np.where(grey, h1 + h2, h1 + turn / 2) % 360
    lightness = (first[..., 0] + second[..., 0]) / 2
    along_l = (second[..., 0] - first[..., 0]) / (
        1 + 0.015 * (lightness - 50) ** 2 / np.sqrt(20 + (lightness - 50) ** 2)
    )
    along_c = (c2 - c1) / (1 + 0.045 * chroma)
    along_h = 2 * np.sqrt(c1 * c2) * _sin(turn / 2) / (1 + 0.015 * chroma * _hue_weight(hue))
    rotation = -_sin(60 * np.exp(-(((hue - 275) / 25) ** 2))) * 2 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7))
    return np.sqrt(np.maximum(along_l**2 + along_c**2 + along_h**2 + rotation * along_c * along_h, 0))


def _polar(lab: Values, stretch: Values) -> tuple[Values, Values]:
    """Chroma and hue (degrees, 0..360) with the red-green axis stretched for greyish colours."""
    a, b = lab[..., 1] * stretch, lab[..., 2]
    return np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360


def _hue_weight(hue: Values) -> Values:
    terms = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    return 1 + sum((k * np.cos(np.radians(n * hue + shift)) for k, n, shift in terms), np.zeros_like(hue))


def _sin(degrees: Values) -> Values:
    return np.asarray(np.sin(np.radians(degrees)))
