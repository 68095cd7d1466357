"""Tables as facilitators draw them: a column for who, for what, for when; ruled, or only lined up."""

from __future__ import annotations

import numpy as np

from samples.canvas import Canvas
from samples.layout import Box, Script, put, wavy, wrap
from samples.lettering import advance
from samples.rng import Rng

CELL = "\t"
"""Parts the cells of a row in a board's text."""

LEAST, GUTTER = 0.16, 0.03  # of the table's width: a column's least share, and what is left free between two


def is_table(lines: list[str]) -> bool:
    return any(CELL in line for line in lines)


def table(canvas: Canvas, lines: list[str], area: Box, script: Script, rng: Rng) -> None:
    """Each line is a row; its cells wrap inside their columns."""
    rows = [line.split(CELL) for line in lines]
    count = max(len(row) for row in rows)
    rows = [row + [""] * (count - len(row)) for row in rows]
    x, y, w, h = area
    longest = np.array([max(len(row[c]) for row in rows) for c in range(count)], np.float64)
    shares = np.maximum(longest / longest.sum(), LEAST)
    widths = shares / shares.sum() * w
    inner = widths - GUTTER * w
    cap = _fit(rows, inner, h, script)
    step = script.leading * cap * 0.9
    lefts = x + np.concatenate([[0], np.cumsum(widths)[:-1]])
    ruled_down, ruled_across = rng.random() < 0.6, rng.random() < 0.5
    top = y
    for row in rows:
        tall = 1
        for c, cell in enumerate(row):
            parts = wrap(cell, float(inner[c]), script.hand, cap) if cell else []
            tall = max(tall, len(parts))
            for n, part in enumerate(parts):
                at = (float(lefts[c] + rng.normal(0.2 * cap, 0.08 * cap)), top + 1.2 * cap + n * step)
                put(canvas, part, script, at, cap, rng)
        top += tall * step + 0.5 * cap
        if ruled_across:
            canvas.stroke([wavy((x, top - 0.1 * cap), (x + w, top - 0.1 * cap), 1.5, rng)], script.pens[-1], rng)
    if ruled_down:
        for left in lefts[1:]:
            edge = float(left) - 0.4 * GUTTER * w
            canvas.stroke([wavy((edge, y), (edge, top), 1.5, rng)], script.pens[-1], rng)


def _fit(rows: list[list[str]], inner: np.ndarray, height: float, script: Script) -> float:
    """The largest cap height within the script's bounds with which all rows fit."""
    cap = script.cap[0]
    while cap > script.cap[1] and not _fits(rows, inner, height, script, cap):
        cap *= 0.95
    return cap


def _fits(rows: list[list[str]], inner: np.ndarray, height: float, script: Script, cap: float) -> bool:
    words = [(word, w) for row in rows for cell, w in zip(row, inner, strict=True) for word in cell.split()]
    if any(advance(word, script.hand, cap) > w for word, w in words):
        return False
    tall = (
        max(1, *(len(wrap(cell, float(w), script.hand, cap)) for cell, w in zip(row, inner, strict=True)))
        for row in rows
    )
    return sum(n * script.leading * cap * 0.9 + 0.5 * cap for n in tall) <= height
