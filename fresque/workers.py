"""Several processes at work on one archive: each opens it for itself and leases one photo after another."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.errors import Stopped
from archive.store import Archive

if TYPE_CHECKING:
    from capture.photo import Done
    from capture.pipeline.stages import Options

POLL_SECONDS = 0.5


def process(archive: Archive, options: Options, workers: int) -> Iterator[Done]:
    """Process what waits with ``workers`` processes (one: this one); yields each photo as it is done.

    On Ctrl-C and SIGTERM photos under way are finished, no further one is begun, and Stopped is raised.
    """
    from capture.process import work

    with stopping() as stop:
        if workers == 1:
            yield from work(archive, options, stop.is_set)
        else:
            yield from _pool(archive.path, options, workers, stop)
    if stop.is_set():
        raise Stopped("stopped as asked; what was under way is done")


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set while the block runs. Only a main thread may listen to signals."""
    stop = threading.Event()
    main = threading.current_thread() is threading.main_thread()
    kinds = (signal.SIGINT, signal.SIGTERM) if main else ()
    before = {kind: signal.signal(kind, lambda *_: stop.set()) for kind in kinds}
    try:
        yield stop
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


@dataclass(frozen=True)
class _Worker:
    process: SpawnProcess
    said: Connection


def _pool(archive: Path, options: Options, workers: int, stop: threading.Event) -> Iterator[Done]:
    """A worker that dies is replaced: the next one gives its photo back to the queue. Each has a pipe of its own, for
    one that is killed while it holds a common lock would silence the rest."""
    # spawn: a forked copy of ONNX Runtime's threads and of SQLite's connections would hang
    context = multiprocessing.get_context("spawn")
    halt = context.Event()
    options = replace(options, threads=max(1, (os.cpu_count() or 1) // workers))

    def start() -> _Worker:
        ours, theirs = context.Pipe(duplex=False)
        worker = context.Process(target=_work, args=(archive, options, theirs, halt))
        worker.start()
        theirs.close()
        return _Worker(worker, ours)

    running = [start() for _ in range(workers)]
    try:
        while running:
            if stop.is_set():
                halt.set()
            for worker in list(running):
                if worker.said not in wait([w.said for w in running], POLL_SECONDS / len(running)):
                    continue
                try:
                    yield worker.said.recv()
                except EOFError:
                    running.remove(worker)
                    worker.said.close()
                    worker.process.join()
                    if worker.process.exitcode != 0 and not halt.is_set():
                        running.append(start())
    finally:
        halt.set()
        for worker in running:
            worker.process.join()
            worker.said.close()


def _work(archive: Path, options: Options, said: Any, halt: Any) -> None:
    """A worker's life: signals are the parent's business."""
    import cv2

    from capture.process import work

    cv2.setNumThreads(options.threads)  # else each worker's OpenCV takes every processor
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, signal.SIG_IGN)
    with Archive.open(archive) as opened:
        for done in work(opened, options, halt.is_set):
            said.send(done)
