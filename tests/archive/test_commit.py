"""A photo processed again: what keeps its identity, what is retired, and where corrections end up."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import StatementError

from archive.errors import LeaseLost, NotFound, UsageError
from archive.model import Board, Content, CorrectionField, Phase, Photo, PhotoState
from archive.store import Archive
from tests.archive.making import LEFT, NEW, OLD, RIGHT, SIZE, box, line, moved, scan, surface

TITLE = box(60, 60, 200, 30)
OTHER = box(560, 60, 200, 30)


def two_boards(archive: Archive, photo: Photo) -> list[Board]:
    left, right = surface(LEFT, line("enjeus", TITLE)), surface(RIGHT, line("plan d'action", OTHER), phase=Phase.ACT)
    return archive.catalog.commit_scan(photo.id, scan([left, right]))


def test_a_scan_is_recorded_whole(archive: Archive, photo: Photo) -> None:
    images = [{"straight": archive.blobs.put(b"left").sha256}, {"straight": archive.blobs.put(b"right").sha256}]
    surfaces = [surface(RIGHT, line("plan", OTHER), phase=Phase.ACT), surface(LEFT, line("enjeux", TITLE))]
    found = archive.catalog.commit_scan(photo.id, scan(surfaces), images)
    assert [board.views[0].quad for board in found] == [RIGHT, LEFT]
    for board, made, image in zip(found, surfaces, images, strict=True):
        assert (board.regions, board.phase, board.recipe) == (made.regions, made.phase, OLD)
        assert (board.width, board.height, board.renditions) == (made.width, made.height, image)
        assert (board.session_id, board.revision, board.retired) == ("s1", 1, False)
        assert board.views[0].homography == made.homography
        assert archive.catalog.board(board.id) == board
    done = archive.catalog.photo(photo.id)
    assert (done.state, done.width, done.height) == (PhotoState.DONE, *SIZE)
    assert done.warnings == ("glare covers 4 % of the board",)
    assert archive.catalog.boards(photo_id=photo.id) == sorted(found, key=lambda b: b.id) == found
    assert archive.catalog.boards(session_id="s2") == []


def test_a_board_whose_quad_moved_keeps_its_id_tag_and_correction(archive: Archive, photo: Photo) -> None:
    left, right = two_boards(archive, photo)
    archive.catalog.correct(photo.id, left.id, CorrectionField.PHASE, "FOCUS", author="Ana")
    archive.catalog.correct(photo.id, left.id, CorrectionField.TEXT, "enjeux", TITLE)
    again = [
        surface(moved(RIGHT, 30, 5), line("plan d'action !", moved(OTHER, 2))),
        surface(moved(LEFT, 40, -15), line("en jeus", moved(TITLE, 3, 2))),
    ]
    found = archive.catalog.commit_scan(photo.id, scan(again, NEW))
    assert [board.id for board in found] == [right.id, left.id]
    assert (found[1].phase.label, found[1].phase.source) == (Phase.FOCUS, "human")
    assert found[1].text == "enjeux"
    assert [other.text for other in found[1].lines[0].others] == ["en jeus"]
    assert found[1].views[0].quad == moved(LEFT, 40, -15)
    assert found[1].revision > left.revision
    assert archive.catalog.board_raw(left.id).text == "en jeus"
    assert archive.catalog.corrections(orphaned=True) == []


def test_a_board_that_vanishes_is_retired_and_its_correction_listed(archive: Archive, photo: Photo) -> None:
    left, right = two_boards(archive, photo)
    tag = archive.catalog.correct(photo.id, right.id, CorrectionField.PHASE, "FOCUS")
    text = archive.catalog.correct(photo.id, right.id, CorrectionField.TEXT, "plan d’action", OTHER)
    found = archive.catalog.commit_scan(photo.id, scan([surface(LEFT, line("enjeus", TITLE))], NEW))
    assert [board.id for board in found] == [left.id]
    gone = archive.catalog.board(right.id)
    assert (gone.retired, gone.replaced_by) == (True, None)
    assert (gone.text, gone.phase.label) == ("plan d’action", Phase.FOCUS), "shown as it was"
    assert [c.id for c in archive.catalog.corrections(orphaned=True)] == [tag.id, text.id]
    assert archive.catalog.boards(session_id="s1") == found
    assert {b.id for b in archive.catalog.boards("s1", include_retired=True)} == {left.id, right.id}


def test_a_board_that_comes_back_is_the_same_board_with_its_corrections(archive: Archive, photo: Photo) -> None:
    both = [surface(LEFT, line("enjeus", TITLE)), surface(RIGHT, line("plan", OTHER))]
    left, right = archive.catalog.commit_scan(photo.id, scan(both))
    archive.catalog.correct(photo.id, right.id, CorrectionField.PHASE, "ACT")
    archive.catalog.correct(photo.id, right.id, CorrectionField.TEXT, "plan B", OTHER)
    archive.catalog.commit_scan(photo.id, scan(both[:1], NEW))
    found = archive.catalog.commit_scan(photo.id, scan(both, OLD))
    assert [board.id for board in found] == [left.id, right.id]
    assert (found[1].retired, found[1].text, found[1].phase.label) == (False, "plan B", Phase.ACT)
    assert archive.catalog.corrections(orphaned=True) == []


def test_a_line_that_is_read_no_more_orphans_its_correction_until_it_is_back(archive: Archive, photo: Photo) -> None:
    seen = surface(LEFT, line("enjeus", TITLE), line("besoins", box(60, 300, 200, 30)))
    (board,) = archive.catalog.commit_scan(photo.id, scan([seen]))
    archive.catalog.correct(photo.id, board.id, CorrectionField.TEXT, "enjeux", TITLE)
    blind = surface(LEFT, line("besoins", box(60, 300, 200, 30)))
    (board,) = archive.catalog.commit_scan(photo.id, scan([blind], NEW))
    assert board.text == "besoins"
    assert [c.value for c in archive.catalog.corrections(board_id=board.id, orphaned=True)] == ["enjeux"]
    (board,) = archive.catalog.commit_scan(photo.id, scan([seen]))
    assert board.text == "enjeux\nbesoins"
    assert archive.catalog.corrections(orphaned=True) == []


def test_a_correction_of_text_follows_its_line_to_another_board(archive: Archive, photo: Photo) -> None:
    whole = box(0, 0, 1000, 800)
    (board,) = archive.catalog.commit_scan(photo.id, scan([surface(whole, line("plan", OTHER))]))
    archive.catalog.correct(photo.id, board.id, CorrectionField.TEXT, "plan B", OTHER)
    surfaces = [surface(LEFT, line("enjeux", TITLE)), surface(RIGHT, line("plan", OTHER))]
    left, right = archive.catalog.commit_scan(photo.id, scan(surfaces, NEW))
    assert board.id not in (left.id, right.id)
    assert archive.catalog.board(board.id).replaced_by in (left.id, right.id)
    assert (left.text, right.text) == ("enjeux", "plan B")
    assert archive.catalog.corrections()[0].board_id == right.id


def test_a_retired_board_links_to_what_covers_most_of_it(archive: Archive, photo: Photo) -> None:
    (old,) = archive.catalog.commit_scan(photo.id, scan([surface(box(0, 0, 1000, 800))]))
    narrow, wide = box(0, 0, 300, 800), box(320, 0, 450, 800)
    _, heir = archive.catalog.commit_scan(photo.id, scan([surface(narrow), surface(wide)]))
    assert archive.catalog.board(old.id).replaced_by == heir.id


def test_text_that_a_person_added_needs_no_line_to_stay(archive: Archive, photo: Photo) -> None:
    (board,) = archive.catalog.commit_scan(photo.id, scan([surface(LEFT, line("enjeux", TITLE))]))
    archive.catalog.correct(photo.id, board.id, CorrectionField.TEXT, "illisible", box(60, 600, 200, 30))
    (board,) = archive.catalog.commit_scan(photo.id, scan([surface(LEFT, line("enjeux", TITLE))], NEW))
    assert board.text == "enjeux\nillisible"
    assert archive.catalog.corrections(orphaned=True) == []


def test_corners_by_a_person_decide_which_board_it_is(archive: Archive, photo: Photo) -> None:
    """The reader had found a quarter of the board; what is found at the given corners is still that board."""
    (board,) = archive.catalog.commit_scan(photo.id, scan([surface(box(20, 20, 200, 300))]))
    assert archive.catalog.given_quads(photo.id) == ()
    archive.catalog.correct(photo.id, board.id, CorrectionField.CORNERS, LEFT)
    assert archive.catalog.given_quads(photo.id) == (LEFT,)
    assert archive.catalog.board(board.id).views[0].quad_confidence == 1.0
    (again,) = archive.catalog.commit_scan(photo.id, scan([surface(LEFT)], NEW))
    assert (again.id, again.views[0].quad) == (board.id, LEFT)


def test_given_corners_do_not_lose_the_other_boards(archive: Archive, photo: Photo) -> None:
    left, right = two_boards(archive, photo)
    archive.catalog.correct(photo.id, left.id, CorrectionField.CORNERS, moved(LEFT, 5))
    missed = box(490, 100, 20, 200)
    archive.catalog.correct(photo.id, None, CorrectionField.CORNERS, missed)
    given = archive.catalog.given_quads(photo.id)
    assert given == (moved(LEFT, 5), RIGHT, missed)
    found = archive.catalog.commit_scan(photo.id, scan([surface(q) for q in given], NEW))
    assert [b.id for b in found[:2]] == [left.id, right.id]
    assert archive.catalog.corrections(board_id=found[2].id)[0].field is CorrectionField.CORNERS
    assert archive.catalog.given_quads(photo.id) == given


def test_a_photo_without_a_board_is_done_too(archive: Archive, photo: Photo) -> None:
    left, _ = two_boards(archive, photo)
    assert archive.catalog.commit_scan(photo.id, scan([], NEW, Content.PEOPLE)) == []
    done = archive.catalog.photo(photo.id)
    assert (done.state, done.content) == (PhotoState.DONE, Content.PEOPLE)
    assert archive.catalog.board(left.id).retired


def test_earlier_results_are_kept(archive: Archive, photo: Photo) -> None:
    image = archive.blobs.put(b"first").sha256
    first = archive.catalog.commit_scan(photo.id, scan([surface(LEFT, line("enjeus", TITLE))]), [{"clean": image}])[0]
    archive.catalog.commit_scan(photo.id, scan([surface(moved(LEFT, 9), line("enjeux", TITLE))], NEW))
    kept = archive.catalog.history(first.id)
    assert [(r.number, r.current, r.board.text, r.board.recipe) for r in kept] == [
        (2, True, "enjeux", NEW),
        (1, False, "enjeus", OLD),
    ]
    assert (kept[1].board.renditions, kept[1].board.views[0].quad) == ({"clean": image}, LEFT)
    assert kept[0].board.renditions == {}


def test_a_scan_by_a_worker_that_lost_its_lease_is_refused(archive: Archive, photo: Photo) -> None:
    slow = archive.jobs.lease("slow", seconds=-1)
    quick = archive.jobs.lease("quick", seconds=60)
    assert slow is not None
    assert quick is not None
    assert (slow.photo_id, quick.photo_id) == (photo.id, photo.id)
    with pytest.raises(LeaseLost):
        archive.catalog.commit_scan(photo.id, scan([surface(RIGHT)]), lease=slow)
    assert archive.catalog.boards() == []
    (board,) = archive.catalog.commit_scan(photo.id, scan([surface(LEFT)]), lease=quick)
    with pytest.raises(LeaseLost):
        archive.catalog.commit_scan(photo.id, scan([surface(RIGHT)]), lease=quick)
    assert archive.catalog.boards() == [board]


def test_a_commit_that_cannot_be_whole_is_nothing(archive: Archive, photo: Photo) -> None:
    before = archive.catalog.last_sequence()
    with pytest.raises(UsageError):
        archive.catalog.commit_scan(photo.id, scan([surface(LEFT)]), [{}, {}])
    with pytest.raises((StatementError, TypeError)):
        archive.catalog.commit_scan(photo.id, scan([surface(LEFT), surface(RIGHT, line(object(), TITLE))]))  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        archive.catalog.commit_scan("nobody", scan([surface(LEFT)]))
    assert archive.catalog.boards() == []
    assert archive.catalog.photo(photo.id).state is PhotoState.PENDING
    assert archive.catalog.last_sequence() == before
