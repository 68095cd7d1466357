"""Two workers and three readers over one archive: no error, nothing processed twice, no reader sees half a commit."""

from __future__ import annotations

import multiprocessing
import time
import traceback
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from archive.errors import LeaseLost
from archive.model import PhotoState
from archive.store import Archive
from archive.verify import verify
from tests.archive.making import LEFT, RIGHT, box, line, on_sqlite, scan, surface


def work(place: Path, said: Connection, seconds: float, name: str) -> None:
    """Bring a photo, then process what is due; how many commits."""
    commits = 0
    try:
        with Archive.open(place) as archive:
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                blob = archive.blobs.put(f"{name} {commits} {time.time_ns()}".encode())
                archive.catalog.add_photo("s1", blob, f"{name}-{commits}.jpg")
                lease = archive.jobs.lease(name, 60)
                if lease is None:
                    continue
                image = archive.blobs.put(f"clean {lease.photo_id}".encode()).sha256
                surfaces = [surface(LEFT, line("enjeux", box(60, 60, 200, 30))), surface(RIGHT)]
                try:
                    archive.catalog.commit_scan(lease.photo_id, scan(surfaces), [{"clean": image}, {}], lease)
                    commits += 1
                except LeaseLost:
                    said.send(("error", "a lease was lost"))
        said.send(("done", commits))
    except BaseException:
        said.send(("error", traceback.format_exc()))


def read(place: Path, said: Connection, seconds: float, name: str) -> None:
    """Look at everything, again and again; a photo that is read has both its boards, in whatever moment."""
    looks = 0
    try:
        with Archive.open(place) as archive:
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                boards = archive.catalog.boards(session_id="s1")
                if len(boards) % 2:
                    said.send(("error", f"{len(boards)} boards: half a commit"))
                counts = archive.catalog.counts()
                if sum(counts.boards.values()) != 2 * counts.photos.get(PhotoState.DONE, 0):
                    said.send(("error", f"{counts}"))
                for board in boards[-3:]:
                    for digest in board.renditions.values():
                        archive.blobs.get(digest)
                looks += 1
        said.send(("done", looks))
    except BaseException:
        said.send(("error", traceback.format_exc()))


def together(archive: Archive, seconds: float) -> tuple[int, int]:
    """Photos processed, and looks that readers took."""
    context = multiprocessing.get_context("forkserver")
    running = []
    for number, target in enumerate((work, work, read, read, read)):
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=target, args=(archive.path, theirs, seconds, f"p{number}"))
        process.start()
        theirs.close()
        running.append((process, ours))
    told = []
    for process, ours in running:
        kind, value = ours.recv()
        assert kind == "done", value
        told.append(value)
        process.join()
        ours.close()
    photos = archive.catalog.photos()
    done = [photo for photo in photos if photo.state is PhotoState.DONE]
    assert len(done) == told[0] + told[1]
    assert all(len(archive.catalog.readings(photo.id)) == 1 for photo in done), "none was processed twice"
    assert verify(archive).clean
    return len(done), sum(told[2:])


@on_sqlite
@pytest.mark.slow
def test_two_workers_and_three_readers(archive: Archive) -> None:
    done, looks = together(archive, 6.0)
    assert done > 0
    assert looks > 0


@on_sqlite
@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_two_workers_and_three_readers_for_five_minutes(archive: Archive) -> None:
    done, looks = together(archive, 300.0)
    assert done > 50
    assert looks > 50
