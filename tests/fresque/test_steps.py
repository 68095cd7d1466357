"""The step of a board is told where it is likely, and of the phase that the board has."""

from __future__ import annotations

from archive.model import Phase, PhaseTag
from capture.pipeline.phase import features
from fresque.steps import STEPS, WORDS, step_of


def test_the_likeliest_step_of_the_boards_phase() -> None:
    steps = {"barriers": 0.1, "test": 0.9, "decide": 0.95}
    assert step_of(PhaseTag(Phase.FOCUS, steps=steps)) == "test"
    assert step_of(PhaseTag(Phase.ACT, steps=steps, source="human")) == "decide"
    assert step_of(PhaseTag(Phase.SCAN, steps=steps)) == ""
    assert step_of(PhaseTag(Phase.NONE, steps=steps)) == ""
    assert step_of(PhaseTag(Phase.FOCUS, steps={"test": 0.4, "barriers": 0.4})) == ""


def test_they_are_those_of_the_tagger() -> None:
    assert {step: phase for phase, steps in STEPS.items() for step in steps} == features.PHASE_OF
    assert set(WORDS) == set(features.STEPS)
