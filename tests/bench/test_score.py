"""The metric is shown to reject bad results before anything is measured with it."""

from __future__ import annotations

import importlib.util
import json
import random
from pathlib import Path
from typing import Any

import pytest

from bench.score import score_photo, words

SHARED = Path(__file__).resolve().parents[3] / "shared" / "eval"

TRUTH: dict[str, Any] = {
    "photo": "a.jpg",
    "kind": "notes",
    "phase": "ACT",
    "width": 1000,
    "height": 800,
    "quad": [[100, 100], [900, 100], [900, 700], [100, 700]],
    "lines": [{"text": "Plan d’action"}, {"text": "Karim : clés avant le 20/10"}],
    "notes": [
        {"poly": [[200, 200], [300, 200], [300, 300], [200, 300]], "colour": "yellow"},
        {"poly": [[400, 200], [500, 200], [500, 300], [400, 300]], "colour": "pink"},
    ],
}
RIGHT: dict[str, Any] = {
    "quad": TRUTH["quad"],
    "text": "plan d'action\nKarim : clés avant le 20/10",
    "notes": TRUTH["notes"],
    "phase": "ACT",
}


def test_the_right_answer_is_right() -> None:
    scores = score_photo(TRUTH, RIGHT)
    assert scores.pop("cer") == 0
    assert all(value == 1 for value in scores.values())
    assert len(scores) == 7


def test_no_answer_is_wrong() -> None:
    scores = score_photo(TRUTH, {})
    assert scores.pop("cer") == 1
    assert not any(scores.values())


def test_half_a_quad_is_half() -> None:
    run = RIGHT | {"quad": [[100, 100], [500, 100], [500, 700], [100, 700]]}
    assert score_photo(TRUTH, run)["iou"] == pytest.approx(0.5)
    assert score_photo(TRUTH, run)["iou90"] == 0


def test_corners_outside_the_frame_count_inside_it_only() -> None:
    truth = TRUTH | {"quad": [[-500, 0], [1000, 0], [1000, 800], [-500, 800]]}
    assert score_photo(truth, {"quad": [[0, 0], [1000, 0], [1000, 800], [0, 800]]})["iou"] == pytest.approx(1)


def test_words_invented_cost_precision_and_words_missed_recall() -> None:
    scores = score_photo(TRUTH, RIGHT | {"text": RIGHT["text"] + " deux mots"})
    assert scores["word_recall"] == 1
    assert scores["word_prec"] == pytest.approx(8 / 10)
    assert score_photo(TRUTH, RIGHT | {"text": "plan"})["word_recall"] == pytest.approx(1 / 8)


def test_a_wrong_letter_is_one_error() -> None:
    assert score_photo(TRUTH, RIGHT | {"text": "plan d'aetion karim : clés avant le 20/10"})["cer"] == pytest.approx(
        1 / 40
    )


def test_notes_elsewhere_or_of_another_colour() -> None:
    moved = [{"poly": [[x + 60, y] for x, y in n["poly"]], "colour": n["colour"]} for n in TRUTH["notes"]]
    assert score_photo(TRUTH, RIGHT | {"notes": moved})["note_f1"] == 0
    blue = [n | {"colour": "blue"} for n in TRUTH["notes"]]
    assert score_photo(TRUTH, RIGHT | {"notes": blue})["note_colour"] == 0


def test_words_are_of_two_letters_and_keep_their_accents() -> None:
    assert words("L’été, à 14h : c_est œuvré") == ["été", "14h", "est", "œuvré"]


@pytest.mark.skipif(not SHARED.exists(), reason="no ../shared here")
def test_agrees_with_the_scorer_that_judges_us() -> None:
    spec = importlib.util.spec_from_file_location("their_score", SHARED / "score.py")
    assert spec is not None
    assert spec.loader is not None
    theirs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(theirs)
    seeded = random.Random(7)
    for line in (SHARED / "rendered" / "truth.jsonl").read_text().splitlines():
        truth: dict[str, Any] = json.loads(line)
        run = _spoilt(truth, seeded)
        assert score_photo(truth, run) == pytest.approx(theirs.score(truth, run))


def _spoilt(truth: dict[str, Any], seeded: random.Random) -> dict[str, Any]:
    """An answer with faults of every kind."""
    text = "\n".join(line["text"] for line in truth["lines"])
    text = "".join(seeded.choice("aé 1") if seeded.random() < 0.1 else c for c in text)
    quad = [[x + seeded.uniform(-300, 300), y + seeded.uniform(-300, 300)] for x, y in truth["quad"]]
    notes = [
        {
            "poly": [[x + seeded.uniform(-60, 60), y] for x, y in n["poly"]],
            "colour": seeded.choice(["pink", n["colour"]]),
        }
        for n in truth["notes"]
    ]
    return {
        "photo": truth["photo"],
        "quad": quad,
        "text": text,
        "notes": notes,
        "phase": seeded.choice(["ACT", "SCAN"]),
    }
