"""Bring a catalogue's tables to what this code needs, by the migrations in ``archive/migrations``.

Alembic is imported only where there is something to migrate: opening an archive must be quick.
"""

from __future__ import annotations

import importlib.resources
from contextlib import AbstractContextManager
from pathlib import Path

import sqlalchemy as sa

from archive import durable, months, postgres, sqlite
from archive.database import Database
from archive.errors import ArchiveError, ArchiveTooNew

HEAD = "0040"
"""The newest migration."""


def version(database: Database) -> str | None:
    """The revision a catalogue stands at; None when it has no tables yet."""
    with database.read() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def create(database: Database) -> None:
    """Make the tables, or those still missing."""
    with migrations() as folder:
        upgrade(database, folder)


def prepare(database: Database, keep: Path) -> None:
    """Migrate a catalogue of an earlier version; one in a file is first copied into the folder ``keep``.

    Raises ArchiveTooNew, and ArchiveError when there is no catalogue in the database.
    """
    found = version(database)
    if found == HEAD:
        _provide_months(database)
        return
    if found is None:
        raise ArchiveError("the catalogue has no tables", "bring it back from a backup")
    if found not in known():
        raise ArchiveTooNew(f"the catalogue has schema {found}, this Fresque knows schemas up to {HEAD}")
    if database.engine.dialect.name == "sqlite":
        keep_copy(database, keep / f"catalog.before-{HEAD}.sqlite")
    create(database)
    _provide_months(database)


def _provide_months(database: Database) -> None:
    """On PostgreSQL the log has a partition for this month and the next."""
    if database.engine.dialect.name != postgres.NAME:
        return
    with database.read() as connection:
        if not months.missing(connection):
            return
    with database.write() as connection:
        months.provide(connection, months.missing(connection))


def known() -> set[str]:
    """Every revision that this code has; rooms number theirs apart, so their order says nothing."""
    versions = importlib.resources.files("archive.migrations.versions").iterdir()
    return {HEAD} | {entry.name[1:5] for entry in versions if entry.name.startswith("m")}


def migrations() -> AbstractContextManager[Path]:
    return importlib.resources.as_file(importlib.resources.files("archive.migrations"))


def upgrade(database: Database, folder: Path, to: str = "head") -> None:
    """Run the migrations of ``folder`` that are still missing, all in one transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with database.migration() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)


def keep_copy(database: Database, target: Path) -> None:
    """A consistent copy of an SQLite catalogue; ``target`` is whole or not there."""
    half = target.with_suffix(".half")
    half.unlink(missing_ok=True)
    sqlite.copy(database.engine, half)
    half.replace(target)
    durable.flush_folder(target.parent)
