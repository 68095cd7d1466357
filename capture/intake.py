"""A batch of files → blobs, photos and texts: read, told apart by content, stored, then recorded. In that order."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from archive.columns import storable
from archive.errors import NotAnImage, PhotoError, UnreadableFile
from archive.files import Kept, NewFile
from archive.store import Archive
from capture import decode, papers, zips
from capture.kinds import DOCUMENTS, Kind, kind_of
from capture.pipeline import load
from capture.sandbox import Sandbox


class Taken(StrEnum):
    ADDED = "added"
    KNOWN = "known"  # these bytes are in this session already
    REFUSED = "refused"


@dataclass(frozen=True)
class Result:
    """What became of one file. ``photo_id`` is a material's where the file was a text. ``reason`` says what was wrong
    and what to do, for refused files. ``photos`` and ``text``: what an added document gave."""

    path: Path
    taken: Taken
    photo_id: str | None = None
    reason: str | None = None
    warning: str | None = None
    photos: int = 1
    text: bool = False

    @property
    def name(self) -> str:
        """As it is told: of a file in a zip with the zip before it."""
        return str(self.path) if self.path.parent.suffix.lower() == ".zip" else printable_name(self.path)


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


class Intake:
    """Takes files into one session; what the session holds already is asked for once. Use it in a ``with``."""

    def __init__(
        self, archive: Archive, session_id: str, uploader: str = "", params: load.Params | None = None
    ) -> None:
        """Raises NotFound when there is no such session."""
        self._archive = archive
        self._session = session_id
        self._uploader = uploader
        self._params = params or load.Params()
        self._known = archive.catalog.known_blobs(session_id)
        self._sandbox = Sandbox()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sandbox.close()

    def take(self, path: Path, called: str | None = None) -> Iterator[Result]:
        """Take in one file, or each file of a zip: the bytes stored and flushed before their record is written. Never
        raises PhotoError. ``called``: its name, where that is not the path's."""
        name = printable_name(path) if called is None else called
        odd = None if called is not None or name == path.name else f"its name is not UTF-8; kept as {name}"
        try:
            data = read_file(path)
        except PhotoError as error:
            yield self._refuse(path, name, error)
            return
        if kind_of(data, name) is Kind.ZIP:
            yield from self._take_zip(path, name)
        else:
            yield self._take(path, name, data, odd)

    def take_bytes(self, name: str, data: bytes) -> Result:
        """The same for what came another way than as a file; a zip is refused."""
        return self._take(Path(name), name, data, None)

    def _take_zip(self, path: Path, name: str) -> Iterator[Result]:
        try:
            for member in zips.members(path):
                inside = Path(f"{name}/{member.name}")
                if member.fault is not None:
                    yield self._refuse(inside, str(inside), member.fault)
                else:
                    yield self._take(inside, storable(member.name), member.data, None)
        except PhotoError as error:
            yield self._refuse(path, name, error)

    def _take(self, path: Path, name: str, data: bytes, warning: str | None) -> Result:
        digest = hashlib.sha256(data).hexdigest()
        if digest in self._known:
            return Result(path, Taken.KNOWN, self._known[digest], warning=warning)
        try:
            kept = self._keep(name, data)
        except PhotoError as error:
            return self._refuse(path, name, error)
        identity = (*kept.photos, *filter(None, [kept.material]))[0]
        self._known[digest] = identity
        taken = Taken.ADDED if kept.added else Taken.KNOWN
        return Result(path, taken, identity, warning=warning, photos=len(kept.photos), text=kept.material is not None)

    def _keep(self, name: str, data: bytes) -> Kept:
        """Raises PhotoError."""
        kind = kind_of(data, name)
        if kind in (Kind.PICTURE, Kind.HEIF):
            found, taken_at = decode.check(data, self._sandbox, self._params)  # what is no photo is not stored at all
            blob = self._archive.blobs.put(data, original=True)
            file = NewFile(blob, name, found, uploader=self._uploader, taken_at=taken_at)
        elif kind in DOCUMENTS:
            blob = self._archive.blobs.put(data, original=True)
            read = papers.read(data, kind, self._sandbox)
            file = NewFile(blob, name, kind.value, read.pictures, read.text, self._uploader)
        elif kind is Kind.ZIP:
            raise NotAnImage("is a zip inside a zip", "unpack it and take in what it holds")
        else:
            load.check(data, self._params)  # says why it is no picture
            raise NotAnImage("not a picture or document in a format Fresque reads")
        kept = self._archive.catalog.add_file(self._session, file)
        if not self._archive.blobs.has(blob.sha256):  # the same bytes were destroyed between storing and recording
            self._archive.blobs.put(data, original=True)
        return kept

    def _refuse(self, path: Path, name: str, error: PhotoError) -> Result:
        self._archive.catalog.refuse(self._session, name, str(error))
        return Result(path, Taken.REFUSED, reason=str(error))


def take(
    archive: Archive, session_id: str, path: Path, uploader: str = "", params: load.Params | None = None
) -> Result:
    """One file that is no zip, or the first of a zip. For many files use ``Intake``."""
    with Intake(archive, session_id, uploader, params) as intake:
        return next(intake.take(path))
