"""The judged set and the measure themselves, before anything is measured with them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bench import search_judged as bench
from index import analysis
from index.judged import FOLDER, KINDS, boards, document, misread, ndcg, queries

either = pytest.mark.parametrize("folder", [FOLDER, bench.FRESH], ids=["shipped", "fresh"])


@either
def test_every_query_names_boards_of_its_own_theme(folder: Path) -> None:
    known = {board.id: board for board in boards(folder)}
    assert len(known) == len(boards(folder))
    for query in queries(folder):
        assert query.kind in KINDS
        assert query.relevant
        assert {(known[each].theme, known[each].split) for each in query.relevant} == {(query.theme, query.split)}


@either
def test_a_paraphrase_has_no_word_in_common_with_its_answers(folder: Path) -> None:
    held = {b.id: set(analysis.stems(" ".join((b.session, b.title, *b.lines)))) for b in boards(folder)}
    for query in queries(folder):
        if query.kind == "paraphrase":
            for each in query.relevant:
                assert not held[each] & set(analysis.stems(query.query)), query.query


def test_it_is_large_enough_to_judge_and_half_is_untouched() -> None:
    themes = {(board.theme, board.split) for board in boards()}
    assert (len(boards()) >= 200, len(themes) >= 30, len(queries()) >= 120) == (True, True, True)
    assert len({theme for theme, _ in themes}) == len(themes)
    assert abs(sum(split == "dev" for _, split in themes) * 2 - len(themes)) <= 1


def test_what_is_tuned_on_shares_no_board_and_no_theme_with_what_is_reported() -> None:
    held = [board for board in boards() if board.split == "held"]
    fresh = bench.boards("fresh")
    assert not {board.id for board in fresh} & {board.id for board in held}
    assert not {board.theme for board in fresh} & {board.theme for board in held}
    assert (len(boards(bench.FRESH)) >= 100, len(bench.queries("fresh")) >= 80) == (True, True)
    assert {query.split for query in bench.queries("held")} == {"held"}


def test_the_measure_rejects_a_bad_order() -> None:
    assert ndcg(["a", "b", "c"], {"a": 2, "b": 1}) == 1.0
    assert ndcg(["b", "a", "c"], {"a": 2, "b": 1}) < 0.85
    assert ndcg(["c", "a", "b"], {"a": 1, "b": 1}) < 0.8
    assert ndcg(["c", "d"], {"a": 2}) == 0.0
    assert ndcg([*"cdefghijkl", "a"], {"a": 2}) == 0.0


def test_misreading_is_seeded_and_of_about_the_share_asked_for() -> None:
    text = "les usagers attendent au guichet de la mairie " * 20
    spoilt = misread(text, 0.2, random.Random(1))
    assert spoilt == misread(text, 0.2, random.Random(1))
    kept = sum(a == b for a, b in zip(text.split(), spoilt.split(), strict=False)) / len(text.split())
    assert 0.1 < kept < 0.6
    assert misread(text, 0.0, random.Random(1)) == text


def test_misread_boards_are_read_with_less_confidence() -> None:
    clean, noisy = (document(boards()[0], share) for share in (0.0, 0.2))
    assert min(line.confidence for line in clean.lines) > max(line.confidence for line in noisy.lines)
