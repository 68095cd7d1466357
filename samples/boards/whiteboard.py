"""Enamel boards: frame, tray with pens, magnets, ghosts of what was rubbed out; now and then a dark one."""

from __future__ import annotations

from samples.boards.finish import clear, haunt, magnet, rect, smudges
from samples.boards.plan import Art, Plan
from samples.canvas import Canvas, Colour
from samples.layout import Box
from samples.layouts import arrange
from samples.pens import pick_pens, pick_script
from samples.rng import Rng, chance
from samples.texts import BoardText

SIZES = ((1200.0, 900.0), (1500.0, 1000.0), (1800.0, 1200.0), (2000.0, 1000.0), (1500.0, 1200.0))
FRAMES: tuple[Colour, ...] = (
    (190, 190, 188),
    (160, 158, 155),
    (90, 86, 84),
    (45, 44, 44),
    (232, 234, 235),
    (95, 130, 165),
)
MAGNETS: tuple[Colour, ...] = (
    (40, 40, 200),
    (190, 90, 30),
    (60, 160, 40),
    (30, 30, 30),
    (40, 200, 240),
    (235, 235, 235),
)


def plan(text: BoardText, art: Art, rng: Rng) -> Plan:
    width, height = SIZES[int(rng.integers(len(SIZES)))]
    dark = chance(rng, art.dark)
    frame = float(rng.uniform(12, 34))
    tray = float(rng.uniform(55, 90)) if chance(rng, 0.6) else 0.0
    white = int(rng.integers(238, 252))
    ground = (54, 52, 46) if dark else (white, white, white - int(rng.integers(0, 5)))
    if dark and rng.random() < 0.5:
        ground = (58, 74, 44)
    variety = "tray" if tray else "plain"
    margins = (frame, frame, frame, frame + tray)
    return Plan("whiteboard", variety, width, height, margins, ground, dark, float(rng.uniform(0.4, 1)), 15)


def draw(plan: Plan, text: BoardText, art: Art, scale: float, rng: Rng) -> Canvas:
    canvas = plan.canvas(scale)
    frame_it(canvas, plan, rng)
    dirt = (70, 70, 68) if plan.dark else (150, 140, 150)
    smudges(canvas, int(rng.integers(0, 2 + round(6 * art.dirt))), dirt, rng)
    if art.ghosts and not plan.dark and rng.random() < art.ghosts:
        before = plan.canvas(scale)
        _write(before, plan, text, art, rng)
        haunt(canvas, before, True, rng)
    _write(canvas, plan, text, art, rng)
    _magnets(canvas, rng)
    return canvas


def _write(canvas: Canvas, plan: Plan, text: BoardText, art: Art, rng: Rng) -> None:
    unit = plan.height / 1000
    cap = 46 * unit * (1 - 0.45 * art.small)
    pens = pick_pens(int(rng.integers(2, 5)), float(rng.uniform(4.5, 7.5)) * cap / 40, rng, plan.dark)
    script = pick_script(art.split, (cap, 17 * unit), pens, rng, **art.script)
    pad = 55 * unit
    area: Box = (pad, pad * 0.7, plan.width - 2 * pad, plan.height - 1.5 * pad)
    arrange(canvas, text, area, script, rng)


def frame_it(canvas: Canvas, plan: Plan, rng: Rng) -> None:
    """Draws the frame in the margins, and the tray where the plan has one."""
    left, top, _, bottom = plan.margins
    colour = FRAMES[int(rng.integers(len(FRAMES)))]
    w, h = plan.width, plan.height
    bars = (
        rect(-left, -top, w + 2 * left, top),
        rect(-left, h, w + 2 * left, left),
        rect(-left, -top, left, h + 2 * top),
        rect(w, -top, left, h + 2 * top),
    )
    for bar, gain in zip(bars, (1.08, 0.82, 0.95, 0.9), strict=True):
        canvas.fill(bar, _times(colour, gain), truth=False)
        edge = bar.mean(0) + (bar - bar.mean(0)) * (1, 0.35)
        canvas.fill(edge, _times(colour, gain * 1.12), 0.5, truth=False)
    canvas.fill(rect(0, -0.05 * top, w, 3), (60, 60, 60), 0.35, truth=False)
    if bottom > left + 1:
        _tray(canvas, plan, colour, rng)


def _tray(canvas: Canvas, plan: Plan, colour: Colour, rng: Rng) -> None:
    left, _, _, bottom = plan.margins
    y, deep = plan.height + left, bottom - left
    clear(canvas, rect(-left - 2, y, plan.width + 2 * left + 4, deep + 2))
    share = float(rng.uniform(0.3, 1))
    x = float(rng.uniform(0, 1 - share)) * plan.width
    slab = rect(x, y - 4, share * plan.width, deep * 0.75)
    canvas.close(slab)
    canvas.fill(slab, _times(colour, 0.72), truth=False)
    canvas.fill(rect(x, y - 4 + deep * 0.55, share * plan.width, deep * 0.2), _times(colour, 1.05), truth=False)
    for _ in range(int(rng.integers(1, 6))):
        at = x + float(rng.uniform(0, max(1, share * plan.width - 140)))
        ink = MAGNETS[int(rng.integers(len(MAGNETS)))]
        canvas.fill(rect(at, y + deep * 0.25, 95, 15), (225, 226, 228), truth=False)
        canvas.fill(rect(at + 95, y + deep * 0.25, 40, 15), ink, truth=False)


def _magnets(canvas: Canvas, rng: Rng) -> None:
    for _ in range(int(rng.integers(0, 6))):
        x = float(rng.uniform(20, canvas.width - 20))
        y = float(rng.choice([rng.uniform(15, 40), rng.uniform(canvas.height - 60, canvas.height - 20)]))
        if canvas.is_free((x - 14, y - 14, x + 14, y + 14)):
            magnet(canvas, x, y, MAGNETS[int(rng.integers(len(MAGNETS)))])


def _times(colour: Colour, gain: float) -> Colour:
    b, g, r = (min(255, int(c * gain)) for c in colour)
    return b, g, r
