"""Graphic recorders' frescoes: long paper, a banner, coloured lettering, panels, bubbles, people, fills, arrows."""

from __future__ import annotations

from dataclasses import replace

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
    (150, 225, 255), (130, 190, 255), (235, 205, 150), (185, 230, 175), (205, 175, 245), (215, 185, 205), (200, 215, 120),
)  # fmt: skip
BRIGHT = ("red", "blue", "green", "orange", "purple", "turquoise", "pink")


def plan(text: BoardText, art: Art, rng: Rng) -> Plan:
    height = float(rng.uniform(950, 1250))
    width = height * float(rng.uniform(1.7, 2.5))
    white = int(rng.integers(238, 252))
    ground = (white - int(rng.integers(0, 12)), white - 1, white)
    return Plan("fresco", str(rng.choice(["taped", "taped", "panel"])), width, height, (34, 34, 34, 34), ground)


def draw(plan: Plan, text: BoardText, art: Art, scale: float, rng: Rng) -> Canvas:
    canvas = plan.canvas(scale)
    waves(canvas, 0.01 + 0.02 * art.dirt * float(rng.random()), 260, rng)
    cap = 46 * (1 - 0.4 * art.small)
    black = pen("black", 5.0 * cap / 40, rng)
    colours = pick_pens(5, 6.5 * cap / 40, rng, names=BRIGHT)
    script = pick_script(art.split, (cap, 15), (black, replace(colours[0], width=black.width)), rng, **art.script)
    top = _banner(canvas, text.title, script, colours[1].colour, rng)
    groups = split_groups(list(text.lines), min(len(text.lines), int(rng.integers(3, 6))))
    area: Box = (50, top + 25, plan.width - 100, plan.height - top - 75)
    boxes = cells(len(groups), area)
    for box, group in zip(boxes, groups, strict=True):
        _panel(canvas, box, group, script, colours[int(rng.integers(5))].colour, rng)
    _arrows(canvas, boxes, colours, rng)
    scatter(canvas, int(rng.integers(4, 10)), (55, 150), (black, *colours), rng, FILLS)
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
        tail = np.array([[x - side * 20, y0 + 22], [x + side * high * 0.6, y0 + 22], [x + side * high * 0.4, (y0 + y1) / 2 + 22],
                         [x + side * high * 0.6, y1 + 22], [x - side * 20, y1 + 22]])  # fmt: skip
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
        high = _height(lines, (w - 56, h - 40), script) + 40
        canvas.fill(rect(x, y, w, high) + rng.normal(0, 5, (4, 2)), _pale(colour, 0.82))
        canvas.stroke([frame((x, y, w, high), 3, rng)], edge, rng)
        column(canvas, lines, (x + 28, y + 12, w - 56, h - 40), script, rng)
    elif way < 0.6:
        room = h - side * 0.9
        high = _height(lines, (w - 50, room - 30), script) + 30
        foot = y + high
        tail = np.array([[x + 0.22 * w, foot], [x + 0.17 * w, foot + 0.35 * side], [x + 0.3 * w, foot]])
        canvas.stroke([frame((x, y, w, high), 4, rng), tail], edge, rng)
        column(canvas, lines, (x + 25, y + 8, w - 50, room - 30), script, rng)
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


def _arrows(canvas: Canvas, boxes: list[Box], colours: tuple[Pen, ...], rng: Rng) -> None:
    for a, b in zip(boxes, boxes[1:], strict=False):
        if abs(a[1] - b[1]) < 1 and rng.random() < 0.7:
            y = a[1] + a[3] * float(rng.uniform(0.35, 0.65))
            wide = replace(colours[int(rng.integers(len(colours)))], width=9.0)
            connect(canvas, (a[0] + a[2] - 20, y), (b[0] + 22, y), wide, rng)


def _edges(canvas: Canvas, plan: Plan, rng: Rng) -> None:
    w, h = plan.width, plan.height
    left = plan.margins[0]
    for x, y, dx, dy in ((-left - 2, -left - 2, w + 2 * left + 4, left + 2), (-left - 2, h, w + 2 * left + 4, left + 2),
                         (-left - 2, -left, left + 2, h + 2 * left), (w, -left, left + 2, h + 2 * left)):  # fmt: skip
        points = np.round(canvas.px(rect(x, y, dx, dy))).astype(int)
        x0, y0 = np.maximum(points.min(0), 0)
        x1, y1 = np.maximum(points.max(0), 0)
        canvas.alpha[y0:y1, x0:x1] = 0
    if plan.variety == "taped":
        for x in np.linspace(30, w - 30, int(rng.integers(3, 6))):
            tape(canvas, float(x), 2.0, 90 + float(rng.normal(0, 15)), (205, 225, 232))
