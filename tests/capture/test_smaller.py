"""Pictures made smaller: the size asked for, the light kept, everything where it was."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from capture.pipeline.smaller import smaller


@pytest.mark.parametrize(("height", "width"), [(600, 800), (601, 803), (300, 3000), (97, 41)])
@pytest.mark.parametrize("factor", [1.0, 1.5, 2.0, 3.7, 8.0])
def test_what_is_averaged_at_once_and_by_halves_is_the_same(height: int, width: int, factor: float) -> None:
    rng = np.random.default_rng(7)
    noise = rng.normal(0, 60, (height, width, 3)).astype(np.float32)
    pixels = np.clip(128 + 4 * cv2.GaussianBlur(noise, (0, 0), 5), 0, 255).astype(np.uint8)
    size = (round(width / factor), round(height / factor))
    seen = smaller(pixels, size)
    at_once = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    assert seen.shape[:2] == size[::-1]
    assert np.abs(seen.astype(float) - at_once).mean() < 3


def test_a_dot_stays_where_it_was() -> None:
    pixels = np.zeros((1501, 2001, 3), np.uint8)
    cv2.circle(pixels, (1700, 1200), 40, (255, 255, 255), -1)
    light = smaller(pixels, (500, 375))[..., 0].astype(float)
    y, x = np.indices(light.shape)
    place = np.array([(light * x).sum(), (light * y).sum()]) / light.sum()
    assert np.abs((place + 0.5) * [2001 / 500, 1501 / 375] - 0.5 - [1700, 1200]).max() < 1.5


def test_nothing_is_changed_in_place() -> None:
    pixels = np.full((64, 64, 3), 9, np.uint8)
    pixels.flags.writeable = False
    assert (smaller(pixels, (64, 64)) == 9).all()
    assert smaller(pixels, (30, 30)).shape == (30, 30, 3)
