"""Two Dask workers against one: the same photos, single-threaded workers, seconds by the clock and by the processor.

    python -m bench.cluster --count 100

Workers are started as on other machines (``dask scheduler``, ``dask worker --nthreads 1``); what is timed is the whole
of ``fresque process --on``, models loaded in each worker included.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.model import Session
from archive.store import Archive

ALONE = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}


@contextmanager
def cluster(workers: int) -> Iterator[str]:
    """A scheduler and workers as processes of their own; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    dask = [sys.executable, "-m", "dask"]
    scheduler = [*dask, "scheduler", "--host", "127.0.0.1", "--port", str(port), "--dashboard-address", "127.0.0.1:0"]
    worker = [*dask, "worker", address, "--host", "127.0.0.1", "--nthreads", "1", "--nworkers", str(workers)]
    started = []
    try:
        for command in (scheduler, worker):
            started.append(
                subprocess.Popen(
                    [*command], env=os.environ | ALONE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
            )
        from distributed import Client

        with Client(address, timeout=60) as client:
            client.wait_for_workers(workers, timeout=60)
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(timeout=60)


def archive_of(place: Path, photos: list[Path], count: int) -> Path:
    """``count`` photos that wait; the same ones again are told apart by what follows their last byte."""
    with Archive.create(place) as made:
        made.catalog.add_session(Session("s", "Mesure"))
        for number in range(count):
            source = photos[number % len(photos)]
            made.catalog.add_photo("s", made.blobs.put(source.read_bytes() + str(number).encode()), f"{number}.jpg")
    return place


def seconds(workers: int, photos: list[Path], count: int) -> float:
    with tempfile.TemporaryDirectory(prefix="fresque-bench-") as scratch, cluster(workers) as address:
        place = archive_of(Path(scratch) / "archive", photos, count)
        command = [sys.executable, "-m", "fresque", "--archive", str(place), "process", "--on", address]
        begun = time.perf_counter()
        subprocess.run(command, env=os.environ | ALONE, check=True, stdout=subprocess.DEVNULL)
        taken = time.perf_counter() - begun
        with Archive.open(place) as archive:
            assert archive.catalog.counts().to_do == 0
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--photos", type=Path, default=Path("samples/session"), help="folder of photos (samples)")
    parser.add_argument("--count", type=int, default=100)
    given = parser.parse_args()
    photos = sorted(p for p in given.photos.rglob("*") if p.suffix.lower() in (".jpg", ".jpeg"))
    one, two = (seconds(workers, photos, given.count) for workers in (1, 2))
    print("| photos | one worker | two workers | ratio |")
    print(f"| {given.count} | {one:.1f} s | {two:.1f} s | {one / two:.2f} |")


if __name__ == "__main__":
    main()
