from __future__ import annotations

import cv2
import numpy as np
import pytest

from capture.pipeline.frame import Pixels
from capture.pipeline.read.boxes import Box
from capture.pipeline.read.detect import DetectParams, detect
from capture.pipeline.read.tiles import TileParams, both, nearer, tiles

WORDS = ("atelier", "mairie", "emploi", "jeunes", "parcours", "accueil", "maison", "usager")


def box(x: float, y: float, w: float, h: float) -> Box:
    return Box(np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]], dtype=np.float64), 0.9)


@pytest.mark.parametrize(
    ("size", "tile"), [((960, 1280), (960, 1280)), ((2400, 3200), (960, 1280)), ((1000, 4100), (416, 1280))]
)
def test_tiles_cover_the_picture_and_share_what_is_cut(size: tuple[int, int], tile: tuple[int, int]) -> None:
    seen = np.zeros(size, int)
    inner = np.zeros(size, bool)
    for rows, columns in tiles(size, tile):
        assert (rows.stop - rows.start, columns.stop - columns.start) == tile
        seen[rows, columns] += 1
        inner[rows.start + 40 : rows.stop - 40, columns.start + 40 : columns.stop - 40] = True
    assert seen.min() >= 1
    assert inner[40:-40, 40:-40].all()  # what one tile cuts lies well inside another


def test_only_small_text_is_worth_a_nearer_look() -> None:
    params = TileParams()
    assert nearer([box(0, 40 * i, 200, 35) for i in range(9)], 3.0, params) == 1
    assert nearer([box(0, 40 * i, 200, 16) for i in range(9)], 3.0, params) == pytest.approx(2.5)
    assert nearer([box(0, 40 * i, 200, 16) for i in range(9)], 1.0, params) == 1  # the photo shows no more
    assert nearer([box(0, 0, 200, 16)], 3.0, params) == 1


def test_titles_stay_whole_and_small_lines_are_replaced() -> None:
    seen = np.ones((400, 900), bool)
    seen[300:] = False
    title, blurred, unseen = box(0, 0, 800, 120), box(0, 200, 300, 14), box(0, 350, 300, 14)
    piece, line = box(10, 10, 200, 100), box(0, 201, 296, 12)
    kept = both([title, blurred, unseen], [piece, line], seen, TileParams())
    assert kept == [title, unseen, line]


def small_words_under_a_huge_title() -> tuple[Pixels, list[tuple[float, float]]]:
    """A picture of 12 megapixels, and where its 160 small words stand."""
    picture = np.full((3000, 4000, 3), 245, np.uint8)
    cv2.putText(picture, "FRESQUE", (300, 420), cv2.FONT_HERSHEY_SIMPLEX, 13, (40, 40, 40), 40, cv2.LINE_AA)
    places = []
    for k in range(160):
        x, y = 150 + 140 * (k % 8), 640 + 48 * (k // 8)
        cv2.putText(picture, WORDS[k % 7], (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (110, 90, 90), 1, cv2.LINE_AA)
        (width, height), _ = cv2.getTextSize(WORDS[k % 7], cv2.FONT_HERSHEY_SIMPLEX, 0.6, 1)
        places.append((x + width / 2, y - height / 2))
    return picture, places


def test_small_words_are_found_once_each() -> None:
    picture, places = small_words_under_a_huge_title()
    found = detect(picture, DetectParams(), threads=1)
    shapes = [b.corners.astype(np.float32).reshape(-1, 1, 2) for b in found]
    holders = [sum(cv2.pointPolygonTest(shape, place, False) >= 0 for shape in shapes) for place in places]
    assert holders.count(1) >= 158
    assert max(holders) == 1
    assert len([b for b in found if b.height > 200]) == 1  # and the title is one
    afar = detect(picture, DetectParams(tiles=TileParams(small=0)), threads=1)
    assert len(afar) < 80
