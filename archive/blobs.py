"""Bytes by SHA-256: written once, never changed, checked on reading.

A folder by default; any fsspec URL. ``ab/cd/abcd…`` holds the bytes whose digest is ``abcd…``.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

import fsspec
from fsspec.implementations.local import LocalFileSystem

from archive import durable
from archive.errors import ArchiveError, DamagedBlob, NotFound
from archive.model import Blob
from archive.nearby import Nearby
from archive.objects import Objects, answering

ALGORITHM = "sha256"
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")


class BlobStore:
    """``url``: a folder's path, or what fsspec understands (``s3://bucket/prefix``, ``memory://x``). ``nearby``: copies
    of what lies in a distant store."""

    def __init__(self, url: str, nearby: Nearby | None = None) -> None:
        filesystem, root = fsspec.core.url_to_fs(url)
        self._fs: Any = filesystem
        self._root = str(root).rstrip("/")
        self._folder = Path(self._root) if isinstance(filesystem, LocalFileSystem) else None
        self._objects = Objects(filesystem, self._root)
        self._nearby = nearby if self._folder is None else None

    @staticmethod
    def digest(data: bytes) -> str:
        return hashlib.sha256(data).hexdigest()

    def put(self, data: bytes, original: bool = False, mend: bool = False) -> Blob:
        """Keep these bytes; when it returns they are on the disk. Putting the same again changes nothing; it mends a
        damaged copy in a folder, and in a distant store with ``mend``, for there it would have to be read each time.
        ``original``: what cannot be made again, which a store may lock."""
        digest = hashlib.sha256(data).hexdigest()
        try:
            if mend or not self._is_sound(digest, len(data)):
                if self._folder is not None:
                    durable.write(self._file(digest), data, self._folder / durable.TEMPORARY)
                else:
                    with answering(self._root):
                        self._objects.put(self._name(digest), data, original, replace=self.has(digest))
        except OSError as error:
            raise _explained(error, self._root) from error
        return Blob(digest, len(data), ALGORITHM)

    def get(self, sha256: str) -> bytes:
        """Raises NotFound, and DamagedBlob when the bytes no longer match their name."""
        name = self._name(sha256)
        if self._nearby is not None and (copy := self._nearby.get(sha256)) is not None:
            return copy
        try:
            with answering(self._root):
                data = cast(bytes, self._fs.cat_file(name))
        except FileNotFoundError as error:
            raise _missing(sha256) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise DamagedBlob(f"blob {sha256} holds other bytes than were put in ({len(data)} bytes)")
        if self._nearby is not None:
            self._nearby.keep(sha256, data)
        return data

    def check(self, sha256: str) -> int:
        """Bytes of what the store itself holds, read and compared; a copy nearby counts for nothing. Raises as
        ``get``."""
        if self._nearby is not None:
            self._nearby.drop(sha256)
        return len(self.get(sha256))

    def open(self, sha256: str) -> BinaryIO:
        """The same as a stream that starts at 0; checked before the first byte is given out."""
        return io.BytesIO(self.get(sha256))

    def path(self, sha256: str) -> Path | None:
        """Its file, unchecked and not to be changed; None when the store is no folder. Raises NotFound."""
        if not self.has(sha256):
            raise _missing(sha256)
        return self._file(sha256) if self._folder is not None else None

    def has(self, sha256: str) -> bool:
        with answering(self._root):
            return bool(self._fs.isfile(self._name(sha256)))

    def size(self, sha256: str) -> int:
        """Bytes. Raises NotFound."""
        try:
            with answering(self._root):
                return int(self._fs.size(self._name(sha256)))
        except FileNotFoundError as error:
            raise _missing(sha256) from error

    def remove(self, sha256: str) -> bool:
        """Delete these bytes for good; False when they were not there."""
        if self._nearby is not None:
            self._nearby.drop(sha256)
        if not self.has(sha256):
            return False
        with answering(self._root):
            self._objects.remove(self._name(sha256))
        if self._folder is not None:
            durable.flush_folder(self._file(sha256).parent)
        return True

    def age(self, sha256: str) -> float:
        """Seconds since they were put in. Raises NotFound."""
        try:
            changed = self._fs.modified(self._name(sha256))
        except FileNotFoundError as error:
            raise _missing(sha256) from error
        return time.time() - float(changed.timestamp())

    def __iter__(self) -> Iterator[str]:
        """Every digest, in order; nothing else that may lie in the store."""
        if self._folder is not None:
            yield from _digests_in(self._folder)
            return
        for fan in self._folders(self._root, 2):
            for inner in self._folders(fan, 2):
                names = (str(n).rsplit("/", 1)[-1] for n in self._fs.ls(inner, detail=False))
                yield from sorted(n for n in names if _DIGEST.match(n))

    def reachable(self) -> bool:
        """Whether the store answers."""
        return self._folder.is_dir() if self._folder is not None else self._objects.reachable()

    def sweep(self) -> int:
        """Remove what writers that died have left behind; how many files. Safe beside writers at work."""
        if self._folder is not None:
            return durable.sweep(self._folder / durable.TEMPORARY)
        return self._nearby.make_room() if self._nearby is not None else 0

    def _folders(self, parent: str, length: int) -> list[str]:
        self._fs.invalidate_cache()
        if not self._fs.isdir(parent):
            return []
        found = (str(entry["name"]) for entry in self._fs.ls(parent, detail=True) if entry["type"] == "directory")
        return sorted(name for name in found if len(name.rsplit("/", 1)[-1]) == length)

    def _is_sound(self, digest: str, size: int) -> bool:
        """Whether it is there as it should be: a copy that a failing disk has spoilt must not shadow a good one."""
        if not self.has(digest) or self.size(digest) != size:
            return False
        return self._folder is None or hashlib.sha256(self._file(digest).read_bytes()).hexdigest() == digest

    def _name(self, digest: str) -> str:
        if not _DIGEST.match(digest):
            raise NotFound(f"'{digest}' is no SHA-256", "64 hexadecimal digits in lower case")
        return f"{self._root}/{digest[:2]}/{digest[2:4]}/{digest}"

    def _file(self, digest: str) -> Path:
        return Path(self._name(digest))


def _digests_in(folder: Path) -> Iterator[str]:
    """The same for a folder, where it can be quick."""

    def names(place: str, folders: bool) -> list[str]:
        try:
            with os.scandir(place) as entries:
                return sorted(e.name for e in entries if not folders or (len(e.name) == 2 and e.is_dir()))
        except FileNotFoundError:
            return []

    for fan in names(str(folder), True):
        for inner in names(f"{folder}/{fan}", True):
            yield from (n for n in names(f"{folder}/{fan}/{inner}", False) if _DIGEST.match(n))


def _explained(error: OSError, place: str) -> ArchiveError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ArchiveError("the disk is full", "make room; nothing that was recorded is lost")
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return ArchiveError(f"{place} may not be written", "give yourself the right to write there")
    return ArchiveError(f"{place} cannot be written: {error.strerror or error}", "check the disk")


def _missing(digest: str) -> NotFound:
    return NotFound(f"no blob {digest}", "bring it back from a backup")
