"""How good a cleaned board is against what the renderer knows to be on it.

Both pictures are brought to the same size. Ink is what a person sees as strokes: thinner than a bar of letters and
clearly darker (or, on a dark board, lighter) than around it; the same rule finds it on the truth and on the answer,
with a tolerance of one pixel. Colours are judged well inside fills and notes, the ground well away from anything.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.clean_colour import difference, lab_of

Picture = NDArray[np.uint8]
Mask = NDArray[np.bool_]

SIDE = 1800  # pixels of the longer side at which pictures are compared
THICK = 0.02  # width, as a share of that side, of the thickest stroke
SEEN = 45  # grey levels by which a stroke must stand out
INSIDE = 7  # pixels of a fill's rim that are not judged: blur mixes colours there
COLOURED = 25.0  # chroma from which on a pen has a hue to keep
FILLED = 6.0  # ΔE from white from which on the truth holds a fill


@dataclass(frozen=True, eq=False)
class Truth:
    """``flat`` (H×W×3 BGR): ink and fills on white; ``ink`` (H×W) 255 where a pen went; ``notes``: polygons of
    sticky notes in the same pixels; ``white``: the board's ground is white or dark, not kraft; ``ghost`` (H×W) 255
    where the writing of the back shows through, or old writing badly wiped off."""

    flat: Picture
    ink: Picture
    notes: list[NDArray[np.float64]]
    white: bool = True
    ghost: Picture | None = None


def score(truth: Truth, answer: Picture) -> dict[str, float]:
    """Figures of one cleaned board; those that the board cannot judge (no fill, no note) are left out.

    ``ink found`` and ``ink true``: recall and precision of strokes. ``fills``, ``notes``: mean ΔE00 inside them.
    ``hue``: degrees by which coloured strokes are off; ``chroma``: theirs over the truth's. ``white``: mean lightness
    of the bare ground (100 is paper white); ``uneven``: what lies between the 5th and the 95th percentile of its
    lightness; ``cast``: its mean chroma; ``ghost``: how much darker than the ground around it old writing still is.
    """
    truth = _brought_down(truth)
    height, width = truth.ink.shape
    answer = np.asarray(cv2.resize(answer, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    strokes = _strokes(truth.flat)
    found = _strokes(answer)
    inked = strokes & (truth.ink > 127)
    figures = {
        "ink found": _share(inked & _grown(found), inked),
        "ink true": _share(found & _grown(strokes), found),
    }
    lab, right = lab_of(answer), lab_of(truth.flat)
    notes = _filled(truth.notes, (height, width))
    away = np.linalg.norm(right - (100.0, 0, 0), axis=2)
    fills = away > FILLED
    fills &= ~_grown(truth.ink > 20, INSIDE)
    inside = ~_grown(~fills, INSIDE)
    for name, area in (("fills", inside & ~notes), ("notes", inside & notes)):
        if area.sum() > 200:
            figures[name] = float(difference(lab[area], right[area]).mean())
    figures |= _pens(lab, right, ~_grown(truth.ink <= 200, 1))
    bare = ~_grown((truth.ink > 20) | (away > 1) | notes, 2 * INSIDE)  # white paper on kraft is no ground
    if truth.ghost is not None:
        figures |= _ghost(lab[..., 0], truth.ghost, bare)
    return figures | _ground(lab[bare], truth.white)


def _ghost(lightness: NDArray[np.float64], ghost: Picture, bare: Mask) -> dict[str, float]:
    shown = bare & (ghost > 100)
    around = bare & ~_grown(ghost > 10, 2) & _grown(ghost > 100, 15)
    if min(shown.sum(), around.sum()) < 200:
        return {}
    return {"ghost": float(lightness[around].mean() - lightness[shown].mean())}


def _pens(lab: NDArray[np.float64], right: NDArray[np.float64], core: Mask) -> dict[str, float]:
    chroma = np.hypot(right[..., 1], right[..., 2])
    core = core & (chroma > COLOURED)
    if core.sum() < 200:
        return {}
    ours, theirs = lab[core], right[core]
    turn = np.degrees(np.arctan2(ours[:, 2], ours[:, 1]) - np.arctan2(theirs[:, 2], theirs[:, 1]))
    off = np.abs((turn + 180) % 360 - 180)
    return {
        "hue": float(off.mean()),
        "chroma": float(np.hypot(ours[:, 1], ours[:, 2]).mean() / chroma[core].mean()),
    }


def _ground(bare: NDArray[np.float64], white: bool) -> dict[str, float]:
    if len(bare) < 200 or not white:
        return {}
    low, high = np.percentile(bare[:, 0], (5, 95))
    cast = float(np.hypot(bare[:, 1], bare[:, 2]).mean())
    return {"uneven": float(high - low), "white": float(bare[:, 0].mean()), "cast": cast}


def _strokes(picture: Picture) -> Mask:
    width = round(THICK * max(picture.shape[:2])) | 1
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    dark = cv2.morphologyEx(picture, cv2.MORPH_BLACKHAT, brush).max(axis=2)
    return np.asarray(dark > SEEN, np.bool_)


def _grown(mask: Mask, by: int = 1) -> Mask:
    return cv2.dilate(mask.astype(np.uint8), np.ones((2 * by + 1, 2 * by + 1), np.uint8)) > 0


def _share(part: Mask, whole: Mask) -> float:
    return float(part.sum() / max(1, whole.sum()))


def _filled(polygons: list[NDArray[np.float64]], size: tuple[int, int]) -> Mask:
    mask = np.zeros(size, np.uint8)
    for polygon in polygons:
        cv2.fillPoly(mask, [np.rint(polygon).astype(np.int32)], 1)
    return mask > 0


def _brought_down(truth: Truth) -> Truth:
    height, width = truth.ink.shape
    scale = min(1.0, SIDE / max(height, width))
    size = (round(width * scale), round(height * scale))
    flat = cv2.resize(truth.flat, size, interpolation=cv2.INTER_AREA)
    ink = cv2.resize(truth.ink, size, interpolation=cv2.INTER_AREA)
    ghost = None
    if truth.ghost is not None:
        ghost = np.asarray(cv2.resize(truth.ghost, size, interpolation=cv2.INTER_AREA), np.uint8)
    outlines = [n * scale for n in truth.notes]
    return Truth(np.asarray(flat, np.uint8), np.asarray(ink, np.uint8), outlines, truth.white, ghost)
