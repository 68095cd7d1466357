"""Restore: an archive out of a bag, in an empty place, bit for bit; and the rehearsal that shows it can be done."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from archive import bag as bagit
from archive import durable, rows, schema, sqlite
from archive.backup import TOMBSTONES
from archive.blobs import BlobStore
from archive.database import Database
from archive.errors import ArchiveError, ArchiveExists, ArchiveTooNew, DamagedBag
from archive.store import BLOBS, CATALOG, IDENTITY, Archive
from archive.tables import blobs as blob_table
from archive.verify import Report, verify

Progress = Callable[[int, int], None]


def _quiet(done: int, total: int) -> None:
    return None


def restore(bag: Path, place: Path, progress: Progress = _quiet) -> Archive:
    """Make the archive of a bag in a folder that is new or empty; what a restore that was killed has left there goes
    on. What was destroyed after the bag was made (a file beside it says so) does not come back.

    Raises DamagedBag, ArchiveExists, ArchiveTooNew, ArchiveError.
    """
    place = place.absolute()
    _check_place(place)
    bagit.validate(bag)
    try:
        durable.make_folder(place)
        database = restore_records(bag, place)
        database.close()
        _restore_blobs(bag, place, progress)
        identity = (bag / "data" / IDENTITY).read_bytes()
        durable.write(place / IDENTITY, identity, place / BLOBS / durable.TEMPORARY)  # last: now it is an archive
    except OSError as error:
        raise ArchiveError(f"{place}: {error.strerror or error}", "make room there, or give another place") from error
    opened = Archive.open(place)
    _bury_again(opened, bag)
    return opened


def restore_records(bag: Path, place: Path) -> Database:
    """A catalogue in a folder with the records of a bag, brought to the schema of this code."""
    revision = bagit.info(bag).get("Fresque-Schema", "")
    if revision not in schema.known():
        raise ArchiveTooNew(f"{bag} has schema {revision or '?'}, this Fresque knows schemas up to {schema.HEAD}")
    for old in place.glob(f"{CATALOG}*"):
        old.unlink()
    database = Database(sqlite.url(place / CATALOG))
    with schema.migrations() as folder:
        schema.upgrade(database, folder, revision)
        _fill(database, bag)
        schema.upgrade(database, folder)
    return database


def _fill(database: Database, bag: Path) -> None:
    reflected = sa.MetaData()
    with database.read() as connection:
        reflected.reflect(connection)
    with database.migration() as connection:
        for file in sorted((bag / "data" / "records").glob("*.jsonl")):
            table = reflected.tables.get(file.stem)
            if table is None:
                raise DamagedBag(f"{file} belongs to no table of schema {schema.HEAD}")
            found = rows.load(table, file.read_bytes())
            if table.name != "audit" and (found or table.name not in ("feed", "settling")):
                connection.execute(sa.delete(table))  # what the migration itself has put in
            if found:
                connection.execute(sa.insert(table), found)


def _restore_blobs(bag: Path, place: Path, progress: Progress) -> None:
    store = BlobStore(str(place / BLOBS))
    names = [name for name in bagit.manifest(bag) if name.startswith("blobs/")]
    for number, name in enumerate(names, start=1):
        data = (bag / "data" / name).read_bytes()
        if store.put(data).sha256 != Path(name).name:
            raise DamagedBag(f"{bag / 'data' / name} holds other bytes than its name says")
        progress(number, len(names))


def _check_place(place: Path) -> None:
    if (place / IDENTITY).exists():
        raise ArchiveExists(f"{place} is an archive already")
    if place.is_dir():
        ours = {BLOBS, durable.TEMPORARY}
        strange = {e.name for e in place.iterdir() if e.name not in ours and not e.name.startswith(CATALOG)}
        if strange:
            raise ArchiveError(f"{place} is not empty", "choose an empty folder")
    elif place.exists():
        raise ArchiveError(f"{place} is a file", "choose an empty folder")


def _bury_again(archive: Archive, bag: Path) -> None:
    beside = bag.parent / TOMBSTONES
    if not beside.is_file():
        return
    from archive.forget import bury

    wanted: dict[str, list[str]] = {}
    for line in beside.read_bytes().splitlines():
        row = json.loads(line)
        wanted.setdefault(str(row["kind"]), []).append(str(row["digest"]))
    bury(archive, wanted)


# --- rehearsal -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rehearsal:
    """``differences``: what in the restored archive is not as in the one that was compared with; tables and digests."""

    report: Report
    compared: bool
    differences: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return self.report.clean and not self.differences


def rehearse(bag: Path, archive: Archive | None = None, progress: Progress = _quiet) -> Rehearsal:
    """Restore into a scratch folder, verify, and compare every record with the archive the bag was made of."""
    with (
        tempfile.TemporaryDirectory(prefix="fresque-rehearsal-") as scratch,
        restore(bag, Path(scratch) / "archive", progress) as restored,
    ):
        report = verify(restored)
        same = archive is not None and archive.id == restored.id and "Fresque-Session" not in bagit.info(bag)
        found = _differences(archive, restored) if same and archive is not None else ()
    return Rehearsal(report, same, found)


CHANGES_BY_BACKUP = ("backups", "audit", "doomed", "logins")


def _differences(one: Archive, other: Archive) -> tuple[str, ...]:
    found = []
    ours, theirs = _dump(one), _dump(other)
    for name in sorted(ours.keys() | theirs.keys()):
        if name not in CHANGES_BY_BACKUP and ours.get(name) != theirs.get(name):
            found.append(f"table {name}")
    with one.catalog.database.read() as connection:
        digests = list(connection.execute(sa.select(blob_table.c.digest)).scalars())
    return (*found, *(f"blob {digest}" for digest in digests if not other.blobs.has(digest)))


def _dump(archive: Archive) -> dict[str, Any]:
    with archive.catalog.database.read() as connection:
        return {name: rows.as_lines(found) for name, found in rows.dump(connection)}
