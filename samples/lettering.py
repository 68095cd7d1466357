"""A line of handwriting as a mask: glyphs of a font, jittered, bent, and drawn with a pen of a given width."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from samples.fonts import Hand
from samples.rng import Rng

Mask = NDArray[np.uint8]
Stroke = tuple[tuple[float, float], ...]

ARC = tuple((0.5 + 0.5 * float(np.cos(a)), 0.5 + 0.5 * float(np.sin(a))) for a in np.linspace(0, 2 * np.pi, 13))


def _ring(x: float, y: float, r: float) -> Stroke:
    return tuple((x + r * (2 * u - 1), y + r * (2 * v - 1)) for u, v in ARC)


# Strokes in units of the cap height, origin on the base line, y upwards; and the advance.
DRAWN: dict[str, tuple[tuple[Stroke, ...], float]] = {
    "→": ((((0.05, 0.38), (1.15, 0.42)), ((0.8, 0.7), (1.18, 0.42), (0.8, 0.12))), 1.3),
    "✓": ((((0.05, 0.4), (0.3, 0.05), (0.95, 1.05)),), 1.1),
    "€": (
        (
            ((0.75, 0.85), (0.5, 1.0), (0.25, 0.8), (0.18, 0.5), (0.25, 0.2), (0.5, 0.0), (0.75, 0.15)),
            ((0.02, 0.6), (0.6, 0.6)),
            ((0.0, 0.4), (0.55, 0.4)),
        ),
        0.9,
    ),
    "«": ((((0.35, 0.6), (0.1, 0.35), (0.35, 0.1)), ((0.7, 0.6), (0.45, 0.35), (0.7, 0.1))), 0.85),
    "»": ((((0.1, 0.6), (0.35, 0.35), (0.1, 0.1)), ((0.45, 0.6), (0.7, 0.35), (0.45, 0.1))), 0.85),
    "%": ((((0.1, 0.0), (0.75, 1.0)), _ring(0.2, 0.78, 0.16), _ring(0.68, 0.2, 0.16)), 0.95),
    "°": ((_ring(0.2, 0.85, 0.14),), 0.45),
    "+": ((((0.05, 0.4), (0.65, 0.4)), ((0.35, 0.1), (0.35, 0.72))), 0.8),
    ">": ((((0.1, 0.62), (0.6, 0.36), (0.1, 0.1)),), 0.75),
    "<": ((((0.6, 0.62), (0.1, 0.36), (0.6, 0.1)),), 0.75),
    "=": ((((0.05, 0.52), (0.65, 0.52)), ((0.05, 0.25), (0.65, 0.25))), 0.8),
    "(": ((((0.4, 1.1), (0.15, 0.75), (0.12, 0.35), (0.4, -0.1)),), 0.5),
    ")": ((((0.1, 1.1), (0.35, 0.75), (0.38, 0.35), (0.1, -0.1)),), 0.5),
    '"': ((((0.1, 1.0), (0.1, 0.75)), ((0.3, 1.0), (0.3, 0.75))), 0.45),
    "×": ((((0.1, 0.1), (0.6, 0.6)), ((0.1, 0.6), (0.6, 0.1))), 0.75),
}
SPELT = {"œ": "oe", "Œ": "OE", "’": "'", "…": "...", "–": "-", "\u00a0": " "}
# Strokes over (or under) a letter, from the middle of its top; units of the cap height.
ACCENTS: dict[str, tuple[Stroke, ...]] = {
    "\u0301": (((-0.08, 0.1), (0.14, 0.3)),),
    "\u0300": (((-0.14, 0.3), (0.08, 0.1)),),
    "\u0302": (((-0.18, 0.1), (0.0, 0.28), (0.18, 0.1)),),
    "\u0308": (((-0.14, 0.18), (-0.12, 0.2)), ((0.13, 0.18), (0.15, 0.2))),
    "\u0327": (((0.03, 0.0), (0.0, -0.12), (0.1, -0.2), (-0.08, -0.28)),),
}


@dataclass(frozen=True)
class Pen:
    """``colour`` BGR of the ink on white; ``width`` in millimetres; a ``chisel`` tip writes thick and thin."""

    colour: tuple[int, int, int]
    width: float
    chisel: bool = False
    dry: float = 0.0  # 0 fresh, 1 nearly empty


@dataclass(frozen=True)
class Nib:
    """How a line is drawn: strokes about ``width`` pixels wide; ``wobble`` scales the jitter of each glyph, the wave
    of the base line and the bending of the strokes."""

    width: float
    chisel: bool = False
    wobble: float = 1.0


@dataclass(frozen=True)
class Written:
    """``mask`` H×W uint8 (255 = ink); the pen set out at (``left``, ``base``) in it."""

    mask: Mask
    left: float
    base: float


@lru_cache(maxsize=512)
def _font(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=64)
def cap_ratio(path: str) -> float:
    """Cap height over font size."""
    box = _font(path, 200).getbbox("H", anchor="ls")
    return float(-box[1]) / 200


@lru_cache(maxsize=4096)
def has_glyph(path: str, char: str) -> bool:
    font = _font(path, 60)
    mask = font.getmask(char)
    if mask.getbbox() is None:
        return char.isspace()
    return bytes(mask) != bytes(font.getmask("\U0010fffe")) and bytes(mask) != bytes(font.getmask("\ue123"))


@lru_cache(maxsize=64)
def stem(path: str) -> float:
    """Width of the font's strokes over its cap height, by the distance transform."""
    glyphs = Image.new("L", (900, 300))
    ImageDraw.Draw(glyphs).text((40, 220), "HnoI", font=_font(path, 200), fill=255, anchor="ls")
    inside = cv2.distanceTransform((np.asarray(glyphs) > 127).astype(np.uint8), cv2.DIST_L2, 5)
    return float(2 * np.percentile(inside[inside > 0], 90)) / (200 * cap_ratio(path))


def spell(text: str, hand: Hand) -> str:
    """``text`` with what the hand can neither write nor draw spelt otherwise."""
    path = str(hand.path)
    return "".join(c if has_glyph(path, c) or c in DRAWN else SPELT.get(c, c) for c in text)


def advance(text: str, hand: Hand, cap: float) -> float:
    """Length of the line, in the unit of ``cap`` (the cap height)."""
    return sum(step for _, step in _steps(spell(text, hand), str(hand.path))) * cap


def _steps(text: str, path: str) -> list[tuple[str, float]]:
    """Each character with its advance in cap heights."""
    size = 100
    font, cap = _font(path, size), cap_ratio(path) * size
    steps = []
    for char, after in zip(text, text[1:] + " ", strict=True):
        base = _base(char, path)
        if base is None:
            steps.append((char, DRAWN[char][1] if char in DRAWN else 0.6))
        else:
            kern = font.getlength(base + after) - font.getlength(base) - font.getlength(after)
            steps.append((char, (font.getlength(base) + kern) / cap))
    return steps


def _base(char: str, path: str) -> str | None:
    """The glyph to take from the font: the character, or its letter without accent, or none."""
    if has_glyph(path, char):
        return char
    plain = unicodedata.normalize("NFD", char)[0]
    return plain if char not in DRAWN and has_glyph(path, plain) else None


def _polyline(sheet: Image.Image, strokes: tuple[Stroke, ...], at: tuple[float, float], unit: float, w: float) -> None:
    draw = ImageDraw.Draw(sheet)
    for stroke in strokes:
        points = [(at[0] + x * unit, at[1] - y * unit) for x, y in stroke]
        draw.line(points, fill=255, width=max(1, round(w)), joint="curve")
        for x, y in (points[0], points[-1]):
            draw.ellipse((x - w / 2, y - w / 2, x + w / 2, y + w / 2), fill=255)


def _accent(sheet: Image.Image, char: str, box: tuple[float, float, float, float], unit: float, w: float) -> None:
    marks = unicodedata.normalize("NFD", char)[1:]
    for mark in marks:
        under = mark == "\u0327"
        at = ((box[0] + box[2]) / 2, box[3] if under else box[1])
        _polyline(sheet, ACCENTS.get(mark, ()), at, unit, w)


def write(text: str, hand: Hand, cap: float, nib: Nib, rng: Rng) -> Written:
    """Writes ``text`` with capitals ``cap`` pixels high."""
    wobble = nib.wobble
    path = str(hand.path)
    text = spell(text, hand)
    size = max(6, round(cap / cap_ratio(path)))
    natural = stem(path) * cap
    steps = _steps(text, path)
    pad = int(cap * 1.2 + nib.width) + 4
    sheet = Image.new("L", (int(sum(s for _, s in steps) * cap) + 2 * pad, int(cap * 2.6) + 2 * pad))
    draw, base = ImageDraw.Draw(sheet), pad + cap * 1.5
    x = float(pad)
    for char, step in steps:
        font = _font(path, max(6, size + round(float(rng.normal(0, 0.025 * size * wobble)))))
        at = (x, base + float(rng.normal(0, 0.03 * cap * wobble)))
        glyph = _base(char, path)
        if glyph is None:
            _polyline(sheet, DRAWN.get(char, ((), 0.0))[0], at, cap, natural)
        elif not char.isspace():
            draw.text(at, glyph, font=font, fill=255, anchor="ls")
            if glyph != char:
                _accent(sheet, char, draw.textbbox(at, glyph, font=font, anchor="ls"), cap, natural)
        x += step * cap * (1 + float(rng.normal(0, 0.02 * wobble)))
    mask = _bend(np.asarray(sheet), cap, rng, wobble)
    return Written(thicken(mask, nib.width - natural, nib.chisel), float(pad), base)


def _smooth(shape: tuple[int, int], cell: float, rng: Rng) -> NDArray[np.float32]:
    grid = (max(2, round(shape[0] / cell) + 2), max(2, round(shape[1] / cell) + 2))
    coarse = rng.standard_normal(grid).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC))


def _bend(mask: Mask, cap: float, rng: Rng, wobble: float) -> Mask:
    """A smooth displacement: a slow wave of the base line and a quicker one that makes no two letters alike."""
    h, w = mask.shape
    amount = cap * wobble
    wave = _smooth((1, w), 9 * cap, rng) * 0.05 * amount
    dx = _smooth((h, w), 1.1 * cap, rng) * 0.035 * amount
    dy = _smooth((h, w), 1.1 * cap, rng) * 0.035 * amount + wave
    ys, xs = np.mgrid[0:h, 0:w].astype(np.float32)
    return np.asarray(cv2.remap(mask, xs + dx, ys + dy, cv2.INTER_LINEAR), dtype=np.uint8)


def thicken(mask: Mask, by: float, chisel: bool) -> Mask:
    """Strokes ``by`` pixels wider (thinner when negative, by at most a third of what is there)."""
    if by >= 1:
        k = int(by) + 1
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (k, max(1, k // 2) if chisel else k))
        return np.asarray(cv2.dilate(mask, kernel), dtype=np.uint8)
    if by <= -3:
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2, 2))
        return np.asarray(cv2.erode(mask, kernel), dtype=np.uint8)
    return mask
