"""Disks that are full or may not be written, a database that others hold: one clear error, and nothing is lost.

A small file system of its own is mounted for it; where that is refused, the tests are skipped.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive import sqlite
from archive.backup import backup, bags
from archive.errors import ArchiveBusy, ArchiveError
from archive.model import Session
from archive.store import CATALOG, Archive
from archive.verify import verify
from tests.archive.making import LEFT, line, on_sqlite, scan, surface

SIZE = "6m"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip(f"no file system may be mounted here: {mounted.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)


def remount(place: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(place)], check=True, capture_output=True)


def fill(archive: Archive, seed: int) -> list[tuple[str, str]]:
    """Take in and read until there is no room; id and digest of each photo that was acknowledged."""
    dice = random.Random(seed)
    kept: list[tuple[str, str]] = []

    def one_more() -> None:
        blob = archive.blobs.put(dice.randbytes(dice.randrange(1, 120_000)))
        photo, _ = archive.catalog.add_photo("s", blob, f"{len(kept)}.jpg")
        kept.append((photo.id, blob.sha256))
        archive.catalog.commit_scan(photo.id, scan([surface(LEFT, line("enjeux " * 200, LEFT))]))

    with pytest.raises(ArchiveError, match="full"):
        _for_ever(one_more)
    return kept


def _for_ever(act: Callable[[], None]) -> None:
    while True:
        act()


@pytest.mark.parametrize("seed", range(3))
def test_a_full_disk_is_told_and_loses_nothing(disk: Path, seed: int) -> None:
    with Archive.create(disk / "archive") as archive:
        archive.catalog.add_session(Session("s", "Une session"))
        kept = fill(archive, seed)
        assert len(kept) > 5
        with pytest.raises(ArchiveError):
            backup(archive, disk / "bags")
        assert not (disk / "bags").exists() or bags(disk / "bags") == []
        remount(disk, "size=30m")
        photo, _ = archive.catalog.add_photo("s", archive.blobs.put(b"there is room again"), "last.jpg")
        backup(archive, disk / "bags")
    with Archive.open(disk / "archive") as again:
        there = {p.id: p.blob for p in again.catalog.photos()}
        assert all(there[key] == digest and again.blobs.get(digest) for key, digest in kept)
        assert photo.id in there
        assert verify(again).clean


def test_a_disk_that_may_not_be_written_is_told(disk: Path) -> None:
    with Archive.create(disk / "archive") as archive:
        archive.catalog.add_session(Session("s", "Une session"))
        blob = archive.blobs.put(b"one")
        archive.catalog.add_photo("s", blob, "1.jpg")
        before = archive.blobs.get(blob.sha256)
    remount(disk, "ro")
    try:
        with pytest.raises(ArchiveError) as caught, Archive.open(disk / "archive") as archive:
            archive.blobs.put(b"two")
        assert caught.value.hint
        command = [sys.executable, "-m", "fresque", "--archive", str(disk / "archive"), "status"]
        ran = subprocess.run(command, capture_output=True, text=True)
        assert "Traceback" not in ran.stderr
        assert ran.returncode in (0, 3)
    finally:
        remount(disk, "rw")
    with Archive.open(disk / "archive") as archive:
        assert archive.blobs.get(blob.sha256) == before
        assert verify(archive).clean


def _hold(path: Path, seconds: float) -> None:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        connection.execute("ROLLBACK")


@on_sqlite
@pytest.mark.parametrize("seconds", [0.5, 30.0])
def test_a_database_that_another_holds(archive: Archive, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """For a moment: it is waited for. For long: it is told, and readers go on meanwhile."""
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 3.0)
    context = multiprocessing.get_context("forkserver")
    holder = context.Process(target=_hold, args=(archive.path / CATALOG, seconds))
    holder.start()
    time.sleep(0.3)
    blob = archive.blobs.put(b"one")
    try:
        while holder.is_alive() and not _is_held(archive.path / CATALOG):
            time.sleep(0.05)
        if seconds < 3:
            archive.catalog.add_photo("s1", blob, "1.jpg")
        else:
            with pytest.raises(ArchiveBusy):
                archive.catalog.add_photo("s1", blob, "1.jpg")
            assert archive.catalog.sessions(), "readers do not wait"
    finally:
        holder.kill()
        holder.join()
    archive.catalog.add_photo("s1", blob, "1.jpg")
    assert len(archive.catalog.photos()) == 1


def _is_held(path: Path) -> bool:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
            return False
        except sqlite3.OperationalError:
            return True
