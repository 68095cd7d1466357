"""Faces: found in a real photo, unknowable once blurred, in every picture of the board, whatever is read again."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage import data

from archive.errors import UsageError
from archive.model import CorrectionField, Session
from archive.store import Archive
from capture import faces
from tests.archive import making

FACE = ((120.0, 120.0), (240.0, 120.0), (240.0, 260.0), (120.0, 260.0))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.create(tmp_path / "archive") as made:
        yield made


def jpeg(pixels: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=92)
    return out.getvalue()


def test_a_face_is_pointed_out(archive: Archive) -> None:
    """scikit-image's portrait of an astronaut: the face lies at about (224, 110), 100 pixels wide."""
    archive.catalog.add_session(Session("s", "S"))
    photo, _ = archive.catalog.add_photo("s", archive.blobs.put(jpeg(data.astronaut())), "a.jpg")  # type: ignore[no-untyped-call]
    found = faces.suggested(archive, photo)
    assert any(abs(np.mean([p[0] for p in f]) - 222) < 30 and abs(np.mean([p[1] for p in f]) - 112) < 30 for f in found)
    assert len(found) <= 3


def test_what_is_left_of_a_face_tells_two_faces_apart_no_more() -> None:
    """Noise of two kinds with the same means: after blurring nothing of the difference is left."""
    chance = np.random.default_rng(5)
    left, right = (chance.integers(0, 2, (200, 200, 3), dtype=np.uint8) * 255 for _ in range(2))
    place = ((20.0, 20.0), (180.0, 20.0), (180.0, 180.0), (20.0, 180.0))
    a, b = (faces.blurred(each, [place]).astype(float) for each in (left, right))
    assert np.abs(a - b)[25:175, 25:175].mean() < 12
    assert np.array_equal(a[:15], left[:15]), "what lies beside it is left alone"


def filled(archive: Archive) -> tuple[str, str]:
    archive.catalog.add_session(Session("s", "S"))
    chance = np.random.default_rng(1)
    pixels = chance.integers(0, 255, (800, 1000, 3), dtype=np.uint8)
    photo, _ = archive.catalog.add_photo("s", archive.blobs.put(jpeg(pixels)), "a.jpg")
    board = read(archive, photo.id, pixels)
    return photo.id, board


def read(archive: Archive, photo: str, pixels: np.ndarray) -> str:
    names = {name: archive.blobs.put(jpeg(pixels)).sha256 for name in ("straight", "clean", "thumb")}
    [board] = archive.catalog.commit_scan(photo, making.scan([making.surface(making.LEFT)]), [names])
    return board.id


def shown(archive: Archive, board: str, name: str) -> np.ndarray:
    digest = archive.catalog.board(board).renditions[name]
    found = cv2.imdecode(np.frombuffer(archive.blobs.get(digest), np.uint8), cv2.IMREAD_COLOR)
    return np.asarray(found, np.float64)


def place_on(archive: Archive, board: str) -> tuple[slice, slice]:
    to_board = np.linalg.inv(np.array(archive.catalog.board(board).views[0].homography))
    points = cv2.perspectiveTransform(np.array([FACE]), to_board)[0]
    (x0, y0), (x1, y1) = points.min(0), points.max(0)
    return slice(int(y0) + 6, int(y1) - 6), slice(int(x0) + 6, int(x1) - 6)


def test_every_picture_is_blurred_until_it_is_taken_back(archive: Archive) -> None:
    photo, board = filled(archive)
    before = archive.catalog.board(board).renditions
    here = place_on(archive, board)
    assert shown(archive, board, "straight")[here].std() > 40
    made = archive.catalog.correct(photo, None, CorrectionField.FACES, [[list(p) for p in FACE]])
    assert not archive.catalog.board(board).renditions, "none is shown that was made before"
    assert faces.blur_boards(archive, [board]) == 1
    after = archive.catalog.board(board)
    assert set(after.renditions) == {"straight", "clean", "thumb"}
    assert not set(after.renditions.values()) & set(before.values())
    for name in ("straight", "clean"):
        assert shown(archive, board, name)[here].std() < 12
    assert faces.blur_boards(archive, [board]) == 0
    archive.catalog.withdraw(made.id)
    assert archive.catalog.board(board).renditions == before


def test_a_new_reading_brings_no_face_back(archive: Archive) -> None:
    photo, board = filled(archive)
    archive.catalog.correct(photo, None, CorrectionField.FACES, [[list(p) for p in FACE]])
    faces.blur_boards(archive, [board])
    again = read(archive, photo, np.random.default_rng(2).integers(0, 255, (800, 1000, 3), dtype=np.uint8))
    assert again == board
    assert not archive.catalog.board(board).renditions
    faces.blur_boards(archive, [board])
    assert shown(archive, board, "straight")[place_on(archive, board)].std() < 12


@pytest.mark.parametrize("value", ["x", [[1, 2]], [[[0, 0], [1, float("nan")], [2, 2]]], [[[0, 0], [9, 9]]], [[]]])
def test_outlines_that_enclose_nothing_are_refused(archive: Archive, value: object) -> None:
    photo, _ = filled(archive)
    with pytest.raises(UsageError):
        archive.catalog.correct(photo, None, CorrectionField.FACES, value)
