"""What a scheduler hands out by name: taken over within a run, fenced off, left alone between runs."""

from __future__ import annotations

import pytest

from archive.errors import LeaseLost
from archive.jobs import Rules
from archive.model import Photo, PhotoState
from archive.store import Archive
from tests.archive.making import LEFT, scan, surface


def test_the_same_run_takes_over_and_the_old_worker_is_fenced_off(archive: Archive, photo: Photo) -> None:
    old = archive.handed.take(photo.id, "run", "a:1:0", 300)
    new = archive.handed.take(photo.id, "run", "b:2:0", 300)
    assert old is not None
    assert new is not None
    assert (new.attempt, new.deaths) == (1, 1), "a worker's death is no attempt, and is counted"
    with pytest.raises(LeaseLost):
        archive.catalog.commit_scan(photo.id, scan([surface(LEFT)]), lease=old)
    archive.catalog.commit_scan(photo.id, scan([surface(LEFT)]), lease=new)
    assert len(archive.catalog.readings(photo.id)) == 1


def test_another_run_leaves_it_alone_until_the_lease_ends(archive: Archive, photo: Photo) -> None:
    assert archive.handed.take(photo.id, "one", "a:1:0", 300) is not None
    assert archive.handed.take(photo.id, "two", "a:1:0", 300) is None
    assert archive.handed.take(photo.id, "on", "a:1:0", 300) is None, "a run whose name begins alike is another"
    assert archive.handed.due(10, "two") == []
    assert archive.handed.due(10, "one") == [photo.id], "its task was lost: it is handed out again"
    assert archive.handed.due(10, "one", {photo.id}) == []
    assert archive.handed.take(photo.id, "one", "a:1:0", -1) is not None
    assert archive.handed.take(photo.id, "two", "a:1:0", 300) is not None


def test_what_is_done_is_not_done_again(archive: Archive, photo: Photo) -> None:
    """A worker that dies between its commit and its answer: the task is run again."""
    lease = archive.handed.take(photo.id, "run", "a:1:0", 300)
    archive.catalog.commit_scan(photo.id, scan([surface(LEFT)]), lease=lease)
    assert archive.handed.take(photo.id, "run", "b:1:0", 300) is None
    assert archive.handed.take("nothing", "run", "b:1:0", 300) is None
    assert archive.handed.next_due("run") is None


def test_attempts_are_counted_as_in_the_queue(archive: Archive, photo: Photo) -> None:
    for _ in range(Rules().attempts):
        lease = archive.handed.take(photo.id, "run", "a:1:0", 300)
        assert lease is not None
        archive.jobs.fail(lease, "the store does not answer", retry=True)
    assert archive.handed.take(photo.id, "run", "a:1:0", 300) is None
    assert archive.catalog.photo(photo.id).state is PhotoState.FAILED


def test_what_failed_waits_its_time(archive: Archive, photo: Photo) -> None:
    lease = archive.handed.take(photo.id, "run", "a:1:0", 300)
    assert lease is not None
    archive.jobs.fail(lease, "busy", retry=True)
    assert archive.handed.due(10, "run") == []
    assert archive.handed.next_due("run") is not None
