"""A folder as the archivists' BagIt bag (RFC 8493, version 1.0): written here, judged by the ``bagit`` library.

The payload's digests are known already, so that an incremental backup reads only what is new; everything is flushed,
and the manifests are written last.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from archive import durable
from archive.errors import ArchiveError, DamagedBag

MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
_LINE = re.compile(r"([0-9a-f]{64})\s+(.+)\Z")


class BagWriter:
    """Writes into a folder that is new; ``finish`` makes it a bag."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._digests: dict[str, str] = {}
        self._bytes = 0
        durable.make_folder(folder / "data")

    def add(self, name: str, data: bytes) -> None:
        """``name``: path below ``data/``."""
        target = self.folder / "data" / name
        durable.write(target, data, self.folder / durable.TEMPORARY)
        self._note(name, hashlib.sha256(data).hexdigest(), len(data))

    def link(self, name: str, source: Path, digest: str) -> bool:
        """Share a file with an earlier bag on the same disk; False where that cannot be done."""
        target = self.folder / "data" / name
        durable.make_folder(target.parent)
        try:
            os.link(source, target)
        except OSError:
            return False
        durable.flush_folder(target.parent)
        self._note(name, digest, source.stat().st_size)
        return True

    def finish(self, info: Mapping[str, str]) -> None:
        with contextlib.suppress(OSError):
            (self.folder / durable.TEMPORARY).rmdir()
        described = {
            **info,
            "Bagging-Date": datetime.now(UTC).date().isoformat(),
            "Payload-Oxum": f"{self._bytes}.{len(self._digests)}",
            "Bag-Software-Agent": "Fresque",
        }
        tags = {
            "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
            "bag-info.txt": "".join(f"{name}: {_one_line(value)}\n" for name, value in described.items()),
            MANIFEST: "".join(f"{digest}  data/{name}\n" for name, digest in sorted(self._digests.items())),
        }
        tags[TAG_MANIFEST] = "".join(
            f"{hashlib.sha256(text.encode()).hexdigest()}  {name}\n" for name, text in tags.items()
        )
        aside = self.folder.parent / durable.TEMPORARY
        for name, text in tags.items():
            durable.write(self.folder / name, text.encode(), aside)
        with contextlib.suppress(OSError):
            aside.rmdir()

    def _note(self, name: str, digest: str, size: int) -> None:
        self._digests[name] = digest
        self._bytes += size


def manifest(folder: Path) -> dict[str, str]:
    """Path below ``data/`` → digest. Raises DamagedBag."""
    try:
        lines = (folder / MANIFEST).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise DamagedBag(f"{folder} is no bag: {MANIFEST} cannot be read") from error
    found = {}
    for line in lines:
        match = _LINE.match(line)
        if match is None or not match[2].startswith("data/"):
            raise DamagedBag(f"{folder / MANIFEST} is damaged")
        found[match[2].removeprefix("data/")] = match[1]
    return found


def info(folder: Path) -> dict[str, str]:
    """What ``bag-info.txt`` says. Raises DamagedBag."""
    try:
        lines = (folder / "bag-info.txt").read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise DamagedBag(f"{folder} is no bag: bag-info.txt cannot be read") from error
    return dict(line.split(": ", 1) for line in lines if ": " in line)


def validate(folder: Path) -> None:
    """Every file, against its digest, by the ``bagit`` library. Raises DamagedBag, which says what is wrong."""
    import logging

    import bagit

    logging.getLogger("bagit").setLevel(logging.CRITICAL)  # it tells each file on standard error
    try:
        bagit.Bag(str(folder)).validate()
    except bagit.BagError as error:
        raise DamagedBag(f"{folder}: {error}") from error
    except OSError as error:
        raise ArchiveError(f"{folder} cannot be read: {error.strerror}", "check the disk") from error


def _one_line(value: str) -> str:
    return " ".join(value.split())
