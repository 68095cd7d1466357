"""A worker that stays: it processes what comes later, and ends when it is told to with nothing half done."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from archive.store import Archive
from tests.fresque.cluster.test_cluster import done, fill, running
from tests.fresque.test_cli import board_photo


@pytest.mark.slow
def test_what_comes_later_is_processed(tmp_path: Path) -> None:
    place = fill(tmp_path / "archive", 0)
    with running(place, "--stay") as process:
        assert process.stdout is not None
        assert "Processing what comes" in process.stdout.readline()
        with Archive.open(place) as archive:
            for name in ("1.jpg", "2.jpg"):
                archive.catalog.add_photo("s", archive.blobs.put(board_photo([name], (600, 450))), name)
        until = time.monotonic() + 120
        while done(place) < 2:
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
    with Archive.open(place) as archive:
        assert archive.jobs.next_due() is None
