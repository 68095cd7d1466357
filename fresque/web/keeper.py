"""What goes on beside the pages: photos that wait are processed, and sessions are settled and indexed as they change.

Both are processes of their own, of low priority: a page must not wait for a photo, nor for a session of two hundred
boards that is settled, and a photo that kills its worker must not take the pages with it. The worker goes when nothing
has waited for a while, and its gigabyte with it.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.columns import now
from archive.errors import FresqueError
from archive.store import Archive

if TYPE_CHECKING:
    from capture.pipeline.stages import Options
    from fresque.app import App

LOG = logging.getLogger("fresque.web")
TICK = 0.4  # seconds between two looks at the catalogue
IDLE = 120.0  # seconds after which a worker without work goes
NICE = 10
FOLLOWS_NICE = 5  # what was corrected must be found soon, before the next photo is read


class Keeper:
    """Start it once; ``close`` ends the processes and the thread.

    ``apart``: the index is followed by a process of its own, or, where one program is all there is, by the thread.
    """

    def __init__(self, app: App, processing: bool = True, apart: bool = False) -> None:
        self._app = app
        self._processing = processing
        self._apart = apart
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fresque-keeper", daemon=True)
        self._context = multiprocessing.get_context("spawn")
        self._halt: Any = self._context.Event()
        self._changed: Any = self._context.Event()
        self._worker: SpawnProcess | None = None
        self._follower: SpawnProcess | None = None

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Something was changed: have it found at once."""
        self._changed.set()
        self._wake.set()

    def close(self) -> None:
        self._stop.set()
        self._wake.set()
        self._halt.set()
        self._changed.set()
        if self._thread.is_alive():
            self._thread.join(timeout=30)
        for process in filter(None, (self._worker, self._follower)):
            process.join(timeout=20)
            if process.is_alive():
                process.kill()  # a worker's lease ends, and the next start gives the photo back

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._look()
            except FresqueError as error:
                LOG.warning("the index does not follow: %s", error)
                self._stop.wait(10)
            except Exception:
                LOG.exception("beside the pages")
                self._stop.wait(10)
            self._wake.wait(TICK)
            self._wake.clear()

    def _look(self) -> None:
        if not self._apart:
            follow(self._app)
        elif not _alive(self._follower):
            self._follower = self._begin(follow_on, self._changed, self._halt)
        if self._processing and not _alive(self._worker) and self._waits():
            self._worker = self._begin(work_on, self._app.options(), self._halt)

    def _begin(self, life: Callable[..., None], *given: Any) -> SpawnProcess:
        process = self._context.Process(target=life, args=(self._app.archive.path, *given))
        process.start()
        return process

    def _waits(self) -> bool:
        return waits(self._app.archive)


def _alive(process: SpawnProcess | None) -> bool:
    return process is not None and process.is_alive()


def follow(app: App) -> None:
    if app.behind() or app.engine.fault is not None:
        app.refresh()


def waits(archive: Archive) -> bool:
    due = archive.jobs.next_due()
    return due is not None and due <= now()


def work_on(path: Path, options: Options, halt: Any) -> None:
    """A worker's life, in its own process."""
    ended = _begun(NICE, halt)
    from capture import walls
    from capture.process import work

    idle_since = time.monotonic()
    with Archive.open(path) as archive:
        while not ended() and time.monotonic() - idle_since < IDLE:
            if waits(archive):
                done = [each.photo_id for each in work(archive, options, ended) if each.error is None]
                for session in archive.catalog.sessions_of_photos(done):
                    walls.look_over(archive, session)
                idle_since = time.monotonic()
            time.sleep(TICK)


def follow_on(path: Path, changed: Any, halt: Any) -> None:
    """The life of the process that settles sessions and brings the index up to date."""
    ended = _begun(FOLLOWS_NICE, halt)
    from fresque.app import App

    with App.open(str(path)) as app:
        while not ended():
            try:
                follow(app)
            except FresqueError as error:
                LOG.warning("the index does not follow: %s", error)
                halt.wait(10)
            except Exception:
                LOG.exception("beside the pages")
                halt.wait(10)
            changed.wait(TICK)
            changed.clear()


def _begun(nice: int, halt: Any) -> Callable[[], bool]:
    """Sets a process of ours up; what it returns says when to end: as asked, or when its parent has gone."""
    os.nice(nice)
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, lambda *_: halt.set())
    parent = os.getppid()
    return lambda: bool(halt.is_set()) or os.getppid() != parent
