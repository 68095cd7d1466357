"""Earlier readings let go, and the bytes that nothing names any more. Nothing current is ever touched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from archive import audit, doomed
from archive import tables as t
from archive.columns import now
from archive.store import Archive

QUIET = timedelta(days=1)
"""Bytes that no record names are left alone for so long: somebody may be about to record them."""


@dataclass(frozen=True)
class Pruned:
    readings: int
    results: int
    blobs: int


def prune(archive: Archive, before: datetime, author: str = "") -> Pruned:
    """Let go readings made before then that no longer count, with the results and the bytes only they used.

    The records go first, in one commit that also notes which bytes are to go; bytes that a crash leaves are removed
    by the next call, or by ``finish``.
    """
    with archive.catalog.database.write() as connection:
        readings = _prune_readings(connection, before)
        results = _prune_results(connection)
        doomed.doom_unused(connection)
        if readings or results:
            audit.log(connection, audit.Act("prune", "archive", archive.id, author, {"readings": readings}))
    blobs = finish(archive) + _sweep(archive)
    return Pruned(readings, results, blobs)


def finish(archive: Archive) -> int:
    """Delete the bytes that records have let go; how many. Safe beside writers: what is named again stays."""
    count = 0
    with archive.catalog.database.read() as connection:
        waiting = list(connection.execute(sa.select(t.doomed.c.digest)).scalars())
    for digest in waiting:
        with archive.catalog.database.write() as connection:  # nobody can name them meanwhile
            if connection.execute(sa.select(t.blobs.c.digest).where(t.blobs.c.digest == digest)).first() is None:
                count += archive.blobs.remove(digest)
            connection.execute(sa.delete(t.doomed).where(t.doomed.c.digest == digest))
    return count


def _prune_readings(connection: sa.Connection, before: datetime) -> int:
    old = (
        sa.select(t.readings.c.photo_id, t.readings.c.number)
        .join(t.photos, t.photos.c.id == t.readings.c.photo_id)
        .where(t.readings.c.made_at < before, t.readings.c.number != t.photos.c.reading)
    )
    rows = connection.execute(old).all()
    for row in rows:
        here = (t.readings.c.photo_id == row.photo_id) & (t.readings.c.number == row.number)
        connection.execute(sa.delete(t.readings).where(here))
    return len(rows)


def _prune_results(connection: sa.Connection) -> int:
    """Results that are no board's current one and belong to no reading that is kept."""
    kept = {
        (str(board_id), int(number))
        for boards in connection.execute(sa.select(t.readings.c.boards)).scalars()
        for board_id, number in boards
    }
    kept |= {(row.id, row.current) for row in connection.execute(sa.select(t.boards.c.id, t.boards.c.current))}
    every = connection.execute(sa.select(t.results.c.board_id, t.results.c.number)).all()
    gone = [(row.board_id, row.number) for row in every if (row.board_id, row.number) not in kept]
    for board_id, number in gone:
        for table in (t.renditions, t.views, t.results):
            connection.execute(sa.delete(table).where(table.c.board_id == board_id, table.c.number == number))
    return len(gone)


def _sweep(archive: Archive) -> int:
    """Bytes that were stored and never recorded: what a crash or a refused document left."""
    with archive.catalog.database.read() as connection:
        named = set(connection.execute(sa.select(t.blobs.c.digest)).scalars())
    stray = [d for d in archive.blobs if d not in named and archive.blobs.age(d) > QUIET.total_seconds()]
    with archive.catalog.database.write() as connection:
        named = set(connection.execute(sa.select(t.blobs.c.digest).where(t.blobs.c.digest.in_(stray[:500]))).scalars())
        return sum(archive.blobs.remove(digest) for digest in stray[:500] if digest not in named)


def before_days(days: float) -> datetime:
    return now() - timedelta(days=days)
