"""What goes on beside the pages: photos that wait are processed by a process of its own, and the index follows.

The worker is another process, of low priority: a page must not wait for a photo, and a photo that kills its worker
must not take the pages with it. It goes when nothing has waited for a while, and its gigabyte with it.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
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


class Keeper:
    """Start it once; ``close`` ends worker and thread."""

    def __init__(self, app: App, processing: bool = True) -> None:
        self._app = app
        self._processing = processing
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fresque-keeper", daemon=True)
        self._context = multiprocessing.get_context("spawn")
        self._halt: Any = self._context.Event()
        self._worker: SpawnProcess | None = None

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Something was changed: have it found at once."""
        self._wake.set()

    def close(self) -> None:
        self._stop.set()
        self._wake.set()
        self._halt.set()
        if self._thread.is_alive():
            self._thread.join(timeout=30)
        if self._worker is not None:
            self._worker.join(timeout=20)
            if self._worker.is_alive():
                self._worker.kill()  # its lease ends, and the next start gives the photo back

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
        if self._app.behind() or self._app.engine.fault is not None:
            self._app.refresh()
        if self._processing and not self._alive() and self._waits():
            self._worker = self._context.Process(
                target=work_on, args=(self._app.archive.path, self._app.options(), self._halt)
            )
            self._worker.start()

    def _waits(self) -> bool:
        return waits(self._app.archive)

    def _alive(self) -> bool:
        return self._worker is not None and self._worker.is_alive()


def waits(archive: Archive) -> bool:
    due = archive.jobs.next_due()
    return due is not None and due <= now()


def work_on(path: Path, options: Options, halt: Any) -> None:
    """A worker's life, in its own process."""
    os.nice(NICE)
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, lambda *_: halt.set())
    parent = os.getppid()

    def ended() -> bool:
        return bool(halt.is_set()) or os.getppid() != parent

    from capture.process import work

    idle_since = time.monotonic()
    with Archive.open(path) as archive:
        while not ended() and time.monotonic() - idle_since < IDLE:
            if waits(archive):
                for _ in work(archive, options, ended):
                    pass
                idle_since = time.monotonic()
            time.sleep(TICK)
