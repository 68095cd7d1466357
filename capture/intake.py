"""A batch of files → blobs and photos: read, told apart by content, stored, then recorded. In that order."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from archive.errors import PhotoError, UnreadableFile
from archive.store import Archive
from capture.pipeline import load


class Taken(StrEnum):
    ADDED = "added"
    KNOWN = "known"  # these bytes are in this session already
    REFUSED = "refused"


@dataclass(frozen=True)
class Intake:
    """What became of one file. ``reason`` says what was wrong and what to do, for refused files."""

    path: Path
    taken: Taken
    photo_id: str | None = None
    reason: str | None = None
    warning: str | None = None


def files_in(paths: Iterable[Path]) -> list[Path]:
    """Folders opened, their files in order of name; hidden files and folders are left out. What does not exist and
    folders that hold nothing stay in the list: taking them in gives the error that names them."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += list(_walk(path)) or [path]
        else:
            found.append(path)
    return found


def _walk(folder: Path) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: os.fsencode(entry.name))
    except OSError:
        yield folder  # taking it in says why it cannot be opened
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path))
        else:
            yield Path(entry.path)


def read_file(path: Path, limit: int = 2**31) -> bytes:
    """The bytes of one regular file. Raises UnreadableFile, which says why not."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            os.scandir(path).close()
            raise UnreadableFile("is an empty folder", "give a folder that holds photos")
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableFile("is not a file", "give photos or folders of photos")
        if status.st_size > limit:
            raise UnreadableFile(f"has {status.st_size / 1e9:.1f} GB", "no photo is that large; leave it out")
        return path.read_bytes()
    except FileNotFoundError as error:
        if path.is_symlink():
            raise UnreadableFile("is a broken link", "copy the photo itself instead of a link to it") from error
        raise UnreadableFile("does not exist", "check the name") from error
    except PermissionError as error:
        raise UnreadableFile("may not be read", "give yourself the right to read it (chmod u+r)") from error
    except OSError as error:
        raise UnreadableFile(f"cannot be read: {error.strerror}", "check the disk or the card") from error


def printable_name(path: Path) -> str:
    """The file's name as text; bytes that are no UTF-8 show as \\xNN."""
    return os.fsencode(path.name).decode("utf-8", "backslashreplace")


def take(
    archive: Archive, session_id: str, path: Path, uploader: str = "", params: load.Params | None = None
) -> Intake:
    """Take in one file: its bytes stored and flushed before its record is written. Never raises PhotoError."""
    name = printable_name(path)
    try:
        data = read_file(path)
        _, taken_at = load.check(data, params)
    except PhotoError as error:
        archive.catalog.refuse(session_id, name, str(error))
        return Intake(path, Taken.REFUSED, reason=str(error))
    blob = archive.blobs.put(data)
    photo, added = archive.catalog.add_photo(session_id, blob, name, uploader, taken_at)
    odd = None if name == path.name else f"its name is not UTF-8; kept as {name}"
    return Intake(path, Taken.ADDED if added else Taken.KNOWN, photo.id, warning=odd)
