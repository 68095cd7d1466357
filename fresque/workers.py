"""Several processes at work on one archive: each opens it for itself and leases one photo after another."""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.store import Archive

if TYPE_CHECKING:
    from capture.pipeline.stages import Options
    from capture.process import Done

POLL_SECONDS = 0.5


def process(archive: Archive, options: Options, workers: int) -> Iterator[Done]:
    """Process what waits with ``workers`` processes (one: this one); yields each photo as it is done.

    On Ctrl-C and SIGTERM photos under way are finished, no further one is begun.
    """
    from capture.process import work

    stop = threading.Event()
    before = {kind: signal.signal(kind, lambda *_: stop.set()) for kind in _signals()}
    try:
        if workers == 1:
            yield from work(archive, options, stop.is_set)
        else:
            yield from _pool(archive.path, options, workers, stop)
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
    if stop.is_set():
        raise KeyboardInterrupt


def _signals() -> tuple[signal.Signals, ...]:
    # only a main thread may listen to signals
    return (signal.SIGINT, signal.SIGTERM) if threading.current_thread() is threading.main_thread() else ()


def _pool(archive: Path, options: Options, workers: int, stop: threading.Event) -> Iterator[Done]:
    # spawn: a forked copy of ONNX Runtime's threads and of SQLite's connections would hang
    context = multiprocessing.get_context("spawn")
    results: Any = context.Queue()
    halt = context.Event()
    options = replace(options, threads=max(1, (os.cpu_count() or 1) // workers))
    running = [context.Process(target=_work, args=(archive, options, results, halt)) for _ in range(workers)]
    for worker in running:
        worker.start()
    try:
        while _alive(running) or not results.empty():
            if stop.is_set():
                halt.set()
            try:
                yield results.get(timeout=POLL_SECONDS)
            except queue.Empty:
                continue
    finally:
        halt.set()
        for worker in running:
            worker.join()


def _alive(running: list[SpawnProcess]) -> bool:
    return any(worker.is_alive() for worker in running)


def _work(archive: Path, options: Options, results: Any, halt: Any) -> None:
    """A worker's life: signals are the parent's business."""
    import cv2

    from capture.process import work

    cv2.setNumThreads(options.threads)  # else each worker's OpenCV takes every processor
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, signal.SIG_IGN)
    with Archive.open(archive) as opened:
        for done in work(opened, options, halt.is_set):
            results.put(done)
