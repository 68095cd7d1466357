"""`fresque watch` as a process: files are taken when they are whole, once, and it stops cleanly."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.model import Session
from archive.store import Archive
from tests.capture import making


@pytest.fixture
def place(tmp_path: Path) -> Path:
    with Archive.create(tmp_path / "archive") as made:
        made.catalog.add_session(Session("s", "Une session"))
    return tmp_path / "archive"


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_what_comes_is_taken_when_whole_and_once(place: Path, tmp_path: Path, stop: signal.Signals) -> None:
    folder = tmp_path / "arrivage"
    folder.mkdir()
    command = [sys.executable, "-m", "fresque", "--archive", str(place), "watch", str(folder)]
    options = ["--session", "s", "--every", "1.5", "--no-process"]
    watching = subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"}
    )
    try:
        assert watching.stdout is not None
        assert "Watching" in watching.stdout.readline()
        time.sleep(3.2)  # two looks at nothing, which is no file that is refused
        (folder / "there.jpg").write_bytes(making.picture("JPEG", 1))
        with Archive.open(place) as archive:
            until(lambda: len(archive.catalog.photos()) == 1)
            assert archive.catalog.refused() == []
            slow = making.picture("JPEG", 2)
            with (folder / "slow.jpg").open("wb") as file:
                for at in range(0, len(slow), len(slow) // 12 + 1):  # as a slow copy from a phone
                    file.write(slow[at : at + len(slow) // 12 + 1])
                    file.flush()
                    os.utime(folder / "slow.jpg")
                    time.sleep(0.1)
            (folder / "broken.jpg").write_bytes(b"")
            until(lambda: len(archive.catalog.photos()) == 2 and len(archive.catalog.refused()) == 1)
            time.sleep(3.2)  # two looks more
            assert [p.file_name for p in archive.catalog.photos()] == ["there.jpg", "slow.jpg"]
            assert archive.blobs.get(archive.catalog.photos()[1].blob) == slow
    finally:
        watching.send_signal(stop)
        said, _ = watching.communicate(timeout=120)
    assert watching.returncode == 0
    assert said.count("added") == 2
    assert said.count("broken.jpg: refused") == 1
