"""Move an archive: from a folder to a database server and an object store, back, or between any two such places.

Bytes first, then all records in one transaction, then the identity; last, the old place is marked as left, so that
nobody goes on writing there. What was killed half way goes on when it is done again. Every record and every byte
arrives as it was; the index stays behind, for it can be made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from archive import durable, postgres, rows, schema, sqlite
from archive import tables as t
from archive.blobs import BlobStore
from archive.database import Database
from archive.errors import ArchiveError, ArchiveExists
from archive.places import Places
from archive.records import CHUNK
from archive.store import BLOBS, CATALOG, IDENTITY, Archive

Progress = Callable[[int, int], None]
Row = dict[str, Any]


@dataclass(frozen=True)
class Relocated:
    blobs: int
    records: int


def relocate(source: Archive, path: Path, places: Places, progress: Progress = lambda done, total: None) -> Relocated:
    """Move ``source`` to the folder ``path``, which is new or empty, with its records and bytes at ``places``.

    Nothing may write meanwhile: the writers' lock is held. Raises ArchiveExists when the place or its database holds
    another archive, DamagedBlob, ArchiveError.
    """
    path = path.absolute()
    _check(source, path, places)
    durable.make_folder(path)
    target = Database(places.database or sqlite.url(path / CATALOG))
    store = BlobStore(places.blobs or str(path / BLOBS))
    try:
        schema.create(target)
        with source.catalog.database.write() as reading:
            blobs = _copy_blobs(reading, source.blobs, store, progress)
            records = _copy_records(reading, target)
            identity = (source.path / IDENTITY).read_text(encoding="utf-8")
            durable.write(path / IDENTITY, identity.encode(), path / BLOBS / durable.TEMPORARY)
            left = f'{identity}moved = "{str(path).translate(_QUOTED)}"\n'
            durable.write(source.path / IDENTITY, left.encode(), source.path / BLOBS / durable.TEMPORARY)
    finally:
        target.close()
    return Relocated(blobs, records)


_QUOTED = str.maketrans({"\\": "\\\\", '"': '\\"'})


def _check(source: Archive, path: Path, places: Places) -> None:
    if (path / IDENTITY).exists():
        raise ArchiveExists(f"{path} is an archive already")
    if path.exists() and not path.is_dir():
        raise ArchiveError(f"{path} is a file", "choose an empty folder")
    ours = {BLOBS, durable.TEMPORARY}
    if path.is_dir() and any(e.name not in ours and not e.name.startswith(CATALOG) for e in path.iterdir()):
        raise ArchiveError(f"{path} is not empty", "choose an empty folder")
    if places.database is not None and places.database == source.places.database:
        raise ArchiveError("the records are in that database already", "name another, or another folder")
    if places.blobs is not None and places.blobs == source.places.blobs:
        raise ArchiveError("the bytes are in that store already", "name another, or none for a folder")


def _copy_blobs(reading: sa.Connection, source: BlobStore, target: BlobStore, progress: Progress) -> int:
    """Those that a record names; each is checked when it is read."""
    doomed = sa.select(t.doomed.c.digest)
    query = sa.select(t.blobs.c.digest, t.blobs.c.size).where(t.blobs.c.digest.not_in(doomed))
    digests = reading.execute(query.order_by(t.blobs.c.digest)).all()
    for number, (digest, size) in enumerate(digests, start=1):
        target.put(source.get(digest), original=size is not None)
        progress(number, len(digests))
    return len(digests)


def _copy_records(reading: sa.Connection, target: Database) -> int:
    """Every table, in one transaction. A database that holds the very same already is left as it is: it was filled
    before a move that was stopped."""
    count = 0
    every = rows.tables()
    with target.read() as there:
        filled = there.execute(sa.select(sa.func.count()).select_from(t.sessions)).scalar_one() > 0
        if filled:
            if _same(reading, there, every):
                return sum(_count(reading, table) for table in every)
            raise ArchiveExists("the database holds another archive", "name a new, empty database")
    with target.write() as writing:
        for table in reversed(every):
            writing.execute(sa.delete(table))  # what the migrations themselves have put in
        for table in every:
            for some in _chunks(reading, table):
                count += len(some)
                _insert(writing, table, some)
        for table in every:
            _link(reading, writing, table)
            if writing.dialect.name == postgres.NAME:
                postgres.number_on(writing, table)
    return count


def _same(reading: sa.Connection, there: sa.Connection, every: Sequence[sa.Table]) -> bool:
    return all(rows.as_lines(_rows(reading, table)) == rows.as_lines(_rows(there, table)) for table in every)


def _count(reading: sa.Connection, table: sa.Table) -> int:
    return int(reading.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def _rows(connection: sa.Connection, table: sa.Table) -> Iterator[Row]:
    query = sa.select(table).order_by(*table.primary_key.columns)
    for row in connection.execution_options(yield_per=CHUNK).execute(query):
        yield dict(row._mapping)


def _chunks(connection: sa.Connection, table: sa.Table) -> Iterator[list[Row]]:
    some: list[Row] = []
    for row in _rows(connection, table):
        some.append(row)
        if len(some) == CHUNK:
            yield some
            some = []
    if some:
        yield some


def _to_itself(table: sa.Table) -> list[sa.Column[Any]]:
    """Columns that name another row of the same table."""
    return [key.parent for key in table.foreign_keys if key.column.table is table]


def _insert(writing: sa.Connection, table: sa.Table, some: list[Row]) -> None:
    """Links within the table come later, when every row is there."""
    empty = {column.name: None for column in _to_itself(table)}
    writing.execute(sa.insert(table), [row | empty for row in some])


def _link(reading: sa.Connection, writing: sa.Connection, table: sa.Table) -> None:
    for column in _to_itself(table):
        (key,) = table.primary_key.columns
        linked = sa.select(key, column).where(column.is_not(None))
        for row in reading.execute(linked):
            writing.execute(sa.update(table).where(key == row[0]).values({column.name: row[1]}))
