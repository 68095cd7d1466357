"""Connections to PostgreSQL: one moment to read, one transaction to write, one writer; its errors in our words."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import errors

from archive.errors import ArchiveBusy, ArchiveError, FresqueError, IndexFault

Cursor = psycopg.Cursor[Any]

_WRITER = 0x66726573697865  # "fresixe": the number of the advisory lock
_SESSION = (
    "SET plan_cache_mode = force_custom_plan",  # the plan for a rare word is none for a common one
    "SET jit = off",  # sentences of milliseconds: compiling them costs more
    "SET max_parallel_workers_per_gather = 0",
    "SET client_connection_check_interval = '1s'",  # a writer that was killed must not go on for an hour
)
ATTEMPTS = 5


class Server:
    """``url``: SQLAlchemy's, ``postgresql+psycopg://…``. Nothing is opened before the first use."""

    def __init__(self, url: str) -> None:
        self._engine = sa.create_engine(url, pool_size=8, max_overflow=32, pool_pre_ping=True)
        sa.event.listen(self._engine, "connect", _prepare)
        _forget_after_fork(self._engine)

    @contextmanager
    def reading(self) -> Iterator[Cursor]:
        """Sees one moment, whatever is written meanwhile."""
        with self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", binary=True) as cursor:
            yield cursor

    @contextmanager
    def writing(self) -> Iterator[Cursor]:
        """Commits on success."""
        with self._transaction("BEGIN", binary=False) as cursor:
            yield cursor

    @contextmanager
    def _transaction(self, begin: str, binary: bool) -> Iterator[Cursor]:
        with explained():
            held = self._engine.raw_connection()
            try:
                connection: Any = held.driver_connection
                with connection.cursor(binary=binary) as cursor:
                    cursor.execute(begin)
                    yield cursor
                    cursor.execute("COMMIT")
            finally:
                held.close()  # back to the pool, which rolls back what was not committed

    @contextmanager
    def alone(self) -> Iterator[None]:
        """The one writer, until left; the server frees it when its process dies. Raises ArchiveBusy at once."""
        with explained():
            held = self._engine.raw_connection()
            try:
                connection: Any = held.driver_connection
                if not connection.execute(f"SELECT pg_try_advisory_lock({_WRITER})").fetchone()[0]:
                    raise ArchiveBusy("the search index on PostgreSQL is being written by another process")
                try:
                    yield
                finally:
                    connection.execute(f"SELECT pg_advisory_unlock({_WRITER})")
            finally:
                held.close()

    def close(self) -> None:
        self._engine.dispose()


def _prepare(connection: Any, _record: Any) -> None:
    connection.autocommit = True
    for sentence in _SESSION:
        connection.execute(sentence)


def _forget_after_fork(engine: sa.Engine) -> None:
    """A child process must not use connections that its parent has open."""
    known = weakref.ref(engine)

    def forget() -> None:
        if (mine := known()) is not None:
            mine.dispose(close=False)

    os.register_at_fork(after_in_child=forget)


@contextmanager
def explained() -> Iterator[None]:
    try:
        yield
    except FresqueError:
        raise
    except (psycopg.Error, sa.exc.DBAPIError) as error:
        known = _in_our_words(getattr(error, "orig", None) or error)
        if known is None:
            raise
        raise known from error


def _in_our_words(found: BaseException) -> FresqueError | None:
    """None for a fault that is ours: a sentence that is wrong."""
    if isinstance(found, (errors.LockNotAvailable, errors.SerializationFailure, errors.DeadlockDetected)):
        return ArchiveBusy("the search index on PostgreSQL is being written")
    if gone(found):
        return Replaced("the search index on PostgreSQL was replaced or dropped")
    if isinstance(found, errors.InsufficientPrivilege):
        return ArchiveError("the search index may not be written", "give the database's user the right to make schemas")
    if isinstance(found, errors.DiskFull):
        return ArchiveError("the database's disk is full", "make room; nothing that was recorded is lost")
    if isinstance(found, psycopg.OperationalError):
        text = str(found).strip().splitlines()
        return IndexFault(
            f"the database does not answer: {text[0] if text else 'no reason given'}",
            "check FRESQUE_DATABASE, and that the server runs",
        )
    if isinstance(found, psycopg.ProgrammingError) and not isinstance(found, errors.UndefinedColumn):
        return None
    return IndexFault(f"the search index on PostgreSQL is damaged: {type(found).__name__}: {found}")


def gone(found: BaseException) -> bool:
    """Whether a table has been dropped between its name's being read and its being opened."""
    return isinstance(found, (errors.UndefinedTable, errors.InvalidSchemaName)) or (
        isinstance(found, errors.InternalError_) and "could not open relation" in str(found)
    )


class Replaced(IndexFault):
    """The generation that was being read has gone: look which one counts now, and read again."""
