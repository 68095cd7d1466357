"""The truth of a rendered photo against the photo itself."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from samples.boards import KINDS
from samples.boards.notes import PADS
from samples.camera import Pose, aim
from samples.canvas import Canvas
from samples.look import CLEAN, HARD, Look
from samples.render import Rendered, hang, render
from samples.sets import SetSpec, photo_set
from samples.spec import Spec
from samples.texts import texts

SIZE = (1000, 750)
TEXT = texts("tune")[0]


def decoded(done: Rendered) -> NDArray[np.uint8]:
    picture = cv2.imdecode(np.frombuffer(done.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture, np.uint8)


def shot(kind: str, seed: int, look: Look = CLEAN, **more: Any) -> Rendered:
    return render(Spec(TEXT, kind, SIZE, look, **more), seed)


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_gives_the_same_photo(kind: str) -> None:
    once, again, other = shot(kind, 5, HARD), shot(kind, 5, HARD), shot(kind, 6, HARD)
    assert once.jpeg == again.jpeg
    assert once.truth == again.truth
    assert once.jpeg != other.jpeg


def test_a_photo_of_a_set_does_not_depend_on_the_count() -> None:
    small = SetSpec(size=(400, 300))
    few, many = list(photo_set(3, 2, small)), list(photo_set(3, 3, small))
    assert [f.jpeg for f in few] == [m.jpeg for m in many[:2]]


def test_marks_on_a_board_fall_where_the_camera_says() -> None:
    canvas = Canvas(1000, 600, (20, 20, 20, 50), 1.4, (250, 250, 250))
    marks = np.array([[30, 30], [970, 30], [970, 570], [30, 570], [500, 300]], np.float64)
    for x, y in marks:
        canvas.fill(np.array([[x - 12, y - 12], [x + 12, y - 12], [x + 12, y + 12], [x - 12, y + 12]]), (0, 0, 0))
    corners = np.array([[0, 0, -5], [1000, 0, -5], [1000, 600, -5], [0, 600, -5]], np.float64)
    camera = aim(corners, (1600, 1200), Pose(22, -9, 3, 0.8))
    to_photo = camera.plane(np.array([0, 0, -5.0]), np.array([1.0, 0, 0]), np.array([0, 1.0, 0]))
    picture = np.full((1200, 1600, 3), 250, np.uint8)
    hang(picture, canvas, to_photo)
    _, _, _, centres = cv2.connectedComponentsWithStats((picture[..., 0] < 128).astype(np.uint8))
    expected = camera.project(np.hstack([marks, np.full((5, 1), -5.0)]))
    found = np.array(centres)[1:]
    assert len(found) == 5
    nearest = np.hypot(*(expected[:, None] - found[None]).transpose(2, 0, 1)).min(1)
    assert nearest.max() < 1.0


def test_the_pose_is_kept() -> None:
    corners = np.array([[0, 0, 0], [1800, 0, 0], [1800, 1200, 0], [0, 1200, 0]], np.float64)
    camera = aim(corners, (4000, 3000), Pose(15, 5, 2, 0.8, (0.05, -0.03)))
    seen = camera.project(corners)
    assert (np.ptp(seen, axis=0) / (4000, 3000)).max() == pytest.approx(0.8, abs=0.002)
    assert camera.project(corners.mean(0)[None])[0] == pytest.approx((0.55 * 4000, 0.47 * 3000), abs=1.5)


def edge_offsets(grey: NDArray[np.float64], a: NDArray[np.float64], b: NDArray[np.float64]) -> list[float]:
    """How far from the side a–b the steepest step across it lies, at places along it (pixels)."""
    along = (b - a) / np.hypot(*(b - a))
    across = np.array([-along[1], along[0]])
    steps = np.arange(-6, 6.01, 0.25)
    out = []
    for t in np.linspace(0.15, 0.85, 15):
        points = (a + t * (b - a))[None] + steps[:, None] * across
        at = points[None].astype(np.float32)
        values = cv2.remap(grey.astype(np.float32), at[..., 0], at[..., 1], cv2.INTER_LINEAR)[0]
        out.append(float(steps[int(np.abs(np.gradient(np.asarray(values, float))).argmax())]))
    return out


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_quad_lies_on_the_edges_of_the_paper(seed: int) -> None:
    done = shot("fresco", seed, replace(CLEAN, contrast=75), orientation=1)
    grey = cv2.cvtColor(decoded(done), cv2.COLOR_BGR2GRAY).astype(np.float64)
    quad = np.array(done.truth["quad"])
    for i in (0, 1, 3):  # the foot has the shadow of the sheet
        assert abs(np.median(edge_offsets(grey, quad[i], quad[(i + 1) % 4]))) < 1.0


def test_an_edge_that_is_off_is_seen() -> None:
    done = shot("fresco", 1, replace(CLEAN, contrast=75), orientation=1)
    grey = cv2.cvtColor(decoded(done), cv2.COLOR_BGR2GRAY).astype(np.float64)
    quad = np.array(done.truth["quad"]) + np.array([0, 3.0])
    assert abs(np.median(edge_offsets(grey, quad[0], quad[1]))) > 2


@pytest.mark.parametrize("kind", KINDS)
def test_lines_and_the_flat_board_hold_the_ink(kind: str) -> None:
    done = shot(kind, 4, flat=True)
    assert done.ink is not None
    assert done.flat is not None
    assert done.flat.shape[:2] == done.ink.shape
    photo = cv2.cvtColor(decoded(done), cv2.COLOR_BGR2GRAY)
    w = done.ink.shape[1]
    mm = done.truth["millimetres"]
    corners = np.array([[0, 0], [mm[0], 0], [mm[0], mm[1]], [0, mm[1]]]) * (w / mm[0]) - 0.5
    quad = done.truth["quad"]
    assert quad is not None
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), np.array(quad, np.float32))
    ink = cv2.warpPerspective(done.ink, matrix, photo.shape[::-1])
    assert len(done.truth["lines"]) > 4
    for line in done.truth["lines"]:
        inside = np.zeros(photo.shape, np.uint8)
        cv2.fillPoly(inside, [np.array(line["poly"]).round().astype(np.int32)], 1)
        written, bare = (inside > 0) & (ink > 200), (inside > 0) & (ink < 20)
        assert 0.02 < written.sum() / inside.sum() < 0.7, line["text"]
        assert photo[bare].mean() - photo[written].mean() > 25, line["text"]


def nearest_pad(colour: NDArray[np.float64]) -> str:
    def lab(bgr: Any) -> NDArray[np.float64]:
        return np.asarray(cv2.cvtColor(np.array([[bgr]], np.uint8), cv2.COLOR_BGR2LAB)[0, 0], np.float64)

    found = lab(colour)
    return min(
        (float(np.hypot(*(lab(c) - found)[1:])) + abs(lab(c) - found)[0] / 2, n) for n, cs in PADS.items() for c in cs
    )[1]


@pytest.mark.parametrize("seed", range(4))
def test_notes_have_the_colour_that_is_stated(seed: int) -> None:
    plain = replace(CLEAN, uneven=(0, 0), exposure=(1.15, 1.15))
    done = shot("notes", seed, plain)
    picture = decoded(done)
    assert len(done.truth["notes"]) == len(TEXT.lines)
    for note in done.truth["notes"]:
        poly = np.array(note["poly"])
        inside = np.zeros(picture.shape[:2], np.uint8)
        cv2.fillPoly(inside, [((poly - poly.mean(0)) * 0.85 + poly.mean(0)).round().astype(np.int32)], 1)
        assert nearest_pad(np.median(picture[inside > 0], axis=0)) == note["colour"]


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_exif_rights_the_photo_and_dates_it(orientation: int) -> None:
    taken = datetime(2025, 11, 4, 9, 47)
    done = shot("flipchart", 2, orientation=orientation, taken_at=taken, portrait=True)
    upright = shot("flipchart", 2, orientation=1, taken_at=taken, portrait=True)
    with Image.open(io.BytesIO(done.jpeg)) as stored:
        exif = stored.getexif()
        assert exif.get(0x0112) == orientation
        assert exif.get_ifd(0x8769)[0x9003] == "2025:11:04 09:47:00"
        assert stored.size == (SIZE if orientation in (6, 8) else SIZE[::-1])
    a, b = decoded(done), decoded(upright)
    assert a.shape == b.shape == (SIZE[0], SIZE[1], 3)
    assert (done.truth["width"], done.truth["height"]) == (SIZE[1], SIZE[0])
    assert np.abs(a.astype(int) - b).mean() < 2


def test_what_someone_hides_is_not_asked_for() -> None:
    look = replace(CLEAN, person=1.0)
    rendered = [shot("whiteboard", seed, look) for seed in (5, 6, 7)]
    hidden = [r.truth for r in rendered if r.truth["hidden_lines"]]
    assert hidden
    assert all(not t["complete"] and "person" in t["hard"] for t in hidden)
