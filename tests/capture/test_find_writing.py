"""Words that a quad's sides cut speak against it, on a photo whose words are drawn where we know."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from capture.pipeline.find import find_boards
from capture.pipeline.find.writing import WritingParams, depth, untouched, words, worth_it
from capture.pipeline.frame import Frame

PARAMS = WritingParams()
WORD = np.array([[40, 40], [100, 40], [100, 60], [40, 60]], np.float64)  # 20 high


def quad(left: float, top: float, right: float, bottom: float) -> np.ndarray:
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)


def at(right: float, down: float) -> np.ndarray:
    """The word, moved."""
    return np.asarray(WORD + np.array([right, down]))


WHOLE = quad(0, 0, 400, 300)


def factor(*quads: np.ndarray, found: np.ndarray) -> list[float]:
    return [float(f) for f in untouched(np.stack([*quads, WHOLE]), found, PARAMS)]


def test_a_word_inside_or_far_outside_says_nothing() -> None:
    assert factor(quad(10, 10, 300, 200), quad(200, 150, 350, 280), found=WORD[None]) == [1.0, 1.0, 1.0]


def test_each_word_that_is_cut_counts_and_one_alone_may_be_an_error() -> None:
    column = np.stack([at(0, 40 * n) for n in range(6)])
    cut = [factor(quad(70, 0, 350, 290), found=column[:n])[0] for n in (1, 2, 4, 6)]
    assert cut == sorted(cut, reverse=True)
    assert cut[-1] < 0.1
    many = np.concatenate([column[:1], np.stack([at(150, 8 * n) for n in range(25)])])
    assert factor(quad(70, 0, 350, 290), found=many)[0] > 0.85


def test_a_title_just_outside_speaks_against_the_box_below_it() -> None:
    title = np.stack([WORD, at(80, 0), at(160, 0)])
    inside = np.stack([at(80 * n, 60 * m) for n in range(3) for m in (1, 2)])
    box, sheet = factor(quad(20, 70, 320, 250), quad(10, 10, 330, 280), found=np.concatenate([title, inside]))[:2]
    assert box < sheet == 1.0


def test_a_doubtful_quad_that_leaves_writing_outside_is_not_worth_it() -> None:
    """However far outside: what stands on the other notes of a wall is lost with them."""
    chosen, rest = quad(10, 10, 130, 130)[None], np.stack([at(200, 60 * n) for n in range(3)])
    every = np.concatenate([WORD[None], rest])
    assert not worth_it(0.5, chosen, every, PARAMS)
    assert worth_it(0.98, chosen, every, PARAMS)  # a sure page among other pages
    assert worth_it(0.5, chosen, WORD[None], PARAMS)
    assert worth_it(0.5, np.concatenate([chosen, quad(220, 20, 390, 290)[None]]), every, PARAMS)  # two boards hold all
    assert worth_it(0.5, chosen, np.empty((0, 4, 2)), PARAMS)


def test_depth_is_that_of_another_library() -> None:
    random = np.random.default_rng(4)
    quads = quad(100, 80, 300, 240) + random.uniform(-40, 40, (20, 4, 2))
    points = random.uniform(0, 400, (50, 2))
    for each, found in zip(quads, depth(quads, points), strict=True):
        outline = each.astype(np.float32).reshape(-1, 1, 2)
        expected = [cv2.pointPolygonTest(outline, (float(x), float(y)), True) for x, y in points]
        assert np.allclose(found, expected, atol=1e-2)


def test_no_writing_no_opinion() -> None:
    assert factor(quad(10, 10, 300, 200), found=np.empty((0, 4, 2))) == [1.0, 1.0]


@pytest.fixture(scope="module")
def framed() -> tuple[Frame, np.ndarray]:
    """A sheet on a table; on it a thick frame that is drawn around the lower two thirds, and a title above it."""
    pixels = np.full((1200, 1600, 3), (60, 80, 100), np.uint8)
    cv2.rectangle(pixels, (200, 80), (1400, 1120), (245, 245, 245), -1)
    cv2.rectangle(pixels, (260, 330), (1340, 1060), (40, 40, 40), 14)
    font = cv2.FONT_HERSHEY_SIMPLEX
    for n, text in enumerate(("Ce qui nous retient", "Les irritants du parcours")):
        cv2.putText(pixels, text, (270, 190 + 100 * n), font, 2.4, (90, 40, 20), 5, cv2.LINE_AA)
    for n, text in enumerate(("attente au guichet", "trop de papiers", "qui appeler ?", "rien en ligne")):
        cv2.putText(pixels, text, (330, 470 + 150 * n), font, 2.2, (20, 20, 20), 5, cv2.LINE_AA)
    return Frame(pixels), np.array([[200, 80], [1400, 80], [1400, 1120], [200, 1120]], np.float64)


def test_the_detector_finds_the_words(framed: tuple[Frame, np.ndarray]) -> None:
    frame, _ = framed
    found = words(frame.pixels, 0.5, PARAMS)
    assert len(found) >= 6
    assert found[..., 0].max() < 800


def test_a_drawn_frame_is_not_taken_for_its_sheet(framed: tuple[Frame, np.ndarray]) -> None:
    frame, sheet = framed
    best = np.array(find_boards(frame)[0].quad)
    assert np.abs(best - sheet).max() < 12
