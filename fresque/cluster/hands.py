"""What runs in a Dask worker: the archive is opened once, models are loaded once by their modules, then one photo
after another."""

from __future__ import annotations

import tempfile
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from distributed import Worker, WorkerPlugin, get_worker

from archive.errors import ArchiveBusy, ArchiveError
from archive.model import PhotoState, Recipe
from archive.places import BLOBS, DATABASE, Places
from archive.store import IDENTITY, Archive
from capture import walls
from capture.photo import Done
from capture.pipeline import stages
from capture.process import LEASE_SECONDS, process_leased, worker_name
from capture.sandbox import Sandbox
from fresque.cluster.heap import keep_pages

PATIENCE = 300.0  # seconds for which a worker waits for a database or a store that does not answer
PAUSE = 2.0


@dataclass(frozen=True)
class Home:
    """The archive as its owner sees it. Where the records and the bytes are, each worker is told by its own
    environment: no password goes through the scheduler."""

    path: Path
    identity: str  # the text of its fresque.toml
    apart: bool  # records and bytes are both elsewhere: a worker needs no folder

    @classmethod
    def of(cls, archive: Archive) -> Home:
        places = archive.places
        identity = (archive.path / IDENTITY).read_text(encoding="utf-8")
        return cls(archive.path, identity, bool(places.database and places.blobs))


class Hands(WorkerPlugin):
    """One in each worker, set up again in one that starts anew. ``run`` names the run in the leases."""

    def __init__(self, home: Home, run: str, options: stages.Options, recipe: Recipe) -> None:
        self.name = plugin_name(run)
        self._home = home
        self._run = run
        self._options = options
        self._recipe = recipe

    def setup(self, worker: Worker) -> None:
        """Raises ArchiveError: a worker that is not told where the archive is, or is of another version, is none."""
        import cv2

        keep_pages()
        self._options = replace(self._options, threads=worker.state.nthreads)
        cv2.setNumThreads(worker.state.nthreads)  # else each worker's OpenCV takes every processor
        if stages.recipe(self._options) != self._recipe:
            raise ArchiveError(
                f"the worker {worker.address} has another version of Fresque or its models",
                "install the same on every machine",
            )
        self._scratch = tempfile.TemporaryDirectory(prefix="fresque-worker-")
        self._archive = _open(self._home, Path(self._scratch.name))
        self._sandbox = Sandbox()
        self._alone = threading.Lock()

    def teardown(self, worker: Worker) -> None:
        self._sandbox.close()
        self._archive.close()
        self._scratch.cleanup()

    def process(self, photo_id: str) -> Done | None:
        """One photo; what the catalogue says of it when it is done already; None when another has it."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                with self._alone:  # a worker's threads work on one photo together
                    return self._try(photo_id)
            except ArchiveBusy:
                if time.monotonic() > until:
                    raise
                time.sleep(PAUSE)

    def look_over(self, session_id: str) -> None:
        """Find the walls of a session."""
        with self._alone:
            walls.look_over(self._archive, session_id, threads=self._options.threads)

    def _try(self, photo_id: str) -> Done | None:
        lease = self._archive.handed.take(photo_id, self._run, worker_name(), LEASE_SECONDS)
        if lease is not None:
            return process_leased(self._archive, lease, self._options, self._sandbox)
        photo = self._archive.catalog.photo(photo_id)
        if photo.state is PhotoState.PENDING:
            return None
        return Done(photo_id, photo.file_name, len(self._archive.catalog.board_ids(photo_id=photo_id)), photo.error)


def plugin_name(run: str) -> str:
    return f"fresque-{run}"


def process_one(photo_id: str, run: str) -> Done | None:
    """The task."""
    hands: Any = get_worker().plugins[plugin_name(run)]
    done: Done | None = hands.process(photo_id)
    return done


def look_over_one(session_id: str, run: str) -> None:
    """The task, for a session."""
    hands: Any = get_worker().plugins[plugin_name(run)]
    hands.look_over(session_id)


def _open(home: Home, scratch: Path) -> Archive:
    here = home.path / IDENTITY
    if here.is_file() and here.read_text(encoding="utf-8") == home.identity:
        return Archive.open(home.path)
    places = Places.of_environment()
    if not (home.apart and places.database and places.blobs):
        raise ArchiveError(
            f"a worker does not see the archive {home.path}",
            f"share that folder with it, or keep records and bytes on servers and set {DATABASE} and {BLOBS} there",
        )
    (scratch / IDENTITY).write_text(home.identity, encoding="utf-8")
    return Archive.open(scratch, places)
