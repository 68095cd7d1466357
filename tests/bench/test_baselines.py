"""The baselines and their figures, on pictures and texts whose answer is known."""

from __future__ import annotations

import cv2
import numpy as np

from bench.baselines import canny_quad, character_errors, iou, recall, shown_lines, table

QUAD = [[200, 150], [1400, 190], [1350, 1000], [240, 960]]
TRUTH = {"photo": "a.jpg", "kind": "whiteboard", "width": 1600, "height": 1200, "quad": QUAD}


def board() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    picture = np.full((1200, 1600, 3), 70, np.uint8)
    cv2.fillPoly(picture, [np.array(QUAD, np.int32)], (235, 235, 235))
    return picture


def test_canny_finds_a_bright_board_on_a_dark_wall() -> None:
    quad = canny_quad(board())
    assert quad is not None
    assert iou(quad, TRUTH) > 0.97


def test_canny_finds_nothing_on_a_bare_wall() -> None:
    assert canny_quad(np.full((1200, 1600, 3), 200, np.uint8)) is None


def test_iou_rejects_a_quad_that_is_off() -> None:
    moved = [[x + 300, y] for x, y in QUAD]
    assert iou(QUAD, TRUTH) == 1
    assert iou(moved, TRUTH) < 0.7


def test_text_figures_count_what_is_missing() -> None:
    lines = ["Café du samedi", "14 puis 31 parents"]
    assert recall(lines, "café du samedi\n14 puis 31 parents") == 1
    assert recall(lines, "cafe du samedi\n14 puis 31") == 5 / 7
    assert character_errors(lines, "café du samedi 14 puis 31 parents") == 0
    assert character_errors(lines, "") == 1
    assert 0 < character_errors(lines, "cafe du samedi 14 puis 31 parents") < 0.05


def test_lines_out_of_the_photo_do_not_count() -> None:
    inside = {"text": "dedans", "poly": [[10, 10], [90, 10], [90, 30], [10, 30]]}
    outside = {"text": "dehors", "poly": [[-80, 10], [20, 10], [20, 30], [-80, 30]]}
    assert shown_lines({**TRUTH, "lines": [inside, outside]}) == ["dedans"]


def test_the_table_leaves_out_what_was_not_run() -> None:
    truths = [{**TRUTH, "lines": []}]
    assert table(truths, [{"photo": "a.jpg", "quad": QUAD}], [])["all"] == {"canny iou": 1.0}
