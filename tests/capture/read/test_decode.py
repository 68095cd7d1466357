"""Decoding on emissions made by hand: what the pixels say is known exactly."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from capture.pipeline.read import alphabet
from capture.pipeline.read.decide import DecideParams, Decision, decide, is_plain, look
from capture.pipeline.read.decode import Decoder, greedy
from capture.pipeline.read.language import spoken
from capture.pipeline.read.likelihood import likelihoods
from capture.pipeline.read.recognise import Emission
from capture.pipeline.read.words import WordParams, Words

PLACES = {symbol: k for k, symbol in enumerate(alphabet.allowed(), start=1)}


@cache
def decoder() -> Decoder:
    return Decoder(Words(WordParams()))


def seen(text: str, doubts: dict[int, dict[str, float]] | None = None, sure: float = 0.97) -> Emission:
    """``text`` as the recogniser would see it, a blank after each symbol; ``doubts``: symbols that share a place of
    the text with the one that stands there, and their probabilities."""
    rows = []
    for i, symbol in enumerate(text):
        row = np.full(len(PLACES) + 1, 1e-6)
        others = (doubts or {}).get(i, {})
        row[PLACES[symbol]] = sure - sum(others.values())
        for other, probability in others.items():
            row[PLACES[other]] = probability
        blank = np.full(len(PLACES) + 1, 1e-6)
        blank[0] = 1 - len(PLACES) * 1e-6
        rows += [row, blank]
    return Emission(np.log(np.array(rows)).astype(np.float32))


def decided(*emissions: Emission) -> Decision:
    params = DecideParams()
    anywhere = spoken([], decoder().words, params.language)
    return decide([look(emission, decoder(), params) for emission in emissions], decoder(), anywhere, params)


@pytest.mark.parametrize("text", ["Le congé parental", "l’usager d'abord", "Coût : 1 400 €", "→ à tester", "œuvre"])
def test_what_is_clear_is_read_as_it_stands(text: str) -> None:
    assert greedy(seen(text))[0] == text
    assert decoder().decode(seen(text))[0].text == text


def test_a_doubtful_letter_is_settled_by_the_word() -> None:
    doubtful = seen("prajet", {2: {"o": 0.35}})
    assert greedy(doubtful)[0] == "prajet"
    assert decoder().decode(doubtful)[0].text == "projet"


@pytest.mark.parametrize("name", ["Kowalczyk", "ANSSI", "SIRH2", "v1.2.3", "foo_bar(x)", "B"])
def test_what_no_list_holds_stays_when_it_is_clear(name: str) -> None:
    assert decoder().decode(seen(name, sure=0.995))[0].text == name


def test_hours_and_dates_are_words() -> None:
    assert decided(seen("8h5C on", {3: {"0": 0.3}})).text == "8h50 on"
    assert decided(seen("le 18109", {5: {"/": 0.25}})).text == "le 18/09"


def test_a_number_is_not_made_a_word() -> None:
    assert decoder().decode(seen("2026", sure=0.99))[0].text == "2026"


def test_two_views_outvote_one_that_is_blurred() -> None:
    blurred = seen("projel", {5: {"t": 0.4}})
    clear = seen("projet")
    assert decided(blurred, clear).text == "projet"


def test_the_greedy_reading_is_kept_when_it_loses() -> None:
    decision = decided(seen("Paymemt", {5: {"n": 0.3}}))
    assert decision.text == "Payment"
    assert "Paymemt" in [other.text for other in decision.others]
    assert all(0 <= other.confidence <= 1 for other in decision.others)


def test_only_clear_lines_of_listed_words_are_plain() -> None:
    params = DecideParams()
    assert is_plain(seen("Le budget", sure=0.99), decoder(), params)
    assert not is_plain(seen("Le bvdget", sure=0.99), decoder(), params)
    assert not is_plain(seen("Le budget", sure=0.6), decoder(), params)


def test_likelihoods_are_those_of_all_alignments() -> None:
    """Against a sum over every alignment, one by one."""
    random = np.random.default_rng(3)
    probabilities = random.dirichlet(np.ones(len(PLACES) + 1), 4)
    emission = Emission(np.log(probabilities).astype(np.float32))
    for text in ("ab", "aa", "b"):
        total = 0.0
        symbols = [0, *sorted({PLACES[c] for c in text})]
        for path in np.stack(np.meshgrid(*[symbols] * 4), -1).reshape(-1, 4):
            merged = [k for i, k in enumerate(path) if i == 0 or k != path[i - 1]]
            if [k for k in merged if k] == [PLACES[c] for c in text]:
                total += float(np.prod([probabilities[i, k] for i, k in enumerate(path)]))
        assert likelihoods(emission, [text])[0] == pytest.approx(np.log(total), abs=1e-4)
