"""Whose photo is given back: that of a worker that has died, and of nobody who is at work."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from archive.model import Session
from archive.store import Archive
from capture.process import release_dead, worker_name


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """With one photo that waits."""
    with Archive.create(tmp_path / "archive") as made:
        made.catalog.add_session(Session("s1", "Une session"))
        made.catalog.add_photo("s1", made.blobs.put(b"one"), "1.jpg")
        yield made


def sleeper() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])


@pytest.mark.skipif(not psutil.LINUX, reason="elsewhere the start is told by a clock that can be set")
def test_a_clock_that_is_set_makes_nobody_dead(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    with sleeper() as working:
        try:
            archive.jobs.lease(worker_name(psutil.Process(working.pid)), 600)
            booted = psutil.boot_time()
            monkeypatch.setattr("psutil._pslinux.boot_time", lambda: booted + 3600.0)  # what a clock that is set moves
            assert release_dead(archive) == 0
        finally:
            working.kill()
    assert release_dead(archive) == 1


def test_a_number_that_is_given_again_is_another_process(archive: Archive) -> None:
    mine = worker_name()
    host, number, begun = mine.rsplit(":", 2)
    archive.jobs.lease(f"{host}:{number}:{float(begun) - 1:.0f}", 600)
    assert release_dead(archive) == 1
    archive.jobs.lease(mine, 600)
    assert release_dead(archive) == 0
