"""The measure of orientation: EXIF and pixels are turned as it says, and a wrong turn is told."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from bench.turn import BY_EXIF, TURNS, right_turn, stored, turned_points
from capture.pipeline.load import decode

SPOT = (12, 5)


def photo() -> Image.Image:
    """60 × 40, grey with a red spot near the top left."""
    image = Image.new("RGB", (60, 40), (128, 128, 128))
    for dx in range(-3, 4):
        for dy in range(-3, 4):
            image.putpixel((SPOT[0] + dx, SPOT[1] + dy), (255, 0, 0))
    return image


@pytest.mark.parametrize("orientation", list(BY_EXIF))
@pytest.mark.parametrize("turn", TURNS)
def test_the_photo_is_turned_whatever_its_exif_says(turn: int, orientation: int) -> None:
    pixels = decode(stored(photo(), turn, orientation)).frame.pixels.astype(int)
    red = np.argwhere(pixels[..., 2] - pixels[..., 1] > 80)[:, ::-1].mean(axis=0)
    expected = turned_points(np.array([SPOT], np.float64), 60, 40, turn)[0]
    assert np.abs(red - expected).max() < 1


def test_a_wrong_turn_is_told() -> None:
    truth = np.array([[10.0, 10], [90, 12], [92, 60], [8, 58]])
    assert right_turn(truth + 1, truth)
    for turn in (1, 2, 3):
        assert not right_turn(np.roll(truth, turn, axis=0), truth)
