"""Paper: on an easel under its head clip, or taped to the wall, or lying on a table."""

from __future__ import annotations

from samples.boards.finish import dog_ear, haunt, rect, tape, waves
from samples.boards.plan import Art, Plan
from samples.canvas import Canvas, Colour
from samples.layout import Box
from samples.layouts import arrange
from samples.pens import USUAL, pick_pens, pick_script
from samples.rng import Rng
from samples.texts import BoardText

EASELS: tuple[Colour, ...] = ((205, 205, 203), (235, 236, 236), (120, 118, 116), (70, 68, 66))
TAPES: tuple[Colour, ...] = ((200, 225, 235), (150, 200, 225), (235, 235, 238), (200, 140, 60))


def plan(text: BoardText, art: Art, rng: Rng) -> Plan:
    width, height = float(rng.uniform(620, 680)), float(rng.uniform(860, 980))
    variety = str(rng.choice(["easel", "easel", "taped", "taped", "lying"]))
    margins = (28.0, 62.0, 28.0, 45.0) if variety == "easel" else (34.0, 34.0, 34.0, 34.0)
    white = int(rng.integers(236, 252))
    ground = (white - int(rng.integers(0, 14)), white - 2, white)
    return Plan("flipchart", variety, width, height, margins, ground, depth=450 if variety == "easel" else 2)


def draw(plan: Plan, text: BoardText, art: Art, scale: float, rng: Rng) -> Canvas:
    canvas = plan.canvas(scale)
    if rng.random() < 0.3:
        _squares(canvas, rng)
    if art.ghosts and rng.random() < art.ghosts:
        haunt(canvas, _written(plan, text, art, scale, rng), False, rng)
    waves(canvas, 0.012 + 0.02 * art.dirt * float(rng.random()), 180, rng)
    _write(canvas, plan, text, art, rng)
    _hardware(canvas, plan, art, rng)
    return canvas


def _write(canvas: Canvas, plan: Plan, text: BoardText, art: Art, rng: Rng) -> None:
    cap = 42 * (1 - 0.45 * art.small)
    pens = pick_pens(
        int(rng.integers(1, 5)), float(rng.uniform(4.0, 7.0)) * cap / 36, rng, names=(*USUAL, "orange", "purple")
    )
    script = pick_script(art.split, (cap, 13), pens, rng, **art.script)
    area: Box = (38, 30, plan.width - 76, plan.height - 80)
    arrange(canvas, text, area, script, rng)


def _written(plan: Plan, text: BoardText, art: Art, scale: float, rng: Rng) -> Canvas:
    """Another sheet of the same size: what is on the back."""
    other = plan.canvas(scale)
    _write(other, plan, text, art, rng)
    return other


def _squares(canvas: Canvas, rng: Rng) -> None:
    step = 25.0
    for i in range(1, int(canvas.width / step) + 1):
        canvas.fill(rect(i * step, 0, 0.9, canvas.height), (205, 190, 170), 0.7, truth=False)
    for i in range(1, int(canvas.height / step) + 1):
        canvas.fill(rect(0, i * step, canvas.width, 0.9), (205, 190, 170), 0.7, truth=False)


def _hardware(canvas: Canvas, plan: Plan, art: Art, rng: Rng) -> None:
    w, h = plan.width, plan.height
    left, top, _, bottom = plan.margins
    if plan.variety == "easel":
        colour = EASELS[int(rng.integers(len(EASELS)))]
        for bar in (
            rect(-left, -top, left, h + top + bottom),
            rect(w, -top, left, h + top + bottom),
            rect(-left, h, w + 2 * left, bottom),
        ):
            canvas.fill(bar, colour, truth=False)
        clip: Colour = ((60, 58, 56), (150, 150, 150), (190, 120, 40))[int(rng.integers(3))]
        canvas.fill(rect(-left, -top, w + 2 * left, top), clip, truth=False)
        canvas.fill(rect(-left, -top * 0.8, w + 2 * left, top * 0.25), (225, 225, 225), 0.4, truth=False)
        canvas.fill(rect(0, -1, w, 5), (30, 30, 30), 0.35, truth=False)
        if rng.random() < 0.5:
            canvas.fill(rect(-left, h + bottom * 0.4, w + 2 * left, bottom * 0.6), _darker(colour), truth=False)
    else:
        canvas.trim()
    if rng.random() < 0.25 + 0.4 * art.dirt:
        dog_ear(canvas, int(rng.integers(2, 4)), float(rng.uniform(18, 60)), plan.variety != "easel")
    if plan.variety == "taped":
        ink = TAPES[int(rng.integers(len(TAPES)))]
        for x, y, a in ((20, 8, -40), (w - 20, 8, 40), (20, h - 8, 40), (w - 20, h - 8, -40))[
            : 2 + 2 * int(rng.integers(2))
        ]:
            tape(canvas, x, y, a + float(rng.normal(0, 12)), ink)


def _darker(colour: Colour) -> Colour:
    b, g, r = (int(c * 0.7) for c in colour)
    return b, g, r
