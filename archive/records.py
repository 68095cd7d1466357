"""What the parts of the catalogue share: the database, and the way to say that something is not there."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa

from archive.database import Database
from archive.errors import NotFound

T = TypeVar("T")
CHUNK = 500
"""Ids in one query: every database takes that many parameters."""


class Records:
    """Base of the catalogue's parts; each public method is one transaction."""

    def __init__(self, database: Database) -> None:
        self.database = database


def chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


def one(connection: sa.Connection, table: sa.Table, key: str) -> sa.Row[Any]:
    """The row of that id. Raises NotFound, which names ids that look like it."""
    row = connection.execute(sa.select(table).where(table.c.id == key)).one_or_none()
    if row is None:
        raise not_found(connection, table, key)
    return row


def not_found(connection: sa.Connection, table: sa.Table, key: str) -> NotFound:
    noun = table.name.removesuffix("s")
    ids: list[str] = [str(found) for found in connection.execute(sa.select(table.c.id)).scalars()]
    if not ids:
        return NotFound(f"no {noun} '{key}'", f"the archive has no {noun} yet")
    near = [i for i in ids if key and i.startswith(key)][:3] or difflib.get_close_matches(key, ids, n=3, cutoff=0.6)
    if near:
        return NotFound(f"no {noun} '{key}'", f"did you mean {' or '.join(near)}?")
    return NotFound(f"no {noun} '{key}'", f"there are {len(ids)}, one is {ids[0]}")
