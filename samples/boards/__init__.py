"""The kinds of boards: each plans its size, then draws itself on a canvas."""

from __future__ import annotations

from samples.boards import flipchart, fresco, notes, whiteboard
from samples.boards.plan import Art, Plan
from samples.canvas import Canvas
from samples.rng import Rng
from samples.texts import BoardText

KINDS = ("whiteboard", "flipchart", "notes", "fresco")

PLANNERS = {"whiteboard": whiteboard.plan, "flipchart": flipchart.plan, "notes": notes.plan, "fresco": fresco.plan}
PAINTERS = {"whiteboard": whiteboard.draw, "flipchart": flipchart.draw, "notes": notes.draw, "fresco": fresco.draw}


def plan_board(kind: str, text: BoardText, art: Art, rng: Rng) -> Plan:
    return PLANNERS[kind](text, art, rng)


def draw_board(plan: Plan, text: BoardText, art: Art, scale: float, rng: Rng) -> Canvas:
    """Draws at ``scale`` pixels a millimetre."""
    return PAINTERS[plan.kind](plan, text, art, scale, rng)
