"""Walls of several sessions are found by the workers, before the command would do it alone."""

from __future__ import annotations

import multiprocessing
import threading
from pathlib import Path

import pytest

from archive.model import Session
from archive.store import Archive
from capture import walls
from capture.pipeline import stages
from fresque.cluster import drive
from fresque.cluster.hands import Hands, Home
from tests.archive.making import LEFT, scan, surface
from tests.capture.making import picture


@pytest.mark.parametrize("count", [1, 3])
def test_sessions_are_looked_over_by_workers(tmp_path: Path, count: int) -> None:
    """In a process of its own: a cluster's loops and threads are no other test's business."""
    process = multiprocessing.get_context("spawn").Process(target=look_over, args=(tmp_path / "archive", count))
    process.start()
    process.join()
    assert process.exitcode == 0


def look_over(place: Path, count: int) -> None:
    from distributed import Client, LocalCluster

    options = stages.Options(threads=1)
    with Archive.create(place) as archive:
        for number in range(count):
            archive.catalog.add_session(Session(f"s{number}", "Une session"))
            for state in range(2):
                blob = archive.blobs.put(picture("PNG", 10 * number + state))
                photo, _ = archive.catalog.add_photo(f"s{number}", blob, f"{state}.png")
                archive.catalog.commit_scan(photo.id, scan([surface(LEFT)]), [{"straight": blob.sha256}])
        with (
            LocalCluster(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None) as cluster,
            Client(cluster) as client,
        ):
            client.register_plugin(Hands(Home.of(archive), "run", options, stages.recipe(options)))
            run = drive._Run(archive, client, "run", threading.Event())
            run._sessions = {f"s{number}" for number in range(count)}
            run._find_walls()
        seen = [archive.catalog.walls_seen(f"s{number}") is not None for number in range(count)]
        assert seen == ([True] * count if count > 1 else [False]), "one alone is left to the command"
        assert [walls.look_over(archive, f"s{number}") for number in range(count)] == [not each for each in seen]
