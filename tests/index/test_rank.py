from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index import ngrams, rank
from index.rank import Scores, Weights


def scores(count: int, **lists: list[float]) -> Scores:
    def of(name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        return np.array(lists.get(name, [0.0] * count), np.float64)

    parts = {name: of(name) for name in ("text", "covered", "letters", "board", "window", "words", "session")}
    return Scores(**parts, confidence=np.array(lists.get("confidence", [1.0] * count)), sample=np.ones(count, np.bool_))


def order(given: Scores) -> list[int]:
    return [int(n) for n in np.argsort(-rank.fuse(given, Weights()).total, kind="stable")]


def test_silent_lists_say_nothing() -> None:
    assert np.allclose(rank.fuse(scores(4), Weights()).total, 0)


def test_meaning_decides_where_no_word_matches() -> None:
    assert order(scores(4, board=[0.1, 0.9, 0.2, 0.1]))[0] == 1


def test_letters_weigh_more_where_the_reader_was_unsure() -> None:
    assert order(scores(3, letters=[0.0, 0.4, 0.4], confidence=[1, 0.95, 0.4])) == [2, 1, 0]


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(-1, 1), st.booleans()), min_size=2, max_size=30))
def test_every_word_held_is_before_no_word_held(rows: list[tuple[float, float, float, bool]]) -> None:
    held = [float(row[3]) for row in rows]
    given_scores = scores(
        len(rows),
        text=[h * (0.1 + row[0]) for h, row in zip(held, rows, strict=True)],
        covered=held,
        letters=[row[1] for row in rows],
        board=[row[2] for row in rows],
        words=[row[2] for row in rows],
    )
    total = rank.fuse(given_scores, Weights()).total
    with_words, without = total[np.array(held) > 0], total[np.array(held) == 0]
    assert not len(with_words) or not len(without) or with_words.min() > without.max()


@given(st.lists(st.floats(0, 1), min_size=3, max_size=20), st.floats(0.5, 2), st.floats(-1, 1))
def test_meaning_does_not_depend_on_the_scale_of_a_model(board: list[float], factor: float, shift: float) -> None:
    one = rank.meaning(scores(len(board), board=board), Weights())
    other = rank.meaning(scores(len(board), board=[factor * b + shift for b in board]), Weights())
    assert np.allclose(one, other, atol=1e-4)


def test_grams_rank_the_misread_word_first_and_merge_to_the_same() -> None:
    bags = [{"illectronirne": 1.0, "projet": 1.0}, {"electricite": 1.0}, {"bus": 1.0}, {"illettrisme": 1.0}]
    whole = ngrams.build(bags)
    found = ngrams.search({"illectronisme": 1.0}, [whole])[0]
    assert int(found.argmax()) == 0
    assert found[2] == 0
    assert 0 < found.max() <= 1.0001
    halves = [ngrams.build(bags[:2]), ngrams.build(bags[2:])]
    kept = [np.array([True, False]), np.array([True, True])]
    merged = ngrams.search({"illectronisme": 1.0}, [ngrams.merge(halves, kept)])[0]
    straight = ngrams.search({"illectronisme": 1.0}, [ngrams.build([bags[0], bags[2], bags[3]])])[0]
    assert np.allclose(merged, straight, atol=0.01)


def test_likeness_tells_misread_words_from_others() -> None:
    assert ngrams.likeness("illectronisme", "illectronirne") > ngrams.ALIKE
    assert ngrams.likeness("guichet", "quichet") > ngrams.ALIKE
    assert ngrams.likeness("guichet", "planning") < ngrams.ALIKE
