"""What facilitators draw beside their words: arrows, people, bubbles, stars, suns, bulbs, clocks, charts, clouds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from samples.canvas import Canvas, Colour, Points
from samples.layout import Box, reserve
from samples.lettering import Pen
from samples.rng import Rng


def _p(*points: tuple[float, float]) -> Points:
    return np.array(points, np.float64)


def _oval(cx: float, cy: float, rx: float, ry: float, start: float = 0.0, turn: float = 6.5) -> Points:
    a = np.linspace(start, start + turn, 40)
    return np.stack([cx + rx * np.cos(a), cy + ry * np.sin(a)], axis=1)


def person(_: Rng) -> list[Points]:
    body = _p((0.5, 0.36), (0.5, 0.68))
    legs = _p((0.3, 1.0), (0.5, 0.68), (0.72, 1.0))
    return [_oval(0.5, 0.2, 0.14, 0.15), body, legs, _p((0.22, 0.58), (0.5, 0.45), (0.8, 0.55))]


def bust(_: Rng) -> list[Points]:
    """The recorder's person: a head over a rounded body."""
    body = np.vstack([_p((0.15, 1.0)), _oval(0.5, 0.98, 0.35, 0.5, np.pi, np.pi), _p((0.85, 1.0), (0.15, 1.0))])
    return [_oval(0.5, 0.25, 0.17, 0.2), body]


def bubble(_: Rng) -> list[Points]:
    return [np.vstack([_oval(0.5, 0.4, 0.5, 0.38, 2.3, 5.75), _p((0.12, 0.98)), _oval(0.5, 0.4, 0.5, 0.38, 2.3, 0.02)])]


def star(_: Rng) -> list[Points]:
    a = np.linspace(-np.pi / 2, 1.5 * np.pi, 11)
    r = np.where(np.arange(11) % 2, 0.2, 0.5)
    return [np.stack([0.5 + r * np.cos(a), 0.5 + r * np.sin(a)], axis=1)]


def sun(rng: Rng) -> list[Points]:
    rays = [
        _p((0.5 + 0.32 * np.cos(a), 0.5 + 0.32 * np.sin(a)), (0.5 + 0.48 * np.cos(a), 0.5 + 0.48 * np.sin(a)))
        for a in np.arange(0, 6.2, 0.7) + rng.normal(0, 0.1)
    ]
    return [_oval(0.5, 0.5, 0.22, 0.22), *rays]


def bulb(_: Rng) -> list[Points]:
    return [
        np.vstack([_p((0.4, 0.78)), _oval(0.5, 0.38, 0.3, 0.33, 2.2, 5.0), _p((0.6, 0.78))]),
        _p((0.38, 0.84), (0.62, 0.82)),
        _p((0.4, 0.92), (0.6, 0.9)),
    ]


def clock(_: Rng) -> list[Points]:
    return [_oval(0.5, 0.5, 0.45, 0.45), _p((0.5, 0.2), (0.5, 0.5), (0.72, 0.6))]


def chart(rng: Rng) -> list[Points]:
    tops = np.sort(rng.uniform(0.15, 0.75, 4))[::-1]
    bars = [
        _p((0.15 + 0.2 * i, 0.95), (0.15 + 0.2 * i, t), (0.3 + 0.2 * i, t), (0.3 + 0.2 * i, 0.95))
        for i, t in enumerate(tops)
    ]
    return [_p((0.05, 0.05), (0.05, 0.95), (1.0, 0.95)), *bars]


def cloud(_: Rng) -> list[Points]:
    arcs = [(0.25, 0.6, 0.22), (0.42, 0.38, 0.24), (0.68, 0.42, 0.22), (0.8, 0.62, 0.18)]
    top = [_oval(x, y, r, r, np.pi * (0.8 + 0.13 * i), 2.6) for i, (x, y, r) in enumerate(arcs)]
    return [np.vstack([*top, _p((0.8, 0.8), (0.25, 0.82)), top[0][:1]])]


def house(_: Rng) -> list[Points]:
    return [
        _p((0.1, 0.45), (0.5, 0.05), (0.9, 0.45), (0.9, 1.0), (0.1, 1.0), (0.1, 0.45)),
        _p((0.42, 1), (0.42, 0.7), (0.6, 0.7), (0.6, 1)),
    ]


def arrow(rng: Rng) -> list[Points]:
    t = np.linspace(0, 1, 20)
    sag = float(rng.normal(0, 0.2))
    return [np.stack([t, 0.5 + sag * np.sin(np.pi * t)], axis=1), _p((0.82, 0.34), (1.0, 0.5), (0.82, 0.68))]


def spring(_: Rng) -> list[Points]:
    t = np.linspace(0, 1, 60)
    return [np.stack([t, 0.5 + 0.2 * np.sin(18 * t)], axis=1)]


def loop(_: Rng) -> list[Points]:
    return [_oval(0.5, 0.5, 0.45, 0.45, -1.2, 5.4), _p((0.05, 0.1), (0.3, 0.1), (0.2, 0.38))]


SHAPES: tuple[Callable[[Rng], list[Points]], ...] = (
    person, bust, bubble, star, sun, bulb, clock, chart, cloud, house, arrow, spring, loop,
)  # fmt: skip
CLOSED = frozenset({bust, bubble, star, bulb, clock, cloud, house})


def place(paths: list[Points], box: Box, rng: Rng) -> list[Points]:
    """Unit paths set into a box (mm), each a little off."""
    x, y, w, h = box
    tilt = float(rng.normal(0, 0.05))
    turn = np.array([[np.cos(tilt), -np.sin(tilt)], [np.sin(tilt), np.cos(tilt)]])
    return [((p - 0.5) @ turn.T + 0.5 + rng.normal(0, 0.006, p.shape)) * (w, h) + (x, y) for p in paths]


def scatter(
    canvas: Canvas,
    count: int,
    size: tuple[float, float],
    pens: tuple[Pen, ...],
    rng: Rng,
    fills: tuple[Colour, ...] = (),
) -> None:
    """Draws up to ``count`` shapes where the canvas is free; ``fills`` colours some of the closed ones."""
    for _ in range(count):
        shape = SHAPES[int(rng.integers(len(SHAPES)))]
        side = float(rng.uniform(*size))
        for _try in range(25):
            x, y = rng.uniform(0, max(1, canvas.width - side)), rng.uniform(0, max(1, canvas.height - side))
            if canvas.is_free((x, y, x + side, y + side)):
                paths = place(shape(rng), (x, y, side, side), rng)
                if fills and shape in CLOSED and rng.random() < 0.7:
                    canvas.fill(paths[-1] if shape is bust else paths[0], fills[int(rng.integers(len(fills)))], 0.85)
                canvas.stroke(paths, pens[int(rng.integers(len(pens)))], rng)
                reserve(canvas, np.array([[x, y], [x + side, y + side]]), 0.1 * side)
                break


def ring(box: Box) -> Points:
    """An ellipse round a box (mm), its end past its start."""
    x, y, w, h = box
    return _oval(x + w / 2, y + h / 2, w / 2, h / 2, 2.6, 6.6)


def connect(canvas: Canvas, a: tuple[float, float], b: tuple[float, float], pen: Pen, rng: Rng) -> None:
    """An arrow from ``a`` to ``b`` (mm)."""
    start, end = np.array(a), np.array(b)
    along = end - start
    length = float(np.hypot(*along))
    across = np.array([-along[1], along[0]]) / max(length, 1e-9)
    t = np.linspace(0, 1, 20)[:, None]
    path = start + t * along + np.sin(np.pi * t) * across * rng.normal(0, 0.06 * length)
    head, unit = min(0.3 * length, 9 * pen.width), along / max(length, 1e-9)
    barbs = np.vstack([end - unit * head + across * head * 0.6, end, end - unit * head - across * head * 0.6])
    canvas.stroke([path, barbs], pen, rng)
