"""Where is faint writing that nobody wrote here: the back of the sheet showing through, old strokes badly wiped off?

A pen's stroke is dark somewhere; what is faint and hangs on nothing dark is left out. How faint follows from the pens
of this very board, so that pencil on a sheet of pencil stays.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from capture.pipeline.frame import Pixels
from capture.pipeline.ground import Ground, Map
from capture.pipeline.smaller import smaller


@dataclass(frozen=True)
class Params:
    side: int = 1400  # pixels of the longer side of the picture on which strokes are told
    faint: float = 0.27  # of the contrast of this board's strokes: what has less is not its own
    near: int = 9  # pixels around a stroke in which everything stays
    usual: float = 35.0  # percentile of the contrast of all strokes that stands for this board's
    least: float = 0.002  # share of the ground that is faint from which on there is anything to leave out
    strip: int = 256  # rows worked on at a time


def whiten(pixels: Pixels, out: Pixels, gain: Map, seen: Ground, params: Params) -> None:
    """Makes white, in place, what hangs on no stroke of this board. ``pixels`` as photographed, ``out`` (the same size)
    as cleaned so far, ``gain`` what evens the light of a white board (h×w×3)."""
    zone = _kept(pixels, gain, seen, params)
    if zone is None:
        return
    height, width = out.shape[:2]
    tall = cv2.resize(zone, (zone.shape[1], height), interpolation=cv2.INTER_LINEAR)
    white = np.full((params.strip, width, 3), 255, np.uint8)
    for top in range(0, height, params.strip):
        strip = out[top : top + params.strip]
        weight = cv2.resize(tall[top : top + params.strip], (width, strip.shape[0]), interpolation=cv2.INTER_LINEAR)
        strip[:] = cv2.blendLinear(strip, white[: strip.shape[0]], weight, 1 - weight)


def _kept(pixels: Pixels, gain: Map, seen: Ground, params: Params) -> Map | None:
    """1 around strokes of this board, soft (h×w of a smaller picture); None where nothing faint was seen besides."""
    height, width = pixels.shape[:2]
    scale = min(1.0, params.side / max(height, width))
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    small = smaller(pixels, size)
    even = cv2.multiply(small, cv2.resize(gain, size, interpolation=cv2.INTER_LINEAR), dtype=cv2.CV_8U)
    darkest = cv2.min(cv2.min(even[..., 0], even[..., 1]), even[..., 2])
    darkest = cv2.erode(darkest, np.ones((3, 3), np.uint8))  # thin strokes are pale on a small picture
    bare = cv2.resize(seen.mask, size, interpolation=cv2.INTER_NEAREST) > 0
    if not bare.any():
        return None
    white = np.percentile(darkest[bare], 60)
    contrast = np.asarray(np.clip(white - darkest.astype(np.float32), 0, 255), np.float32) / 255
    strokes = contrast[bare & (contrast > 0.12)]
    if len(strokes) < 200:
        return None
    own = float(np.percentile(strokes[strokes > 0.3 * strokes.max()], params.usual))
    dark = ((contrast > params.faint * own) | ~bare).astype(np.uint8)
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * params.near + 1,) * 2)
    zone = cv2.dilate(dark, brush)
    left = (contrast > 0.07) & (zone == 0)
    if left.mean() < params.least:
        return None
    return np.asarray(cv2.GaussianBlur(zone.astype(np.float32), (0, 0), 1.0), np.float32)
