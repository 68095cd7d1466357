"""Ways of sharing a board out among its lines, as facilitators do: list, columns, cards, map."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from samples.boards.finish import disc
from samples.canvas import Canvas, Colour
from samples.doodles import connect, ring, scatter
from samples.layout import Box, Script, column, frame, needed, title, wavy
from samples.rng import Rng
from samples.tables import is_table, table
from samples.texts import BoardText


def arrange(canvas: Canvas, text: BoardText, area: Box, script: Script, rng: Rng) -> None:
    """Writes the title, then the lines in one of the layouts, then a few doodles where there is room."""
    x, y, w, h = area
    used = title(canvas, text.title, area, script, rng)
    rest: Box = (x, y + used, w, h - used)
    lines = list(text.lines)
    if is_table(lines):
        table(canvas, lines, rest, script, rng)
        return
    wide = w > 1.15 * h
    fits_list = needed(lines, w, script, script.cap[0] * 0.8) < rest[3]
    way = rng.random()
    if way < 0.3 and len(lines) >= 5 and wide:
        cards(canvas, lines, rest, script, rng)
    elif (way < 0.65 or not fits_list) and len(lines) >= 4 and wide:
        columns(canvas, lines, rest, script, rng)
    else:
        column(canvas, lines, rest, script, rng)
    if rng.random() < 0.35:
        emphasise(canvas, script, rng)
    if text.phase == "FOCUS" and rng.random() < 0.25:
        votes(canvas, rng)
    side = min(w, h) * 0.13
    scatter(canvas, int(rng.integers(0, 4)), (0.6 * side, side), script.pens, rng)


HIGHLIGHTERS: tuple[Colour, ...] = ((110, 245, 250), (150, 240, 170), (200, 170, 250), (110, 190, 255))
STICKERS: tuple[Colour, ...] = ((60, 60, 215), (200, 120, 30), (70, 170, 60), (40, 190, 240))


def emphasise(canvas: Canvas, script: Script, rng: Rng) -> None:
    """Underlines, rings or highlights one or two lines of text."""
    lines = [n for n in canvas.lines if n.kind == "text"]
    for i in rng.permutation(len(lines))[: int(rng.integers(1, 3))]:
        (x0, y0), (x1, y1) = lines[int(i)].poly.min(0), lines[int(i)].poly.max(0)
        pen, way = script.pens[int(rng.integers(len(script.pens)))], rng.random()
        if way < 0.45:
            canvas.stroke([wavy((x0, y1 + 4), (x1, y1 + 4), 1.5, rng)], pen, rng)
        elif way < 0.6 or canvas.dark:
            canvas.stroke([ring((x0 - 12, y0 - 8, x1 - x0 + 24, y1 - y0 + 16))], pen, rng)
        else:
            band = np.array([[x0, y0 + 2], [x1, y0], [x1, y1], [x0, y1 + 2]])
            canvas.wash(band, HIGHLIGHTERS[int(rng.integers(len(HIGHLIGHTERS)))])


def votes(canvas: Canvas, rng: Rng) -> None:
    """Round stickers after some lines, where there is room."""
    lines = [n for n in canvas.lines if n.kind == "text"]
    colour = STICKERS[int(rng.integers(len(STICKERS)))]
    radius = 0.006 * (canvas.width + canvas.height)
    for line in lines:
        (_, y0), (x1, y1) = line.poly.min(0), line.poly.max(0)
        for i in range(int(rng.integers(0, 6))):
            x = x1 + (2.5 + 2.4 * i) * radius + float(rng.normal(0, 0.3 * radius))
            y = (y0 + y1) / 2 + float(rng.normal(0, 0.5 * radius))
            if canvas.is_free((x - radius, y - radius, x + radius, y + radius)):
                canvas.fill(disc(x, y, radius), colour)


def split_groups(lines: list[str], count: int) -> list[list[str]]:
    """Consecutive groups of about the same number of letters."""
    total = sum(len(s) + 10 for s in lines)
    groups: list[list[str]] = [[]]
    seen = 0
    for i, line in enumerate(lines):
        left = len(lines) - i
        if groups[-1] and len(groups) < count and (
            seen + len(line) / 2 >= total * len(groups) / count or left <= count - len(groups)
        ):  # fmt: skip
            groups.append([])
        groups[-1].append(line)
        seen += len(line) + 10
    return groups


def columns(canvas: Canvas, lines: list[str], area: Box, script: Script, rng: Rng) -> None:
    x, y, w, h = area
    groups = split_groups(lines, 2 if w < 2.2 * h or len(lines) < 6 else 3)
    gap = 0.06 * w
    each = (w - gap * (len(groups) - 1)) / len(groups)
    ruled = rng.random() < 0.6
    for i, group in enumerate(groups):
        left = x + i * (each + gap)
        column(canvas, group, (left, y, each, h), script, rng)
        if i and ruled:
            canvas.stroke([_upright(left - gap * 0.6, y, h, rng)], script.pens[-1], rng)


def _upright(x: float, y: float, h: float, rng: Rng) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    t = np.linspace(0.02, 0.95, 20)
    return np.stack([x + np.cumsum(rng.normal(0, 0.8, 20)), y + t * h], axis=1)


def cells(count: int, area: Box) -> list[Box]:
    """``count`` boxes in a grid whose cells are wider than high."""
    x, y, w, h = area
    across = max(1, min(count, round(np.sqrt(count * w / h / 1.5))))
    rows = -(-count // across)
    return [(x + (i % across) * w / across, y + (i // across) * h / rows, w / across, h / rows) for i in range(count)]


def cards(canvas: Canvas, lines: list[str], area: Box, script: Script, rng: Rng) -> None:
    """Groups of lines in frames, with arrows from one to the next."""
    groups = split_groups(lines, int(rng.integers(3, 5)) if len(lines) < 8 else 4)
    gap = 0.035 * area[2]
    boxes = [
        (bx + gap * 0.6, by + gap * 0.6, bw - gap * 1.2, bh - gap * 1.2) for bx, by, bw, bh in cells(len(groups), area)
    ]
    ink = script.pens[int(rng.integers(len(script.pens)))]
    for box, group in zip(boxes, groups, strict=True):
        pad = 0.05 * box[2]
        inner = (box[0] + pad, box[1] + 0.6 * pad, box[2] - 2 * pad, box[3] - 1.2 * pad)
        end = column(canvas, group, inner, script, rng)
        height = min(box[3], max(end - box[1], 0.3 * box[3]))
        canvas.stroke([frame((box[0], box[1], box[2], height), 3, rng)], ink, rng)
        canvas.taken.append((box[0], box[1], box[0] + box[2], box[1] + height))
    if rng.random() < 0.6:
        _chain(canvas, boxes, script, rng)


def _chain(canvas: Canvas, boxes: list[Box], script: Script, rng: Rng) -> None:
    for a, b in pairwise(boxes):
        if abs(a[1] - b[1]) < 1:
            y = a[1] + 0.2 * a[3]
            connect(canvas, (a[0] + a[2], y), (b[0], y), script.pens[0], rng)
