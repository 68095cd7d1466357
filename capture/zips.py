"""The files of a zip, one at a time, within bounds: nothing is unpacked to the disk, sizes are counted on the way."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from archive.errors import DamagedImage, PhotoError, UnreadableFile


@dataclass(frozen=True)
class Bounds:
    """``ratio``: a file may be that many times larger than what it takes in the zip. Photos hardly shrink; a bomb of
    zeros shrinks a thousand times."""

    files: int = 20_000
    file_bytes: int = 2**29
    ratio: float = 200.0


@dataclass(frozen=True)
class Member:
    """``name`` is the last part of the path inside. Either the bytes, or why there are none."""

    name: str
    data: bytes = b""
    fault: PhotoError | None = None


def members(path: Path, bounds: Bounds = Bounds()) -> Iterator[Member]:
    """The files inside, without folders and what systems leave beside (``__MACOSX``, hidden files).

    Raises PhotoError when the zip as a whole cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as opened:
            infos = [info for info in opened.infolist() if not info.is_dir() and not _is_clutter(info.filename)]
            if len(infos) > bounds.files:
                raise UnreadableFile(f"holds {len(infos)} files", f"split it: {bounds.files} files at most")
            for info in infos:
                yield _member(opened, info, bounds)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
        raise DamagedImage(f"the zip is damaged: {_first_line(error)}", "make the zip again") from error
    except OSError as error:
        raise UnreadableFile(f"cannot be read: {error.strerror or error}", "check the disk or the card") from error


def _member(opened: zipfile.ZipFile, info: zipfile.ZipInfo, bounds: Bounds) -> Member:
    name = PurePosixPath(info.filename.replace("\\", "/")).name or info.filename
    try:
        _check(info, bounds)
        return Member(name, _read(opened, info, bounds))
    except PhotoError as fault:
        return Member(name, fault=fault)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError) as error:
        damage = DamagedImage(f"it is damaged inside the zip: {_first_line(error)}", "make the zip again")
        return Member(name, fault=damage)
    except RuntimeError as error:  # zipfile's way to say that a password is asked for
        return Member(name, fault=UnreadableFile(f"is locked: {_first_line(error)}", "make a zip without a password"))


def _check(info: zipfile.ZipInfo, bounds: Bounds) -> None:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or path.parts[:1] == ("",) or ":" in path.parts[0]:
        raise UnreadableFile(f"names a place outside the zip ({info.filename})", "make the zip again")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise UnreadableFile("is a link", "put the photo itself into the zip instead of a link to it")
    if info.flag_bits & 0x1:
        raise UnreadableFile("is locked with a password", "make a zip without a password")
    if info.file_size > bounds.file_bytes:
        raise UnreadableFile(f"has {info.file_size / 1e9:.1f} GB", "no photo is that large; leave it out")


def _read(opened: zipfile.ZipFile, info: zipfile.ZipInfo, bounds: Bounds) -> bytes:
    """What the header says of the size is not believed."""
    allowed = min(bounds.file_bytes, int(max(info.compress_size, 1024) * bounds.ratio))
    with opened.open(info) as stream:
        data = stream.read(allowed + 1)
    if len(data) > allowed:
        raise UnreadableFile("grows out of all measure when unpacked", "leave it out: it is no photo")
    return data


def _is_clutter(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return not parts or parts[0] == "__MACOSX" or (parts[-1].startswith(".") and parts[-1] != "..")


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]
