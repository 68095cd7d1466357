"""How does the board look in even light? Two renditions: one for the eye, one for the readers.

Both divide one light out of all channels (see ``ground``). For the eye, bare ground becomes white, pens gain
contrast and colour, fills and notes keep theirs. The readers see a gentler picture: they were trained on photos, and
harder cleaning costs them words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from archive.model import Polygon
from capture.pipeline import clean_faint, clean_rest, ground
from capture.pipeline.frame import Frame, Pixels
from capture.pipeline.ground import Ground, Map

VERSION = 5


@dataclass(frozen=True)
class Params:
    ground: ground.Params = field(default_factory=ground.Params)
    old: clean_faint.Params = field(default_factory=clean_faint.Params)
    rest: clean_rest.Params = field(default_factory=clean_rest.Params)
    paper: float = 1.30  # red over blue up to which a ground is white board under warm light, and is made white
    kraft: float = 1.50  # from which on it is a coloured ground, and keeps its colour
    outshone: float = 0.02  # share of the board brighter than the ground from which on the ground is not white
    paper_outshone: float = 1.08  # instead of ``paper`` then
    kraft_level: float = 0.64  # brightness of a coloured ground, 0..1
    brightest: float = 0.97  # brightness of the whitest thing on such a ground, at most
    dark_level: float = 0.13  # brightness of a dark board for the eye
    ink_black: float = 0.12  # after evening: what is darker is black
    faint: float = 0.55  # contrast of the strokes below which they are stretched
    smudge: float = 0.92  # of white: what is lighter, and has no colour, is smudge or show-through and is left out
    gamma: float = 1.25  # of the strokes
    pale: float = 0.06  # log ratio of channels from which on an area is coloured
    patch: int = 5  # pixels of the small picture: what is narrower is a stroke
    around: float = 0.03  # of the longer side: how far from a burnt place the ground is compared
    even: float = 236.0  # grey level of that ground from which on the place is no reflection
    shown: float = 110.0  # grey level of ink that is seen in a burnt place, which then lost nothing
    inked: float = 0.01  # the share of it
    strip: int = 256  # rows worked on at a time, so that they stay in the cache


DEFAULT = Params()


def for_eye(
    frame: Frame, params: Params = DEFAULT, seen: Ground | None = None, sheets: Sequence[Polygon] = ()
) -> Frame:
    """The board as it should be printed, at full resolution; ``to_photo`` is kept. ``seen``: its ground, where it was
    estimated already (so in every function here). ``sheets``: its coloured notes, in frame pixels; their shadows are
    taken off."""
    seen = seen or ground.estimate(frame.pixels, params.ground)
    gain = _gain(seen, params)
    curves = (_dark_curve(params),) * 2 if seen.dark else _curves(seen, gain, params)
    shade = None if seen.dark or not sheets else clean_rest.shadows(seen, _small(sheets, frame, seen), params.rest)
    bare = np.asarray(np.rint(np.median((seen.light[..., None] * seen.tint * gain).reshape(-1, 3), axis=0)), np.uint8)
    out = _apply(frame.pixels, (gain, _fills(seen, params), shade), curves, bare[None, None], params)
    if not seen.dark and whiteness(seen, params) == 1.0:
        clean_faint.whiten(frame.pixels, out, gain, seen, params.old)
        clean_rest.whiten_rim(out, params.rest)
    return Frame(out, frame.to_photo)


def _small(sheets: Sequence[Polygon], frame: Frame, seen: Ground) -> list[NDArray[np.float64]]:
    scale = np.array((seen.small.shape[1] / frame.width, seen.small.shape[0] / frame.height))
    return [(np.array(sheet) + 0.5) * scale - 0.5 for sheet in sheets]


def for_reading(frame: Frame, params: Params = DEFAULT, seen: Ground | None = None) -> Frame:
    """The board as the readers like it: as photographed, dark boards inverted."""
    seen = seen or ground.estimate(frame.pixels, params.ground)
    if not seen.dark:
        return frame
    return Frame(np.asarray(255 - frame.pixels, np.uint8), frame.to_photo)


def glare(frame: Frame, params: Params = DEFAULT, seen: Ground | None = None) -> float:
    """Share of the board (0..1) lost to reflections: burnt out, and brighter than the board's own white."""
    seen = seen or ground.estimate(frame.pixels, params.ground)
    level = float(np.percentile(seen.light, 50))
    burnt = (seen.small.min(axis=2) >= 248).astype(np.uint8)
    if level > 232:
        return 0.0
    count, labels, stats, _ = cv2.connectedComponentsWithStats(burnt)
    least = max(6.0, 0.0002 * burnt.size)
    kept = [
        i
        for i in range(1, count)
        if stats[i, cv2.CC_STAT_AREA] >= least and not _merely_light(labels == i, seen, params)
    ]
    return float(np.isin(labels, kept).mean())


def _merely_light(place: NDArray[np.bool_], seen: Ground, params: Params) -> bool:
    """Whether a burnt place is the brighter end of an even light, by which no ink is lost, and no reflection: around it
    the ground is hardly darker, or ink shows in it."""
    spot = place.astype(np.uint8)
    near = max(2, round(params.around * max(place.shape)))
    wide, narrow = (cv2.dilate(spot, np.ones((2 * n + 1, 2 * n + 1), np.uint8)) for n in (near, near // 2))
    ring = (wide > narrow) & (seen.mask > 0)
    if ring.any() and float(np.median(seen.plain[ring].min(axis=1))) > params.even:
        return True
    closed = cv2.morphologyEx(spot, cv2.MORPH_CLOSE, np.ones((near | 1, near | 1), np.uint8)) > 0
    return float((seen.small[closed].min(axis=1) < params.shown).mean()) > params.inked


def _gain(seen: Ground, params: Params) -> Map:
    """What each channel is multiplied with, on the small picture (h×w×3 float32)."""
    whiten = whiteness(seen, params)
    target = params.kraft_level + (1.0 - params.kraft_level) * whiten
    if seen.outshone > params.outshone and whiten < 1.0:
        target = min(target, params.brightest / seen.white)  # what is brighter than the ground keeps its colour
    if seen.dark:
        whiten, target = 0.0, params.dark_level
    gain = 255.0 * target / np.maximum(seen.light, 1.0)
    return np.asarray(gain[..., None] / seen.tint**whiten, np.float32)


def whiteness(seen: Ground, params: Params = DEFAULT) -> float:
    """How far the ground is to be made white: 1 for a board or paper, 0 for kraft, cork or felt."""
    ratio = float(seen.colour[2] / max(seen.colour[0], 1e-3))
    paper, kraft = params.paper, params.kraft
    if seen.far_outshone > params.outshone:  # a grey or a coloured wall, whatever its tint
        return 0.0
    if seen.outshone > params.outshone:  # nothing is whiter than a white board: what is outshone is kraft in cold light
        paper, kraft = params.paper_outshone, params.paper
    return 1.0 - float(np.clip((ratio - paper) / (kraft - paper), 0.0, 1.0))


def _fills(seen: Ground, params: Params) -> Map:
    """1 inside notes, fills and pictures, 0 on ground and strokes, on the small picture."""
    relative = np.log(seen.plain.astype(np.float32) + 6.0) - np.log(seen.tint * (seen.light + 6.0)[..., None])
    b, g, r = cv2.split(cv2.GaussianBlur(relative, (0, 0), 1.0))
    chroma = cv2.max(cv2.max(b, g), r) - cv2.min(cv2.min(b, g), r)
    coloured = (chroma > params.pale).astype(np.uint8)
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (params.patch, params.patch))
    areas = cv2.morphologyEx(coloured, cv2.MORPH_OPEN, brush) > 0
    area = ((seen.mask == 0) | areas).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(area, (0, 0), 0.7), np.float32)


def _curves(seen: Ground, gain: Map, params: Params) -> tuple[Pixels, Pixels]:
    """Tables of 256 levels: for ground and strokes, and for fills."""
    even = cv2.multiply(seen.small[::2, ::2], gain[::2, ::2], dtype=cv2.CV_8U)
    darkest = cv2.min(cv2.min(even[..., 0], even[..., 1]), even[..., 2]) / 255.0
    bare = darkest[seen.mask[::2, ::2] > 0]
    white = float(np.clip(np.percentile(bare, 30), 0.80, 0.96)) if len(bare) else 0.96
    strokes = darkest[darkest < 0.85 * white]
    ink = float(np.percentile(strokes, 10)) if len(strokes) else 0.3
    black = max(params.ink_black, ink - (1 - params.faint))
    level = np.arange(256) / 255.0
    share = whiteness(seen, params)
    stretched = np.clip((level - black) / (params.smudge * white - black), 0, 1)
    for_ink = share * stretched**params.gamma + (1 - share) * level
    knee = np.clip((level - 0.80) / (max(white, 0.9) - 0.80), 0, 1)
    for_fill = np.maximum(level, 0.80 + 0.20 * knee**1.5) * (level > 0.8) + level * (level <= 0.8)
    return _table(for_ink), _table(for_fill)


def _dark_curve(params: Params) -> Pixels:
    level = np.arange(256) / 255.0
    return _table(np.clip((level - 0.6 * params.dark_level) * 3.2, 0, 1) ** 0.9)


def _table(curve: NDArray[np.float64]) -> Pixels:
    return np.asarray(np.clip(np.rint(curve * 255), 0, 255), np.uint8)


def _apply(
    pixels: Pixels, maps: tuple[Map, Map, Map | None], curves: tuple[Pixels, Pixels], bare: Pixels, params: Params
) -> Pixels:
    """Multiply with the enlarged gain, take one curve or the other, lift shadows; strip by strip. ``maps``: the gain,
    the share of fills, the shadows; ``bare``: the ground's colour (1×1×3) once its light is even.

    The maps are stretched downwards first, while they are narrow, so that strips meet without a seam.
    """
    height, width = pixels.shape[:2]
    tall, share, shade = (None if each is None else _stretched(each, height) for each in maps)
    assert tall is not None
    assert share is not None
    out = np.empty_like(pixels)
    for top in range(0, height, params.strip):
        strip = pixels[top : top + params.strip]
        size = (width, strip.shape[0])
        here = cv2.resize(tall[top : top + params.strip], size, interpolation=cv2.INTER_LINEAR)
        even = np.asarray(cv2.multiply(strip, here, dtype=cv2.CV_8U), np.uint8)
        done = out[top : top + params.strip]
        cv2.LUT(even, curves[0], done)
        part = share[top : top + params.strip]
        filled = np.flatnonzero(part.max(axis=0) > 0.004)
        if len(filled):  # two curves only between the first fill and the last
            scale = width / part.shape[1]
            left, right = int(max(0, filled[0] - 1) * scale), int(min(part.shape[1], filled[-1] + 2) * scale)
            weight = cv2.resize(part, size, interpolation=cv2.INTER_LINEAR)[:, left:right]
            fill = cv2.LUT(even[:, left:right], curves[1])
            done[:, left:right] = cv2.blendLinear(fill, done[:, left:right], weight, 1 - weight)
        if shade is not None and float(shade[top : top + params.strip].max()) > 0.02:
            shadow = np.asarray(cv2.resize(shade[top : top + params.strip], size), np.float32)
            clean_rest.lift(even, done, shadow, bare, np.asarray(cv2.LUT(bare, curves[0]), np.uint8), params.rest)
    return out


def _stretched(values: Map, height: int) -> Map:
    return np.asarray(cv2.resize(values, (values.shape[1], height), interpolation=cv2.INTER_LINEAR), np.float32)
