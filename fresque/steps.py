"""The step of the method that a board is at, where its tag says so."""

from __future__ import annotations

from archive.model import PhaseTag

SURE = 0.5
"""A step's probability from which it is told."""
STEPS = {
    "SCAN": ("problem", "language", "step_back", "possibilities"),
    "FOCUS": ("barriers", "test"),
    "ACT": ("alignment", "define", "decide", "commit"),
}
WORDS = {
    "problem": "share the problem and the stakes", "language": "common language", "step_back": "step back",
    "possibilities": "open up the possibilities", "barriers": "identify and lift barriers", "test": "test options",
    "alignment": "intention and alignment", "define": "define every aspect of the solution", "decide": "decide",
    "commit": "commit to the plan",
}  # fmt: skip


def step_of(tag: PhaseTag) -> str:
    """The likeliest step of the phase that the board has, whoever gave it; empty where none is likely enough."""
    of_phase = [(tag.steps[name], name) for name in STEPS.get(tag.label.value, ()) if name in tag.steps]
    sure, name = max(of_phase, default=(0.0, ""))
    return name if sure >= SURE else ""
