"""Copies of bytes that lie in a distant store, on the local disk and bounded in size: the least used go first.

A copy is checked when it is used, like all bytes, and lives a day at most: what is destroyed in the store is then gone
here too, on every machine that has read it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import time
from pathlib import Path

from archive.errors import UsageError

SIZE = "FRESQUE_CACHE_MB"
DEFAULT_MB = 2000
OLDEST = 24 * 3600.0  # seconds
ROOM = 0.9
"""Of the bound that is left after making room, so that it is not made at each copy."""


class Nearby:
    """Safe for several processes in one folder: a copy appears whole, and may go at any time."""

    def __init__(self, folder: Path, most: int | None = None) -> None:
        self._folder = folder
        self._most = _bytes() if most is None else most
        self._counted: int | None = None

    def get(self, digest: str) -> bytes | None:
        file = self._folder / digest
        try:
            data = file.read_bytes()
            born = file.stat().st_mtime
            if time.time() - born > OLDEST or hashlib.sha256(data).hexdigest() != digest:
                file.unlink(missing_ok=True)
                return None
            os.utime(file, (time.time(), born))  # when it was used last, and still when it was made
        except OSError:
            return None
        return data

    def keep(self, digest: str, data: bytes) -> None:
        """A disk that is full is no fault: then there is no copy."""
        if len(data) > self._most:
            return
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            aside = self._folder / f".{secrets.token_hex(8)}"
            aside.write_bytes(data)
            aside.replace(self._folder / digest)
            self._counted = (self._size() if self._counted is None else self._counted) + len(data)
            if self._counted > self._most:
                self.make_room()

    def drop(self, digest: str) -> None:
        with contextlib.suppress(OSError):
            (self._folder / digest).unlink(missing_ok=True)

    def make_room(self) -> int:
        """Old copies go, then those used least lately until there is room; how many."""
        found = self._files()
        size, gone = sum(length for _, _, length, _ in found), 0
        for _, born, length, file in sorted(found, key=lambda each: each[0]):
            if time.time() - born > OLDEST or size > ROOM * self._most:
                with contextlib.suppress(OSError):
                    file.unlink()
                    size, gone = size - length, gone + 1
        self._counted = size
        return gone

    def _size(self) -> int:
        return sum(length for _, _, length, _ in self._files())

    def _files(self) -> list[tuple[float, float, int, Path]]:
        """When it was used last, when it was made, bytes, where."""
        found = []
        with contextlib.suppress(OSError):
            for entry in os.scandir(self._folder):
                with contextlib.suppress(OSError):
                    told = entry.stat()
                    found.append((told.st_atime, told.st_mtime, told.st_size, Path(entry.path)))
        return found


def _bytes() -> int:
    text = os.environ.get(SIZE, "")
    if text and not text.isdigit():
        raise UsageError(f"{SIZE}={text!r} is no number of megabytes", "correct it or unset it")
    return int(text or DEFAULT_MB) * 1_000_000
