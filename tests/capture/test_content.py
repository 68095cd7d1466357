"""Boards are never lost; people and other things are told apart, on photos that scikit-image carries."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage
from numpy.typing import NDArray

from archive.model import Content, Line, Region, RegionKind
from capture.pipeline.content import content_of, even_ground, faces, letters
from capture.pipeline.find import Found, whole_photo
from capture.pipeline.frame import Frame

PHOTOS = Path(skimage.__file__).parent / "data"


def photo(name: str) -> NDArray[np.uint8]:
    return np.asarray(cv2.imread(str(PHOTOS / name), cv2.IMREAD_COLOR), np.uint8)


def unsure(frame: Frame) -> tuple[Found, ...]:
    return (whole_photo(frame, 0.2),)


def region(text: str, confidence: float = 0.9, kind: RegionKind = RegionKind.TEXT) -> Region:
    box = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))
    return Region(kind, box, lines=(Line(text, box, confidence, "ppocr"),))


def test_a_person_is_no_board() -> None:
    frame = Frame(photo("astronaut.png"))
    assert content_of(frame, unsure(frame), ()) is Content.PEOPLE


@pytest.mark.parametrize("name", ["coffee.png", "chelsea.png", "motorcycle_left.png"])
def test_things_are_neither_boards_nor_people(name: str) -> None:
    frame = Frame(photo(name))
    assert content_of(frame, unsure(frame), ()) is Content.OTHER


@pytest.mark.parametrize("name", ["page.png", "text.png"])
def test_paper_without_a_word_read_is_still_a_board(name: str) -> None:
    frame = Frame(photo(name))
    assert content_of(frame, unsure(frame), ()) is Content.BOARD


def test_a_bare_wall_is_no_board_and_an_unread_drawing_is_one() -> None:
    wall = np.full((600, 800, 3), (200, 205, 210), np.uint8)
    door = (Found(((500.0, 90.0), (700.0, 90.0), (700.0, 599.0), (500.0, 599.0)), 0.6),)
    cv2.rectangle(wall, (500, 90), (700, 620), (150, 170, 190), -1)
    assert content_of(Frame(wall), door, ()) is Content.OTHER
    for n in range(8):
        cv2.circle(wall, (80 + 50 * n, 300), 60, (60, 50, 40), 4, cv2.LINE_AA)
    assert content_of(Frame(wall), door, ()) is Content.BOARD


def test_words_notes_or_a_sure_surface_make_a_board_of_anything() -> None:
    frame = Frame(photo("astronaut.png"))
    words = (region("Parcours usager"),)
    notes = (region("a", kind=RegionKind.NOTE), region("b", kind=RegionKind.NOTE))
    surface = (Found(((9.0, 9.0), (400.0, 9.0), (400.0, 400.0), (9.0, 400.0)), 0.9),)
    assert content_of(frame, unsure(frame), words) is Content.BOARD
    assert content_of(frame, unsure(frame), notes) is Content.BOARD
    assert content_of(frame, surface, ()) is Content.BOARD


def test_blank_notes_make_a_board_only_where_many_are_of_one_size() -> None:
    frame = Frame(photo("astronaut.png"))
    assert content_of(frame, unsure(frame), (region("", kind=RegionKind.NOTE),) * 3) is Content.PEOPLE
    assert content_of(frame, unsure(frame), (region("", kind=RegionKind.NOTE),) * 6) is Content.BOARD


def test_doubtful_letters_speak_for_nothing() -> None:
    assert letters((region("Parcours usager", 0.3),), 0.6) == 0
    assert letters((region("Parcours usager", 0.9),), 0.6) == 14
    frame = Frame(photo("astronaut.png"))
    assert content_of(frame, unsure(frame), (region("Parcours usager", 0.3),)) is Content.PEOPLE


def test_even_ground_is_told_from_a_busy_picture() -> None:
    assert even_ground(np.full((300, 400, 3), 220, np.uint8)) == pytest.approx(1.0)
    blocks = np.random.default_rng(0).integers(0, 255, (16, 12, 3), dtype=np.uint8)
    assert even_ground(np.asarray(np.kron(blocks, np.ones((20, 20, 1))), np.uint8)) < 0.3


@pytest.mark.parametrize("size", [(1, 1), (10, 400), (24, 24)])
def test_tiny_pictures_hold_no_face(size: tuple[int, int]) -> None:
    assert faces(np.full((*size, 3), 128, np.uint8), 0.06) == 0
