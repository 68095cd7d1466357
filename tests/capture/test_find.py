"""Boards found in small scenes drawn here, with known corners."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from shapely.geometry import Polygon, box

from archive.model import Quad
from bench.find_odd import glass, overlap
from bench.find_scenes import draw_scene
from bench.find_trouble import wall_of_notes
from bench.rooms import draw_room
from capture.pipeline.find import find_boards
from capture.pipeline.frame import Frame

Image = NDArray[np.uint8]
Colour = tuple[int, int, int]

OBLIQUE = ((200, 160), (1010, 210), (990, 740), (180, 790))


def wall(colour: Colour, width: int = 1200, height: int = 900) -> Image:
    """A wall lit from one side, with the grain of a phone's sensor."""
    light = np.linspace(1.0, 0.8, width)[None, :, None]
    grain = np.random.default_rng(1).normal(0, 2, (height, width, 3))
    return np.asarray(np.clip(np.array(colour) * light + grain, 0, 255), np.uint8)


def put(
    photo: Image, quad: Quad, colour: Colour, ink: Colour | None = (60, 40, 40), frame: Colour | None = None
) -> None:
    """Draw a board over the photo: its frame, its ground, eight lines of strokes."""
    corners = np.array(quad, np.float64)
    if frame is not None:
        outer = corners.mean(axis=0) + (corners - corners.mean(axis=0)) * 1.03
        cv2.fillConvexPoly(photo, np.rint(outer).astype(np.int32), frame, cv2.LINE_AA)
    ground = wall(colour, photo.shape[1], photo.shape[0])
    mask = np.zeros(photo.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, np.rint(corners).astype(np.int32), 255)
    photo[mask > 0] = ground[mask > 0]
    if ink is not None:
        write(photo, corners, ink)


def write(photo: Image, corners: NDArray[np.float64], ink: Colour) -> None:
    chance = np.random.default_rng(3)
    tl, tr, br, bl = corners
    for row in np.linspace(0.12, 0.8, 8):
        for column in np.arange(0.08, 0.6, 0.02):
            u, v = column + chance.uniform(-0.008, 0.008, 6), row + chance.uniform(-0.02, 0.02, 6)
            points = np.outer((1 - u) * (1 - v), tl) + np.outer(u * (1 - v), tr) + np.outer(u * v, br)
            points += np.outer((1 - u) * v, bl)
            cv2.polylines(photo, [np.rint(points).astype(np.int32)], False, ink, 2, cv2.LINE_AA)


def iou(truth: Quad, found: Quad, photo: Image) -> float:
    frame = box(0, 0, photo.shape[1], photo.shape[0])
    a, b = Polygon(truth).intersection(frame), Polygon(found).intersection(frame)
    return float(a.intersection(b).area / a.union(b).area)


def test_the_measure_rejects_a_wrong_quad() -> None:
    photo = wall((90, 80, 70))
    shifted = tuple((x + 100, y) for x, y in OBLIQUE)
    assert iou(OBLIQUE, OBLIQUE, photo) == pytest.approx(1.0)
    assert iou(OBLIQUE, shifted, photo) < 0.85  # type: ignore[arg-type]


def test_whiteboard_on_a_coloured_wall() -> None:
    photo = wall((90, 120, 80))
    put(photo, OBLIQUE, (225, 230, 228))
    found = find_boards(Frame(photo))
    assert iou(OBLIQUE, found[0].quad, photo) > 0.99
    assert found[0].confidence > 0.9
    assert not found[0].whole_photo


def test_white_on_white_is_told_by_a_faint_step() -> None:
    photo = wall((216, 218, 220))
    put(photo, OBLIQUE, (226, 229, 232))
    assert iou(OBLIQUE, find_boards(Frame(photo))[0].quad, photo) > 0.98


@pytest.mark.parametrize("frame", [(60, 60, 60), (150, 150, 150)])
def test_the_board_is_found_inside_its_frame(frame: Colour) -> None:
    photo = wall((110, 90, 130))
    put(photo, OBLIQUE, (225, 230, 228), frame=frame)
    assert iou(OBLIQUE, find_boards(Frame(photo))[0].quad, photo) > 0.98


def test_a_side_out_of_shot() -> None:
    quad = ((-150, 150), (900, 200), (880, 760), (-180, 800))
    photo = wall((90, 120, 80))
    put(photo, quad, (225, 230, 228))
    assert iou(quad, find_boards(Frame(photo))[0].quad, photo) > 0.98


def test_a_dark_board_with_chalk() -> None:
    photo = wall((200, 205, 210))
    put(photo, OBLIQUE, (55, 70, 50), ink=(220, 225, 220))
    assert iou(OBLIQUE, find_boards(Frame(photo))[0].quad, photo) > 0.98


def test_notes_do_not_pass_for_the_board() -> None:
    photo = wall((90, 120, 80))
    put(photo, OBLIQUE, (225, 230, 228), ink=None)
    for x in (300, 520, 740):
        for y in (280, 520):
            put(photo, ((x, y), (x + 160, y + 4), (x + 155, y + 160), (x - 3, y + 158)), (80, 220, 240))
    assert iou(OBLIQUE, find_boards(Frame(photo))[0].quad, photo) > 0.98


def test_two_flip_charts_at_once() -> None:
    photo = wall((90, 80, 110))
    left: Quad = ((90, 120), (540, 130), (545, 790), (80, 800))
    right: Quad = ((680, 140), (1110, 120), (1125, 810), (670, 780))
    put(photo, left, (225, 230, 228))
    put(photo, right, (220, 226, 228))
    found = find_boards(Frame(photo))
    assert len(found) == 2
    for truth in (left, right):
        assert max(iou(truth, f.quad, photo) for f in found) > 0.98


@pytest.mark.parametrize("ink", [False, True])
def test_paper_that_fills_the_photo_is_kept_whole(ink: bool) -> None:
    photo = wall((225, 230, 228))
    if ink:
        write(photo, np.array([[0.0, 0], [1600, 0], [1600, 900], [0, 900]]), (60, 40, 40))
    found = find_boards(Frame(photo))
    assert [f.whole_photo for f in found] == [True]


def test_corners_run_clockwise_from_the_top_left() -> None:
    photo = wall((90, 120, 80))
    put(photo, OBLIQUE, (225, 230, 228))
    assert np.abs(np.array(find_boards(Frame(photo))[0].quad) - OBLIQUE).max() < 2


@pytest.mark.parametrize("shape", [(1, 1), (3, 400), (40, 40), (2000, 8)])
def test_tiny_and_thin_pictures_are_kept_whole(shape: tuple[int, int]) -> None:
    found = find_boards(Frame(np.full((*shape, 3), 200, np.uint8)))
    assert [f.whole_photo for f in found] == [True]


def test_a_page_that_is_a_tenth_of_the_photo() -> None:
    photo = wall((110, 130, 160))
    page: Quad = ((520, 300), (800, 290), (830, 640), (530, 660))
    put(photo, page, (228, 230, 232))
    cv2.rectangle(photo, (900, -10), (1300, 330), (20, 20, 22), -1)  # a screen
    cv2.polylines(photo, [np.array([[60, 900], [300, 560], [900, 500], [1200, 700]], np.int32)], False, (30, 30, 30), 8)
    assert iou(page, find_boards(Frame(photo))[0].quad, photo) > 0.95


def test_a_sheet_stuck_on_a_whiteboard_is_not_the_board() -> None:
    photo = wall((150, 140, 120))
    put(photo, OBLIQUE, (222, 226, 225), frame=(120, 122, 124))
    put(photo, ((620, 280), (880, 290), (875, 640), (610, 630)), (245, 246, 248))
    assert iou(OBLIQUE, find_boards(Frame(photo))[0].quad, photo) > 0.95


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_note_of_a_wall_of_notes_is_lost(seed: int) -> None:
    """Notes on paper that fills the photo: what is found covers them all."""
    photo = np.asarray(wall_of_notes(np.random.default_rng(seed), (1000, 750)).clip(0, 255), np.uint8)
    found = Polygon(find_boards(Frame(photo))[0].quad)
    assert found.intersection(box(0, 0, 1000, 750)).area > 0.9 * 1000 * 750


@pytest.mark.parametrize("seed", [200_004, 200_005])
def test_thin_profiles_that_the_first_look_wipes_with_the_ink_are_seen_in_a_second(seed: int) -> None:
    """A pane of glass, the same room behind it and around it."""
    scene = glass(draw_scene(seed, "whiteboard"), np.random.default_rng(seed))
    [found] = find_boards(Frame(scene.pixels))
    assert overlap(scene, (found,)) > 0.9
    assert found.confidence > 0.8


def test_drawn_scenes_of_every_kind() -> None:
    """Fresh scenes of the generator that the scorer was trained on: piles, devices, folds, people, glare."""
    overlaps = []
    for seed in range(990_000, 990_020):
        scene = draw_scene(seed)
        frame = box(0, 0, scene.pixels.shape[1], scene.pixels.shape[0])
        truths = [Polygon(q).intersection(frame) for q in scene.quads] or [frame]
        found = Polygon(find_boards(Frame(scene.pixels))[0].quad).intersection(frame)
        overlaps.append(max(found.intersection(t).area / found.union(t).area for t in truths))
    assert np.mean(overlaps) > 0.8


def test_whiteboards_in_rooms() -> None:
    """Framed, pale, on wheels and a close-up, by the renderer of rooms; none of them was trained on."""
    scenes = [draw_room(seed, kind, "measure") for seed, kind in ((9200, "framed"), (9201, "pale"), (9203, "wheels"))]
    found = [overlap(scene, find_boards(Frame(scene.pixels))) for scene in scenes]
    assert np.mean(found) > 0.9
    close = draw_room(9207, "close", "measure")
    assert find_boards(Frame(close.pixels))[0].whole_photo
