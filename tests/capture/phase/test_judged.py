"""What the tagger reaches on boards of themes that its model never saw."""

from __future__ import annotations

import math

import pytest

from archive.model import Phase, PhaseTag
from bench import phase as bench
from capture.pipeline.phase import examples, tag_texts


@pytest.fixture(scope="module")
def judged() -> tuple[bench.Case, ...]:
    return bench.cases(bench.JUDGED)


@pytest.fixture(scope="module")
def score(judged: tuple[bench.Case, ...]) -> bench.Score:
    return bench.score(judged, [tag_texts(c.lines) for c in judged])


def test_no_theme_and_no_text_is_in_both_halves() -> None:
    learned = examples.shipped()
    kept = examples.parse(bench.JUDGED.read_text(encoding="utf-8"))
    assert not {e.theme for e in learned} & {e.theme for e in kept}
    assert not {e.lines for e in learned} & {e.lines for e in kept}
    assert len(learned) + len(kept) >= 300
    assert len({e.theme for e in (*learned, *kept)}) >= 30


def test_accuracy_on_unseen_themes(score: bench.Score) -> None:
    assert score.accuracy >= 0.80
    assert score.unsure <= 0.10


def test_probabilities_mean_what_they_say(score: bench.Score) -> None:
    assert score.calibration <= 0.08


def test_steps_on_unseen_themes(score: bench.Score) -> None:
    assert score.steps >= 0.6


def test_misreading_costs_little(judged: tuple[bench.Case, ...], score: bench.Score) -> None:
    noisy = bench.garbled(judged)
    assert sum(a.lines != b.lines for a, b in zip(judged, noisy, strict=True)) > 0.9 * len(judged)
    assert bench.score(noisy, [tag_texts(c.lines) for c in noisy]).accuracy >= score.accuracy - 0.08


def test_boards_in_capitals_are_judged_like_others(judged: tuple[bench.Case, ...], score: bench.Score) -> None:
    shouted = [bench.Case(c.id, tuple(line.upper() for line in c.lines), c.phase, c.step) for c in judged]
    assert bench.score(shouted, [tag_texts(c.lines) for c in shouted]).accuracy >= score.accuracy - 0.03


def test_the_model_beats_its_lexicon(judged: tuple[bench.Case, ...], score: bench.Score) -> None:
    assert score.accuracy > bench.by_lexicon(judged) + 0.1


# --- the measures reject what is wrong ---


def _said(label: str, certainty: float) -> PhaseTag:
    rest = (1 - certainty) / 2
    chances = {p: certainty if p == label else rest for p in ("SCAN", "FOCUS", "ACT")}
    return PhaseTag(Phase(label), chances, {"commit": 1.0})


def test_an_overconfident_tagger_is_found_out() -> None:
    said = [(0.95, n % 2 == 0) for n in range(100)]
    assert math.isclose(bench.calibration_error(said), 0.45, abs_tol=1e-9)
    assert bench.calibration_error([(1.0, True)] * 9) == 0


def test_a_tagger_that_always_says_the_same_scores_low() -> None:
    cases = [bench.Case(str(n), ("x",), p, s) for n, (p, s) in enumerate([("SCAN", "problem"), ("ACT", "commit")] * 3)]
    score = bench.score(cases, [_said("ACT", 0.9)] * 6)
    assert score.accuracy == 0.5
    assert score.calibration == pytest.approx(0.4)
    assert score.steps == pytest.approx((2 / 3) / 2)
