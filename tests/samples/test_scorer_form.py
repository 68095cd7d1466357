"""A run that says the truth scores one with the scorer of the evaluation data."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from samples.look import look
from samples.sets import SetSpec, photo_set

SCORER = Path(__file__).resolve().parents[3] / "shared" / "eval" / "score.py"


@pytest.mark.skipif(not SCORER.exists(), reason="the evaluation data are not here")
def test_the_truth_scores_one() -> None:
    spec = importlib.util.spec_from_file_location("score", SCORER)
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    for done in photo_set(8, 8, SetSpec("measure", "hard", (800, 600))):
        truth = done.truth
        run: dict[str, Any] = {
            "quad": truth["quad"],
            "text": "\n".join(n["text"] for n in truth["lines"]),
            "notes": truth["notes"],
            "phase": truth["phase"],
        }
        figures: dict[str, float] = scorer.score(truth, run)
        assert figures.get("iou", 1.0) == pytest.approx(1.0)
        assert figures.get("note_f1", 1.0) == 1.0
        assert figures.get("note_colour", 1.0) == 1.0
        assert figures["phase_acc"] == 1.0
        assert figures.get("cer", 0.0) == 0.0
        assert figures.get("word_recall", 1.0) == 1.0


def test_a_split_reaches_the_fonts() -> None:
    assert look("hard", "measure").art.split == "measure"
