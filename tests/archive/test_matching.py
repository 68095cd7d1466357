from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from archive import geometry, matching
from archive.model import Quad
from tests.archive.making import LEFT, RIGHT, SIZE, box, moved

quads = st.builds(box, st.integers(-100, 900), st.integers(-100, 700), st.integers(1, 600), st.integers(1, 600))


def test_a_moved_board_is_the_same_and_a_far_one_is_not() -> None:
    assert matching.match([LEFT, RIGHT], [moved(RIGHT, -30, 10), moved(LEFT, 40)], SIZE) == {0: 1, 1: 0}
    assert matching.match([LEFT], [RIGHT], SIZE) == {}


def test_half_is_enough_and_less_is_not() -> None:
    whole = box(0, 0, 400, 400)
    assert matching.match([whole], [box(0, 0, 400, 200)], SIZE) == {0: 0}
    assert matching.match([whole], [box(0, 0, 400, 198)], SIZE) == {}


def test_only_what_lies_in_the_photo_counts() -> None:
    """Two guesses at a side out of shot differ outside the photo only."""
    assert matching.match([box(500, 0, 500, 800)], [box(500, 0, 5000, 800)], SIZE) == {0: 0}


def test_the_better_of_two_partners_is_taken() -> None:
    assert matching.match([LEFT], [moved(LEFT, 60), moved(LEFT, 5)], SIZE) == {1: 0}


def test_a_board_without_area_matches_nothing() -> None:
    flat: Quad = ((0, 0), (10, 0), (10, 0), (0, 0))
    wild: Quad = ((0, 0), (float("nan"), 0), (10, 10), (0, 10))
    assert matching.match([flat, wild], [flat, wild], SIZE) == {}


@given(old=st.lists(quads, max_size=6), new=st.lists(quads, max_size=6))
def test_matching_is_one_to_one_and_only_above_the_bar(old: list[Quad], new: list[Quad]) -> None:
    found = matching.match(old, new, SIZE)
    assert len(set(found.values())) == len(found)
    frame = geometry.shape(box(-0.5, -0.5, *SIZE))
    for n, o in found.items():
        a, b = geometry.shape(old[o]).intersection(frame), geometry.shape(new[n]).intersection(frame)
        assert a.intersection(b).area >= 0.499999 * a.union(b).area
    left = [n for n in range(len(new)) if n not in found]
    free = [o for o in range(len(old)) if o not in found.values()]
    assert matching.match([old[o] for o in free], [new[n] for n in left], SIZE) == {}, "no pair is left over"


@given(old=st.lists(quads, max_size=6, unique=True), new=st.lists(quads, max_size=6, unique=True), seed=st.integers())
def test_the_order_of_the_boards_does_not_matter(old: list[Quad], new: list[Quad], seed: int) -> None:
    def pairs(old: list[Quad], new: list[Quad]) -> set[tuple[Quad, Quad]]:
        return {(new[n], old[o]) for n, o in matching.match(old, new, SIZE).items()}

    shuffle = random.Random(seed)
    assert pairs(old, new) == pairs(shuffle.sample(old, len(old)), shuffle.sample(new, len(new)))


@given(old=st.lists(quads, max_size=6, unique=True))
def test_the_same_boards_match_themselves(old: list[Quad]) -> None:
    frame = geometry.shape(box(-0.5, -0.5, *SIZE))
    inside = [q for q in old if geometry.shape(q).intersection(frame).area > 0]
    found = matching.match(inside, inside, SIZE)
    assert len(found) == len(inside)
    for n, o in found.items():  # boards that are alike inside the photo may be taken for each other
        a, b = geometry.shape(inside[o]).intersection(frame), geometry.shape(inside[n]).intersection(frame)
        assert geometry.iou(a, b) > 0.999


def test_the_heir_is_what_covers_most() -> None:
    assert matching.most_overlapping(LEFT, [RIGHT, box(20, 20, 100, 100), box(20, 20, 200, 200)]) == 2
    assert matching.most_overlapping(LEFT, [RIGHT]) is None
    assert matching.most_overlapping(LEFT, []) is None
