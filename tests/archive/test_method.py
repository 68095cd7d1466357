"""What a session settled, themes, shifted clocks: kept beside each result, corrected by people, told to the index."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from archive.errors import NotFound, UsageError
from archive.model import (
    Board,
    ChangeKind,
    CorrectionField,
    Decided,
    DecidedKind,
    Phase,
    PhaseTag,
    Photo,
)
from archive.settled import Settlement
from archive.store import Archive
from tests.archive.making import LEFT, NEW, RIGHT, box, line, scan, surface

PLACE = box(40, 100, 300, 40)
KEYS = Decided(DecidedKind.ACTION, "clés", "Karim", date(2024, 3, 15), "avant le 15/03", "Karim : clés", PLACE)
ACT = PhaseTag(Phase.ACT, {"SCAN": 0.1, "FOCUS": 0.1, "ACT": 0.8}, {"commit": 1.0}, ("jour 3, 16:40",))


@pytest.fixture
def boards(archive: Archive, photo: Photo) -> list[Board]:
    found = scan([surface(LEFT, line("Karim : clés", PLACE)), surface(RIGHT)])
    return archive.catalog.commit_scan(photo.id, found)


def settle(archive: Archive, board: Board, *decided: Decided, themes: tuple[str, ...] = ()) -> list[str]:
    return archive.catalog.settle({board.id: Settlement(ACT, decided, themes)}, "r")


def test_what_was_settled_shows_and_what_was_read_stays(archive: Archive, boards: list[Board]) -> None:
    assert settle(archive, boards[0], KEYS) == [boards[0].id]
    shown, raw = archive.catalog.board(boards[0].id), archive.catalog.board_raw(boards[0].id)
    assert (shown.phase, shown.decided) == (ACT, (KEYS,))
    assert (raw.phase.label, raw.decided) == (Phase.SCAN, ())
    assert archive.catalog.board(boards[1].id).decided == ()


def test_the_same_again_changes_nothing_and_tells_nobody(archive: Archive, boards: list[Board]) -> None:
    settle(archive, boards[0], KEYS)
    last = archive.catalog.last_sequence()
    assert settle(archive, boards[0], KEYS) == []
    assert archive.catalog.last_sequence() == last
    assert settle(archive, boards[0]) == [boards[0].id]
    (told,) = archive.catalog.changes(last)
    assert (told.kind, told.object_id) == (ChangeKind.BOARD, boards[0].id)


def test_a_new_reading_waits_for_the_session_to_be_settled_again(
    archive: Archive, photo: Photo, boards: list[Board]
) -> None:
    settle(archive, boards[0], KEYS)
    archive.catalog.commit_scan(photo.id, scan([surface(LEFT), surface(RIGHT)], NEW))
    assert archive.catalog.board(boards[0].id).phase.label is Phase.SCAN
    assert "s1" in archive.catalog.stale_sessions()[0]


def test_sessions_are_stale_until_they_are_settled(archive: Archive, photo: Photo, boards: list[Board]) -> None:
    stale, sequence = archive.catalog.stale_sessions()
    assert stale == ["s1", "s2"]  # both were added
    archive.catalog.settled_up_to(sequence)
    assert archive.catalog.stale_sessions() == ([], 0)
    archive.catalog.correct(photo.id, boards[0].id, CorrectionField.TEXT, "Karim : les clés", PLACE)
    assert archive.catalog.stale_sessions()[0] == ["s1"]
    archive.catalog.settled_up_to(archive.catalog.stale_sessions()[1])
    archive.catalog.shift_clocks([photo.id], 3600)
    assert archive.catalog.stale_sessions()[0] == ["s1"]
    archive.catalog.settled_up_to(archive.catalog.stale_sessions()[1])
    archive.catalog.update_session(replace(archive.catalog.session("s2"), title="Autre"))
    assert archive.catalog.stale_sessions()[0] == ["s2"]
    archive.catalog.settled_up_to(0)  # never back
    assert archive.catalog.stale_sessions()[0] == ["s2"]


def test_a_board_that_has_gone_is_left_out(archive: Archive, boards: list[Board]) -> None:
    assert archive.catalog.settle({"nobody": Settlement(ACT)}, "r") == []


# --- people ---


def test_a_persons_action_takes_the_place_of_what_was_found(
    archive: Archive, photo: Photo, boards: list[Board]
) -> None:
    other = replace(KEYS, text="affiches", owner="Lucie", polygon=box(40, 200, 300, 40))
    settle(archive, boards[0], KEYS, other)
    value = {"kind": "action", "text": "les clés de la salle", "owner": "Karim B.", "due": "2024-03-16"}
    made = archive.catalog.correct(photo.id, boards[0].id, CorrectionField.DECIDED, value, PLACE, "Ana")
    first, second = archive.catalog.board(boards[0].id).decided
    assert (first.owner, first.due, first.said_by, first.source) == (
        "Karim B.",
        date(2024, 3, 16),
        "human",
        KEYS.source,
    )
    assert second == other
    archive.catalog.withdraw(made.id)
    assert archive.catalog.board(boards[0].id).decided == (KEYS, other)


def test_a_person_adds_and_takes_away(archive: Archive, photo: Photo, boards: list[Board]) -> None:
    settle(archive, boards[0], KEYS)
    board = boards[0].id
    there = box(40, 500, 300, 40)
    archive.catalog.correct(photo.id, board, CorrectionField.DECIDED, {"kind": "decision", "text": "on garde B"}, there)
    archive.catalog.correct(photo.id, board, CorrectionField.DECIDED, None, PLACE)
    (left,) = archive.catalog.board(board).decided
    assert (left.kind, left.text) == (DecidedKind.DECISION, "on garde B")


def test_what_is_done_keeps_the_words_of_its_date(archive: Archive, photo: Photo, boards: list[Board]) -> None:
    settle(archive, boards[0], KEYS)
    value = {"kind": "action", "text": "clés", "owner": "Karim", "due": "2024-03-15", "done": True}
    archive.catalog.correct(photo.id, boards[0].id, CorrectionField.DECIDED, value, PLACE)
    assert archive.catalog.board(boards[0].id).decided == (replace(KEYS, said_by="human", done=True),)


def test_one_of_two_whose_outlines_overlap_is_corrected_alone(
    archive: Archive, photo: Photo, boards: list[Board]
) -> None:
    inside = replace(KEYS, text="badges", polygon=box(60, 105, 100, 30))
    settle(archive, boards[0], KEYS, inside)
    archive.catalog.correct(photo.id, boards[0].id, CorrectionField.DECIDED, {"text": "clés", "done": True}, PLACE)
    assert [item.text for item in archive.catalog.board(boards[0].id).decided] == ["clés", "badges"]
    archive.catalog.correct(photo.id, boards[0].id, CorrectionField.DECIDED, None, inside.polygon)
    assert [item.text for item in archive.catalog.board(boards[0].id).decided] == ["clés"]


def test_what_was_taken_away_is_listed_until_it_is_back(archive: Archive, photo: Photo, boards: list[Board]) -> None:
    settle(archive, boards[0], KEYS)
    board = boards[0].id
    fixed = {"kind": "action", "text": "les clés"}
    archive.catalog.correct(photo.id, board, CorrectionField.DECIDED, fixed, PLACE)
    assert archive.catalog.taken_away("s1") == []
    gone = archive.catalog.correct(photo.id, board, CorrectionField.DECIDED, None, PLACE)
    assert [(by.id, item.text) for by, item in archive.catalog.taken_away("s1")] == [(gone.id, "les clés")]
    assert archive.catalog.taken_away("s2") == []
    archive.catalog.withdraw(gone.id)
    assert archive.catalog.taken_away("s1") == []
    assert [item.text for item in archive.catalog.board(board).decided] == ["les clés"]
    archive.catalog.correct(photo.id, board, CorrectionField.DECIDED, None, PLACE)
    archive.catalog.correct(photo.id, board, CorrectionField.DECIDED, fixed, PLACE)
    assert archive.catalog.taken_away("s1") == [], "written there anew"


def test_a_new_reading_loses_no_corrected_action(archive: Archive, photo: Photo, boards: list[Board]) -> None:
    value = {"kind": "action", "text": "clés", "owner": "Karim"}
    archive.catalog.correct(photo.id, boards[0].id, CorrectionField.DECIDED, value, PLACE)
    archive.catalog.commit_scan(photo.id, scan([surface(LEFT), surface(RIGHT)], NEW))
    assert [d.owner for d in archive.catalog.board(boards[0].id).decided] == ["Karim"]


@pytest.mark.parametrize(
    "value", ["clés", {"kind": "action"}, {"text": "x", "kind": "wish"}, {"text": "x", "due": "mardi"}]
)
def test_what_is_no_action_is_refused(archive: Archive, photo: Photo, boards: list[Board], value: object) -> None:
    with pytest.raises(UsageError):
        archive.catalog.correct(photo.id, boards[0].id, CorrectionField.DECIDED, value, PLACE)


def test_an_action_needs_a_board_and_a_place(archive: Archive, photo: Photo, boards: list[Board]) -> None:
    value = {"kind": "action", "text": "clés"}
    with pytest.raises(UsageError, match="a board's"):
        archive.catalog.correct(photo.id, None, CorrectionField.DECIDED, value, PLACE)
    with pytest.raises(UsageError, match="place"):
        archive.catalog.correct(photo.id, boards[0].id, CorrectionField.DECIDED, value)


# --- themes ---


def test_themes_follow_renaming_merging_and_removal(archive: Archive, photo: Photo, boards: list[Board]) -> None:
    catalog, board = archive.catalog, boards[0].id
    creche = catalog.add_theme("Crèche", ["place en crèche"])
    garde = catalog.add_theme("Mode de garde")
    settle(archive, boards[0], themes=(creche.id, garde.id))
    assert catalog.board(board).themes == ("Crèche", "Mode de garde")
    last = catalog.last_sequence()
    catalog.rename_theme("crèche", "Petite enfance")
    assert catalog.board(board).themes == ("Petite enfance", "Mode de garde")
    assert [c.object_id for c in catalog.changes(last)] == [board], "the index is told"
    catalog.merge_themes("Mode de garde", "Petite enfance")
    assert catalog.board(board).themes == ("Petite enfance",)
    assert catalog.themes()[0].words == ("Petite enfance", "Crèche", "place en crèche", "Mode de garde")
    assert catalog.theme("MODE DE GARDE").id == creche.id
    catalog.remove_theme("Petite enfance")
    assert catalog.board(board).themes == ()
    assert catalog.themes() == []


def test_a_persons_themes_win(archive: Archive, photo: Photo, boards: list[Board]) -> None:
    catalog = archive.catalog
    one, two = catalog.add_theme("Emploi"), catalog.add_theme("Logement")
    settle(archive, boards[0], themes=(one.id,))
    catalog.correct(photo.id, boards[0].id, CorrectionField.THEMES, [two.id])
    assert catalog.board(boards[0].id).themes == ("Logement",)
    catalog.correct(photo.id, boards[0].id, CorrectionField.THEMES, [])
    assert catalog.board(boards[0].id).themes == ()


def test_two_themes_share_no_word(archive: Archive, photo: Photo, boards: list[Board]) -> None:
    catalog = archive.catalog
    catalog.add_theme("Emploi", ["travail"])
    with pytest.raises(UsageError, match="Emploi"):
        catalog.add_theme("Travail")
    with pytest.raises(UsageError, match="name"):
        catalog.add_theme("  ")
    with pytest.raises(NotFound, match="Sport"):
        catalog.theme("Sport")
    with pytest.raises(UsageError, match="ids"):
        catalog.correct(photo.id, boards[0].id, CorrectionField.THEMES, ["Sport"])


# --- clocks ---


def test_the_clock_on_the_wall_is_what_an_agenda_is_compared_with(archive: Archive) -> None:
    """EXIF with an offset is kept in UTC; the camera showed ten past nine."""
    taken = datetime(2024, 3, 5, 9, 10, tzinfo=timezone(timedelta(hours=1)))
    photo, _ = archive.catalog.add_photo("s1", archive.blobs.put(b"p"), "p.jpg", taken_at=taken)
    assert photo.taken_at == taken
    assert photo.at is not None
    assert (photo.at.hour, photo.at.minute) == (9, 10)
    archive.catalog.shift_clocks([photo.id], -600)
    shifted = archive.catalog.photo(photo.id).at
    assert shifted is not None
    assert (shifted.hour, shifted.minute) == (9, 0)


def test_a_shift_is_laid_over_the_cameras_clock(archive: Archive) -> None:
    taken = datetime(2024, 3, 5, 9, tzinfo=UTC)
    photo, _ = archive.catalog.add_photo("s1", archive.blobs.put(b"p"), "p.jpg", taken_at=taken)
    assert photo.at == taken
    archive.catalog.shift_clocks([photo.id], 5400)
    shifted = archive.catalog.photo(photo.id)
    assert (shifted.taken_at, shifted.at) == (taken, datetime(2024, 3, 5, 10, 30, tzinfo=UTC))
    with pytest.raises(NotFound):
        archive.catalog.shift_clocks(["nobody"], 1)
