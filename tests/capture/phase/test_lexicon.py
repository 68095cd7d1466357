"""Expressions are found whole, inflected and misread, and not where they are not."""

from __future__ import annotations

import pytest

from capture.pipeline.phase import lexicon
from capture.pipeline.phase.features import CLASSES, PHASE_OF
from capture.pipeline.phase.words import split


def found(*lines: str) -> set[str]:
    words = [split(line, "fr") for line in lines]
    return {m.entry.text for m in lexicon.shipped().matches(words)}


def test_every_row_of_the_table_is_of_a_known_phase_and_step() -> None:
    entries = lexicon.parse(lexicon.table())
    assert len({e.text for e in entries}) >= 700
    assert {e.phase for e in entries} == set(CLASSES)
    assert all(e.step is None or PHASE_OF[e.step] == e.phase for e in entries)
    assert all(1 <= e.weight <= 3 and e.text for e in entries)


def test_an_expression_of_several_words_is_matched_whole() -> None:
    assert "plan d'action" in found("PLAN D’ACTION accueil")
    assert not {"plan d'action", "actions"} & found("le plan du bâtiment")


def test_the_longest_expression_wins() -> None:
    said = found("chacun sa définition")
    assert "chacun sa définition" in said
    assert "définition" not in said


@pytest.mark.parametrize(
    ("board", "meant"),
    [
        ("plam d'actlon", "plan d'action"),
        ("feuiIle de ronte", "feuille de route"),
        ("qui falt quoi", "qui fait quoi"),
        ("lrritants de l'équipe", "irritants"),
        ("protofype carton", "prototype"),
        ("parties prenanfes", "parties prenantes"),
        ("gommettcs vertes", "gommettes"),
    ],
)
def test_misread_expressions_are_found(board: str, meant: str) -> None:
    assert meant in found(board)


@pytest.mark.parametrize("board", ["rester ici", "le disque", "une marie", "plan de la ville d'origine", "vite"])
def test_other_words_of_nearly_the_same_letters_are_not(board: str) -> None:
    assert not {"tester", "risque", "marre", "plan d'action", "vote"} & found(board)


def test_a_misread_expression_weighs_less_and_is_quoted_as_read() -> None:
    words = [split("Protofype", "fr")]
    match = next(m for m in lexicon.shipped().matches(words) if m.entry.text == "prototype")
    assert not match.exact
    assert match.found == "Protofype"
    assert match.weight < match.entry.weight


def test_an_expression_counts_once_a_board() -> None:
    words = [split("prototype", "fr"), split("prototype, prototype", "fr")]
    matches = lexicon.shipped().matches(words)
    assert len([m for m in matches if m.entry.text == "prototype" and m.entry.language == "fr"]) == 1
