"""The reliability table tells a confidence that means something from one that does not."""

from __future__ import annotations

from collections import Counter

import numpy as np

from archive.model import Line
from bench.confidence import calibration_error, judged, table


def test_a_true_confidence_has_no_error_and_a_boast_has() -> None:
    random = np.random.default_rng(5)
    said = random.uniform(0, 1, 20_000)
    true = (random.uniform(0, 1, 20_000) < said).astype(float)
    assert calibration_error(list(zip(said, true, strict=True))) < 0.02
    boast = 0.5 + said / 2
    assert calibration_error(list(zip(boast, true, strict=True))) > 0.2


def test_each_word_of_the_truth_counts_once() -> None:
    line = Line("le budget budget", (), 0.9, "ppocr", (), (0.9, 0.8, 0.7))
    words, lines = judged([line], Counter({"le": 1, "budget": 1}))
    assert words == [(0.9, 1.0), (0.8, 1.0), (0.7, 0.0)]
    assert lines == [(0.9, 2 / 3)]
    assert "expected calibration error" in table(words)
