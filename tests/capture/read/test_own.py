from __future__ import annotations

import cv2
import numpy as np
import pytest

from capture.pipeline.read import own
from capture.pipeline.read.boxes import Box, BoxParams
from capture.pipeline.read.detect import DetectParams, detect


def outline(x: float, y: float, side: float, angle: float = 0.0) -> own.Outline:
    turn = np.radians(angle)
    rotation = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * side / 2
    return np.asarray(square @ rotation + [x + side / 2, y + side / 2])


def box(x: float, y: float, w: float, h: float) -> Box:
    return Box(np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]], dtype=np.float64), 0.9)


def test_a_line_belongs_to_the_note_that_holds_most_of_it() -> None:
    notes = [outline(100, 100, 100)]
    held, across, apart = box(110, 120, 60, 20), box(20, 120, 300, 20), box(300, 120, 60, 20)
    assert own.outside([held, across, apart], notes, own.OwnParams()) == [across, apart]


@pytest.mark.parametrize("quarters", range(4))
def test_a_crop_begins_at_the_corner_that_is_top_left(quarters: int) -> None:
    note = outline(50, 60, 100, angle=12)
    assert np.allclose(own.upright(np.roll(note, quarters, axis=0)), note)


@pytest.mark.parametrize(("angle", "shrink"), [(0.0, 1.0), (-17.0, 1.0), (17.0, 0.5)])
def test_boxes_come_back_to_where_the_text_stands(angle: float, shrink: float) -> None:
    """A dark bar on a leaning note: what is found in the crop lies over it."""
    picture = np.full((800, 1000, 3), 255, np.uint8)
    note = outline(300, 200, 300 / shrink, angle)
    middle = note.mean(axis=0)
    along = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    bar = cv2.boxPoints(((float(middle[0]), float(middle[1])), (160.0 / shrink, 40.0 / shrink), angle))
    cv2.fillConvexPoly(picture, np.round(bar).astype(np.int32), (0, 0, 0))

    def dark(crop: np.ndarray) -> np.ndarray:
        return np.asarray((crop[:, :, 0] < 128).astype(np.float32))

    found = own.inside(picture, [note], [], dark, (own.OwnParams(), BoxParams(unclip=0.0)))
    assert len(found) == 1
    assert np.allclose(found[0].centre, middle, atol=4)
    assert found[0].angle == pytest.approx(angle, abs=3)
    assert found[0].width == pytest.approx(160 / shrink, rel=0.1)
    assert float((found[0].corners[1] - found[0].corners[0]) @ along) > 0


def test_only_what_leans_is_looked_at_by_itself() -> None:
    straight, askew, turned = (
        outline(0, 0, 100, 2),
        outline(200, 0, 100, -9),
        np.roll(outline(400, 0, 100, 9), 2, axis=0),
    )
    found = own.leaning([straight, askew, turned], own.OwnParams())
    assert [round(float(note[:, 0].mean())) for note in found] == [250, 450]
    assert own.leaning([askew], own.OwnParams(side=0)) == []


def test_leaning_notes_are_seen_by_themselves_and_asked_for_only_once() -> None:
    """Real detection: two words on two notes that touch are two boxes at their slope, and the line below them stays."""
    picture = np.full((900, 1200, 3), 240, np.uint8)
    for x, word in ((200, "mairie"), (400, "emploi")):
        cv2.putText(picture, word, (x + 8, 330), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (20, 20, 20), 4)
    turn = cv2.getRotationMatrix2D((400, 320), -12, 1)
    picture = np.asarray(cv2.warpAffine(picture, turn, (1200, 900), borderValue=(240, 240, 240)), np.uint8)
    cv2.putText(picture, "parcours", (300, 700), cv2.FONT_HERSHEY_SIMPLEX, 2.0, (20, 20, 20), 5)
    asked: list[int] = []

    def notes() -> list[own.Outline]:
        asked.append(1)
        return [np.asarray(cv2.transform(outline(x, 220, 200)[None], turn)[0]) for x in (200, 400)]

    found = detect(picture, DetectParams(), 1, notes)
    assert asked == [1]
    words = sorted((b for b in found if b.centre[1] < 500), key=lambda b: b.centre[0])
    assert len(words) == 2
    assert words[0].centre[0] < 400 < words[1].centre[0]
    assert [b.angle for b in words] == pytest.approx([12, 12], abs=3)
    assert sum(b.centre[1] > 500 for b in found) == 1
