"""One surface in several photos, on drawn boards whose every point is known."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from archive.documents import quad
from archive.model import Content, Homography, Line, Recipe, Region, RegionKind, Scan, Session, StageUse, Surface
from archive.store import Archive
from bench.walls import Taken, misplaced
from capture import renditions, walls
from capture.pipeline import load, straighten
from capture.pipeline.frame import Frame
from capture.pipeline.session import panorama
from capture.pipeline.session.likeness import compare, prepare
from capture.pipeline.session.walls import find_walls
from capture.pipeline.stages import Renditions
from samples.look import look
from samples.pieces import board, shoot
from samples.texts import texts

SIZE = (1400, 1050)


@cache
def shots() -> tuple[Taken, ...]:
    """A fresco in three pieces, a whiteboard twice, a flip chart once."""
    how, pool = look("plain", "tune"), texts("tune")
    fresco, white, flip = (
        board(kind, pool[n], how, n, 1.2) for n, kind in enumerate(("fresco", "whiteboard", "flipchart"))
    )
    taken: list[Taken] = []
    for surface, drawn, spans in (
        (0, fresco, ((0, 0.48), (0.3, 0.76), (0.58, 1))),
        (1, white, ((0, 1), (0, 1))),
        (2, flip, ((0, 1),)),
    ):
        for span in spans:
            piece = shoot(drawn, span, how, 10 * surface + len(taken), SIZE)
            frame = straighten.straighten(load.decode(piece.jpeg).frame, quad(piece.quad))
            taken.append(Taken(surface, piece, frame))
    return tuple(taken)


def test_parts_and_states_are_told_from_each_other_and_from_other_boards() -> None:
    found = find_walls([prepare(each.frame) for each in shots()])
    assert {(wall.parts, tuple(sorted(wall.members))) for wall in found} == {(True, (0, 1, 2)), (False, (3, 4))}
    [joined] = [wall for wall in found if wall.parts]
    assert joined.members == (0, 1, 2)  # from left to right
    assert max(misplaced(joined, list(shots()))) < 12  # mm, on two metres


def test_the_sharpest_state_is_shown_first() -> None:
    first, second = shots()[3].frame, shots()[4].frame
    soft = Frame(np.asarray(cv2.GaussianBlur(first.pixels, (0, 0), 3), np.uint8), first.to_photo)
    [wall] = find_walls([prepare(soft), prepare(second)])
    assert wall.members == (1, 0)


def test_boards_that_a_person_parted_stay_apart() -> None:
    assert find_walls([prepare(each.frame) for each in shots()[3:5]], apart=lambda a, b: True) == ()


def test_one_printed_form_filled_in_twice_is_two_boards() -> None:
    """The form's frame and heads agree; what was written into it does not."""
    form = np.full((900, 1300, 3), 250, np.uint8)
    for n in range(4):
        cv2.rectangle(form, (30 + 315 * n, 90), (330 + 315 * n, 870), (120, 120, 120), 2)
        cv2.putText(form, ("Qui", "Quoi", "Quand", "Combien")[n], (60 + 315 * n, 150), 0, 1.2, (90, 90, 90), 3)
    sheets = []
    for seed in (1, 2):
        sheet, chance = form.copy(), np.random.default_rng(seed)
        for n in range(4):
            for row in range(9):
                word = "".join(chance.choice(list("abcdefghijklmnorstuv"), 9))
                cv2.putText(
                    sheet, word, (45 + 315 * n + int(chance.integers(30)), 230 + 72 * row), 0, 1.3, (60, 30, 20), 4
                )
        sheets.append(prepare(Frame(sheet)))
    assert compare(sheets[0], sheets[1]) is None


def test_a_board_written_anew_by_the_same_hand_is_another_one() -> None:
    """Its words stand nearly where they stood: a photo of the first one has them exactly there."""
    words = ("relais domicile mardi vacances", "pour deux peur de rester", "seul accueil de jour charge")

    def written(seed: int) -> Frame:
        sheet, chance = np.full((900, 1300, 3), 245, np.uint8), np.random.default_rng(seed)
        for n, word in enumerate(word for row in words for word in row.split(" ")):
            for k, letter in enumerate(word):
                x, y = np.array([60 + 400 * (n % 3) + 36 * k, 120 + 130 * (n // 3)]) + chance.normal(0, 4, 2)
                size = float(chance.normal(1.8, 0.1))
                cv2.putText(sheet, letter, (int(x), int(y)), 2, size, (60, 40, 30), 4, cv2.LINE_AA)
        return Frame(sheet)

    first, anew = written(1), written(2)
    again = Frame(np.asarray(cv2.GaussianBlur((first.pixels * 0.8).astype(np.uint8), (0, 0), 1.2), np.uint8))
    [wall] = find_walls([prepare(each) for each in (first, anew, again)])
    assert sorted(wall.members) == [0, 2]


def test_seams_are_soft_and_nothing_is_left_out() -> None:
    parts = [each.frame for each in shots()[:3]]
    [wall] = find_walls([prepare(frame) for frame in parts])
    where = panorama.layout([(f.width, f.height) for f in parts], wall.ways)
    joined = panorama.compose([f.pixels for f in parts], where, even=True)
    assert joined.shape == (where.height, where.width, 3)
    assert where.width > 1.7 * parts[0].width
    everywhere = np.ones(joined.shape[:2], np.uint8) * 255
    shown = [
        cv2.warpPerspective(everywhere[: f.height, : f.width], w, (where.width, where.height))
        for f, w in zip(parts, where.ways, strict=True)
    ]
    covered = np.max(shown, axis=0) > 200
    assert covered.mean() > 0.85
    assert (joined[~covered] == panorama.Params().ground).mean() > 0.9


# --- with an archive -----------------------------------------------------------------------------------------


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """The six photos read, each with one line in the middle of its board."""
    made = Archive.create(tmp_path / "archive")
    made.catalog.add_session(Session("s", "Fresque"))
    for n, each in enumerate(shots()):
        photo, _ = made.catalog.add_photo("s", made.blobs.put(each.piece.jpeg), f"{n}.jpg")
        frame = each.frame
        corners = frame.points_to_photo(
            np.array([[0, 0], [frame.width, 0], [frame.width, frame.height], [0, frame.height]])
        )
        middle = np.array([[0.45, 0.45], [0.55, 0.45], [0.55, 0.5], [0.45, 0.5]]) * (frame.width, frame.height)
        place = tuple((float(x), float(y)) for x, y in frame.points_to_photo(middle))
        line = Line(f"milieu {n}", place, 0.9, "ppocr")
        surface = Surface(
            quad(corners.tolist()),
            1.0,
            False,
            frame.width,
            frame.height,
            0,
            _rows(frame),
            (Region(RegionKind.TEXT, place, (line,)),),
        )
        scan = Scan(*SIZE, Content.BOARD, (surface,), Recipe((StageUse("find", 1, "x"),)))
        made.catalog.commit_scan(photo.id, scan, [renditions.store(made.blobs, Renditions(frame, frame))])
    return made


def _rows(frame: Frame) -> Homography:
    a, b, c = ((float(row[0]), float(row[1]), float(row[2])) for row in frame.to_photo)
    return (a, b, c)


def test_a_session_is_looked_over_once_and_again_only_when_something_changed(archive: Archive) -> None:
    before = archive.catalog.boards(session_id="s")
    assert walls.look_over(archive, "s")
    assert not walls.look_over(archive, "s")
    shown = archive.catalog.boards(session_id="s")
    assert len(before) == 6
    assert len(shown) == 4
    [joined] = [each for each in shown if len(each.views) > 1]
    assert [line.text for line in joined.lines] == ["milieu 0", "milieu 1", "milieu 2"]
    picture = cv2.imdecode(np.frombuffer(archive.blobs.get(joined.renditions["straight"]), np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.shape[:2] == (joined.height, joined.width)
    for view, taken in zip(joined.views, shots(), strict=False):  # the way from the whole to each photo is exact
        point = np.array([[joined.width / 2, joined.height / 2, 1.0]]) @ np.array(view.homography).T
        mm = np.append(point[0, :2] / point[0, 2], 1.0) @ np.linalg.inv(taken.piece.to_photo).T
        first = shots()[0]
        true = np.array([[joined.width / 2, joined.height / 2, 1.0]]) @ np.array(joined.views[0].homography).T
        true_mm = np.append(true[0, :2] / true[0, 2], 1.0) @ np.linalg.inv(first.piece.to_photo).T
        assert np.linalg.norm(mm[:2] / mm[2] - true_mm[:2] / true_mm[2]) < 12

    archive.catalog.part(shown[0].id if len(shown[0].views) > 1 else joined.id)
    assert walls.look_over(archive, "s")
    assert len(archive.catalog.boards(session_id="s")) == 5  # the two others are still one
    archive.close()
