"""What gets into a report: order, places on the board, doubt, and nothing that may not leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from archive.errors import NotFound
from archive.model import DecidedKind, Phase
from archive.store import Archive
from fresque.report import gather
from fresque.report.job import Job


def test_lines_lie_on_the_straightened_board(job: Job) -> None:
    first = job.report.sheets[0].lines[0]
    assert (first.box.x, first.box.y, first.box.width, first.box.height) == pytest.approx((50, 40, 400, 50))


def test_boards_come_by_phase_and_by_day(job: Job) -> None:
    assert [p for p, _ in job.report.by_phase()] == [Phase.SCAN, Phase.FOCUS, Phase.ACT]
    assert [day for day, _ in job.report.by_day()] == ["2025-11-04", "2025-11-05", "2025-11-06"]


def test_an_unsure_line_is_marked_and_titles_no_board(job: Job) -> None:
    assert [line.doubtful for line in job.report.sheets[0].lines] == [False, False, True]
    assert job.report.sheets[0].title == "Irritants des usagers"


def test_clusters_keep_the_wall_together(job: Job) -> None:
    groups = [(group, [n.text for n in notes]) for group, notes in job.report.sheets[1].clusters()]
    assert groups == [(1, ["guichet unique", "=SOMME(A1)"]), (None, ["médiateur"])]


def test_a_restricted_session_stays_unless_asked_for(archive: Archive) -> None:
    with pytest.raises(NotFound):
        gather.session_report(archive, "secret", gather.Wanted())
    asked = gather.session_report(archive, "secret", gather.Wanted(may_see=lambda s: True))
    assert asked.sheets[0].title == "confidentiel"


def test_boards_of_a_query_leave_restricted_ones_out_and_keep_their_order(archive: Archive) -> None:
    ids = archive.catalog.board_ids(session_id="ouvert")
    wanted = [ids[2], *archive.catalog.board_ids(session_id="secret"), ids[0]]
    found = gather.boards_report(archive, "plan", wanted, gather.Wanted())
    assert [s.board.id for s in found.sheets] == [ids[2], ids[0]]


def test_people_are_named_only_when_wanted(archive: Archive, job: Job) -> None:
    assert job.report.people == ("Amina Diallo",)
    assert gather.session_report(archive, "ouvert", gather.Wanted()).people == ()


def test_what_was_decided_comes_with_owner_and_date(job: Job) -> None:
    (action,) = job.report.actions
    assert (action.text, action.owner, action.due) == ("appeler la mairie", "Karim", "1 décembre 2025")
    assert [d.text for d in job.report.decisions] == ["un guichet par commune"]
    assert [q.text for q in job.report.questions] == ["qui paie ?"]


def test_hours_are_those_of_the_clock_on_the_wall(archive: Archive) -> None:
    """A camera an hour ahead of UTC, whose clock ran ten minutes late."""
    board = archive.catalog.boards(session_id="ouvert")[0]
    photo = archive.catalog.photo(board.views[0].photo_id)
    assert photo.taken_at is not None
    ahead = replace(photo, utc_offset=3600, clock_shift=600)
    made = gather.sheet(board, {photo.id: ahead})
    assert (made.taken_at, made.at) == (photo.taken_at, photo.taken_at + timedelta(minutes=70))


def test_what_is_done_says_so(job: Job) -> None:
    sheet = next(s for s in job.report.sheets if s.board.decided)
    items = tuple(replace(item, done=True) for item in sheet.board.decided)
    done = replace(sheet, board=replace(sheet.board, decided=items))
    assert [a.text for a in gather._decided([done], DecidedKind.ACTION, "fr")] == ["appeler la mairie (fait)"]
