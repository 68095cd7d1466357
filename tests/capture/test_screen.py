"""Lit screens are told from boards in dark frames; drawn ones, of which the truth is known."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import skimage
from numpy.typing import NDArray

from bench.content_scenes import prototype, screen
from capture.pipeline.content import stands_out
from capture.pipeline.screen import shows_screen


def framed(fall: float, fills: bool, wall: int = 90) -> NDArray[np.uint8]:
    """A white panel in a black frame on a grey wall; ``fall``: share of light lost from one side to the other."""
    photo = np.full((600, 900, 3), wall, np.float32)
    cv2.rectangle(photo, (190, 140), (710, 460), (20, 20, 20), -1)
    cv2.rectangle(photo, (205, 155), (695, 445), (235, 235, 235), -1)
    if fills:
        cv2.rectangle(photo, (205, 155), (695, 200), (150, 60, 30), -1)
        cv2.rectangle(photo, (500, 260), (640, 400), (60, 160, 40), -1)
    photo[155:446, 205:696] *= np.linspace(1, 1 - fall, 491)[None, :, None]
    return np.asarray(photo, np.uint8)


def test_a_lit_panel_in_a_dark_rim_is_a_screen() -> None:
    assert shows_screen(framed(0.0, fills=True))


def test_a_board_in_a_dark_frame_is_none() -> None:
    assert not shows_screen(framed(0.25, fills=True)), "light falls off along a board"
    assert not shows_screen(framed(0.0, fills=False)), "pens leave no fills"
    assert not shows_screen(framed(0.0, fills=True, wall=240)), "a wall in the same light is as bright"


def test_most_drawn_screens_are_seen_and_no_prototype() -> None:
    assert np.mean([shows_screen(screen(seed)) for seed in range(300, 310)]) >= 0.4
    assert not any(shows_screen(prototype(seed)) for seed in range(300, 306))


def test_solid_things_stand_out_and_pages_and_cats_do_not() -> None:
    assert np.mean([stands_out(prototype(seed)) for seed in range(300, 310)]) > 0.6
    for name in ("page.png", "text.png", "chelsea.png", "motorcycle_left.png"):
        assert not stands_out(np.asarray(cv2.imread(f"{skimage.__path__[0]}/data/{name}"), np.uint8)), name


@pytest.mark.parametrize("size", [(1, 1), (30, 500), (48, 48)])
def test_tiny_pictures_show_neither(size: tuple[int, int]) -> None:
    pixels = np.full((*size, 3), 128, np.uint8)
    assert not shows_screen(pixels)
    assert not stands_out(pixels)
