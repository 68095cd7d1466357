from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archive.errors import NotFound, UsageError
from archive.jobs import JobState
from archive.model import Content, CorrectionField, Phase, PhotoState, Recipe, StageUse
from archive.selection import Selection
from archive.store import Archive
from tests.archive.making import LEFT, NEW, OLD, RIGHT, box, line, scan, surface

TITLE = box(60, 60, 200, 30)
TAGGED = Recipe((*OLD.stages[:2], StageUse("phase", 1, "another lexicon")))


def fill(archive: Archive) -> dict[str, str]:
    """One photo by name for each way in which photos differ; name → id."""
    made = {}
    for day, name in enumerate(("old", "new", "tagged", "weak", "elsewhere", "people", "waiting", "broken"), start=1):
        session = "s2" if name == "elsewhere" else "s1"
        taken = datetime(2026, 3, day, 12, tzinfo=UTC)
        made[name] = archive.catalog.add_photo(session, archive.blobs.put(name.encode()), f"{name}.jpg", "", taken)[
            0
        ].id
    for name, recipe in (("old", OLD), ("new", NEW), ("tagged", TAGGED), ("weak", NEW), ("elsewhere", OLD)):
        confidence = 0.3 if name == "weak" else 0.8
        archive.catalog.commit_scan(made[name], scan([surface(LEFT, line("enjeux", TITLE, confidence))], recipe))
    archive.catalog.commit_scan(made["people"], scan([], NEW, Content.PEOPLE))
    archive.catalog.fail_photo(made["broken"], "truncated")
    return made


@pytest.fixture
def ids(archive: Archive) -> dict[str, str]:
    return fill(archive)


@pytest.fixture(scope="module")
def filled(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Archive, dict[str, str]]]:
    """Not to be changed."""
    with Archive.open(Path(shutil.copytree(fresh, tmp_path_factory.mktemp("filled") / "archive"))) as archive:
        yield archive, fill(archive)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), "old new tagged weak elsewhere people"),
        (Selection(older_than=NEW), "old tagged elsewhere"),
        (Selection(older_than=OLD), "new tagged weak people"),
        (Selection(stage="read", stage_of=NEW), "old tagged elsewhere"),
        (Selection(stage="phase", stage_of=NEW), "tagged"),
        (Selection(stage="find", stage_of=NEW), ""),
        (
            Selection(stage="notes", stage_of=Recipe((StageUse("notes", 1, "n"),))),
            "old new tagged weak elsewhere people",
        ),
        (Selection(session_id="s2"), "elsewhere"),
        (Selection(since=date(2026, 3, 4)), "weak elsewhere people"),
        (Selection(below=0.5), "weak"),
        (Selection(older_than=NEW, session_id="s1", since=date(2026, 3, 2)), "tagged"),
    ],
)
def test_what_is_read_again(filled: tuple[Archive, dict[str, str]], selection: Selection, expected: str) -> None:
    archive, ids = filled
    assert archive.catalog.photo_ids_for_reprocess(selection) == [ids[name] for name in expected.split()]


def test_what_is_not_there_is_said(archive: Archive) -> None:
    with pytest.raises(NotFound):
        archive.catalog.photo_ids_for_reprocess(Selection(session_id="s3"))
    with pytest.raises(UsageError, match="find, read, phase"):
        archive.catalog.photo_ids_for_reprocess(Selection(stage="raed", stage_of=OLD))


def test_a_line_that_a_person_corrected_is_certain(archive: Archive, ids: dict[str, str]) -> None:
    board = archive.catalog.boards(photo_id=ids["weak"])[0]
    archive.catalog.correct(ids["weak"], board.id, CorrectionField.TEXT, "enjeux !", TITLE)
    assert archive.catalog.photo_ids_for_reprocess(Selection(below=0.5)) == []


def test_each_recipe_knows_its_photos(archive: Archive, ids: dict[str, str]) -> None:
    assert {use.recipe: use.photos for use in archive.catalog.recipes()} == {OLD: 2, NEW: 3, TAGGED: 1}
    archive.catalog.commit_scan(ids["old"], scan([surface(LEFT)], NEW))
    assert {use.recipe: use.photos for use in archive.catalog.recipes()} == {OLD: 1, NEW: 4, TAGGED: 1}


def test_what_is_no_board_waits_for_nobody(archive: Archive, ids: dict[str, str]) -> None:
    before = archive.catalog.counts().doubtful
    archive.catalog.commit_scan(ids["elsewhere"], scan([surface(LEFT, line("x", TITLE), confidence=0.2)]))
    assert archive.catalog.counts().doubtful == before + 1
    archive.catalog.correct(ids["elsewhere"], None, CorrectionField.CONTENT, "people")
    assert archive.catalog.counts().doubtful == before


def test_counts(archive: Archive, ids: dict[str, str]) -> None:
    doubtful = [surface(LEFT, line("x", TITLE), phase=Phase.UNSURE, confidence=0.2), surface(RIGHT, phase=Phase.ACT)]
    archive.catalog.commit_scan(ids["elsewhere"], scan(doubtful))
    old = archive.catalog.boards(photo_id=ids["old"])[0]
    archive.catalog.correct(ids["old"], old.id, CorrectionField.PHASE, "FOCUS")
    archive.catalog.commit_scan(ids["old"], scan([]))
    archive.catalog.refuse("s1", "x.txt", "no image")
    counts = archive.catalog.counts()
    assert counts.photos == {PhotoState.DONE: 6, PhotoState.PENDING: 1, PhotoState.FAILED: 1}
    assert counts.boards == {Phase.SCAN: 3, Phase.UNSURE: 1, Phase.ACT: 1}
    assert (counts.doubtful, counts.retired, counts.orphaned, counts.refused) == (2, 1, 1, 1)
    assert (counts.waiting, counts.in_work, counts.failed, counts.to_do, counts.materials) == (1, 0, 1, 1, 0)
    here = archive.catalog.counts("s2")
    assert (here.photos, here.boards) == ({PhotoState.DONE: 1}, {Phase.UNSURE: 1, Phase.ACT: 1})
    assert (here.doubtful, here.orphaned, here.waiting, here.refused) == (1, 0, 0, 0)
    assert archive.catalog.counts_by_session() == {
        "s1": ({PhotoState.DONE: 5, PhotoState.PENDING: 1, PhotoState.FAILED: 1}, {Phase.SCAN: 3}),
        "s2": (here.photos, here.boards),
    }
    archive.jobs.lease("w", 60)
    assert archive.catalog.counts().in_work == 1
    assert set(JobState) == {"waiting", "leased", "done", "failed"}
