from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
import sqlalchemy as sa

from archive import tables
from archive.columns import now
from archive.errors import LeaseLost, NotFound
from archive.jobs import Jobs, Rules
from archive.model import Photo, PhotoState
from archive.store import Archive
from tests.archive.making import LEFT, scan, surface

SOON = Rules(attempts=3, backoff=0.0)


@pytest.fixture
def jobs(archive: Archive) -> Jobs:
    """The archive's queue, without a pause between attempts."""
    return Jobs(archive.catalog.database, SOON)


def add(archive: Archive, count: int) -> list[str]:
    return [archive.catalog.add_photo("s1", archive.blobs.put(bytes([n])), f"{n}.jpg")[0].id for n in range(count)]


def test_what_came_first_is_leased_first_and_only_once(archive: Archive) -> None:
    added = add(archive, 3)
    leased = [archive.jobs.lease("w", 60) for _ in range(4)]
    assert [lease.photo_id if lease else None for lease in leased] == [*added, None]


def test_a_photo_that_is_done_waits_no_more_until_it_is_asked_for(archive: Archive, photo: Photo) -> None:
    lease = archive.jobs.lease("w", 60)
    archive.catalog.commit_scan(photo.id, scan([surface(LEFT)]), lease=lease)
    assert archive.jobs.lease("w", 60) is None
    assert archive.jobs.enqueue([photo.id, photo.id]) == 1
    assert archive.jobs.enqueue([photo.id]) == 0, "it waits already"
    assert archive.catalog.photo(photo.id).state is PhotoState.DONE, "its boards are still good"
    again = archive.jobs.lease("w", 60)
    assert again is not None
    assert (again.photo_id, again.attempt) == (photo.id, 1)
    assert archive.jobs.enqueue([photo.id]) == 0, "it is in work"


def test_only_photos_are_enqueued(archive: Archive) -> None:
    with pytest.raises(NotFound):
        archive.jobs.enqueue(["nobody"])


def test_a_lease_that_ended_goes_to_the_next_worker(
    archive: Archive, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = archive.jobs.lease("slow", seconds=600)
    assert slow is not None
    assert archive.jobs.lease("quick", 60) is None
    monkeypatch.setattr("archive.jobs.now", lambda: now() + timedelta(seconds=601))
    quick = archive.jobs.lease("quick", 60)
    assert quick is not None
    assert (quick.photo_id, quick.attempt) == (photo.id, 2)
    with pytest.raises(LeaseLost):
        archive.jobs.renew(slow, 60)
    with pytest.raises(LeaseLost):
        archive.catalog.fail_photo(photo.id, "too slow", slow)
    archive.jobs.release(slow)
    assert archive.jobs.fail(slow, "too slow", retry=False)
    assert archive.catalog.photo(photo.id).state is PhotoState.PENDING
    assert archive.jobs.renew(quick, 90).until > quick.until, "it is still the other's"


def test_a_renewed_lease_is_not_taken(archive: Archive, photo: Photo) -> None:
    lease = archive.jobs.lease("w", seconds=0.05)
    assert lease is not None
    archive.jobs.renew(lease, 600)
    time.sleep(0.06)
    assert archive.jobs.lease("other", 60) is None


def test_a_clean_stop_gives_the_photo_back_and_counts_as_no_attempt(archive: Archive, photo: Photo) -> None:
    for _ in range(5):
        lease = archive.jobs.lease("w", 60)
        assert lease is not None
        assert lease.attempt == 1
        archive.jobs.release(lease)


def test_what_fails_is_tried_again_later_and_in_the_end_fails_with_its_reason(jobs: Jobs, archive: Archive) -> None:
    (photo_id,) = add(archive, 1)
    for attempt in (1, 2, 3):
        assert archive.catalog.photo(photo_id).state is PhotoState.PENDING
        lease = jobs.lease("w", 60)
        assert lease is not None
        assert lease.attempt == attempt
        assert jobs.fail(lease, "out of memory") is (attempt < 3)
    assert jobs.lease("w", 60) is None
    failed = archive.catalog.photo(photo_id)
    assert (failed.state, failed.error) == (PhotoState.FAILED, "out of memory")
    assert [(f.photo_id, f.file_name, f.reason, f.attempts) for f in jobs.failures("s1")] == [
        (photo_id, "0.jpg", "out of memory", 3)
    ]
    assert jobs.failures("s2") == []


def test_the_pause_doubles_with_each_attempt(archive: Archive, photo: Photo) -> None:
    jobs = Jobs(archive.catalog.database, Rules(attempts=3, backoff=100))
    first = jobs.lease("w", 60)
    assert first is not None
    before = now()
    jobs.fail(first, "busy")
    after = now()
    assert jobs.lease("w", 60) is None
    due = jobs.next_due()
    assert due is not None
    pause = timedelta(seconds=100)
    assert before + pause <= due <= after + pause


def test_a_fault_of_the_photo_is_final_at_once_and_can_be_retried_by_hand(archive: Archive, photo: Photo) -> None:
    lease = archive.jobs.lease("w", 60)
    assert lease is not None
    assert archive.jobs.fail(lease, "the file is truncated", retry=False) is False
    assert archive.jobs.lease("w", 60) is None
    assert archive.jobs.next_due() is None
    assert archive.jobs.retry(["another"]) == 0
    assert archive.jobs.retry() == 1
    assert archive.jobs.failures() == []
    waiting = archive.catalog.photo(photo.id)
    assert (waiting.state, waiting.error) == (PhotoState.PENDING, None)
    again = archive.jobs.lease("w", 60)
    assert again is not None
    assert again.attempt == 1


def test_a_photo_that_cannot_be_read_again_keeps_its_boards(archive: Archive, photo: Photo) -> None:
    (board,) = archive.catalog.commit_scan(photo.id, scan([surface(LEFT)]))
    archive.jobs.enqueue([photo.id])
    archive.catalog.fail_photo(photo.id, "the disk does not answer", archive.jobs.lease("w", 60))
    shown = archive.catalog.photo(photo.id)
    assert (shown.state, shown.error) == (PhotoState.DONE, "the disk does not answer")
    assert archive.catalog.boards() == [board]
    assert [f.photo_id for f in archive.jobs.failures()] == [photo.id]


def test_a_photo_that_stops_its_workers_again_and_again_fails(archive: Archive, photo: Photo) -> None:
    for _ in range(Rules().attempts):
        assert archive.jobs.lease("w", seconds=-1) is not None
    assert archive.jobs.lease("w", 60) is None
    assert "stopped 3 times" in (archive.catalog.photo(photo.id).error or "")


def test_what_dead_workers_hold_is_given_back_at_once(archive: Archive) -> None:
    added = add(archive, 2)
    archive.jobs.lease("dead", 600)
    alive = archive.jobs.lease("alive", 600)
    assert alive is not None
    assert archive.jobs.release_dead(lambda worker: worker == "dead") == 1
    again = archive.jobs.lease("w", 60)
    assert again is not None
    assert (again.photo_id, again.attempt) == (added[0], 1)
    archive.jobs.renew(alive, 60)


# --- several processes ---------------------------------------------------------------------------------------


def work_through(place: Path, said: Connection) -> None:
    """Lease one photo and say so; once told to, commit it and go on until nothing waits; say what was leased."""
    mine = []
    with Archive.open(place) as archive:
        lease = archive.jobs.lease(str(os.getpid()), 600)
        said.send(["ready"])
        said.recv()
        while lease is not None:
            archive.catalog.commit_scan(lease.photo_id, scan([surface(LEFT)]), lease=lease)
            mine.append(lease.photo_id)
            lease = archive.jobs.lease(str(os.getpid()), 600)
    said.send(mine)


def hold(place: Path, said: Connection) -> None:
    """Lease one photo and never finish."""
    with Archive.open(place) as archive:
        lease = archive.jobs.lease("held", 0.5)
        said.send([lease.photo_id] if lease else [])
        time.sleep(60)


def start(target: Callable[[Path, Connection], None], place: Path) -> tuple[BaseProcess, Connection]:
    """A process of its own, and the end of the pipe on which it speaks and listens."""
    context = multiprocessing.get_context("spawn")  # which is told of the servers by its environment
    context.set_forkserver_preload(["archive.store", "shapely.geometry", "tests.archive.making"])
    ours, theirs = context.Pipe()
    process = context.Process(target=target, args=(place, theirs))
    process.start()
    theirs.close()
    return process, ours


def heard(said: Connection) -> list[str]:
    assert said.poll(60), "the process says nothing"
    found: list[str] = said.recv()
    return found


@pytest.mark.usefixtures("told")
def test_two_processes_share_the_work_and_do_nothing_twice(archive: Archive) -> None:
    added = add(archive, 40)
    workers = [start(work_through, archive.path) for _ in range(2)]
    assert [heard(said) for _, said in workers] == [["ready"]] * 2
    for _, said in workers:
        said.send("go")
    shares = [heard(said) for _, said in workers]
    for process, _ in workers:
        process.join()
    assert sorted(shares[0] + shares[1]) == sorted(added)
    assert all(shares), "both had something to do"
    assert len(archive.catalog.boards()) == len(added)


@pytest.mark.usefixtures("told")
def test_the_photo_of_a_killed_process_is_done_by_another(archive: Archive) -> None:
    added = add(archive, 2)
    holder, said = start(hold, archive.path)
    assert heard(said) == added[:1]
    holder.kill()
    holder.join()
    time.sleep(0.6)
    worker, said = start(work_through, archive.path)
    assert heard(said) == ["ready"]
    said.send("go")
    assert sorted(heard(said)) == sorted(added)
    worker.join()


@pytest.mark.parametrize("years", [-3, 3])
def test_a_clock_that_jumps_delays_nothing(archive: Archive, photo: Photo, jobs: Jobs, years: int) -> None:
    """Photos that came, one in work and one to be tried again, before the clock was set back or forward."""
    add(archive, 2)
    held = archive.jobs.lease("w", 60)
    assert held is not None
    failed = Jobs(archive.catalog.database, Rules(attempts=3, backoff=3600)).lease("w", 60)
    assert failed is not None
    Jobs(archive.catalog.database, Rules(attempts=3, backoff=3600)).fail(failed, "busy")
    with archive.catalog.database.write() as connection:  # as if all of that had been done by another clock
        for row in connection.execute(sa.select(tables.jobs)).all():
            jump = timedelta(days=365 * years)
            moved = {"due": row.due - jump, "changed_at": row.changed_at - jump}
            here = tables.jobs.c.photo_id == row.photo_id
            connection.execute(sa.update(tables.jobs).where(here).values(**moved))
    given = [archive.jobs.lease("other", 60) for _ in range(3)]
    assert {lease.photo_id for lease in given if lease} == {p.id for p in archive.catalog.photos()}
    assert archive.jobs.lease("other", 60) is None
