"""Languages of a board told by its words; French spacing."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from capture.pipeline.read.decode import DecodeParams, Decoder
from capture.pipeline.read.language import (
    LanguageParams,
    clear_words,
    is_at_home,
    keys_of,
    lacking,
    spaced,
    spoken,
    vocabulary,
    with_said,
    worth,
)
from capture.pipeline.read.words import WordParams, Words

PARAMS = LanguageParams()
FRENCH = ["Le congé parental, c'est quoi ?", "les familles monoparentales", "créer un guichet unique", "repas végé"]
ENGLISH = ["What users told us", "they fill in the same form twice", "what we would like to keep"]
GERMAN = ["Was wir heute gelernt haben", "die Zusammenarbeit mit der Verwaltung", "nächste Schritte"]


@cache
def decoder() -> Decoder:
    return Decoder(Words(WordParams()), DecodeParams())


@pytest.mark.parametrize(("texts", "language"), [(FRENCH, "fr"), (ENGLISH, "en"), (GERMAN, "de")])
def test_a_board_is_in_the_language_of_its_words(texts: list[str], language: str) -> None:
    known = spoken(texts, decoder().words, PARAMS)
    assert [known.languages[i] for i in known.at_home(PARAMS)] == [language]
    assert known.is_french == (language == "fr")


def test_an_empty_board_may_be_in_any() -> None:
    known = spoken([], decoder().words, PARAMS)
    assert len(known.at_home(PARAMS)) == len(known.languages)


def test_a_lone_i_is_english_and_a_one_anywhere() -> None:
    french = spoken(FRENCH, decoder().words, PARAMS)
    assert is_at_home("1 repas", decoder().words, french, PARAMS)
    assert worth("1 repas", decoder(), french, PARAMS) > worth("I repas", decoder(), french, PARAMS)


def test_a_line_in_another_language_stays_likely_on_a_mixed_board() -> None:
    french = spoken(FRENCH, decoder().words, PARAMS)
    assert worth("user journey", decoder(), french, PARAMS) > worth("vser journey", decoder(), french, PARAMS)


def test_what_the_board_says_elsewhere_is_likelier_here_and_a_line_is_no_witness_of_itself() -> None:
    english = spoken(ENGLISH, decoder().words, PARAMS)
    said = clear_words("insurance claimant", (0.95, 0.95), PARAMS) + clear_words("claimant vague", (0.9, 0.2), PARAMS)
    assert said == {"insurance": 1, "claimant": 2}
    told = with_said(english, said, Counter(), {}, PARAMS)
    assert worth("claimant", decoder(), told, PARAMS) > worth("claimant", decoder(), english, PARAMS)
    alone = with_said(english, said, Counter({"claimant": 2}), {}, PARAMS)
    assert worth("claimant", decoder(), alone, PARAMS) == worth("claimant", decoder(), english, PARAMS)


def test_a_vocabulary_makes_its_words_likelier() -> None:
    french = spoken(FRENCH, decoder().words, PARAMS)
    told = with_said(french, Counter(), Counter(), vocabulary(("Plateforme Zorglub",), PARAMS), PARAMS)
    assert worth("zorglub", decoder(), told, PARAMS) > worth("zorglub", decoder(), french, PARAMS) + 5


def test_words_are_parted_as_the_lists_have_them() -> None:
    assert keys_of("L’usager d'aujourd'hui : 8h30, 15/03 et/ou (2)") == (
        ("l", "usager", "d", "aujourd'hui", "8h30", "15/03", "et", "ou", "2"),
        5,
    )


@pytest.mark.parametrize(
    ("text", "as_french"),
    [("Pour qui?", "Pour qui ?"), ("But: agir!", "But : agir !"), ("«oui»", "« oui »"), ("30%", "30 %")],
)
def test_french_puts_a_space_before_high_signs(text: str, as_french: str) -> None:
    assert spaced([text]) == [as_french]
    assert lacking(text) > 0
    assert lacking(as_french) == 0


@pytest.mark.parametrize("text", ["12:30", "http://x.fr", "a ?", "(?)", "10:45-11:30"])
def test_what_lacks_no_space_is_left(text: str) -> None:
    assert spaced([text]) == []
