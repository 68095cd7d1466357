"""An archive: a folder with its identity, its catalogue, its blobs and its queue.

fresque.toml      what this folder is: format, id, when it was made
catalog.sqlite    the records
blobs/ab/cd/…     the bytes
index/            left to the index; can be deleted at any time
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from archive import durable, schema, sqlite
from archive.blobs import BlobStore
from archive.catalog import Catalog
from archive.copies import NEARBY, Sweeping
from archive.database import Database
from archive.errors import ArchiveError, ArchiveExists, ArchiveMissing, ArchiveMoved, ArchiveTooNew
from archive.handed import Handed
from archive.ids import new_id
from archive.jobs import Jobs
from archive.nearby import Nearby
from archive.places import DATABASE
from archive.places import Places as Places

FORMAT = 1
"""Of the folder's layout; the tables have a version of their own."""

IDENTITY = "fresque.toml"
CATALOG = "catalog.sqlite"
BLOBS = "blobs"
INDEX = "index"

_OURS = {CATALOG, f"{CATALOG}-wal", f"{CATALOG}-shm", f"{CATALOG}-journal", BLOBS, durable.TEMPORARY}


class Archive:
    """Made by ``create`` or ``open``; close it, or use it in a ``with`` block."""

    def __init__(self, path: Path, identity: str, places: Places, database: Database, blobs: BlobStore) -> None:
        self.path = path
        self.places = places
        self.id = identity
        self.blobs = blobs
        self.catalog = Catalog(database)
        self.jobs = Jobs(database)
        self.handed = Handed(database)
        self._database = database
        self._sweeping = Sweeping(database, path) if places.blobs else None

    @classmethod
    def create(cls, path: Path, places: Places | None = None) -> Archive:
        """Make an archive in a folder that is new or empty.

        The identity is written last: what a crash leaves half made is no archive yet, and making it again goes on
        from there. Raises ArchiveExists, ArchiveError when the folder holds other things.
        """
        path, places = path.absolute(), places or Places.of_environment()
        if (path / IDENTITY).exists():
            raise ArchiveExists(f"{path} is an archive already")
        if path.exists() and not path.is_dir():
            raise ArchiveError(f"{path} is a file", "choose an empty folder")
        if path.is_dir() and {entry.name for entry in path.iterdir()} - _OURS:
            raise ArchiveError(f"{path} is not empty", "choose an empty folder")
        durable.make_folder(path)
        database, _ = _parts(path, places)
        try:
            schema.create(database)
        finally:
            database.close()
        made = datetime.now(UTC).isoformat(timespec="seconds")
        text = f'# A Fresque archive. Do not edit.\nformat = {FORMAT}\nid = "{new_id()}"\nmade = "{made}"\n'
        durable.write(path / IDENTITY, text.encode(), path / BLOBS / durable.TEMPORARY)
        return cls.open(path, places)

    @classmethod
    def open(cls, path: Path, places: Places | None = None) -> Archive:
        """Open an archive; one made by an earlier version is migrated, after a copy of its catalogue has been made.

        Raises ArchiveMissing, ArchiveTooNew.
        """
        path, places = path.absolute(), places or Places.of_environment()
        identity = _read_identity(path)
        if identity.moved:
            raise ArchiveMoved(f"the archive of {path} is at {identity.moved} now")
        if identity.format > FORMAT:
            raise ArchiveTooNew(f"{path} has format {identity.format}, this Fresque knows formats up to {FORMAT}")
        if not places.database and not (path / CATALOG).is_file():
            raise ArchiveError(
                f"{path} has no {CATALOG}", f"bring it back from a backup; if its records are elsewhere, set {DATABASE}"
            )
        database, blobs = _parts(path, places)
        try:
            schema.prepare(database, keep=path)
        except BaseException:
            database.close()
            raise
        blobs.sweep()
        return cls(path, identity.id, places, database, blobs)

    @property
    def index_path(self) -> Path:
        return self.path / INDEX

    def close(self) -> None:
        if self._sweeping is not None:
            self._sweeping.close()
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True)
class _Identity:
    format: int
    id: str
    moved: str = ""  # where it is now


def _read_identity(path: Path) -> _Identity:
    try:
        text = (path / IDENTITY).read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ArchiveMissing(f"no archive at {path}") from error
    except OSError as error:
        raise ArchiveError(f"{path / IDENTITY} cannot be read: {error.strerror}", "give yourself the right") from error
    try:
        values = tomllib.loads(text)
        return _Identity(int(values["format"]), str(values["id"]), str(values.get("moved", "")))
    except (tomllib.TOMLDecodeError, KeyError, ValueError) as error:
        raise ArchiveError(f"{path / IDENTITY} is damaged", "bring it back from a backup") from error


def _parts(path: Path, places: Places) -> tuple[Database, BlobStore]:
    blobs = BlobStore(places.blobs, Nearby(path / NEARBY)) if places.blobs else BlobStore(str(path / BLOBS))
    return Database(places.database or sqlite.url(path / CATALOG)), blobs
