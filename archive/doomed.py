"""Bytes that no record names any more: their records go with the commit that let them go, the bytes after it."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from archive import rows
from archive import tables as t
from archive.records import chunks

DIGEST = t.blobs.c.digest


def doom_unused(connection: sa.Connection) -> None:
    """Take away the records of blobs that no other record names, and note that the bytes are to go."""
    rows.know_all()
    named = [key.parent for table in t.metadata.tables.values() for key in table.foreign_keys if key.column is DIGEST]
    used = sa.union(*(sa.select(column).where(column.is_not(None)) for column in named))
    unused = list(connection.execute(sa.select(t.blobs.c.digest).where(t.blobs.c.digest.not_in(used))).scalars())
    doom(connection, unused)


def doom(connection: sa.Connection, digests: Iterable[str]) -> None:
    wanted = list(dict.fromkeys(digests))
    for some in chunks(wanted):
        connection.execute(sa.delete(t.blobs).where(t.blobs.c.digest.in_(some)))
        there = set(connection.execute(sa.select(t.doomed.c.digest).where(t.doomed.c.digest.in_(some))).scalars())
        gone = [{"digest": digest} for digest in some if digest not in there]
        if gone:
            connection.execute(sa.insert(t.doomed), gone)
