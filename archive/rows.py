"""The records as JSON lines that a person can read, one file a table; and back, at the schema they were written by."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

import archive
from archive import tables as t
from archive.tables import metadata

Row = Mapping[str, Any]

LOCAL = ("doomed",)
"""Tables that say something of this folder only."""

OF_THE_HOUSE = (
    "accounts",
    "logins",
    "tokens",
    "invitations",
    "members",
    "saved_searches",
    "backups",
    "settling",
    "trained",
    "signers",
)
"""Tables that stay at home when one session leaves."""


def tables() -> list[sa.Table]:
    """In the order in which they can be filled."""
    know_all()
    return [table for table in metadata.sorted_tables if table.name not in LOCAL]


def know_all() -> None:
    """Every room's tables, whoever has imported what: none may be left out of a backup."""
    for module in pkgutil.iter_modules(archive.__path__):
        if module.name.startswith("tables_"):
            importlib.import_module(f"archive.{module.name}")


def dump(connection: sa.Connection, session_id: str | None = None) -> Iterator[tuple[str, Iterator[Row]]]:
    """Table name → its rows; of one session, what belongs to it and what that needs."""
    wanted = None if session_id is None else _Session(connection, session_id)
    for table in tables():
        if wanted is not None and table.name in OF_THE_HOUSE:
            continue
        condition = sa.true() if wanted is None else wanted.condition(table)
        query = sa.select(table).where(condition).order_by(*table.primary_key.columns)
        found = (dict(row._mapping) for row in connection.execute(query))
        yield table.name, found if wanted is None else map(wanted.without_outside, found)


def as_lines(rows: Iterable[Row]) -> bytes:
    return b"".join(
        json.dumps({k: _plain(v) for k, v in row.items()}, ensure_ascii=False).encode() + b"\n" for row in rows
    )


def load(table: sa.Table, lines: bytes) -> list[dict[str, Any]]:
    """Rows for a table that may be one reflected from an older schema."""
    return [_typed(table, json.loads(line)) for line in lines.splitlines()]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _typed(table: sa.Table, row: dict[str, Any]) -> dict[str, Any]:
    for column in table.columns:
        value = row.get(column.name)
        if isinstance(value, str) and isinstance(_impl(column.type), sa.DateTime):
            row[column.name] = datetime.fromisoformat(value)
        elif isinstance(value, str) and isinstance(_impl(column.type), sa.Date):
            row[column.name] = date.fromisoformat(value)
    return row


def _impl(kind: Any) -> Any:
    return kind.impl if isinstance(kind, sa.TypeDecorator) else kind


class _Session:
    """What of each table belongs to one session."""

    def __init__(self, connection: sa.Connection, session_id: str) -> None:
        self._session = session_id
        photos = t.photos
        mine = sa.select(photos.c.id).where((photos.c.session_id == session_id) | (photos.c.taken_into == session_id))
        self._photos = set(connection.execute(mine).scalars())
        seen = sa.select(t.views.c.board_id).where(t.views.c.photo_id.in_(self._photos))
        self._boards = set(connection.execute(seen).scalars())
        named = [photos.c.session_id, photos.c.taken_into]
        of_photos = connection.execute(sa.select(*named).where(photos.c.id.in_(self._photos))).all()
        self._sessions = {session_id} | {value for row in of_photos for value in row}

    def condition(self, table: sa.Table) -> sa.ColumnElement[bool]:
        """A table that hangs on no photo, board or session stays at home, but for the vocabulary."""
        c = table.c
        match table.name:
            case "sessions":
                return c.id.in_(self._sessions)
            case "photos":
                return c.id.in_(self._photos)
            case "boards":
                return c.id.in_(self._boards)
            case "blobs":
                return c.digest.in_(self._blobs())
            case "recipes":
                return c.digest.in_(self._recipes())
            case "recipe_stages":
                return c.recipe.in_(self._recipes())
            case "audit":
                return c.object_id.in_(self._photos | self._boards | {self._session})
            case "changes" | "feed":
                return sa.false()
            case "projects" | "tombstones" | "themes":
                return sa.true()
        if "photo_id" in c and table.name != "views":
            return c.photo_id.in_(self._photos)
        if "board_id" in c:
            return c.board_id.in_(self._boards)
        return c.session_id == self._session if "session_id" in c else sa.false()

    def without_outside(self, row: dict[str, Any]) -> dict[str, Any]:
        """A link to a board of another session stays at home."""
        if row.get("replaced_by") and row["replaced_by"] not in self._boards:
            return row | {"replaced_by": None}
        return row

    def _blobs(self) -> sa.CompoundSelect[Any]:
        return sa.union(
            sa.select(t.photos.c.blob).where(t.photos.c.id.in_(self._photos)),
            sa.select(t.renditions.c.blob).where(t.renditions.c.board_id.in_(self._boards)),
            sa.select(t.materials.c.blob).where(
                t.materials.c.session_id == self._session, t.materials.c.blob.is_not(None)
            ),
        )

    def _recipes(self) -> sa.CompoundSelect[Any]:
        return sa.union(
            sa.select(t.results.c.recipe).where(t.results.c.board_id.in_(self._boards)),
            sa.select(t.readings.c.recipe).where(t.readings.c.photo_id.in_(self._photos)),
            sa.select(t.photos.c.recipe).where(t.photos.c.id.in_(self._photos), t.photos.c.recipe.is_not(None)),
        )
