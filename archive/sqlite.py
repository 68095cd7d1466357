"""All that is particular to SQLite.

Two writers take turns: a writer locks when it begins (BEGIN IMMEDIATE), because a reader that turns writer half way
cannot wait for its turn. Readers see a snapshot and never wait (write-ahead log). A commit is on the disk when it
returns (synchronous FULL).
"""

from __future__ import annotations

import contextlib
import random
import sqlite3
import time
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import event

from archive.errors import ArchiveBusy, ArchiveError, FresqueError

WRITES = "fresque_writes"
"""Execution option of a connection that will write."""

MIGRATES = "fresque_migrates"
"""Execution option of a connection that will make tables anew, which foreign keys would forbid."""

BUSY_SECONDS = 60.0
DriverError = sqlite3.Error
_PRAGMAS = (
    f"PRAGMA busy_timeout={BUSY_SECONDS * 1000:.0f}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
)


def tune(engine: sa.Engine) -> None:
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    for pragma in _PRAGMAS:
        connection.execute(pragma).close()


def _on_begin(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    if options.get(MIGRATES, False):
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")  # has no effect inside a transaction
    if options.get(WRITES, False):
        _take_turn(cast(sqlite3.Connection, connection.connection.driver_connection))
    else:
        connection.exec_driver_sql("BEGIN")


def _take_turn(connection: sqlite3.Connection) -> None:
    """Begin to write. SQLite's own way to wait sleeps up to 100 ms between two tries, so that a busy writer keeps all
    others out for as long as it has work; short sleeps of uneven length give each its turn."""
    deadline = time.monotonic() + BUSY_SECONDS
    connection.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if not isinstance(explained(error), ArchiveBusy) or time.monotonic() > deadline:
                    raise
            time.sleep(random.uniform(0.0005, 0.004))
    finally:
        connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000:.0f}")


def check_references(connection: sa.Connection) -> None:
    """Raise ArchiveError when a row refers to one that is not there."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise ArchiveError(f"{len(broken)} rows of table {broken[0][0]} refer to rows that are not there")


_EXPLAINED = {
    sqlite3.SQLITE_BUSY: ArchiveBusy("the catalogue is locked"),
    sqlite3.SQLITE_LOCKED: ArchiveBusy("the catalogue is locked"),
    sqlite3.SQLITE_FULL: ArchiveError("the disk is full", "make room; nothing that was recorded is lost"),
    sqlite3.SQLITE_READONLY: ArchiveError("the catalogue may not be written", "give yourself the right to write there"),
    sqlite3.SQLITE_CANTOPEN: ArchiveError("the catalogue cannot be opened", "give yourself the right to read it"),
    sqlite3.SQLITE_IOERR: ArchiveError("the disk does not answer", "check the disk"),
    sqlite3.SQLITE_CORRUPT: ArchiveError("the catalogue is damaged", "bring it back from a backup"),
    sqlite3.SQLITE_NOTADB: ArchiveError("the catalogue is no database", "bring it back from a backup"),
}


def explained(error: BaseException | None) -> FresqueError | None:
    """A database driver's error in words for a person; None for a fault that is ours."""
    known = _EXPLAINED.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    return None if known is None else type(known)(known.message, known.hint)


def scrub(engine: sa.Engine) -> None:
    """Write the file anew without what was deleted from it, and empty the log beside it. Raises ArchiveBusy through
    ``Database`` while others write."""
    connection = engine.raw_connection()
    try:
        driver = cast(sqlite3.Connection, connection.driver_connection)
        driver.execute("VACUUM")
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    finally:
        connection.close()


def url(path: Path) -> str:
    return str(sa.URL.create("sqlite", database=str(path)))


def copy(engine: sa.Engine, path: Path) -> None:
    """A consistent copy of the whole database, whatever others write meanwhile; flushed when it returns."""
    connection = engine.raw_connection()
    try:
        with contextlib.closing(sqlite3.connect(path)) as target:
            cast(sqlite3.Connection, connection.driver_connection).backup(target)
    finally:
        connection.close()
