"""Which engine an archive is searched with: files in its folder, or its database when that was chosen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import UsageError
from index.contract import SearchEngine, Taught
from index.embed import Embedder
from index.engine import Engine

EMBEDDED = "embedded"
POSTGRESQL = "postgresql"
ENGINES = (EMBEDDED, POSTGRESQL)
TRIAL = "fresque_trial"
"""Schema of the judged boards, while engines are compared."""


def open_engine(
    folder: Path, database: str | None, model: str | Embedder | None = None, taught: Taught = tuple
) -> SearchEngine:
    """The engine that was chosen. The choice is kept in the database, so that every process that uses it agrees.

    ``model``, ``taught``: as for ``index.engine.Engine.open``; a taught model is kept in the folder.
    """
    if database is not None and database.startswith("postgresql"):
        from index.postgres import tables
        from index.postgres.engine import PostgresEngine

        engine = PostgresEngine(database, model, taught=taught, folder=folder)
        with engine.server.reading() as cursor:
            if tables.chosen(cursor):
                return engine
        engine.close()
    return Engine.open(folder, model, taught)


def open_named(name: str, folder: Path, database: str | None, taught: Taught = tuple) -> SearchEngine:
    """An engine by its name, chosen or not. Raises UsageError where it cannot be."""
    if name == EMBEDDED:
        return Engine.open(folder, taught=taught)
    if database is None or not database.startswith("postgresql"):
        raise UsageError(
            "the records of this archive are not on PostgreSQL", "set FRESQUE_DATABASE, as docs/scale.md says"
        )
    from index.postgres.engine import PostgresEngine

    return PostgresEngine(database, taught=taught, folder=folder)


@contextmanager
def scratch(name: str, database: str | None, model: Embedder) -> Iterator[tuple[SearchEngine, SearchEngine]]:
    """An embedded engine and one of the kind named, both empty, beside all others; gone when it is left."""
    reference = Engine.temporary(model)
    if name == EMBEDDED:
        yield reference, Engine.temporary(model)
        return
    from index.postgres.engine import PostgresEngine

    tried = PostgresEngine(str(database), model, home=TRIAL)
    try:
        yield reference, tried
    finally:
        tried.remove()
        tried.close()


def choose(name: str, database: str | None) -> None:
    """From here on the archive is searched with it; running processes take it up when they are started again."""
    if database is None or not database.startswith("postgresql"):
        return  # there is only one then
    from index.postgres import tables
    from index.postgres.server import Server

    server = Server(database)
    with server.writing() as cursor:
        tables.ensure_home(cursor)
        tables.choose(cursor, name)
    server.close()
