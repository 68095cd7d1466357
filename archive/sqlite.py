"""All that is particular to SQLite.

Two writers take turns: a writer locks when it begins (BEGIN IMMEDIATE), because a reader that turns writer half way
cannot wait for its turn. Readers see a snapshot and never wait (write-ahead log). A commit is on the disk when it
returns (synchronous FULL).
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from archive.errors import ArchiveBusy, ArchiveError, FresqueError

WRITES = "fresque_writes"
"""Execution option of a connection that will write."""

MIGRATES = "fresque_migrates"
"""Execution option of a connection that will make tables anew, which foreign keys would forbid."""

BUSY_SECONDS = 60
_PRAGMAS = (
    f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}",
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
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITES, False) else "BEGIN")


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


def explained(error: sa.exc.DBAPIError) -> FresqueError | None:
    """The same in words for a person; None for a fault that is ours."""
    known = _EXPLAINED.get(getattr(error.orig, "sqlite_errorcode", 0) & 0xFF)
    return None if known is None else type(known)(known.message, known.hint)


def url(path: Path) -> str:
    return str(sa.URL.create("sqlite", database=str(path)))


def copy(connection: sa.Connection, path: Path) -> None:
    """A consistent copy of the whole database, taken outside of any transaction."""
    connection.exec_driver_sql("VACUUM INTO ?", (str(path),))
