from __future__ import annotations

from typing import Any

import pytest

from archive.errors import NotFound, UsageError
from archive.model import Board, ChangeKind, Content, CorrectionField, Phase, Photo
from archive.store import Archive
from tests.archive.making import LEFT, RIGHT, box, line, scan, surface

TITLE = box(60, 60, 200, 30)


@pytest.fixture
def board(archive: Archive, photo: Photo) -> Board:
    return archive.catalog.commit_scan(photo.id, scan([surface(LEFT, line("enjeus", TITLE))]))[0]


def test_a_correction_shows_on_reading_and_the_reading_stays(archive: Archive, photo: Photo, board: Board) -> None:
    made = archive.catalog.correct(photo.id, board.id, CorrectionField.TEXT, "enjeux", TITLE, "Ana")
    assert (made.value, made.anchor, made.author, made.orphaned) == ("enjeux", TITLE, "Ana", False)
    assert archive.catalog.corrections(photo_id=photo.id) == [made]
    assert archive.catalog.correction(made.id) == made
    assert archive.catalog.board(board.id).text == "enjeux"
    assert archive.catalog.boards()[0].text == "enjeux"
    assert archive.catalog.boards_by_id([board.id])[board.id].text == "enjeux"
    assert archive.catalog.board_raw(board.id).text == "enjeus"


def test_a_correction_taken_back_shows_what_was_before(archive: Archive, photo: Photo, board: Board) -> None:
    first = archive.catalog.correct(photo.id, board.id, CorrectionField.PHASE, "ACT")
    second = archive.catalog.correct(photo.id, board.id, CorrectionField.PHASE, "none")
    assert archive.catalog.board(board.id).phase.label is Phase.NONE
    archive.catalog.withdraw(second.id)
    assert archive.catalog.board(board.id).phase.label is Phase.ACT
    archive.catalog.withdraw(first.id)
    assert archive.catalog.board(board.id).phase == board.phase
    assert archive.catalog.corrections() == []
    with pytest.raises(NotFound):
        archive.catalog.withdraw(first.id)


def test_counts_and_lists_follow_corrections(archive: Archive, photo: Photo, board: Board) -> None:
    assert archive.catalog.counts().boards == {Phase.SCAN: 1}
    tag = archive.catalog.correct(photo.id, board.id, CorrectionField.PHASE, "ACT")
    assert archive.catalog.counts().boards == {Phase.ACT: 1}
    archive.catalog.commit_scan(photo.id, scan([surface(LEFT, phase=Phase.UNSURE)]))
    assert archive.catalog.counts().boards == {Phase.ACT: 1}
    archive.catalog.withdraw(tag.id)
    assert archive.catalog.counts().boards == {Phase.UNSURE: 1}


def test_each_correction_is_told_to_the_index(archive: Archive, photo: Photo, board: Board) -> None:
    before = archive.catalog.last_sequence()
    made = archive.catalog.correct(photo.id, board.id, CorrectionField.TEXT, "enjeux", TITLE)
    archive.catalog.withdraw(made.id)
    told = archive.catalog.changes(before)
    assert [(c.kind, c.object_id, c.revision) for c in told] == [(ChangeKind.BOARD, board.id, n) for n in (2, 3)]


def test_a_photo_in_the_wrong_session_takes_its_boards_along(archive: Archive, photo: Photo, board: Board) -> None:
    made = archive.catalog.correct(photo.id, None, CorrectionField.SESSION, "s2", author="Ana")
    assert archive.catalog.photo(photo.id).session_id == "s2"
    assert [b.id for b in archive.catalog.boards(session_id="s2")] == [board.id]
    assert archive.catalog.boards(session_id="s1") == []
    (again,) = archive.catalog.commit_scan(photo.id, scan([surface(LEFT)]))
    assert again.session_id == "s2"
    archive.catalog.withdraw(made.id)
    assert archive.catalog.photo(photo.id).session_id == "s1"
    assert archive.catalog.boards()[0].session_id == "s1"


def test_a_photo_is_not_moved_onto_its_twin(archive: Archive, photo: Photo) -> None:
    twin, _ = archive.catalog.add_photo("s2", archive.blobs.put(b"one photo"), "IMG_1.jpg")
    with pytest.raises(UsageError, match=twin.id):
        archive.catalog.correct(photo.id, None, CorrectionField.SESSION, "s2")
    assert archive.catalog.photo(photo.id).session_id == "s1"
    assert archive.catalog.corrections() == []


def test_the_content_that_a_person_gave_stays(archive: Archive, photo: Photo) -> None:
    made = archive.catalog.correct(photo.id, None, CorrectionField.CONTENT, "prototype")
    archive.catalog.commit_scan(photo.id, scan([], content=Content.PEOPLE))
    assert archive.catalog.photo(photo.id).content is Content.PROTOTYPE
    archive.catalog.withdraw(made.id)
    assert archive.catalog.photo(photo.id).content is Content.PEOPLE


def test_text_without_a_board_finds_the_board_under_it(archive: Archive, photo: Photo, board: Board) -> None:
    assert archive.catalog.correct(photo.id, None, CorrectionField.TEXT, "enjeux", TITLE).board_id == board.id
    added = archive.catalog.correct(photo.id, None, CorrectionField.TEXT, "oublié", box(60, 500, 100, 30))
    assert added.board_id == board.id
    assert archive.catalog.board(board.id).text == "enjeux\noublié"


@pytest.mark.parametrize(
    ("field", "value", "anchor"),
    [
        (CorrectionField.PHASE, "BUILD", ()),
        (CorrectionField.PHASE, 3, ()),
        (CorrectionField.TEXT, "no anchor", ()),
        (CorrectionField.TEXT, "flat anchor", ((0, 0), (10, 0), (20, 0))),
        (CorrectionField.CORNERS, [[0, 0], [1, 0], [1, 1]], ()),
        (CorrectionField.CORNERS, [[0, 0], [9, 0], [9, 9], [0, float("nan")]], ()),
        (CorrectionField.CORNERS, [[0, 0], [0, 0], [0, 0], [0, 0]], ()),
        (CorrectionField.CORNERS, "everything", ()),
        (CorrectionField.CONTENT, "board", ()),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    archive: Archive, photo: Photo, board: Board, field: CorrectionField, value: Any, anchor: Any
) -> None:
    before = archive.catalog.last_sequence()
    with pytest.raises(UsageError):
        archive.catalog.correct(photo.id, board.id, field, value, anchor)
    assert (archive.catalog.corrections(), archive.catalog.last_sequence()) == ([], before)


def test_a_correction_names_a_live_board_of_its_photo(archive: Archive, photo: Photo, board: Board) -> None:
    other, _ = archive.catalog.add_photo("s1", archive.blobs.put(b"other"), "IMG_2.jpg")
    with pytest.raises(UsageError, match="not in that photo"):
        archive.catalog.correct(other.id, board.id, CorrectionField.PHASE, "ACT")
    with pytest.raises(UsageError, match="name the board"):
        archive.catalog.correct(photo.id, None, CorrectionField.PHASE, "ACT")
    with pytest.raises(UsageError, match="no board at that place"):
        archive.catalog.correct(photo.id, None, CorrectionField.TEXT, "x", box(800, 500, 50, 20))
    (heir,) = archive.catalog.commit_scan(photo.id, scan([surface(box(20, 20, 960, 760))]))
    with pytest.raises(UsageError, match=heir.id):
        archive.catalog.correct(photo.id, board.id, CorrectionField.PHASE, "ACT")
    with pytest.raises(NotFound):
        archive.catalog.correct(photo.id, "nobody", CorrectionField.PHASE, "ACT")
    with pytest.raises(NotFound):
        archive.catalog.correct(photo.id, None, CorrectionField.SESSION, "s3")


def test_who_corrected_what_is_logged(archive: Archive, photo: Photo, board: Board) -> None:
    made = archive.catalog.correct(photo.id, board.id, CorrectionField.CORNERS, RIGHT, author="Ana")
    archive.catalog.withdraw(made.id, author="Bob")
    latest = archive.catalog.acts(board.id)
    assert [(act.action, act.actor, act.kind) for act in latest] == [
        ("withdraw", "Bob", "board"),
        ("correct", "Ana", "board"),
    ]
    assert latest[1].detail == {"correction": made.id, "field": "corners", "value": [list(p) for p in RIGHT]}


def test_a_session_counts_the_corrections_that_stand(archive: Archive, photo: Photo) -> None:
    [board] = archive.catalog.commit_scan(photo.id, scan([surface(LEFT, line("x", TITLE))]))
    kept = archive.catalog.correct(photo.id, board.id, CorrectionField.TEXT, "y", TITLE)
    gone = archive.catalog.correct(photo.id, board.id, CorrectionField.PHASE, "ACT")
    archive.catalog.withdraw(gone.id)
    assert (archive.catalog.correction_count("s1"), archive.catalog.correction_count("s2")) == (1, 0)
    archive.catalog.trash([photo.id])
    assert archive.catalog.correction_count("s1") == 0
    archive.catalog.untrash([photo.id])
    archive.catalog.withdraw(kept.id)
    assert archive.catalog.correction_count("s1") == 0
