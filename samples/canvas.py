"""A board while it is drawn: its colours, its flat truth and its ink, in millimetres of the writing surface."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray

from samples.lettering import Mask, Pen
from samples.rng import Rng

Image = NDArray[np.uint8]
Points = NDArray[np.float64]
Colour = tuple[int, int, int]


def _rects() -> list[tuple[float, float, float, float]]:
    return []


@dataclass
class Line:
    """``poly``: four corners in mm, along the writing; ``ink``: area of the ink in mm²."""

    text: str
    kind: str  # "title", "text", "note", "label"
    poly: Points


@dataclass
class Note:
    """``poly``: the outline in mm (more than four corners where a corner curls)."""

    text: str
    colour: str
    poly: Points
    group: int


@dataclass
class Canvas:
    """``albedo`` is the surface with ``margins`` (left, top, right, bottom, mm) of frame around it, H×W×3 BGR;
    ``flat`` the same with what a perfect cleaning leaves: ink and fills on white; ``ink`` 255 where a pen went;
    ``alpha`` 0 where the margins show the wall; ``ghost`` 255
    where what shows is no writing of this surface. Millimetre (0, 0) is the top left corner of the writing surface.
    """

    width: float
    height: float
    margins: tuple[float, float, float, float]
    scale: float  # pixels a millimetre
    ground: Colour
    dark: bool = False
    gloss: float = 0.0  # 0 paper .. 1 enamel
    hand: str = ""  # the font of the last line of text
    lines: list[Line] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    taken: list[tuple[float, float, float, float]] = field(default_factory=_rects)  # x0, y0, x1, y1 in use

    def __post_init__(self) -> None:
        left, top, right, bottom = self.margins
        shape = (ceil((self.height + top + bottom) * self.scale), ceil((self.width + left + right) * self.scale))
        self.albedo: Image = np.full((*shape, 3), self.ground, np.uint8)
        self.flat: Image = np.full((*shape, 3), 255, np.uint8)
        self.ink: Mask = np.zeros(shape, np.uint8)
        self.alpha: Mask = np.full(shape, 255, np.uint8)
        self.ghost: Mask | None = None

    def px(self, points: Points) -> Points:
        """N×2 mm → N×2 pixels of ``albedo`` (pixel centres at whole numbers)."""
        return np.asarray((np.asarray(points, np.float64) + self.margins[:2]) * self.scale - 0.5)

    def mm(self, pixels: Points) -> Points:
        return np.asarray((np.asarray(pixels, np.float64) + 0.5) / self.scale - self.margins[:2])

    @property
    def to_px(self) -> NDArray[np.float64]:
        """3×3: mm → pixels."""
        s, (left, top) = self.scale, self.margins[:2]
        return np.array([[s, 0, left * s - 0.5], [0, s, top * s - 0.5], [0, 0, 1.0]])

    def surface(self, layer: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The writing surface cut out of one of the layers."""
        x0, y0 = round(self.margins[0] * self.scale), round(self.margins[1] * self.scale)
        return layer[y0 : y0 + round(self.height * self.scale), x0 : x0 + round(self.width * self.scale)]

    def stamp(self, mask: Mask, left: int, top: int, pen: Pen, rng: Rng) -> None:
        """Inks ``mask`` with its top left at a pixel of the layers; what falls outside is lost."""
        box = _clip(self.ink.shape, left, top, mask.shape)
        if box is None:
            return
        (y0, y1, x0, x1), cut = box
        part = mask[cut]
        cover = part.astype(np.float32) / np.float32(255)
        grain = cv2.resize(rng.random((7, 31), dtype=np.float32), part.shape[::-1], interpolation=cv2.INTER_CUBIC)
        density = np.clip(1.0 - (0.1 + 0.5 * pen.dry) * grain, 0.25, 1).astype(np.float32)
        _blend(self.albedo[y0:y1, x0:x1], cover * density, pen.colour)
        _blend(self.flat[y0:y1, x0:x1], cover, on_white(pen.colour) if self.dark else pen.colour)
        np.maximum(self.ink[y0:y1, x0:x1], part, out=self.ink[y0:y1, x0:x1])

    def fill(self, polygon: Points, colour: Colour, opacity: float = 1.0, truth: bool = True) -> None:
        """Fills a polygon (mm). ``truth`` false: dirt, shadow or hardware, which no cleaning should keep."""
        mask, left, top = coverage(self.px(polygon))
        self.tint(mask, left, top, colour, opacity, truth)

    def open(self, polygon: Points) -> None:
        """Lets the wall show through a polygon (mm)."""
        self._show(polygon, 0)

    def close(self, polygon: Points, level: int = 255) -> None:
        """Makes a polygon (mm) hide the wall again."""
        self._show(polygon, level)

    def _show(self, polygon: Points, level: int) -> None:
        mask, left, top = coverage(self.px(polygon))
        box = _clip(self.ink.shape, left, top, mask.shape)
        if box is not None:
            (y0, y1, x0, x1), cut = box
            part = self.alpha[y0:y1, x0:x1]
            share = mask[cut].astype(np.float32) / np.float32(255)
            part[...] = np.round(part + share * (level - part.astype(np.float32)))

    def trim(self) -> None:
        """Leaves only the writing surface, cut at a fraction of a pixel."""
        w, h = self.width, self.height
        mask, left, top = coverage(self.px(np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float64)))
        self.alpha[:] = 0
        box = _clip(self.ink.shape, left, top, mask.shape)
        assert box is not None
        (y0, y1, x0, x1), cut = box
        self.alpha[y0:y1, x0:x1] = mask[cut]

    def wash(self, polygon: Points, colour: Colour) -> None:
        """A highlighter: what is under it stays readable."""
        points = self.px(polygon)
        x0, y0 = np.maximum(np.floor(points.min(0)).astype(int), 0)
        x1, y1 = np.maximum(np.ceil(points.max(0)).astype(int) + 1, 0)
        mask = np.full(self.ink[y0:y1, x0:x1].shape, 0, np.uint8)
        cv2.fillPoly(mask, [np.round(points - (x0, y0)).astype(np.int32)], 255)
        for layer in (self.albedo, self.flat):
            part = layer[y0:y1, x0:x1]
            stained = (part.astype(np.float32) * np.array(colour, np.float32) / 255).astype(np.uint8)
            part[mask > 0] = stained[mask > 0]

    def tint(self, mask: Mask, left: int, top: int, colour: Colour, opacity: float = 1.0, truth: bool = True) -> None:
        """Lays ``colour`` on the pixels of ``mask``."""
        box = _clip(self.ink.shape, left, top, mask.shape)
        if box is None:
            return
        (y0, y1, x0, x1), cut = box
        cover = mask[cut].astype(np.float32) * (opacity / 255)
        _blend(self.albedo[y0:y1, x0:x1], cover, colour)
        if truth:
            _blend(self.flat[y0:y1, x0:x1], cover, colour)

    def stroke(self, paths: list[Points], pen: Pen, rng: Rng) -> None:
        """Draws polylines (mm) with the pen; ends are round."""
        pixels = [self.px(p) for p in paths]
        pad = int(pen.width * self.scale) + 4
        low = np.floor(np.min([p.min(0) for p in pixels], axis=0)).astype(int) - pad
        high = np.ceil(np.max([p.max(0) for p in pixels], axis=0)).astype(int) + pad
        mask = np.zeros((high[1] - low[1], high[0] - low[0]), np.uint8)
        width = max(1, round(pen.width * self.scale))
        fixed = [np.round((p - low) * 16).astype(np.int32) for p in pixels]
        cv2.polylines(mask, fixed, False, 255, width, cv2.LINE_AA, shift=4)
        self.stamp(mask, int(low[0]), int(low[1]), pen, rng)

    def is_free(self, box: tuple[float, float, float, float]) -> bool:
        """Whether nothing drawn so far touches the rectangle (x0, y0, x1, y1, mm)."""
        return not any(
            box[0] < x1 and x0 < box[2] and box[1] < y1 and y0 < box[3] for x0, y0, x1, y1 in self.taken
        ) and (box[0] > 0 and box[1] > 0 and box[2] < self.width and box[3] < self.height)


def coverage(points: Points) -> tuple[Mask, int, int]:
    """The share of each pixel that a polygon (pixels, centres at whole numbers) covers, 0..255, and the mask's left
    and top. Exact for upright rectangles; to an eighth of a pixel otherwise, half a pixel for very large ones."""
    low = np.floor(points.min(0)).astype(int) - 1
    size = np.ceil(points.max(0)).astype(int) + 2 - low
    left, top = int(low[0]), int(low[1])
    if len(points) == 4 and len(set(points[:, 0])) == 2 and len(set(points[:, 1])) == 2:
        across, down = (_spans(points[:, i] - low[i], int(size[i])) for i in (0, 1))
        return np.round(np.outer(down, across) * 255).astype(np.uint8), left, top
    fine = 4 if size[0] * size[1] < 1_500_000 else 1
    mask = np.zeros((int(size[1]) * fine, int(size[0]) * fine), np.uint8)
    fixed = np.round(((points - low + 0.5) * fine - 0.5) * 16).astype(np.int32)
    cv2.fillPoly(mask, [fixed], 255, cv2.LINE_8, shift=4)
    if fine > 1:
        mask = np.asarray(cv2.resize(mask, (int(size[0]), int(size[1])), interpolation=cv2.INTER_AREA), np.uint8)
    return mask, left, top


def _spans(ends: Points, count: int) -> Points:
    """The share of each of ``count`` pixels between two ends of a line."""
    at = np.arange(count)
    return np.asarray(np.clip(np.minimum(ends.max(), at + 0.5) - np.maximum(ends.min(), at - 0.5), 0, 1))


def on_white(colour: Colour) -> Colour:
    """The ink of a dark board as it would be on a white one: lightness turned over."""
    lab = cv2.cvtColor(np.array([[colour]], np.uint8), cv2.COLOR_BGR2LAB)
    lab[..., 0] = np.minimum(255 - lab[..., 0], 130)
    out = cv2.cvtColor(lab, cv2.COLOR_LAB2BGR)[0, 0]
    return int(out[0]), int(out[1]), int(out[2])


def _blend(target: Image, cover: NDArray[np.float32], colour: Colour) -> None:
    mixed = target + cover[..., None] * (np.array(colour, np.float32) - target)
    target[...] = (mixed + 0.5).astype(np.uint8)


def _clip(
    shape: tuple[int, ...], left: int, top: int, size: tuple[int, ...]
) -> tuple[tuple[int, int, int, int], tuple[slice, slice]] | None:
    y0, y1 = max(0, top), min(shape[0], top + size[0])
    x0, x1 = max(0, left), min(shape[1], left + size[1])
    if y0 >= y1 or x0 >= x1:
        return None
    return (y0, y1, x0, x1), (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
