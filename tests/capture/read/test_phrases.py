from __future__ import annotations

import math

import pytest

from capture.pipeline.read import phrases
from capture.pipeline.read.decode import Decoder
from capture.pipeline.read.language import LanguageParams, Spoken, worth
from capture.pipeline.read.words import NEVER, WordParams, Words


def test_what_people_write_is_likelier_than_what_nobody_does() -> None:
    known = phrases.Phrases()
    assert known.after("rendez", "zxqv") == NEVER
    assert known.after("zxqv", "rendez") == NEVER
    assert 0 > known.after("sur", "le") > known.after("sur", "la") - 5 > NEVER


def test_no_word_has_more_than_its_share() -> None:
    known = phrases.Phrases()
    for before in ("de", "la", "pour", "to"):
        written = known._written(before)
        assert sum(math.exp(known.after(before, key)) for key in written if key) <= phrases.SHARE


def test_a_vocabulary_brings_its_pairs() -> None:
    usual, brought = phrases.Phrases(), phrases.Phrases([("maison", "zorglub", "royan")])
    assert usual.after("maison", "zorglub") == NEVER
    assert brought.after("maison", "zorglub") > NEVER
    assert brought.after("zorglub", "royan") == pytest.approx(math.log(0.5 * 9.5 / 15))


def test_context_chooses_among_readings_and_costs_nothing_else() -> None:
    decoder, params = Decoder(Words(WordParams())), LanguageParams()
    alone = Spoken(("fr", "en", "de"), (0.0, -4.0, -4.0))
    within = Spoken(alone.languages, alone.logs, phrases=phrases.of((("fiche", "navette"),)))
    pair = [
        worth(text, decoder, within, params) - worth(text, decoder, alone, params)
        for text in ("fiche navette", "xq zv")
    ]
    assert pair[0] > 1
    assert pair[1] == 0


def test_the_file_is_read_as_it_was_written(monkeypatch: pytest.MonkeyPatch) -> None:
    made = phrases.written({("mise", "en"): 3, ("mise", "au"): 1}, {"mise": 7})
    monkeypatch.setattr(phrases, "_bytes", lambda: made)
    phrases._lines.cache_clear()
    try:
        assert phrases.Phrases()._written("mise") == {"": 7, "en": 3, "au": 1}
    finally:
        phrases._lines.cache_clear()
