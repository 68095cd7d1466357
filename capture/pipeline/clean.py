"""How does the board look in even light? Two renditions: one for the eye, one for the readers.

Both divide one light out of all channels (see ``ground``). For the eye, bare ground becomes white, pens gain
contrast and colour, fills and notes keep theirs. The readers see a gentler picture: they were trained on photos, and
harder cleaning costs them words.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.pipeline import ground
from capture.pipeline.frame import Frame, Pixels
from capture.pipeline.ground import Ground, Map

VERSION = 1


@dataclass(frozen=True)
class Params:
    ground: ground.Params = field(default_factory=ground.Params)
    paper: float = 1.30  # red over blue up to which a ground is white board under warm light, and is made white
    kraft: float = 1.50  # from which on it is a coloured ground, and keeps its colour
    kraft_level: float = 0.72  # brightness of a coloured ground, 0..1
    dark_level: float = 0.13  # brightness of a dark board for the eye
    ink_black: float = 0.12  # after evening: what is darker is black
    faint: float = 0.55  # contrast of the strokes below which they are stretched
    strip: int = 256  # rows worked on at a time, so that they stay in the cache


DEFAULT = Params()


def for_eye(frame: Frame, params: Params = DEFAULT) -> Frame:
    """The board as it should be printed, at full resolution; ``to_photo`` is kept."""
    seen = ground.estimate(frame.pixels, params.ground)
    gain = _gain(seen, params)
    curves = (_dark_curve(params),) * 2 if seen.dark else _curves(seen, gain, params)
    return Frame(_apply(frame.pixels, gain, curves, _fills(seen), params.strip), frame.to_photo)


def for_reading(frame: Frame, params: Params = DEFAULT) -> Frame:
    """The board as the readers like it: as photographed, dark boards inverted."""
    small = ground.estimate(frame.pixels, params.ground)
    if not small.dark:
        return frame
    return Frame(np.asarray(255 - frame.pixels, np.uint8), frame.to_photo)


def glare(frame: Frame, params: Params = DEFAULT) -> float:
    """Share of the board (0..1) lost to reflections: burnt out, and brighter than the board's own white."""
    seen = ground.estimate(frame.pixels, params.ground)
    level = float(np.percentile(seen.light, 50))
    burnt = (seen.small.min(axis=2) >= 248).astype(np.uint8)
    if level > 232:
        return 0.0
    _, labels, stats, _ = cv2.connectedComponentsWithStats(burnt)
    least = max(6.0, 0.0002 * burnt.size)
    kept = [i for i in range(1, len(stats)) if stats[i, cv2.CC_STAT_AREA] >= least]
    return float(np.isin(labels, kept).mean())


def _gain(seen: Ground, params: Params) -> Map:
    """What each channel is multiplied with, on the small picture (h×w×3 float32)."""
    whiten = whiteness(seen, params)
    target = params.kraft_level + (1.0 - params.kraft_level) * whiten
    if seen.dark:
        whiten, target = 0.0, params.dark_level
    gain = 255.0 * target / np.maximum(seen.light, 1.0)
    return np.asarray(gain[..., None] / seen.tint**whiten, np.float32)


def whiteness(seen: Ground, params: Params = DEFAULT) -> float:
    """How far the ground is to be made white: 1 for a board or paper, 0 for kraft, cork or felt."""
    ratio = float(seen.colour[2] / max(seen.colour[0], 1e-3))
    return 1.0 - float(np.clip((ratio - params.paper) / (params.kraft - params.paper), 0.0, 1.0))


def _fills(seen: Ground) -> Map:
    """1 inside notes, fills and pictures, 0 on ground and strokes, on the small picture."""
    return np.asarray(cv2.GaussianBlur((seen.mask == 0).astype(np.float32), (0, 0), 0.7), np.float32)


def _curves(seen: Ground, gain: Map, params: Params) -> tuple[Pixels, Pixels]:
    """Tables of 256 levels: for ground and strokes, and for fills."""
    even = np.clip(seen.small * gain, 0, 255) / 255.0
    bare = even[seen.mask > 0].min(axis=1) if seen.mask.any() else np.array([1.0])
    white = float(np.clip(np.percentile(bare, 30), 0.80, 0.96))
    strokes = even.min(axis=2)
    ink = float(np.percentile(strokes[strokes < 0.85 * white], 10)) if (strokes < 0.85 * white).any() else 0.3
    black = max(params.ink_black, ink - (1 - params.faint))
    level = np.arange(256) / 255.0
    share = whiteness(seen, params)
    stretched = np.clip((level - black) / (white - black), 0, 1)
    for_ink = share * stretched**1.25 + (1 - share) * level
    knee = np.clip((level - 0.80) / (max(white, 0.9) - 0.80), 0, 1)
    for_fill = np.maximum(level, 0.80 + 0.20 * knee**1.5) * (level > 0.8) + level * (level <= 0.8)
    return _table(for_ink), _table(for_fill)


def _dark_curve(params: Params) -> Pixels:
    level = np.arange(256) / 255.0
    return _table(np.clip((level - 0.6 * params.dark_level) * 3.2, 0, 1) ** 0.9)


def _table(curve: NDArray[np.float64]) -> Pixels:
    return np.asarray(np.clip(np.rint(curve * 255), 0, 255), np.uint8)


def _apply(pixels: Pixels, gain: Map, curves: tuple[Pixels, Pixels], fills: Map, rows: int) -> Pixels:
    """Multiply with the enlarged gain, then take one curve or the other; strip by strip."""
    height, width = pixels.shape[:2]
    scale = np.array([gain.shape[1] / width, gain.shape[0] / height])
    out = np.empty_like(pixels)
    for top in range(0, height, rows):
        strip = pixels[top : top + rows]
        size = (width, strip.shape[0])
        place = np.array([[scale[0], 0, 0.5 * scale[0] - 0.5], [0, scale[1], (top + 0.5) * scale[1] - 0.5]], np.float64)
        here = cv2.warpAffine(
            gain, place, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
        )
        share = cv2.warpAffine(
            fills, place, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
        )
        even = cv2.multiply(strip, here, dtype=cv2.CV_8U)
        ink, fill = cv2.LUT(even, curves[0]), cv2.LUT(even, curves[1])
        out[top : top + rows] = cv2.blendLinear(fill, ink, share, 1 - share)
    return out
