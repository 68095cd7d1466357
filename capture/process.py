"""Take what waits and process it, photo after photo, until nothing waits."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from archive.handed import SEPARATOR
from archive.jobs import Lease
from archive.store import Archive
from capture.apart import process_apart
from capture.photo import Done, process_photo
from capture.pipeline import stages
from capture.sandbox import Sandbox

LEASE_SECONDS = 300.0  # a photo takes seconds; after this another worker may take it again
SUSPECT = 2  # workers that died with a photo in their hands, from which on it is tried in a process of its own


def work(archive: Archive, options: stages.Options, stop: Callable[[], bool] = lambda: False) -> Iterator[Done]:
    """Process until nothing waits or ``stop`` says so between two photos. One photo's fault never ends it."""
    release_dead(archive)
    worker = worker_name()
    with Sandbox() as sandbox:
        while not stop():
            lease = archive.jobs.lease(worker, LEASE_SECONDS)
            if lease is None:
                return
            yield process_leased(archive, lease, options, sandbox)


def process_leased(archive: Archive, lease: Lease, options: stages.Options, sandbox: Sandbox) -> Done:
    """As ``process_photo``, in a process of its own where the photo may have killed its workers."""
    if lease.deaths < SUSPECT:
        return process_photo(archive, lease, options, sandbox)
    return process_apart(archive, lease, options)


def release_dead(archive: Archive) -> int:
    """Give back what workers of this machine hold that have died; how many photos."""
    return archive.jobs.release_dead(_is_dead)


def worker_name(process: psutil.Process | None = None) -> str:
    """Host, process and its start: a number that is given again names another process."""
    process = process or psutil.Process()
    return f"{socket.gethostname()}:{process.pid}:{_begun(process)}"


def _begun(process: psutil.Process) -> str:
    """When a process began, counted from the machine's start where that can be had (proc_pid_stat(5), field 22): what
    psutil says moves whenever the clock is set, and whoever is at work would seem dead.

    Raises psutil.NoSuchProcess.
    """
    if not psutil.LINUX:
        return f"{process.create_time():.2f}"
    try:
        return Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (FileNotFoundError, ProcessLookupError) as error:
        raise psutil.NoSuchProcess(process.pid) from error


def _is_dead(worker: str) -> bool:
    """Whether a worker of this machine is gone; of other machines only the end of the lease tells."""
    host, _, rest = worker.rpartition(":")[0].rpartition(":")
    if host.rpartition(SEPARATOR)[2] != socket.gethostname() or not rest.isdigit():
        return False
    try:
        return worker_name(psutil.Process(int(rest))) != worker.rpartition(SEPARATOR)[2]
    except psutil.NoSuchProcess:
        return True
