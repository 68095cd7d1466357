"""A process killed at any moment: what it said was kept is there, and nothing is there by half."""

from __future__ import annotations

import multiprocessing
import random
import time
from multiprocessing.connection import Connection
from pathlib import Path

from archive.model import CorrectionField, PhotoState
from archive.store import Archive
from archive.verify import verify
from tests.archive.making import LEFT, RIGHT, box, line, on_sqlite, scan, surface

KILLS = 12
TITLE = box(60, 60, 200, 30)


def live(place: Path, said: Connection, seed: int) -> None:
    """Take photos in, read and correct them, and say what is kept as soon as it is."""
    dice = random.Random(seed)
    with Archive.open(place) as archive:
        while True:
            blob = archive.blobs.put(dice.randbytes(dice.randrange(1, 400_000)))
            photo, _ = archive.catalog.add_photo("s1", blob, f"{blob.sha256[:8]}.jpg")
            said.send(("photo", photo.id, blob.sha256))
            lease = archive.jobs.lease("w", 0.01)
            if lease is None:
                continue
            image = archive.blobs.put(dice.randbytes(1000)).sha256
            surfaces = [surface(LEFT, line("enjeus", TITLE)), surface(RIGHT)]
            boards = archive.catalog.commit_scan(lease.photo_id, scan(surfaces), [{"clean": image}, {}])
            said.send(("boards", lease.photo_id, [board.id for board in boards]))
            correction = archive.catalog.correct(lease.photo_id, boards[0].id, CorrectionField.TEXT, "enjeux", TITLE)
            said.send(("correction", correction.id, boards[0].id))


def run_and_kill(place: Path, seed: int) -> list[tuple[str, str, object]]:
    """Let a process live for a moment after its first word; what it had said."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["archive.store", "shapely.geometry", "tests.archive.making"])
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=live, args=(place, theirs, seed))
    process.start()
    theirs.close()
    assert ours.poll(60), "the process says nothing"
    said = [ours.recv()]
    # now early, now late, however slow the machine is
    time.sleep(random.Random(seed).uniform(0, 0.35 * (1 + seed % 4)))
    process.kill()
    process.join()
    try:
        while ours.poll():
            said.append(ours.recv())
    except EOFError:
        pass
    return said


@on_sqlite
def test_kill_at_any_moment_loses_nothing_that_was_acknowledged(archive: Archive) -> None:
    said: list[tuple[str, str, object]] = []
    for seed in range(KILLS):
        said += run_and_kill(archive.path, seed)
    with Archive.open(archive.path) as after:
        photos = {photo.id: photo for photo in after.catalog.photos()}
        corrections = {c.id: c for c in after.catalog.corrections()}
        for kind, key, value in said:
            if kind == "photo":
                assert photos[key].blob == value
            elif kind == "boards":
                assert [b.id for b in after.catalog.boards(photo_id=key)] == value
            else:
                assert corrections[key].board_id == value
                assert after.catalog.board(str(value)).text == "enjeux"
        for photo in photos.values():
            boards = after.catalog.boards(photo_id=photo.id)
            assert len(boards) == (2 if photo.state is PhotoState.DONE else 0)
        for digest in after.blobs:
            after.blobs.get(digest)
        report = verify(after)
        assert report.clean, report.faults
        assert len(report.unclaimed) <= KILLS, "at most what each was storing when it was killed"
        last = after.catalog.last_sequence()
        assert [c.sequence for c in after.catalog.changes(0, last + 1)] == list(range(1, last + 1))
        assert {kind for kind, _, _ in said} == {"photo", "boards", "correction"}, "all three were interrupted"
