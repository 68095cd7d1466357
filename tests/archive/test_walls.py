"""Walls in the catalogue: parts show as one board, what people say reaches the right photo, all can be undone."""

from __future__ import annotations

import numpy as np
import pytest

from archive import plane
from archive.errors import NotFound
from archive.model import Board, CorrectionField, Homography, Polygon, Scan, Surface
from archive.store import Archive
from archive.walls import Wall
from tests.archive.making import NEW, SIZE, box, line, scan, surface

WIDE: Homography = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
SHIFTED: Homography = ((1.0, 0.0, 600.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
WHOLE = box(0, 0, 999, 799)


def part_of(name: str, *words: tuple[str, float, float]) -> Scan:
    """A photo that a part fills, its board pixels the photo's; words at x, y."""
    lines = tuple(line(f"{word}", box(x, y, 180, 40)) for word, x, y in words)
    whole = surface(WHOLE, *lines)
    made = Surface(WHOLE, 0.9, False, *SIZE, 0, WIDE, whole.regions, whole.phase)
    return scan([made], NEW)


@pytest.fixture
def parts(archive: Archive) -> tuple[Archive, Board, Board]:
    """A fresco of 1600 pixels in two photos: the right one begins at 600, so that «milieu» is in both."""
    left, right = (
        archive.catalog.add_photo("s1", archive.blobs.put(name.encode()), f"{name}.jpg")[0].id
        for name in ("left", "right")
    )
    [first] = archive.catalog.commit_scan(left, part_of("left", ("gauche", 50, 100), ("mileu", 700, 300)))
    [second] = archive.catalog.commit_scan(right, part_of("right", ("milieu", 100, 300), ("droite", 700, 500)))
    return archive, first, second


def join(archive: Archive, first: Board, second: Board) -> None:
    wall = Wall((first.id, second.id), (WIDE, SHIFTED), True, 1600, 800, {})
    archive.catalog.keep_walls(first.session_id, [wall], "seen", "recipe")


def words(board: Board) -> list[str]:
    return [each.text for each in board.lines]


def on_whole(board: Board, polygon: Polygon) -> Polygon:
    return plane.mapped(plane.inverse(board.views[0].homography), polygon)


def test_parts_show_as_one_board_with_each_line_once_and_a_view_for_each_photo(
    parts: tuple[Archive, Board, Board],
) -> None:
    archive, first, second = parts
    join(archive, first, second)
    [board] = archive.catalog.boards(session_id=first.session_id)
    assert (board.id, board.width, board.height) == (first.id, 1600, 800)
    assert sorted(words(board)) == ["droite", "gauche", "mileu"]  # at 790 of 1600 the left photo shows it better
    assert {view.photo_id for view in board.views} == {first.views[0].photo_id, second.views[0].photo_id}
    [right] = [each for each in board.lines if each.text == "droite"]
    assert np.allclose(on_whole(board, right.polygon), box(1300, 500, 180, 40))
    for view, shift in zip(board.views, (0, 600), strict=True):
        assert np.allclose(plane.mapped(view.homography, ((shift + 10.0, 20.0),)), ((10, 20),))
    assert archive.catalog.board(second.id).retired
    assert archive.catalog.boards(photo_id=second.views[0].photo_id) == [board]


def test_what_a_person_says_of_a_joined_board_reaches_the_part_and_outlives_a_new_reading(
    parts: tuple[Archive, Board, Board],
) -> None:
    archive, first, second = parts
    join(archive, first, second)
    [board] = archive.catalog.boards(session_id=first.session_id)
    [right] = [each for each in board.lines if each.text == "droite"]
    photo = board.views[0].photo_id
    said = archive.catalog.correct(photo, board.id, CorrectionField.TEXT, "à droite", right.polygon)
    assert (said.photo_id, said.board_id) == (second.views[0].photo_id, second.id)
    assert np.allclose(said.anchor, box(700, 500, 180, 40))
    after = archive.catalog.board(board.id)
    assert "à droite" in words(after)
    assert "droite" not in words(after)
    assert after.revision > board.revision  # the index hears of it
    archive.catalog.commit_scan(said.photo_id, part_of("again", ("milieu", 100, 300), ("droit", 702, 501)))
    assert "à droite" in words(archive.catalog.board(board.id))
    assert archive.catalog.corrections(orphaned=True) == []
    archive.catalog.withdraw(said.id)
    assert "à droite" not in words(archive.catalog.board(board.id))


def test_a_line_in_the_overlap_is_corrected_once(parts: tuple[Archive, Board, Board]) -> None:
    archive, first, second = parts
    join(archive, first, second)
    board = archive.catalog.board(first.id)
    [middle] = [each for each in board.lines if each.text == "mileu"]
    archive.catalog.correct(board.views[0].photo_id, None, CorrectionField.TEXT, "au milieu", middle.polygon)
    assert sorted(words(archive.catalog.board(first.id))) == ["au milieu", "droite", "gauche"]


def test_a_part_read_again_is_shown_without_its_place_until_walls_are_looked_for(
    parts: tuple[Archive, Board, Board],
) -> None:
    archive, first, second = parts
    join(archive, first, second)
    photo = second.views[0].photo_id
    archive.catalog.commit_scan(photo, part_of("again", ("autre", 300, 300)))
    assert set(words(archive.catalog.board(first.id))) == {"gauche", "mileu", "autre"}
    join(archive, first, second)
    assert archive.catalog.board(first.id).width == 1600


def test_a_person_parts_them_and_takes_it_back(parts: tuple[Archive, Board, Board]) -> None:
    archive, first, second = parts
    join(archive, first, second)
    archive.catalog.part(second.id, author="Ana")
    left, right = archive.catalog.boards(session_id=first.session_id)
    assert words(left) == ["gauche", "mileu"]
    assert words(right) == ["milieu", "droite"]
    assert archive.catalog.walls(first.session_id) == []
    assert [each.parted for each in archive.catalog.standing(first.session_id)] == [False, True]
    archive.catalog.unpart(second.id)
    assert not any(each.parted for each in archive.catalog.standing(first.session_id))
    with pytest.raises(NotFound):
        archive.catalog.part(second.id)


def test_states_hide_nothing(parts: tuple[Archive, Board, Board]) -> None:
    archive, first, second = parts
    archive.catalog.keep_walls(first.session_id, [Wall((second.id, first.id), (WIDE, WIDE), False)], "seen", "r")
    assert len(archive.catalog.boards(session_id=first.session_id)) == 2
    [wall] = archive.catalog.walls(first.session_id)
    assert wall.boards == (second.id, first.id)
    archive.catalog.keep_walls(first.session_id, [], "later", "r")
    assert archive.catalog.walls(first.session_id) == []


def test_planes_and_back() -> None:
    way = ((1.1, 0.2, 30.0), (0.1, 0.9, -5.0), (0.0002, 0.0001, 1.0))
    points = ((0.0, 0.0), (500.0, 20.0), (40.0, 700.0))
    assert np.allclose(plane.mapped(plane.inverse(way), plane.mapped(way, points)), points)
    assert np.allclose(plane.times(way, plane.inverse(way)), np.eye(3))
