"""A photo that may have killed its workers is processed in a process of its own: if that dies too, it is the photo.

``python -m capture.apart`` is that process: asked on its input, answering on its output, both pickled. It is no child
of ``multiprocessing``, for the workers of a cluster may not have any.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys

from archive.jobs import Lease
from archive.store import Archive
from capture.photo import Done, process_photo
from capture.pipeline import stages
from capture.sandbox import Sandbox, environment

TIMEOUT = 240.0  # seconds; less than a lease


def process_apart(archive: Archive, lease: Lease, options: stages.Options) -> Done:
    """As ``process_photo``; when the process dies or never ends, the photo becomes a failed record."""
    asked = pickle.dumps((archive.path, lease, options))
    command = [sys.executable, "-m", "capture.apart"]
    try:
        ended = subprocess.run(
            command, input=asked, stdout=subprocess.PIPE, env=environment(), timeout=TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        return _failed(archive, lease, f"it keeps its worker busy for more than {TIMEOUT:.0f} s")
    if ended.returncode != 0:
        return _failed(archive, lease, f"it breaks down its worker ({_how(ended.returncode)}), also when tried alone")
    done: Done = pickle.loads(ended.stdout)
    return done


def main() -> None:
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not come between
    place, lease, options = pickle.load(sys.stdin.buffer)
    with Archive.open(place) as opened, Sandbox() as sandbox:
        answers.write(pickle.dumps(process_photo(opened, lease, options, sandbox)))
    answers.close()


def _failed(archive: Archive, lease: Lease, reason: str) -> Done:
    archive.jobs.fail(lease, reason, retry=False)
    return Done(lease.photo_id, archive.catalog.photo(lease.photo_id).file_name, 0, reason)


def _how(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


if __name__ == "__main__":
    main()
