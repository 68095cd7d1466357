"""What ``verify`` found, mended where that can be done without guessing; and said where it cannot."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from archive import audit, boards, changes, doomed, jobs, prune
from archive import tables as t
from archive.backup import blob_name
from archive.store import Archive
from archive.verify import Fault, FaultKind, Report


@dataclass(frozen=True)
class Mended:
    """``how``: what was done, or what a person has to do."""

    fault: Fault
    done: bool
    how: str


def mend(archive: Archive, report: Report) -> list[Mended]:
    """In the order of the report. Nothing that people said is ever changed by it."""
    prune.finish(archive)
    found = [_mend(archive, fault) for fault in report.faults]
    with archive.catalog.database.write() as connection:
        for each in found:
            if each.done:
                detail = {"fault": each.fault.kind.value, "how": each.how}
                audit.log(connection, audit.Act("mend", "archive", each.fault.subject, detail=detail))
    return found


def _mend(archive: Archive, fault: Fault) -> Mended:
    match fault.kind:
        case FaultKind.MISSING | FaultKind.DAMAGED:
            return _mend_bytes(archive, fault)
        case FaultKind.WRONG_SIZE:
            size = archive.blobs.size(fault.subject)
            with archive.catalog.database.write() as connection:
                here = t.blobs.c.digest == fault.subject
                connection.execute(sa.update(t.blobs).where(here).values(size=size))
            return Mended(fault, True, "the record has the right size now")
        case FaultKind.NO_JOB:
            archive.jobs.enqueue([fault.subject])
            return Mended(fault, True, "it waits to be processed now")
        case FaultKind.NO_RESULT:
            return _mend_board(archive, fault)
        case FaultKind.NO_READING:
            return _mend_reading(archive, fault)
    return Mended(fault, False, "install the version of Fresque that knows this algorithm")


def _mend_bytes(archive: Archive, fault: Fault) -> Mended:
    digest = fault.subject
    bag = _from_backup(archive, digest)
    if bag is not None:
        return Mended(fault, True, f"brought back from {bag}")
    with archive.catalog.database.read() as connection:
        seen = (t.views.c.board_id == t.renditions.c.board_id) & (t.views.c.number == t.renditions.c.number)
        query = sa.select(t.views.c.photo_id).join(t.renditions, seen).where(t.renditions.c.blob == digest)
        photos = sorted(set(connection.execute(query).scalars()))
        original = connection.execute(sa.select(t.photos.c.id).where(t.photos.c.blob == digest)).first()
    if original is None and photos:
        with archive.catalog.database.write() as connection:
            connection.execute(sa.delete(t.renditions).where(t.renditions.c.blob == digest))
            doomed.doom_unused(connection)
            jobs.enqueue(connection, photos)
        prune.finish(archive)
        return Mended(fault, True, "the images are made again by the next 'fresque process'")
    if original is None:
        archive.blobs.remove(digest)
        return Mended(fault, True, "no record names these bytes; they were removed")
    return Mended(fault, False, "bring it back from a backup, or from the phone or card it came from")


def _from_backup(archive: Archive, digest: str) -> Path | None:
    """The bag that had sound bytes of that digest, which are in the archive again now."""
    with archive.catalog.database.read() as connection:
        query = sa.select(t.backups.c.path).order_by(t.backups.c.made_at.desc())
        paths = [Path(path) for path in connection.execute(query).scalars()]
    for path in paths:
        try:
            data = (path / "data" / blob_name(digest)).read_bytes()
        except OSError:
            continue
        if archive.blobs.digest(data) == digest:
            archive.blobs.put(data, mend=True)
            return path
    return None


def _mend_board(archive: Archive, fault: Fault) -> Mended:
    with archive.catalog.database.write() as connection:
        last = sa.select(sa.func.max(t.results.c.number)).where(t.results.c.board_id == fault.subject)
        number = connection.execute(last).scalar()
        if number is None:
            return Mended(fault, False, "restore the last backup into an empty place and compare")
        here = t.boards.c.id == fault.subject
        connection.execute(sa.update(t.boards).where(here).values(current=number))
        changes.record(connection, boards.refresh(connection, [fault.subject])[1])
    return Mended(fault, True, f"its reading {number} counts now")


def _mend_reading(archive: Archive, fault: Fault) -> Mended:
    with archive.catalog.database.write() as connection:
        results = {tuple(row) for row in connection.execute(sa.select(t.results.c.board_id, t.results.c.number))}
        mine = t.readings.c.photo_id == fault.subject
        for row in connection.execute(sa.select(t.readings).where(mine)).all():
            kept = [[board_id, number] for board_id, number in row.boards if (board_id, number) in results]
            here = mine & (t.readings.c.number == row.number)
            connection.execute(sa.update(t.readings).where(here).values(boards=kept))
        jobs.enqueue(connection, [fault.subject])
    return Mended(fault, True, "it waits to be read again")
