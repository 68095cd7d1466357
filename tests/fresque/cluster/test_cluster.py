"""Processing on real Dask workers, some of which are killed: every photo is done once, and the killer is told."""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from PIL import Image

from archive.model import PhotoState, Session
from archive.store import Archive
from archive.verify import verify
from tests.fresque.test_cli import board_photo, fresque

KILLER = b"the picture that kills"
ROOT = Path(__file__).parents[3]


def fill(place: Path, count: int, *more: tuple[str, bytes], enlarged: int = 1) -> Path:
    with Archive.create(place) as made:
        made.catalog.add_session(Session("s", "Une session"))
        for number in range(count):
            data = board_photo([f"Panneau {number}", "file au guichet"])
            data = _enlarged(data, enlarged) if enlarged > 1 else data
            made.catalog.add_photo("s", made.blobs.put(data), f"{number:03}.jpg")
        for name, data in more:
            made.catalog.add_photo("s", made.blobs.put(data), name)
    return place


def _enlarged(jpeg: bytes, times: int) -> bytes:
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(jpeg)) as image:
        image.resize((image.width * times, image.height * times)).save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


@contextmanager
def running(place: Path, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """``fresque process`` under way."""
    command = [sys.executable, "-m", "fresque", "--archive", str(place), "process", "--json", *arguments]
    paths = f"{environment.pop('PYTHONPATH', '')}:{ROOT}"
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | environment | {"PYTHONPATH": paths}
    )
    try:
        yield process
    finally:
        for child in psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []:
            child.kill()
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def workers_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Processes that hold Dask workers; the nannies, which start them anew, live in the command itself."""
    found = []
    for child in psutil.Process(process.pid).children():
        try:
            if any("spawn_main" in part for part in child.cmdline()):
                found.append(child)
        except psutil.NoSuchProcess:
            continue
    return found


def done(place: Path) -> int:
    with Archive.open(place) as archive:
        return sum(photo.state is PhotoState.DONE for photo in archive.catalog.photos())


def kill_often(process: subprocess.Popen[str], place: Path, seconds: float, seed: int) -> int:
    """A worker killed every so often until the command ends; how many."""
    chance, killed = random.Random(seed), 0
    while process.poll() is None:
        until = time.monotonic() + seconds * chance.uniform(0.8, 1.2)
        while process.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        alive = workers_of(process) if process.poll() is None else []
        if alive and done(place):
            chance.choice(alive).kill()
            killed += 1
    return killed


def check(place: Path, count: int) -> None:
    """All are done, none twice."""
    with Archive.open(place) as archive:
        photos = [photo for photo in archive.catalog.photos() if photo.file_name != "bad.jpg"]
        assert [photo.state for photo in photos] == [PhotoState.DONE] * count
        assert {len(archive.catalog.readings(photo.id)) for photo in photos} == {1}
        numbers = sorted(int(board.text.split("Panneau")[1].split()[0]) for board in archive.catalog.boards())
        assert numbers == list(range(count))
        assert verify(archive).clean


@pytest.mark.slow
def test_a_photo_that_kills_workers_fails_alone_and_the_rest_is_done_once(tmp_path: Path) -> None:
    name = hashlib.sha256(KILLER).hexdigest()
    (tmp_path / "sitecustomize.py").write_text(
        "import os, signal, sys\n"
        "def fault(event, given):\n"
        f"    if event == 'open' and str(given[0]).endswith({name!r}):\n"
        "        os.kill(os.getpid(), signal.SIGSEGV)\n"
        "sys.addaudithook(fault)\n"
    )
    place = fill(tmp_path / "archive", 6, ("bad.jpg", KILLER))
    with running(place, "--on", "local", "--workers", "2", PYTHONPATH=str(tmp_path)) as process:
        told, _ = process.communicate(timeout=240)
    assert process.returncode == 7
    assert json.loads(told) == {"processed": 6, "failed": 1}
    with Archive.open(place) as archive:
        (failure,) = archive.jobs.failures()
        assert failure.file_name == "bad.jpg"
        assert "SIGSEGV" in failure.reason
        assert "alone" in failure.reason
        assert archive.handed.next_due("") is None
    check(place, 6)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_worker_killed_every_twenty_seconds_loses_none_of_a_hundred(tmp_path: Path) -> None:
    place = fill(tmp_path / "archive", 100, enlarged=3)  # as phones take them: the run lasts minutes
    with running(place, "--on", "local", "--workers", "2") as process:
        killed = kill_often(process, place, 20.0, seed=1)
        assert process.returncode == 0
    assert killed >= 3
    check(place, 100)


@pytest.mark.parametrize(
    ("on", "code", "told"),
    [("dask://127.0.0.1:1", 12, "no Dask scheduler answers"), ("slurm", 2, "names no cluster")],
)
def test_a_cluster_that_is_not_there_is_told(tmp_path: Path, on: str, code: int, told: str) -> None:
    ended = fresque("process", "--on", on, archive=fill(tmp_path / "archive", 0))
    assert ended.returncode == code
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr
