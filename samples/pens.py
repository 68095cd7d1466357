"""Pens and scripts: who writes this board, and with what."""

from __future__ import annotations

import numpy as np

from samples.canvas import Colour
from samples.fonts import hands
from samples.layout import Script
from samples.lettering import Pen
from samples.rng import Rng

INKS: dict[str, Colour] = {
    "black": (38, 34, 32),
    "blue": (150, 62, 22),
    "red": (42, 34, 190),
    "green": (72, 118, 28),
    "orange": (20, 110, 235),
    "purple": (140, 50, 105),
    "turquoise": (150, 145, 20),
    "pink": (130, 50, 215),
    "brown": (40, 75, 120),
}
CHALKS: dict[str, Colour] = {
    "white": (238, 240, 240),
    "yellow": (120, 225, 245),
    "pink": (190, 165, 245),
    "blue": (240, 210, 150),
}
USUAL = ("black", "blue", "red", "green")


def pen(name: str, width: float, rng: Rng, dark: bool = False) -> Pen:
    base = np.array((CHALKS if dark else INKS)[name], float) + rng.normal(0, 6, 3)
    b, g, r = (int(v) for v in np.clip(base, 0, 255))
    return Pen((b, g, r), width, chisel=bool(rng.random() < 0.35), dry=float(rng.beta(1.2, 4)))


def pick_pens(
    count: int, width: float, rng: Rng, dark: bool = False, names: tuple[str, ...] = USUAL
) -> tuple[Pen, ...]:
    pool = tuple(CHALKS) if dark else names
    first = 0 if dark or rng.random() < 0.5 else int(rng.integers(min(2, len(pool))))
    rest = [n for i, n in enumerate(pool) if i != first]
    order = [pool[first], *(rest[i] for i in rng.permutation(len(rest)))]
    return tuple(pen(n, width, rng, dark) for n in order[:count])


def pick_script(split: str, cap: tuple[float, float], pens: tuple[Pen, ...], rng: Rng, **how: float) -> Script:
    """A script of the split. ``how``: ``slow`` (share of hands that are hard to read), ``wobble``, ``extra`` (1 to
    use the @fontsource hands too)."""
    extra = bool(how.get("extra", 0))
    slow = rng.random() < how.get("slow", 0.1)
    pool = hands(split, "slow" if slow else "text", extra)
    hand = pool[int(rng.integers(len(pool)))]
    titles = hands(split, "title", extra)
    title = titles[int(rng.integers(len(titles)))] if rng.random() < 0.35 else hand
    cap = (cap[0] * float(rng.uniform(0.85, 1.4)), cap[1])
    return Script(hand, title, pens, cap, how.get("wobble", 1.0), float(rng.uniform(1.9, 2.5)))
