"""Cleaning on drawn boards whose ink, fills and light are known."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest

from bench.clean import METHODS, Case, cases
from bench.clean_baselines import BASELINES
from bench.clean_score import score
from capture.pipeline import clean, ground
from capture.pipeline.frame import Frame, Pixels

WHITE, DARK = (246, 247, 247), (52, 60, 48)


def written(background: tuple[int, int, int] = WHITE, pens: tuple[tuple[int, int, int], ...] = ()) -> Pixels:
    """900×1200: four lines of writing."""
    picture = np.full((900, 1200, 3), background, np.uint8)
    for n, colour in enumerate(pens or ((40, 40, 40), (40, 40, 190), (160, 70, 20), (60, 120, 30))):
        cv2.putText(picture, "Parcours des aidants", (60, 150 + 180 * n), 0, 2.4, colour, 8, cv2.LINE_AA)
    return picture


def lit(picture: Pixels, low: float, high: float, noise: float = 1.5) -> Pixels:
    """A lamp on the right, and a sensor's noise."""
    light = np.linspace(low, high, picture.shape[1])[None, :, None] ** np.ones((picture.shape[0], 1, 1))
    grain = np.random.default_rng(3).normal(0, noise, picture.shape)
    return np.asarray(np.clip(picture * light + grain, 0, 255), np.uint8)


@cache
def drawn() -> list[Case]:
    return list(cases(3, 2, "field", ("fresco", "notes"), size=(1400, 1050)))


def test_on_drawn_boards_colours_stay_and_every_known_method_is_beaten() -> None:
    def mean(figure: str, method: str) -> float:
        values = [score(case.truth, METHODS[method](case.straight.pixels)).get(figure) for case in drawn()]
        return float(np.mean([v for v in values if v is not None]))

    assert mean("ink found", "ours") > 0.98
    assert mean("white", "ours") > 99
    for figure in ("fills", "notes"):
        ours = mean(figure, "ours")
        assert ours < 7
        assert all(ours < mean(figure, other) for other in BASELINES)


def test_light_from_one_side_is_evened() -> None:
    cleaned = clean.for_eye(Frame(lit(written(), 0.3, 1.0))).pixels
    bare = cv2.cvtColor(cleaned[780:, :], cv2.COLOR_BGR2GRAY)
    assert np.percentile(bare, 2) > 245


def test_dark_corners_are_not_raised_to_noise() -> None:
    picture = lit(written(), 0.06, 1.0, noise=4)
    corner = clean.for_eye(Frame(picture)).pixels[780:, :100].astype(np.float32)
    grain = corner - cv2.GaussianBlur(corner, (0, 0), 5)
    assert float(grain.std()) < 30  # divided by its own light it would be 68


@pytest.mark.parametrize("noise", [0.0, 3.0])
def test_pens_keep_their_hue_and_gain_colour(noise: float) -> None:
    plain = written()
    cleaned = clean.for_eye(Frame(lit(plain, 0.7, 0.7, noise))).pixels
    for n in (1, 2, 3):
        line = slice(60 + 180 * n, 160 + 180 * n)
        core = cv2.erode((plain[line].min(axis=2) < 80).astype(np.uint8), np.ones((5, 5))) > 0
        before, after = (p[line][core].mean(axis=0) for p in (lit(plain, 0.7, 0.7, noise), cleaned))
        hsv = cv2.cvtColor(np.array([[before, after]], np.float32) / 255, cv2.COLOR_BGR2HSV)[0]
        assert abs((hsv[1, 0] - hsv[0, 0] + 180) % 360 - 180) < 12  # degrees
        assert hsv[1, 1] >= hsv[0, 1]


def test_a_dark_board_stays_dark_and_its_chalk_light() -> None:
    pens = ((230, 230, 230), (120, 220, 240), (230, 200, 150), (200, 220, 230))
    board = lit(written(DARK, pens), 0.5, 1.0)
    assert ground.estimate(board).dark
    cleaned = cv2.cvtColor(clean.for_eye(Frame(board)).pixels, cv2.COLOR_BGR2GRAY)
    assert np.median(cleaned) < 60
    assert np.percentile(cleaned[90:160, 60:400], 95) > 200
    for_readers = clean.for_reading(Frame(board)).pixels
    assert np.median(for_readers) > 150


def test_the_writing_of_the_back_is_left_out_and_a_sheet_of_pencil_stays() -> None:
    page, back = written(), np.ascontiguousarray(written(pens=((40, 40, 40),) * 4)[:, ::-1])
    through = np.minimum(page, (247 - (247.0 - np.roll(back, 90, axis=0)) * 0.22).astype(np.uint8))
    front = cv2.dilate((page.min(axis=2) < 240).astype(np.uint8), np.ones((15, 15))) > 0
    only = (np.roll(back, 90, axis=0).min(axis=2) < 60) & ~front
    cleaned = clean.for_eye(Frame(lit(through, 0.6, 0.9))).pixels
    assert cleaned[only].mean() > 252
    assert lit(through, 0.6, 0.9)[only].mean() / lit(page, 0.6, 0.9)[only].mean() < 0.85
    pencil = clean.for_eye(Frame(lit(written(pens=((175, 175, 175),) * 4), 0.6, 0.9))).pixels
    strokes = written(pens=((175, 175, 175),) * 4).min(axis=2) < 180
    assert pencil[strokes].mean() < 190


def test_the_shadow_of_a_note_goes_and_thin_writing_beside_it_stays() -> None:
    board = np.full((900, 1200, 3), WHITE, np.uint8)
    shadow = np.zeros(board.shape[:2], np.float32)
    cv2.rectangle(shadow, (406, 308), (606, 508), 0.4, -1)
    board[:] = (board * (1 - cv2.GaussianBlur(shadow, (0, 0), 4))[..., None]).astype(np.uint8)
    cv2.rectangle(board, (400, 300), (600, 500), (125, 240, 253), -1)
    cv2.putText(board, "suite", (640, 420), 0, 1.0, (90, 90, 90), 2, cv2.LINE_AA)
    sheet = ((400.0, 300.0), (600.0, 300.0), (600.0, 500.0), (400.0, 500.0))
    cleaned = clean.for_eye(Frame(lit(board, 0.6, 0.9)), sheets=[sheet]).pixels
    bare = clean.for_eye(Frame(lit(written(), 0.6, 0.9))).pixels
    assert cleaned[505:520, 420:590].mean() > 250 > 240 > lit(board, 0.6, 0.9)[505:520, 420:590].mean()
    assert cleaned[390:425, 640:720].mean() < bare[700:750, 640:720].mean() - 10
    assert cleaned[330:470, 430:570, 0].mean() < 180  # the note keeps its colour


def test_the_line_of_a_frame_goes_and_writing_at_the_border_stays() -> None:
    board = written()
    board[:8] = 90
    cv2.line(board, (300, 0), (330, 120), (40, 40, 190), 6, cv2.LINE_AA)
    cleaned = clean.for_eye(Frame(lit(board, 0.7, 0.9))).pixels
    assert cleaned[:8, 500:1150].mean() > 245
    assert cleaned[2:8, 295:308, 0].min() < 150


def test_glare_is_reported_and_stays_as_it_is() -> None:
    picture = lit(written(), 0.6, 0.6)
    assert clean.glare(Frame(picture)) == 0.0
    cv2.circle(picture, (800, 500), 110, (255, 255, 255), -1)
    share = np.pi * 110**2 / (900 * 1200)
    assert clean.glare(Frame(picture)) == pytest.approx(share, rel=0.15)
    cleaned = clean.for_eye(Frame(picture)).pixels
    assert (cleaned[430:570, 730:870] > 250).all()  # nothing invented where nothing was seen


def test_the_brighter_end_of_an_even_light_is_no_glare() -> None:
    assert clean.glare(Frame(lit(written(), 0.7, 1.15))) == 0.0


def test_a_window_mirrored_in_a_board_does_not_make_it_a_grey_wall() -> None:
    picture = lit(written((160, 168, 176)), 0.75, 0.75).astype(np.float32)
    for x in (250, 480):
        pane = np.zeros(picture.shape[:2], np.float32)
        cv2.rectangle(pane, (x, 250), (x + 200, 620), 0.5, -1)
        linear = (picture / 255) ** 2 + cv2.GaussianBlur(pane, (0, 0), 3)[..., None]
        picture = np.minimum(np.sqrt(linear), 1) * 255
    mirrored = ground.estimate(np.asarray(picture, np.uint8))
    assert clean.whiteness(mirrored) == 1.0
    sheets = lit(written((160, 168, 176)), 0.75, 0.75)
    for x in (250, 480):
        cv2.rectangle(sheets, (x, 250), (x + 200, 620), (236, 238, 240), -1)
        cv2.putText(sheets, "Idee", (x + 20, 450), 0, 2, (50, 50, 50), 5, cv2.LINE_AA)
    assert clean.whiteness(ground.estimate(sheets)) < 1.0


def test_size_and_the_way_back_are_kept_and_a_shared_estimate_changes_nothing() -> None:
    way = np.array([[1.1, 0, 4], [0, 1.2, 5], [0, 0, 1]])
    frame = Frame(lit(written(), 0.5, 1.0), way)
    cleaned = clean.for_eye(frame)
    assert (cleaned.width, cleaned.height) == (1200, 900)
    assert (cleaned.to_photo == way).all()
    shared = clean.for_eye(frame, seen=ground.estimate(frame.pixels))
    assert (shared.pixels == cleaned.pixels).all()


@pytest.mark.parametrize("size", [(1, 1), (8, 300), (40, 30)])
def test_tiny_and_narrow_boards(size: tuple[int, int]) -> None:
    picture = np.random.default_rng(1).integers(0, 255, (*size, 3), np.uint8)
    assert clean.for_eye(Frame(picture)).pixels.shape == picture.shape
    assert 0 <= clean.glare(Frame(picture)) <= 1
