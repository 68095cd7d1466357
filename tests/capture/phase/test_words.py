"""One folding and one stemming for the lexicon and for the boards."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from capture.pipeline.phase.words import fold, language_of, split


def test_case_accents_and_ligatures_are_folded() -> None:
    assert fold("Œuvre À L’ÉTÉ") == "oeuvre a l'ete"


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="aéèçœ 'ABÉ-/1", max_size=40))
def test_decomposed_letters_are_the_same_words(text: str) -> None:
    words = [[w.folded for w in split(unicodedata.normalize(form, text), "fr")] for form in ("NFC", "NFD")]
    assert words[0] == words[1]


def test_inflections_share_a_stem_and_accents_do_not_matter() -> None:
    stems = {w.stem for w in split("décision décisions DECISIONS", "fr")}
    assert len(stems) == 1


def test_the_board_keeps_its_own_spelling() -> None:
    assert [w.text for w in split("Plan d’Action", "fr")] == ["Plan", "d", "Action"]


def test_language() -> None:
    assert language_of(["what hurts", "the queue at lunch", "they ask for the ID"]) == "en"
    assert language_of(["plan d'action", "on se revoit le 3"]) == "fr"
    assert language_of([]) == "fr"
