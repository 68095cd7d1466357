"""Fixity: every blob hashed again, catalogue and blobs compared both ways."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from archive import tables as t
from archive.blobs import ALGORITHM
from archive.database import Database
from archive.errors import DamagedBlob, NotFound
from archive.store import Archive


class FaultKind(StrEnum):
    MISSING = "missing"  # a record names bytes that are not there
    DAMAGED = "damaged"  # bytes that no longer match their digest
    WRONG_SIZE = "wrong size"  # the digest is right, the record is not
    UNKNOWN_ALGORITHM = "unknown algorithm"  # a digest that this version cannot check
    NO_RESULT = "no result"  # a board without the reading it points to
    NO_JOB = "no job"  # a photo that waits for ever
    NO_READING = "no reading"  # a reading that names a result which is not there


@dataclass(frozen=True)
class Fault:
    """``subject``: a digest, a board id or a photo id; ``files``: the names of the photos that it concerns."""

    kind: FaultKind
    subject: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """``checked`` blobs were hashed. ``unclaimed`` blobs are sound but named by no record: what a crash leaves between
    storing and recording; they harm nothing."""

    checked: int
    faults: tuple[Fault, ...]
    unclaimed: tuple[str, ...]

    @property
    def clean(self) -> bool:
        return not self.faults


@dataclass(frozen=True)
class _Claim:
    algorithm: str
    size: int | None


def verify(
    archive: Archive, progress: Callable[[int, int], None] = lambda done, total: None, sample: float = 1.0
) -> Report:
    """Read blobs and compare the records with them; ``progress`` is told how many of how many are done. Damage is
    reported, never raised.

    ``sample``: share of the blobs that are read, drawn anew each time; that each is there is seen for all of them.
    """
    database = archive.catalog.database
    stored = list(archive.blobs)  # listed first: what is put in meanwhile must not look unclaimed
    claims = _claims(database)
    there = set(stored)
    faults: list[Fault] = []
    every = sorted(claims.keys() | there)
    for digest in claims.keys() - there:
        if not archive.blobs.has(digest):
            faults.append(Fault(FaultKind.MISSING, digest, _files(database, digest)))
    todo = [digest for digest in every if digest in there or archive.blobs.has(digest)]
    if sample < 1.0:
        todo = sorted(random.sample(todo, min(len(todo), math.ceil(len(todo) * sample))))
    for number, digest in enumerate(todo, start=1):
        kind = _fault(archive, digest, claims.get(digest))
        if kind is not None:
            faults.append(Fault(kind, digest, _files(database, digest)))
        progress(number, len(todo))
    faults += _catalogue_faults(database)
    damaged = {fault.subject for fault in faults}
    doomed = _doomed(database)
    unclaimed = tuple(d for d in stored if d not in claims and d not in damaged and d not in doomed)
    return Report(len(todo), tuple(faults), unclaimed)


def _claims(database: Database) -> dict[str, _Claim]:
    with database.read() as connection:
        rows = connection.execute(sa.select(t.blobs))
        return {row.digest: _Claim(row.algorithm, row.size) for row in rows}


def _doomed(database: Database) -> set[str]:
    with database.read() as connection:
        return set(connection.execute(sa.select(t.doomed.c.digest)).scalars())


def _fault(archive: Archive, digest: str, claim: _Claim | None) -> FaultKind | None:
    if claim is not None and claim.algorithm != ALGORITHM:
        return FaultKind.UNKNOWN_ALGORITHM
    try:
        size = archive.blobs.check(digest)
    except NotFound:
        return FaultKind.MISSING
    except DamagedBlob:
        return FaultKind.DAMAGED
    wrong = claim is not None and claim.size is not None and claim.size != size
    return FaultKind.WRONG_SIZE if wrong else None


def _files(database: Database, digest: str) -> tuple[str, ...]:
    """Names of the photos whose original or rendition it is."""
    of_rendition = (
        sa.select(t.photos.c.file_name)
        .join(t.views, t.views.c.photo_id == t.photos.c.id)
        .join(
            t.renditions,
            (t.renditions.c.board_id == t.views.c.board_id) & (t.renditions.c.number == t.views.c.number),
        )
        .where(t.renditions.c.blob == digest)
    )
    original = sa.select(t.photos.c.file_name).where(t.photos.c.blob == digest)
    with database.read() as connection:
        return tuple(sorted(connection.execute(original.union(of_rendition)).scalars()))


def _catalogue_faults(database: Database) -> Iterator[Fault]:
    current = (t.results.c.board_id == t.boards.c.id) & (t.results.c.number == t.boards.c.current)
    seen = (t.views.c.board_id == t.boards.c.id) & (t.views.c.number == t.boards.c.current)
    whole = sa.exists().where(current) & sa.exists().where(seen)
    queued = sa.exists().where(t.jobs.c.photo_id == t.photos.c.id)
    with database.read() as connection:
        for board_id in connection.execute(sa.select(t.boards.c.id).where(~whole)).scalars():
            yield Fault(FaultKind.NO_RESULT, board_id)
        for row in connection.execute(sa.select(t.photos).where(~queued)):
            yield Fault(FaultKind.NO_JOB, row.id, (row.file_name,))
        results = {tuple(row) for row in connection.execute(sa.select(t.results.c.board_id, t.results.c.number))}
        for row in connection.execute(sa.select(t.readings.c.photo_id, t.readings.c.number, t.readings.c.boards)):
            if not {(board_id, number) for board_id, number in row.boards} <= results:
                yield Fault(FaultKind.NO_READING, row.photo_id)
