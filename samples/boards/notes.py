"""Walls of sticky notes: on kraft paper, on a whiteboard or straight on the wall."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from samples.boards import whiteboard
from samples.boards.finish import soft_shadow, waves
from samples.boards.plan import Art, Plan
from samples.canvas import Canvas, Colour, Note, Points
from samples.layout import Script, fit, put, reserve, wrap
from samples.pens import pen, pick_script
from samples.rng import Rng, chance
from samples.texts import BoardText

# BGR, as pads are sold: pastel and bright.
PADS: dict[str, tuple[Colour, ...]] = {
    "yellow": ((125, 240, 253), (70, 225, 250), (150, 245, 250)),
    "orange": ((85, 170, 252), (60, 145, 250), (120, 190, 250)),
    "pink": ((190, 150, 250), (165, 110, 250), (200, 175, 248)),
    "red": ((75, 70, 228), (70, 60, 205)),
    "purple": ((222, 150, 190), (205, 120, 165)),
    "blue": ((240, 205, 130), (235, 190, 95), (238, 215, 165)),
    "green": ((140, 235, 185), (95, 215, 150), (165, 230, 190)),
    "white": ((244, 246, 247),),
    "grey": ((178, 178, 180), (160, 160, 162)),
    "brown": ((95, 140, 185), (80, 120, 165)),
}
COMMON = ("yellow", "yellow", "orange", "pink", "blue", "green", "green", "pink")
RARE = ("red", "purple", "white", "grey", "brown")
SIDE = 100.0
OBLONG = (127.0, 76.0)


@dataclass(frozen=True)
class Slot:
    x: float
    y: float
    w: float
    h: float
    angle: float
    colour: str
    group: int


def plan(text: BoardText, art: Art, rng: Rng) -> Plan:
    count = len(text.lines)
    across = max(3, round(np.sqrt(count * 1.7)))
    rows = -(-count // across)
    variety = str(rng.choice(art.walls or ("kraft", "kraft", "kraft", "board", "wall", "paper")))
    width, height = across * SIDE * 1.45 + 80, rows * SIDE * 1.4 + 170
    note = (SIDE, SIDE)
    if art.oblong and chance(rng, art.oblong):
        note = OBLONG
        room = float(rng.uniform(1.04, 1.3))
        width, height = across * note[0] * room + 80, rows * note[1] * room + 170
    if variety == "board":
        base = whiteboard.plan(text, replace(art, dark=0.0), rng)
        size = {"width": width, "height": height, "margins": (14, 14, 14, 14), "note": note}
        return replace(base, kind="notes", variety="board", **size)
    ground = {"kraft": (118, 160, 190), "paper": (238, 242, 243), "wall": (0, 0, 0)}[variety]
    shift = rng.normal(0, 7)
    b, g, r = (int(np.clip(c + shift, 0, 255)) for c in ground)
    return Plan("notes", variety, width, height, (6, 6, 6, 6), (b, g, r), note=note)


def draw(plan: Plan, text: BoardText, art: Art, scale: float, rng: Rng) -> Canvas:
    canvas = plan.canvas(scale)
    if plan.variety == "board":
        whiteboard.frame_it(canvas, plan, rng)
    elif plan.variety == "wall":
        canvas.alpha[:] = 0
    else:
        canvas.trim()
        waves(canvas, 0.02 + 0.03 * art.dirt, 120, rng)
    ink = pen(str(rng.choice(["black", "black", "blue"])), float(rng.uniform(1.3, 2.4)), rng)
    cap = 15.0 * (1 - 0.35 * art.small)
    script = pick_script(art.split, (cap, 4.5), (ink,), rng, **art.script)
    script = replace(script, leading=min(script.leading, 2.1))
    top = _heading(canvas, plan, text, script, rng)
    slots = _slots(plan, len(text.lines), top, art, rng)
    shade = _shade(art, rng)
    for slot, words in zip(slots, text.lines, strict=True):
        _note(canvas, slot, words, script, art, shade, rng)
    return canvas


def _heading(canvas: Canvas, plan: Plan, text: BoardText, script: Script, rng: Rng) -> float:
    """The wall's title: in marker on the surface, or on a strip of paper; returns where the notes start."""
    if not text.title:
        return 30.0
    marker = replace(script.pens[0], width=float(rng.uniform(3.5, 5.5)))
    title = replace(script, cap=(26.0, 14.0), pens=(marker,))
    if plan.variety == "wall" or rng.random() < 0.3:
        strip = np.array([[30, 22], [plan.width - 60, 18], [plan.width - 60, 88], [30, 92]], np.float64)
        soft_shadow(canvas, strip + np.array([1, 3]), 3, 0.35)
        canvas.close(strip)
        canvas.fill(strip, (246, 247, 248))
    cap = 26.0
    parts = wrap(text.title, plan.width - 130, script.title_hand, cap)
    while len(parts) > 1 and cap > 12:
        cap *= 0.92
        parts = wrap(text.title, plan.width - 130, script.title_hand, cap)
    put(canvas, " ".join(parts), title, (45, 72), cap, rng, pen=marker, kind="title")
    return 110.0


def _slots(plan: Plan, count: int, top: float, art: Art, rng: Rng) -> list[Slot]:
    """Places for the notes: rows that are nearly straight, some notes touching or overlapping a little."""
    across = max(3, round(np.sqrt(count * 1.7)))
    rows = -(-count // across)
    step = ((plan.width - 60) / across, (plan.height - top - 20) / rows)
    palette = [*rng.permutation(np.array(COMMON))[: int(rng.integers(2, 4))]]
    if chance(rng, 0.45):
        palette.append(str(rng.choice(np.array(RARE))))
    palette = list(art.pads) or palette
    tight = chance(rng, 0.5 * art.dirt if art.tight is None else art.tight)
    slots = []
    for i in range(count):
        col, row = i % across, i // across
        long = chance(rng, 0.12) and not tight and plan.note[0] == SIDE
        w, h = (SIDE * 1.25, SIDE * 0.95) if long else plan.note
        pitch = (w * 1.02, h) if tight else step
        x = 40 + col * pitch[0] + (step[0] - w) * (0.0 if tight else 0.5) + float(rng.normal(0, 3 if tight else 6))
        y = top + 6 + row * max(pitch[1], plan.note[1]) + float(rng.normal(0, 3 if tight else 7))
        colour = str(
            palette[int(rng.integers(len(palette)))] if rng.random() < 0.3 else palette[(row + col // 2) % len(palette)]
        )
        angle = float(rng.normal(0, 3.5) + (rng.normal(0, 8) if rng.random() < 0.1 else 0))
        if art.lean is not None:
            angle = float(rng.uniform(-art.lean, art.lean))
        slots.append(Slot(x, y, w, h, angle, colour, row + 1))
    return slots


def _shade(art: Art, rng: Rng) -> tuple[float, float, float]:
    """Where shadows fall, in parts of their length (right, down), and how dark they are."""
    if art.shade is None:
        return 1.0, 1.0, 0.45
    towards = float(rng.uniform(0, 2 * np.pi))
    return 1.4 * float(np.cos(towards)), 1.4 * float(np.sin(towards)), float(rng.uniform(*art.shade))


def _lift(points: Points, slot: Slot, curl: tuple[float, float]) -> Points:
    """Where a point of the flat note (mm from its top left) is seen once its lower corners curl up."""
    t = np.clip(points[:, 1] / slot.h - 0.45, 0, 1) ** 2
    across = points[:, 0] / slot.w
    amount = curl[0] * (1 - across) + curl[1] * across
    return points - np.stack([(across - 0.5) * amount * t * 0.5, amount * t * 1.6], axis=1)


def _note(
    canvas: Canvas, slot: Slot, words: str, script: Script, art: Art, shade: tuple[float, float, float], rng: Rng
) -> None:
    curl = (float(rng.exponential(5 + 9 * art.dirt)), float(rng.exponential(5 + 9 * art.dirt)))
    turn = np.deg2rad(slot.angle)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    centre = np.array([slot.x + slot.w / 2, slot.y + slot.h / 2])

    def to_board(points: Points) -> Points:
        return np.asarray((_lift(points, slot, curl) - (slot.w / 2, slot.h / 2)) @ rotation.T + centre)

    base = PADS[slot.colour][int(rng.integers(len(PADS[slot.colour])))]
    b, g, r = (int(np.clip(c + rng.normal(0, 3), 0, 255)) for c in base)
    outline = to_board(_outline(slot))
    drop = (shade[0] * (1.5 + max(curl) * 0.25), shade[1] * (2 + max(curl) * 0.5))
    soft_shadow(canvas, outline + drop, 1.5 + max(curl) * 0.25, shade[2])
    canvas.close(outline)
    canvas.fill(outline, (b, g, r))
    _sheen(canvas, slot, to_board, curl, (b, g, r))
    canvas.notes.append(Note(words, slot.colour, outline, slot.group))
    reserve(canvas, outline, 4)
    _words(canvas, slot, words, script, (rotation, centre), rng)


def _outline(slot: Slot) -> Points:
    down = np.linspace(0, slot.h, 12)
    left = np.stack([np.zeros(12), down[::-1]], axis=1)
    right = np.stack([np.full(12, slot.w), down], axis=1)
    return np.vstack([[[0, 0]], right, left[:-1]])


def _sheen(canvas: Canvas, slot: Slot, to_board: object, curl: tuple[float, float], colour: Colour) -> None:
    """The glued top a little darker, the lifted foot lighter then darker."""
    assert callable(to_board)
    for i in range(10):
        y0, y1 = slot.h * (0.5 + i * 0.05), slot.h * (0.5 + (i + 1) * 0.05)
        band = to_board(np.array([[0, y0], [slot.w, y0], [slot.w, y1], [0, y1]]))
        light = max(curl) * 0.012 * (i / 9)
        canvas.fill(band, (255, 255, 255) if i < 7 else (40, 40, 40), min(0.16, light), truth=False)
    canvas.fill(to_board(np.array([[0, 0], [slot.w, 0], [slot.w, 16], [0, 16]])), (60, 60, 60), 0.035, truth=False)


def _words(canvas: Canvas, slot: Slot, words: str, script: Script, pose: tuple[Points, Points], rng: Rng) -> None:
    """The note's lines, written along the note."""
    rotation, centre = pose
    pad = 8.0
    cap = fit([words], (0, 0, slot.w - 2 * pad, slot.h * 0.74), script)
    ink = script.pens[0]
    if slot.colour in ("red", "brown", "grey"):
        ink = replace(ink, colour=(32, 28, 26))
    y = 12 + 1.1 * cap
    for part in wrap(words, slot.w - 2 * pad, script.hand, cap):
        at = (np.array([pad + rng.normal(0, 1), y]) - (slot.w / 2, slot.h / 2)) @ rotation.T + centre
        angle = slot.angle + float(rng.normal(0, 0.6))
        put(canvas, part, script, (float(at[0]), float(at[1])), cap, rng, pen=ink, kind="note", angle=angle)
        y += script.leading * cap * 0.88
