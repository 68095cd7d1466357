"""Graphic recorders' frescoes: long paper, a banner, coloured lettering, panels, bubbles, people, fills, arrows."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from samples.boards.finish import rect, tape, waves
from samples.boards.plan import Art, Plan
from samples.canvas import Canvas, Colour, Points
from samples.doodles import bubble, bust, cloud, connect, place, scatter, star
from samples.layout import Box, Script, column, fit, frame, needed, put, reserve
from samples.layouts import cells, split_groups
from samples.lettering import Pen, advance
from samples.pens import pen, pick_pens, pick_script
from samples.rng import Rng
from samples.texts import BoardText

FILLS: tuple[Colour, ...] = (
    (150, 225, 255), (130, 190, 255),
    (235, 205, 150), (185, 230, 175), (205, 175, 245), (215, 185, 205), (200, 215, 120),
)  # fmt: skip
BRIGHT = ("red", "blue", "green", "orange", "purple", "turquoise", "pink")


def plan(text: BoardText, art: Art, rng: Rng) -> Plan:
    height = float(rng.uniform(950, 1250))
    width = height * float(rng.uniform(1.6, 2.2))
    white = int(rng.integers(238, 252))
    ground = (white - int(rng.integers(0, 12)), white - 1, white)
    return Plan("fresco", str(rng.choice(["taped", "taped", "panel"])), width, height, (34, 34, 34, 34), ground)


def draw(plan: Plan, text: BoardText, art: Art, scale: float, rng: Rng) -> Canvas:
    canvas = plan.canvas(scale)
    waves(canvas, 0.01 + 0.02 * art.dirt * float(rng.random()), 260, rng)
    cap = 60 * (1 - 0.4 * art.small)
    black = pen("black", 5.0 * cap / 40, rng)
    colours = pick_pens(5, 6.5 * cap / 40, rng, names=BRIGHT)
    script = pick_script(art.split, (cap, 15), (black, replace(colours[0], width=black.width)), rng, **art.script)
    top = _banner(canvas, text.title, script, colours[1].colour, rng)
    groups = split_groups(list(text.lines), min(len(text.lines), int(rng.integers(3, 6))))
    area: Box = (50, top + 25, plan.width - 100, plan.height - top - 75)
    boxes = cells(len(groups), area)
    if rng.random() < 0.5:
        _road(canvas, boxes, rng)
    else:
        _clouds(canvas, boxes, colours, rng)
    for box, group in zip(boxes, groups, strict=True):
        _panel(canvas, box, group, script, colours[int(rng.integers(5))].colour, rng)
    _arrows(canvas, boxes, colours, rng)
    _crowd(canvas, black, rng)
    scatter(canvas, int(rng.integers(5, 11)), (70, 190), (black, *colours), rng, FILLS)
    _edges(canvas, plan, rng)
    return canvas


def _pale(colour: Colour, share: float) -> Colour:
    b, g, r = (int(c + (255 - c) * share) for c in colour)
    return b, g, r


def _banner(canvas: Canvas, words: str, script: Script, colour: Colour, rng: Rng) -> float:
    """A ribbon, a block of colour or shadowed lettering with the title; returns its foot (mm)."""
    if not words:
        return 20.0
    cap = script.cap[0] * 1.75
    while advance(words, script.title_hand, cap) > canvas.width * 0.72:
        cap *= 0.95
    length = advance(words, script.title_hand, cap)
    x = (canvas.width - length) * (0.5 if rng.random() < 0.7 else 0.12)
    y = 45 + 1.7 * cap
    way = rng.random()
    box = np.array([[x - cap, y - 1.6 * cap], [x + length + cap, y + 0.7 * cap]])
    if way < 0.4:
        _ribbon(canvas, box, colour, script, rng)
    elif way < 0.7:
        canvas.fill(rect(box[0, 0], box[0, 1], *(box[1] - box[0])) + rng.normal(0, 4, (4, 2)), _pale(colour, 0.55))
    ink = script.pens[0]
    big = replace(ink, width=ink.width * 2.0, dry=0.0, colour=colour if way >= 0.7 else ink.colour)
    put(canvas, words, script, (x, y), cap, rng, pen=big, kind="title")
    if way >= 0.7:
        line = np.stack([np.linspace(x, x + length, 30), y + 0.55 * cap + 6 * np.sin(np.linspace(0, 9, 30))], axis=1)
        canvas.stroke([line], script.pens[0], rng)
    reserve(canvas, box, 30)
    return float(box[1, 1])


def _ribbon(canvas: Canvas, box: Points, colour: Colour, script: Script, rng: Rng) -> None:
    (x0, y0), (x1, y1) = box
    high = y1 - y0
    for side, x in ((-1, x0), (1, x1)):
        far, near, mid = x + side * high * 0.6, x - side * 20, (y0 + y1) / 2
        notch = [x + side * high * 0.4, mid + 22]
        tail = np.array([[near, y0 + 22], [far, y0 + 22], notch, [far, y1 + 22], [near, y1 + 22]])
        canvas.fill(tail, _pale(colour, 0.25))
        canvas.stroke([tail], script.pens[0], rng)
    face = rect(x0, y0, x1 - x0, high) + rng.normal(0, 3, (4, 2))
    canvas.fill(face, _pale(colour, 0.6))
    canvas.stroke([np.vstack([face, face[:1]])], script.pens[0], rng)


def _panel(canvas: Canvas, box: Box, lines: list[str], script: Script, colour: Colour, rng: Rng) -> None:
    """Lines in a frame, in a bubble said by someone, or bare beside a pictogram."""
    x, y, w, h = box[0] + 22, box[1] + 18, box[2] - 44, box[3] - 36
    way = rng.random()
    side = min(0.3 * h, 0.3 * w, 190.0)
    edge = replace(script.pens[0], colour=colour)
    if way < 0.3:
        high = _height(lines, (w - 56, h - 50), script) + 40
        canvas.fill(rect(x, y, w, high) + rng.normal(0, 5, (4, 2)), _pale(colour, 0.82))
        canvas.stroke([frame((x, y, w, high), 3, rng)], edge, rng)
        column(canvas, lines, (x + 28, y + 22, w - 56, h - 50), script, rng)
    elif way < 0.6:
        room = h - side * 0.9
        high = _height(lines, (w - 50, room - 42), script) + 36
        foot = y + high
        tail = np.array([[x + 0.22 * w, foot], [x + 0.17 * w, foot + 0.35 * side], [x + 0.3 * w, foot]])
        canvas.stroke([frame((x, y, w, high), 4, rng), tail], edge, rng)
        column(canvas, lines, (x + 25, y + 20, w - 50, room - 42), script, rng)
        paths = place(bust(rng), (x + 0.03 * w, foot + side * 0.15, side * 0.75, side * 0.75), rng)
        canvas.fill(paths[1], _pale(colour, 0.4))
        canvas.stroke(paths, script.pens[0], rng)
    else:
        shape = (star, cloud, bubble, bust)[int(rng.integers(4))]
        paths = place(shape(rng), (x, y, side, side), rng)
        canvas.fill(paths[-1] if shape is bust else paths[0], FILLS[int(rng.integers(len(FILLS)))])
        canvas.stroke(paths, script.pens[0], rng)
        column(canvas, lines, (x + side + 20, y, w - side - 25, h - 10), script, rng)
    canvas.taken.append((x, y, x + w, y + h * 0.9))


def _height(lines: list[str], room: tuple[float, float], script: Script) -> float:
    """Height the lines take once fitted into a width and height."""
    cap = fit(lines, (0, 0, *room), script)
    return min(room[1], needed(lines, room[0], script, cap) + 0.3 * cap)


def _road(canvas: Canvas, boxes: list[Box], rng: Rng) -> None:
    """A pale road that winds from panel to panel."""
    knots = np.array([[x + 0.5 * w, y + 0.7 * h] for x, y, w, h in boxes])
    knots = np.vstack([[0, knots[0, 1]], knots, [canvas.width, knots[-1, 1]]])
    at = np.linspace(0, len(knots) - 1, 60)
    path = np.stack([np.interp(at, np.arange(len(knots)), knots[:, i]) for i in (0, 1)], axis=1)
    smooth = [np.convolve(np.pad(path[:, i], 6, mode="edge"), np.ones(13) / 13, "valid") for i in (0, 1)]
    path = np.stack(smooth, axis=1)
    side = np.gradient(path, axis=0)[:, ::-1] * (1, -1)
    side = side / np.maximum(np.hypot(*side.T)[:, None], 1e-6) * float(rng.uniform(30, 60))
    inside = np.clip(np.vstack([path + side, (path - side)[::-1]]), 2, (canvas.width - 2, canvas.height - 2))
    canvas.fill(inside, _pale(FILLS[int(rng.integers(len(FILLS)))], 0.35))


def _clouds(canvas: Canvas, boxes: list[Box], colours: tuple[Pen, ...], rng: Rng) -> None:
    """Soft blots of colour behind some panels."""
    for x, y, w, h in boxes:
        if rng.random() < 0.5:
            a = np.linspace(0, 2 * np.pi, 40)
            r = 1 + 0.06 * np.sin(5 * a + float(rng.uniform(0, 6))) + 0.04 * np.sin(9 * a)
            blot = np.stack([x + w / 2 + 0.5 * w * r * np.cos(a), y + h / 2 + 0.48 * h * r * np.sin(a)], axis=1)
            blot = np.clip(blot, 4, (canvas.width - 4, canvas.height - 4))
            canvas.fill(blot, _pale(colours[int(rng.integers(len(colours)))].colour, 0.84))


def _crowd(canvas: Canvas, ink: Pen, rng: Rng) -> None:
    """A few people side by side, in colours, where the paper is free."""
    side, count = float(rng.uniform(90, 150)), int(rng.integers(2, 5))
    for _ in range(30):
        x, y = rng.uniform(20, canvas.width - count * side), rng.uniform(0.3, 1) * (canvas.height - side) - 15
        if canvas.is_free((x, y, x + count * side * 0.8 + side, y + side)):
            for i in range(count):
                paths = place(bust(rng), (x + i * side * 0.8, y + float(rng.normal(0, 5)), side, side), rng)
                canvas.fill(paths[1], FILLS[int(rng.integers(len(FILLS)))])
                canvas.fill(paths[0], (200, 215, 240))
                canvas.stroke(paths, ink, rng)
            reserve(canvas, np.array([[x, y], [x + count * side * 0.8 + side, y + side]]), 10)
            return


def _arrows(canvas: Canvas, boxes: list[Box], colours: tuple[Pen, ...], rng: Rng) -> None:
    for a, b in pairwise(boxes):
        if abs(a[1] - b[1]) < 1 and rng.random() < 0.7:
            y = a[1] + a[3] * float(rng.uniform(0.35, 0.65))
            wide = replace(colours[int(rng.integers(len(colours)))], width=9.0)
            connect(canvas, (a[0] + a[2] - 20, y), (b[0] + 22, y), wide, rng)


def _edges(canvas: Canvas, plan: Plan, rng: Rng) -> None:
    canvas.trim()
    if plan.variety == "taped":
        for x in np.linspace(30, plan.width - 30, int(rng.integers(3, 6))):
            tape(canvas, float(x), 2.0, 90 + float(rng.normal(0, 15)), (205, 225, 232))
