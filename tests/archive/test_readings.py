"""Readings are kept, compared, brought back and let go; what people said stays on whichever counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from archive.columns import now
from archive.difference import difference, words_apart
from archive.errors import NotFound
from archive.model import CorrectionField, Phase, Photo
from archive.prune import finish, prune
from archive.store import Archive
from archive.tables import doomed
from archive.verify import verify
from tests.archive.making import LEFT, NEW, OLD, RIGHT, box, line, scan, surface

TITLE = box(60, 60, 200, 30)
OTHER = box(560, 60, 200, 30)


def read_twice(archive: Archive, photo: Photo) -> tuple[str, str]:
    """Two boards, then only the left one, read better; ids of both boards."""
    first = [archive.blobs.put(b"left 1").sha256, archive.blobs.put(b"right 1").sha256]
    left, right = archive.catalog.commit_scan(
        photo.id,
        scan([surface(LEFT, line("les enjeus", TITLE)), surface(RIGHT, line("plan", OTHER))], OLD),
        [{"straight": first[0]}, {"straight": first[1]}],
    )
    archive.catalog.correct(photo.id, left.id, CorrectionField.PHASE, "FOCUS")
    archive.catalog.correct(photo.id, right.id, CorrectionField.TEXT, "plan d'action", OTHER)
    archive.catalog.commit_scan(
        photo.id,
        scan([surface(LEFT, line("les enjeux clés", TITLE))], NEW),
        [{"straight": archive.blobs.put(b"left 2").sha256}],
    )
    return left.id, right.id


def test_every_reading_is_kept_and_said_apart(archive: Archive, photo: Photo) -> None:
    left, right = read_twice(archive, photo)
    after, before = archive.catalog.readings(photo.id)
    assert (after.number, after.current, before.number, before.current) == (2, True, 1, False)
    assert (after.recipe, before.recipe) == (NEW, OLD)
    assert before.board_ids == (left, right)
    of_left, of_right = difference(before, after)
    assert (of_left.gained, of_left.lost) == (("enjeux", "clés"), ("enjeus",))
    assert (of_right.board_id, of_right.before, of_right.after, of_right.lost) == (right, "plan", None, ("plan",))
    assert archive.catalog.current_reading(photo.id) == after


def test_an_earlier_reading_comes_back_with_its_boards_and_what_people_said(archive: Archive, photo: Photo) -> None:
    left, right = read_twice(archive, photo)
    assert [b.id for b in archive.catalog.boards()] == [left]
    archive.catalog.bring_back(photo.id)
    boards = archive.catalog.boards()
    assert [(b.id, b.text, b.phase.label) for b in boards] == [
        (left, "les enjeus", Phase.FOCUS),
        (right, "plan d'action", Phase.SCAN),
    ]
    assert archive.catalog.corrections(orphaned=True) == []
    assert [r.number for r in archive.catalog.readings(photo.id) if r.current] == [1]
    with pytest.raises(NotFound):
        archive.catalog.bring_back(photo.id)
    archive.catalog.bring_back(photo.id, 2)
    assert [(b.id, b.text) for b in archive.catalog.boards()] == [(left, "les enjeux clés")]
    assert len(archive.catalog.corrections(orphaned=True)) == 1
    third = archive.catalog.commit_scan(photo.id, scan([surface(LEFT), surface(RIGHT)], NEW))
    assert [b.id for b in third] == [left, right], "identities outlive going back and forth"
    assert verify(archive).clean


def test_what_came_back_is_told_to_the_index(archive: Archive, photo: Photo) -> None:
    left, right = read_twice(archive, photo)
    seen = archive.catalog.last_sequence()
    archive.catalog.bring_back(photo.id)
    assert {(c.object_id, c.deleted) for c in archive.catalog.changes(seen)} == {
        (left, False),
        (right, False),
        (photo.id, False),
    }


def test_pruning_lets_go_what_no_longer_counts_and_nothing_else(archive: Archive, photo: Photo) -> None:
    _, right = read_twice(archive, photo)
    early = prune(archive, now() - timedelta(days=1))
    assert (early.readings, early.blobs) == (0, 0)
    gone = prune(archive, now() + timedelta(seconds=1))
    assert (gone.readings, gone.results, gone.blobs) == (1, 1, 1)
    assert [r.number for r in archive.catalog.readings(photo.id)] == [2]
    assert {archive.blobs.get(d) for d in archive.blobs} == {b"one photo", b"left 2", b"right 1"}
    assert archive.catalog.board(right).retired, "a board that was found once is never forgotten"
    assert archive.catalog.board(right).text == "plan d'action"
    assert verify(archive).clean


def test_bytes_that_a_record_names_again_are_not_deleted(archive: Archive, photo: Photo) -> None:
    blob = archive.blobs.put(b"come and gone")
    archive.catalog.add_photo("s1", blob, "again.jpg")
    with archive.catalog.database.write() as connection:
        connection.execute(doomed.insert().values(digest=blob.sha256))
    assert finish(archive) == 0
    assert archive.blobs.has(blob.sha256)
    assert finish(archive) == 0


@pytest.mark.parametrize(
    ("before", "after", "gained", "lost"),
    [
        ("", "", (), ()),
        ("un plan, un budget", "Un plan un budget", (), ()),
        ("le plan le", "le plan", (), ("le",)),
        ("décider", "decider à", ("à",), ()),
        ("a b", "b c", ("c",), ("a",)),
    ],
)
def test_words_are_compared_as_people_do(
    before: str, after: str, gained: tuple[str, ...], lost: tuple[str, ...]
) -> None:
    assert words_apart(before, after) == (gained, lost)
