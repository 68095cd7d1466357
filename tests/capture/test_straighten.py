"""One warp, true proportions, exact mapping, for quads of any shape and cameras with a known truth."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from archive.errors import UsageError
from archive.model import Quad
from capture.pipeline.frame import Frame
from capture.pipeline.straighten import Params, aspect_ratio, board_size, straighten

WIDTH, HEIGHT = 400, 300


def as_quad(corners: NDArray[np.float64]) -> Quad:
    a, b, c, d = ((float(x), float(y)) for x, y in corners)
    return (a, b, c, d)


def seen(ratio: float, turns: tuple[float, float, float], focal: float, distance: float = 2.5) -> NDArray[np.float64]:
    """Corners of a ``ratio``:1 board, in a 4000×3000 photo of a pinhole camera (``focal`` in long sides)."""
    board = np.array([[-ratio, -1, 0], [ratio, -1, 0], [ratio, 1, 0], [-ratio, 1, 0]]) / math.hypot(ratio, 1)
    rotation = np.asarray(cv2.Rodrigues(np.array(turns))[0])
    placed = board @ rotation.T + [0.1, -0.05, distance]
    return placed[:, :2] / placed[:, 2:] * focal * 4000 + [1999.5, 1499.5]


corner = st.floats(-60, 60)


@given(st.lists(corner, min_size=8, max_size=8))
def test_mapping_both_ways_is_exact(moves: list[float]) -> None:
    base = np.array([[80.0, 70], [320, 70], [320, 230], [80, 230]])
    quad = base + np.array(moves).reshape(4, 2)
    frame = Frame(np.full((HEIGHT, WIDTH, 3), 200, np.uint8))
    board = straighten(frame, as_quad(quad))
    outline = np.array(
        [[-0.5, -0.5], [board.width - 0.5, -0.5], [board.width - 0.5, board.height - 0.5], [-0.5, board.height - 0.5]]
    )
    assert np.abs(board.points_to_photo(outline) - quad).max() < 0.1
    inner = outline * 0.8 + 0.1 * np.array([board.width, board.height])
    assert np.abs(board.points_from_photo(board.points_to_photo(inner)) - inner).max() < 0.1


@given(st.floats(0.5, 3.0), st.floats(-0.45, 0.45), st.floats(-0.45, 0.45), st.floats(-0.3, 0.3))
def test_proportions_are_the_boards_own(ratio: float, pitch: float, yaw: float, roll: float) -> None:
    """A phone's usual focal length: right wherever the camera stood, the near-parallel case included."""
    corners = seen(ratio, (pitch, yaw, roll), Params().focal)
    assert aspect_ratio(corners, 4000, 3000) == pytest.approx(ratio, rel=0.02)


@pytest.mark.parametrize("focal", [0.65, 1.2, 2.0])
def test_another_lens_is_read_from_the_quad(focal: float) -> None:
    corners = seen(1.6, (0.35, 0.5, 0.1), focal, distance=2.0 * max(1.0, focal))
    assert aspect_ratio(corners, 4000, 3000) == pytest.approx(1.6, rel=0.02)


@given(st.floats(0.5, 3.0), st.floats(-0.4, 0.4), st.floats(-0.4, 0.4))
def test_area_of_the_quad_is_kept(ratio: float, pitch: float, yaw: float) -> None:
    corners = seen(ratio, (pitch, yaw, 0.0), 0.8)
    width, height = board_size(corners, 4000, 3000)
    x, y = corners.T
    area = 0.5 * abs(float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum()))
    assert width * height == pytest.approx(area, rel=0.01)


def test_size_is_capped() -> None:
    corners = np.array([[0.0, 0], [4000, 0], [4000, 3000], [0, 3000]])
    width, height = board_size(corners, 4000, 3000, Params(max_pixels=1_000_000))
    assert width * height <= 1_010_000
    assert width / height == pytest.approx(4 / 3, rel=0.01)


@settings(max_examples=25, deadline=None)
@given(st.floats(0.6, 2.4), st.floats(-0.4, 0.4), st.floats(-0.4, 0.4), st.integers(0, 10**6))
def test_pixels_land_where_the_mapping_says(ratio: float, pitch: float, yaw: float, seed: int) -> None:
    """Soft dots at known places of the photo: the centroid found in the board maps back to them within 0.1 px."""
    corners = seen(ratio, (pitch, yaw, 0.05), 0.8) / 10
    chance = np.random.default_rng(seed)
    x, y = np.meshgrid(np.arange(400.0), np.arange(300.0))
    centre = corners.mean(axis=0)
    dots = np.array([corners[k] * 0.6 + centre * 0.4 for k in range(4)]) + chance.uniform(-1, 1, (4, 2))
    photo = np.full((300, 400), 230.0)
    for dot in dots:
        photo -= 200 * np.exp(-((x - dot[0]) ** 2 + (y - dot[1]) ** 2) / 8)
    board = straighten(Frame(np.repeat(photo[..., None], 3, 2).round().astype(np.uint8)), as_quad(corners))
    dark = 230.0 - board.pixels[..., 1]
    for dot, place in zip(dots, board.points_from_photo(dots), strict=True):
        left, top = np.maximum(np.rint(place).astype(int) - 9, 0)
        part = np.where(dark > 4, dark, 0)[top : top + 19, left : left + 19]
        rows, columns = np.indices(part.shape)
        found = np.array([[left + (part * columns).sum() / part.sum(), top + (part * rows).sum() / part.sum()]])
        assert np.abs(board.points_to_photo(found)[0] - dot).max() < 0.1


def test_corners_outside_are_filled_with_the_ground() -> None:
    photo = np.full((300, 400, 3), (180, 200, 210), np.uint8)
    board = straighten(Frame(photo), ((-100.0, 20.0), (300.0, 20.0), (300.0, 280.0), (-100.0, 280.0)))
    assert np.abs(board.pixels.astype(int) - [180, 200, 210]).max() <= 1


def test_much_smaller_results_do_not_alias() -> None:
    """Fine stripes average to grey instead of making new, coarser ones."""
    photo = np.zeros((1200, 1600, 3), np.uint8)
    photo[:, ::2] = 255
    board = straighten(
        Frame(photo), ((10.0, 10.0), (1580.0, 12.0), (1575.0, 1190.0), (12.0, 1185.0)), Params(max_pixels=100_000)
    )
    assert board.pixels[5:-5, 5:-5].std() < 30


def test_whole_photo_is_left_alone() -> None:
    frame = Frame(np.random.default_rng(0).integers(0, 255, (30, 40, 3)).astype(np.uint8))
    board = straighten(frame, ((-0.5, -0.5), (39.5, -0.5), (39.5, 29.5), (-0.5, 29.5)))
    assert np.array_equal(board.pixels, frame.pixels)


def test_mapping_composes_with_the_frames_own() -> None:
    half = np.diag([2.0, 2.0, 1.0])
    frame = Frame(np.full((150, 200, 3), 128, np.uint8), half)
    quad = ((40.0, 30.0), (300.0, 40.0), (310.0, 250.0), (50.0, 240.0))
    board = straighten(frame, quad)
    assert np.abs(board.points_to_photo(np.array([[-0.5, -0.5]])) - [40, 30]).max() < 1e-6


@pytest.mark.parametrize(
    "quad",
    [
        ((0.0, 0.0), (10.0, 10.0), (10.0, 0.0), (0.0, 10.0)),
        ((5.0, 5.0), (5.0, 5.0), (5.0, 5.0), (5.0, 5.0)),
        ((0.0, 0.0), (0.0, 10.0), (10.0, 10.0), (10.0, 0.0)),
    ],
)
def test_corners_that_make_no_board_are_refused(quad: Quad) -> None:
    with pytest.raises(UsageError):
        straighten(Frame(np.zeros((20, 20, 3), np.uint8)), quad)
