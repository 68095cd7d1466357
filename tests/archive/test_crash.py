"""A process killed at any moment of any work: what it said was kept is there, and nothing is there by half."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections import Counter
from pathlib import Path

import bagit
import pytest

from archive import schema
from archive.backup import bags
from archive.model import PhotoState
from archive.prune import finish
from archive.restore import restore
from archive.store import IDENTITY, Archive
from archive.verify import verify
from tests.archive import living
from tests.archive.living import Said
from tests.archive.making import on_sqlite

KILLS = 8


def run_and_kill(place: Path, seed: int) -> list[Said]:
    """Let a process live until its n-th write, or for a moment after its first word; what it had said."""
    dice = random.Random(seed)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.archive.living", "shapely.geometry", "alembic.command", "bagit"])
    ours, theirs = context.Pipe(duplex=False)
    writes = 0 if seed % 4 == 0 else dice.randrange(1, dice.choice((40, 200, 800)))
    process = context.Process(target=living.live, args=(place, theirs, seed, writes))
    process.start()
    theirs.close()
    said: list[Said] = []
    end = time.monotonic() + (dice.uniform(0.3, 2.0) if not writes else 4.0)
    try:
        while (left := end - time.monotonic()) > 0 and ours.poll(left):
            said.append(ours.recv())
        process.kill()
        while ours.poll(1.0):
            said.append(ours.recv())
    except EOFError:
        pass
    process.kill()
    process.join()
    ours.close()
    assert process.exitcode == -9, f"seed {seed}: it ended by itself"
    return said


def check(place: Path, said: list[Said], seed: int) -> None:
    """Nothing that was acknowledged is missing; verify is clean; every bag is whole; the feed has no gap."""
    going = {key for kind, key, _ in said if kind == "asked to forget"}
    gone = {key: blob for kind, key, blob in said if kind == "forgotten"}
    with Archive.open(place) as after:
        finish(after)
        photos = {photo.id: photo for photo in after.catalog.photos(trashed=True)}
        corrections = {c.id: c for c in after.catalog.corrections()}
        for kind, key, value in said:
            if kind == "photo" and key not in going:
                assert photos[key].blob == value, f"seed {seed}"
            elif kind == "boards" and key not in going:
                found = after.catalog.boards_by_id(value)
                assert list(found) == sorted(value), f"seed {seed}"
            elif kind == "correction" and value in {b.id for b in after.catalog.boards()}:
                assert corrections[key].board_id == value, f"seed {seed}"
                assert after.catalog.board(value).text == "enjeux", f"seed {seed}"
        for photo_id, blob in gone.items():
            assert photo_id not in photos
            assert not after.blobs.has(blob), f"seed {seed}: destroyed bytes are there"
        for photo in photos.values():
            if not photo.trashed:
                boards = after.catalog.boards(photo_id=photo.id)
                assert len(boards) == (2 if photo.state is PhotoState.DONE else 0), f"seed {seed}"
        report = verify(after)
        assert report.clean, (seed, report.faults)
        last = after.catalog.last_sequence()
        assert [c.sequence for c in after.catalog.changes(0, last + 1)] == list(range(1, last + 1))
    check_aside(place.parent / "aside", seed)


def check_aside(aside: Path, seed: int) -> None:
    """What was written beside the archive: bags are whole or have no name, a restore goes on, a migration is done."""
    found = bags(aside / "bags") if (aside / "bags").is_dir() else []
    for bag in found[-1:]:
        assert bagit.Bag(str(bag)).is_valid(), f"seed {seed}: {bag}"
    if found and (aside / "restored").is_dir() and not (aside / "restored" / IDENTITY).exists():
        restore(found[-1], aside / "restored").close()
    if (aside / "restored" / IDENTITY).exists():
        with Archive.open(aside / "restored") as restored:
            assert verify(restored).clean, f"seed {seed}"
    if (aside / "old" / IDENTITY).exists():
        with Archive.open(aside / "old") as old:
            assert schema.version(old.catalog.database) == schema.HEAD
            assert len(old.catalog.photos()) == 3


def kill_often(place: Path, kills: int, seed: int = 0) -> Counter[str]:
    said: list[Said] = []
    for number in range(kills):
        said += run_and_kill(place, seed + number)
        check(place, said, seed + number)
    return Counter(kind for kind, _, _ in said)


@on_sqlite
@pytest.mark.slow
def test_kill_at_any_moment_loses_nothing_that_was_acknowledged(archive: Archive) -> None:
    archive.close()
    wanted = {"photo", "boards", "correction", "backup"}
    seen = kill_often(archive.path, KILLS)
    for number in range(KILLS, 10 * KILLS):  # a busy machine gets less far before each kill
        if wanted <= set(seen):
            break
        seen += kill_often(archive.path, 1, seed=number)
    assert wanted <= set(seen)


@on_sqlite
@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_two_hundred_kills(archive: Archive) -> None:
    archive.close()
    seen = kill_often(archive.path, 200, seed=1000)
    kinds = {"photo", "boards", "correction", "backup", "restored", "migrated", "forgotten"}
    assert kinds <= set(seen), "all of it was interrupted and acknowledged"


@on_sqlite
def test_the_check_would_notice_a_loss(archive: Archive) -> None:
    archive.close()
    said: list[Said] = []
    kept: list[str] = []
    for seed in range(0, 80, 4):  # each lives for two seconds at most: on a busy machine too short for a photo
        said += run_and_kill(archive.path, seed)
        check(archive.path, said, seed)
        with Archive.open(archive.path) as opened:
            kept = [photo.blob for photo in opened.catalog.photos()]
        if kept:
            break
    with Archive.open(archive.path) as opened:
        path = opened.blobs.path(kept[0])
        assert path is not None
        path.unlink()
    with pytest.raises(AssertionError):
        check(archive.path, said, 0)
