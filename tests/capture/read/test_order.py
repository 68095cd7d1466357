"""Reading order on boxes laid out by hand: the text of each box is its rank as a person would read it."""

from __future__ import annotations

import numpy as np
import pytest

from capture.pipeline.read import order
from capture.pipeline.read.boxes import Box


def box(left: float, top: float, width: float, height: float = 40) -> Box:
    right, bottom = left + width, top + height
    return Box(np.array([[left, top], [right, top], [right, bottom], [left, bottom]], float), 1.0)


def read_aloud(boxes: list[Box]) -> list[int]:
    """All boxes, block by block, as ``regions`` orders them."""
    found = order.blocks(boxes)
    placed = [(order.extent(np.concatenate([boxes[i].corners for i in block])), block) for block in found]
    return [i for _, block in order.aloud(placed, lambda item: item[0]) for i in block]


COLUMNS = [
    box(300, 0, 400, 70),  # a title over both columns
    box(50, 200, 330), box(50, 250, 300), box(50, 300, 320),
    box(550, 200, 330), box(550, 250, 310), box(550, 300, 300),
]  # fmt: skip
ROWS = [
    box(50, 0, 150), box(215, 2, 120), box(350, -2, 200),
    box(50, 50, 180), box(245, 52, 160),
]  # fmt: skip
LIST = [box(50, 60 * row, 20 if row % 2 == 0 else 200) for row in range(6)]


@pytest.mark.parametrize("slope", [0, 4, -6])
@pytest.mark.parametrize("laid_out", [COLUMNS, ROWS, LIST], ids=["columns", "rows", "list"])
def test_a_board_is_read_as_a_person_would(laid_out: list[Box], slope: float) -> None:
    radians = np.radians(slope)
    turn = np.array([[np.cos(radians), np.sin(radians)], [-np.sin(radians), np.cos(radians)]])
    boxes = [Box(b.corners @ turn, 1.0) for b in laid_out]
    shuffled = np.random.default_rng(1).permutation(len(boxes))
    told = read_aloud([boxes[i] for i in shuffled])
    assert [int(shuffled[i]) for i in told] == list(range(len(boxes)))


def test_bubbles_that_stand_near_are_not_read_across() -> None:
    """Three words each, the second starting half a line lower, less than two letters apart."""
    left = [box(0, 0, 160), box(0, 45, 150), box(0, 90, 155)]
    right = [box(205, 20, 160), box(205, 65, 150), box(205, 110, 155)]
    assert read_aloud([*left, *right]) == list(range(6))


def test_a_note_is_read_row_by_row() -> None:
    assert order.rows([box(300, 3, 100), box(0, 50, 200), box(0, 0, 120)]) == [2, 0, 1]
    assert order.rows([]) == []


def test_a_large_title_is_not_of_the_block_below() -> None:
    assert sorted(map(sorted, order.blocks([box(0, 0, 600, 120), box(0, 125, 300, 40), box(0, 170, 280, 40)]))) == [
        [0],
        [1, 2],
    ]
