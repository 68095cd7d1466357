"""Confidence of words: more for what the pixels, the lists and the readings agree on; never out of bounds."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import DOUBTFUL, Line
from capture.pipeline.read.confidence import ConfidenceParams, of_line, of_words
from capture.pipeline.read.words import WordParams, Words

PARAMS = ConfidenceParams()


@cache
def words() -> Words:
    return Words(WordParams())


def of(text: str, believed: dict[str, float], clarity: float) -> tuple[float, ...]:
    return of_words(text, believed, clarity, words(), PARAMS)


def test_a_clear_listed_word_is_sure_and_a_blurred_invention_is_not() -> None:
    assert min(of("le budget", {"le budget": 1.0}, 0.99)) > 0.9
    assert max(of("qzvdgxt", {"qzvdgxt": 0.4, "budget": 0.3}, 0.5)) < DOUBTFUL


def test_a_clear_name_that_no_list_holds_is_believed() -> None:
    assert of("Kowalczykova", {"Kowalczykova": 1.0}, 0.99)[0] > 0.8


def test_only_the_words_on_which_the_readings_differ_lose() -> None:
    sure, lost = of("budget annuel", {"budget annuel": 0.5, "budget manuel": 0.5}, 0.9)
    assert sure > lost


@given(st.text(alphabet="abcéà 1'/!", max_size=20), st.floats(0, 1), st.floats(0, 1))
def test_a_probability_a_word(text: str, share: float, clarity: float) -> None:
    found = of(text, {text: share, "autre": 1 - share}, clarity)
    assert len(found) == len(text.split())
    assert all(0 <= p <= 1 for p in found)
    assert 0 <= of_line(found) <= 1


@pytest.mark.parametrize(("confidence", "doubtful"), [(0.2, True), (0.9, False)])
def test_a_line_knows_whether_it_may_be_shown_as_fact(confidence: float, doubtful: bool) -> None:
    line = Line("un deux", (), confidence, "ppocr")
    assert line.doubtful == doubtful
    assert line.doubtful_words() == (("un", doubtful), ("deux", doubtful))
    assert Line("un deux", (), 0.5, "ppocr", (), (0.1, 0.9)).doubtful_words() == (("un", True), ("deux", False))
