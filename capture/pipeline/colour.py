"""What would one call this colour? White balance from the board itself, then one of the usual names of notes.

A board or a sheet of paper is its own white card. A coloured ground (kraft, cork, felt) is not: there the light is
the one, among the lights of rooms, under which the notes come nearest to the colours that notes are sold in.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from archive.model import Colour

Lab = NDArray[np.float64]
"""N×3: lightness 0..100, a and b."""

# sRGB of notes as sold, under white light; several for a name where the trade differs.
SOLD: tuple[tuple[Colour, tuple[int, int, int]], ...] = (
    (Colour.YELLOW, (255, 242, 120)),
    (Colour.YELLOW, (250, 225, 40)),
    (Colour.YELLOW, (240, 240, 110)),
    (Colour.ORANGE, (255, 170, 60)),
    (Colour.ORANGE, (255, 140, 60)),
    (Colour.ORANGE, (255, 190, 110)),
    (Colour.PINK, (255, 140, 180)),
    (Colour.PINK, (255, 180, 200)),
    (Colour.PINK, (245, 80, 150)),
    (Colour.PINK, (235, 140, 160)),
    (Colour.RED, (225, 60, 60)),
    (Colour.RED, (200, 35, 45)),
    (Colour.PURPLE, (180, 140, 220)),
    (Colour.PURPLE, (150, 90, 190)),
    (Colour.PURPLE, (205, 170, 225)),
    (Colour.BLUE, (130, 200, 240)),
    (Colour.BLUE, (90, 150, 220)),
    (Colour.BLUE, (40, 170, 220)),
    (Colour.BLUE, (170, 220, 240)),
    (Colour.BLUE, (130, 200, 215)),
    (Colour.GREEN, (150, 220, 110)),
    (Colour.GREEN, (190, 230, 90)),
    (Colour.GREEN, (90, 190, 110)),
    (Colour.GREEN, (180, 230, 180)),
    (Colour.WHITE, (250, 250, 248)),
    (Colour.WHITE, (238, 236, 228)),
    (Colour.GREY, (170, 170, 170)),
    (Colour.GREY, (125, 125, 128)),
    (Colour.BROWN, (165, 120, 80)),
    (Colour.BROWN, (130, 90, 60)),
)


def lab_of(bgr: NDArray[np.floating]) -> Lab:
    """N×3 BGR in 0..1 (sRGB) → N×3 CIELAB."""
    values = np.clip(np.asarray(bgr, np.float32), 0, 1).reshape(-1, 1, 3)
    return np.asarray(cv2.cvtColor(values, cv2.COLOR_BGR2LAB).reshape(-1, 3), np.float64)


_NAMES = tuple(name for name, _ in SOLD)
_SOLD_LAB = lab_of(np.array([rgb[::-1] for _, rgb in SOLD], np.float64) / 255.0)


def distances(lab: Lab) -> NDArray[np.float64]:
    """N×len(SOLD): how unlike each sold colour; hue weighs most, lightness least, as light varies most."""
    difference = lab[:, None, :] - _SOLD_LAB[None]
    chroma = np.hypot(lab[:, 1], lab[:, 2])[:, None]
    sold = np.hypot(_SOLD_LAB[:, 1], _SOLD_LAB[:, 2])[None]
    along = chroma - sold
    across = np.maximum(difference[..., 1] ** 2 + difference[..., 2] ** 2 - along**2, 0.0)
    squares = (0.55 * difference[..., 0]) ** 2 + (0.6 * along) ** 2 + 1.3 * across
    return np.asarray(np.sqrt(squares), np.float64)


def name(bgr: Sequence[float] | NDArray[np.floating]) -> Colour:
    """The name of a colour seen under white light, board white at 1 (BGR, 0..1)."""
    return _NAMES[int(np.argmin(distances(lab_of(np.asarray(bgr, np.float64)[None]))[0]))]


def balance(
    colours: NDArray[np.floating], tint: NDArray[np.floating], whiteness: float, white: float = 1.3
) -> NDArray[np.float64]:
    """BGR factors that make N×3 ``colours`` look as under white light.

    ``colours`` are relative to the brightness of the ground; ``tint`` is the ground's own (BGR, brightness 1);
    ``whiteness`` says how far the ground is a white card; ``white`` is how many times as bright the brightest things
    are, where it is none.
    """
    card = 1.0 / np.maximum(np.asarray(tint, np.float64), 0.05)
    if whiteness >= 1.0 or not len(colours):
        return card
    best, found = np.inf, card
    for warmth in np.linspace(-0.12, 0.30, 15):
        for level in np.linspace(0.70, 1.20, 9):
            light = np.array([np.exp(warmth / 2), 1.0, np.exp(-warmth / 2)]) * level / white
            cost = float(np.mean(np.minimum(distances(lab_of(colours * light)).min(axis=1), 30.0)))
            cost += 10.0 * (warmth / 0.2) ** 2 * 0.3 + 4.0 * ((level - 0.88) / 0.2) ** 2
            if cost < best:
                best, found = cost, light
    return np.asarray(card**whiteness * found ** (1 - whiteness), np.float64)
