"""A photo that may have killed its workers is processed in a process of its own: if that dies too, it is the photo."""

from __future__ import annotations

import multiprocessing
import signal
from multiprocessing.connection import Connection
from pathlib import Path

from archive.jobs import Lease
from archive.store import Archive
from capture.pipeline import stages
from capture.process import Done, process_photo
from capture.sandbox import Sandbox

TIMEOUT = 240.0  # seconds; less than a lease


def process_apart(archive: Archive, lease: Lease, options: stages.Options) -> Done:
    """As ``process_photo``; when the process dies or never ends, the photo becomes a failed record."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_alone, args=(archive.path, lease, options, theirs))
    child.start()
    theirs.close()
    try:
        if ours.poll(TIMEOUT):
            done: Done = ours.recv()
            return done
        child.kill()
        return _failed(archive, lease, f"it keeps its worker busy for more than {TIMEOUT:.0f} s")
    except EOFError:
        child.join()
        return _failed(archive, lease, f"it breaks down its worker ({_how(child.exitcode)}), also when tried alone")
    finally:
        child.join()
        ours.close()


def _alone(archive: Path, lease: Lease, options: stages.Options, said: Connection) -> None:
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, signal.SIG_IGN)
    with Archive.open(archive) as opened, Sandbox() as sandbox:
        said.send(process_photo(opened, lease, options, sandbox))


def _failed(archive: Archive, lease: Lease, reason: str) -> Done:
    archive.jobs.fail(lease, reason, retry=False)
    return Done(lease.photo_id, archive.catalog.photo(lease.photo_id).file_name, 0, reason)


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        return signal.Signals(-code).name
    return f"exit code {code}"
