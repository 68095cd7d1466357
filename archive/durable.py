"""Files that are there whole, or not there: written aside, flushed, renamed, and the folder flushed too."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import time
from pathlib import Path

TEMPORARY = "tmp"
"""Folder beside the finished files, on the same file system, for those being written."""

QUIET_SECONDS = 60.0
"""A file is locked before its first byte is written; this covers the empty file between creation and lock."""


def write(target: Path, data: bytes, temporary: Path) -> None:
    """Put ``data`` at ``target``, replacing what is there; durable when it returns. Raises OSError, leaving nothing
    under the final name."""
    make_folder(temporary)
    make_folder(target.parent)
    aside = temporary / f"{target.name}.{secrets.token_hex(8)}"
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with open(descriptor, "wb", closefd=False) as file:
            file.write(data)
        os.fsync(descriptor)
        aside.replace(target)
        flush_folder(target.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """With its parents; each new entry flushed, so that a file flushed into it cannot lose its folder."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with contextlib.suppress(FileExistsError):
        folder.mkdir()
    flush_folder(folder.parent)


def flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(temporary: Path) -> int:
    """Remove files that no living process is writing; how many. A folder that may not be changed is left alone."""
    removed = 0
    with contextlib.suppress(OSError):
        for aside in list(temporary.iterdir()):
            removed += _remove_abandoned(aside)
    return removed


def _remove_abandoned(aside: Path) -> int:
    try:
        descriptor = os.open(aside, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return 0
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)  # refused while its writer lives
        state = os.fstat(descriptor)
        if not state.st_size and time.time() - state.st_mtime < QUIET_SECONDS:
            return 0
        aside.unlink()
        return 1
    except OSError:
        return 0
    finally:
        os.close(descriptor)
