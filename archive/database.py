"""One database behind two doors: ``read`` sees one moment and never waits, ``write`` holds the only write lock."""

from __future__ import annotations

import json
import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from archive import postgres, sqlite


def _compact(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class Database:
    """``url`` is any SQLAlchemy URL. Nothing is opened before the first transaction."""

    def __init__(self, url: str) -> None:
        self.engine = sa.create_engine(url, json_serializer=_compact, **postgres.settings(url))
        if self.engine.dialect.name == "sqlite":
            sqlite.tune(self.engine)
        elif self.engine.dialect.name == postgres.NAME:
            postgres.tune(self.engine)
        _forget_after_fork(self)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that sees the database as it is at its first query."""
        options = {postgres.READS: True}
        with _explained(), self.engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self, alone: bool = True) -> Iterator[sa.Connection]:
        """A transaction that commits on success. Raises ArchiveBusy when another writer holds the lock too long.

        Without ``alone`` others may write meanwhile where the database allows it; the rows must be locked then.
        """
        options = {sqlite.WRITES: True, postgres.ALONE: alone}
        with _explained(), self.engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    @contextmanager
    def migration(self) -> Iterator[sa.Connection]:
        """A write in which tables may be made anew: references are checked at its end instead of on the way."""
        options = {sqlite.WRITES: True, sqlite.MIGRATES: True, postgres.ALONE: True}
        try:
            with _explained(), self.engine.connect().execution_options(**options) as connection, connection.begin():
                yield connection
                if connection.dialect.name == "sqlite":
                    sqlite.check_references(connection)
        finally:
            self.engine.dispose()  # connections that check no references must not be used again

    def close(self) -> None:
        self.engine.dispose()


def _forget_after_fork(database: Database) -> None:
    """A child process must not use connections that its parent has open: SQLite's locks would not hold."""
    engine = weakref.ref(database.engine)

    def forget() -> None:
        if (mine := engine()) is not None:
            mine.dispose(close=False)

    os.register_at_fork(after_in_child=forget)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (sa.exc.DBAPIError, sqlite.DriverError) as error:
        found = error.orig if isinstance(error, sa.exc.DBAPIError) else error
        known = sqlite.explained(found) or postgres.explained(found)
        if known is None:
            raise
        raise known from error
