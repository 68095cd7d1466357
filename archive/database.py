"""One database behind two doors: ``read`` sees one moment and never waits, ``write`` holds the only write lock."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from archive import sqlite
from archive.errors import ArchiveBusy


def _compact(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class Database:
    """``url`` is any SQLAlchemy URL. Nothing is opened before the first transaction."""

    def __init__(self, url: str) -> None:
        self.engine = sa.create_engine(url, json_serializer=_compact)
        if self.engine.dialect.name == "sqlite":
            sqlite.tune(self.engine)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that sees the database as it is at its first query."""
        with _busy_named(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction that commits on success. Raises ArchiveBusy when another writer holds the lock too long."""
        options = {sqlite.WRITES: True}
        with _busy_named(), self.engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    @contextmanager
    def migration(self) -> Iterator[sa.Connection]:
        """A write in which tables may be made anew: references are checked at its end instead of on the way."""
        options = {sqlite.WRITES: True, sqlite.MIGRATES: True}
        try:
            with _busy_named(), self.engine.connect().execution_options(**options) as connection, connection.begin():
                yield connection
                if connection.dialect.name == "sqlite":
                    sqlite.check_references(connection)
        finally:
            self.engine.dispose()  # connections that check no references must not be used again

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def _busy_named() -> Iterator[None]:
    try:
        yield
    except sa.exc.OperationalError as error:
        if sqlite.is_busy(error):
            raise ArchiveBusy("the catalogue is locked") from error
        raise
