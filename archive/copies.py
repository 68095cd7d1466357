"""Copies of bytes that a machine holds for itself: of a distant store, and pictures made for the pages. They go when
the catalogue has let the bytes go, whoever asked for that and on whichever machine."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from archive import tables as t
from archive.database import Database
from archive.records import chunks

LOG = logging.getLogger("fresque")
NEARBY = "nearby"
"""Folder of an archive: copies of bytes that lie in a distant store; can be deleted at any time."""
CACHE = "cache"
"""Folder of an archive: pictures made for the pages; can be deleted at any time."""
LOOK = 15.0  # seconds between two looks at what was destroyed
ANYWAY = 3600.0  # seconds after which the folders are looked through although nothing was
SWEPT = "swept.json"
"""In ``NEARBY``: up to which number of destroyed things that folder and ``CACHE`` were looked through, and when: a
command that starts does not walk through thousands of copies again."""
LEFT = 3600.0  # seconds after which a file that was never finished is nobody's
_DIGEST = re.compile(r"[0-9a-f]{64}(?![0-9a-f])")  # a copy's name begins with the digest of what it is of


def sweep(database: Database, archive: Path) -> int:
    """Remove this machine's copies of bytes that no record names any more; how many."""
    copies: dict[str, list[Path]] = {}
    gone = 0
    for file in _files(archive):
        if named := _DIGEST.match(file.name):
            copies.setdefault(named[0], []).append(file)
        elif _is_left(file):
            gone += _remove(file)
    for some in chunks(sorted(copies)):
        with database.read() as connection:
            known = set(connection.execute(sa.select(t.blobs.c.digest).where(t.blobs.c.digest.in_(some))).scalars())
        gone += sum(_remove(file) for digest in some if digest not in known for file in copies[digest])
    return gone


class Sweeping:
    """Beside an archive whose bytes are elsewhere: a photo destroyed on another machine is gone here, too, after
    ``LOOK`` seconds. A database that does not answer is asked again."""

    def __init__(self, database: Database, archive: Path) -> None:
        self._database = database
        self._archive = archive
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fresque-copies", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        mark = self._archive / NEARBY / SWEPT
        seen, swept = _read(mark)
        while not self._stop.is_set():
            try:
                destroyed = self._destroyed()
                # a clock that was set back says nothing of when it was
                if destroyed != seen or not 0 <= time.time() - swept < ANYWAY:
                    begun = time.time()
                    sweep(self._database, self._archive)
                    seen, swept = destroyed, begun
                    _write(mark, seen, swept)
            except Exception as error:  # whatever the database says: the thread must outlive it
                LOG.warning("copies of what was destroyed may remain on this machine: %s", error)
            self._stop.wait(LOOK)

    def _destroyed(self) -> int:
        """It only grows."""
        with self._database.read() as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(t.tombstones)).scalar_one())


def _read(mark: Path) -> tuple[int, float]:
    """Of the last sweep; of none, or a mark that cannot be understood, what makes the next one due."""
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
        told = json.loads(mark.read_text(encoding="utf-8"))
        return int(told["destroyed"]), float(told["at"])
    return -1, 0.0


def _write(mark: Path, destroyed: int, at: float) -> None:
    """Where the folder may not be written there is no mark."""
    with contextlib.suppress(OSError):
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.write_text(json.dumps({"destroyed": destroyed, "at": at}), encoding="utf-8")


def _files(archive: Path) -> Iterator[Path]:
    for folder in (archive / NEARBY, archive / CACHE):
        yield from (Path(at, name) for at, _, names in os.walk(folder) for name in names)


def _is_left(file: Path) -> bool:
    """Copies are written aside, under a name of chance."""
    with contextlib.suppress(OSError):
        return file.name.startswith(".") and time.time() - file.stat().st_mtime > LEFT
    return False


def _remove(file: Path) -> bool:
    with contextlib.suppress(OSError):
        file.unlink()
        return True
    return False
