"""What is like a board or a session, and what there is at all."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from archive.errors import NotFound
from archive.model import Document
from index import similar
from index.postgres import candidates, filters
from index.postgres.filters import Clause
from index.postgres.find import read_documents
from index.postgres.server import Cursor
from index.similar import Allowed, Near
from index.vectors import Matrix, unit


def _serial(cursor: Cursor, each: str) -> int:
    cursor.execute("SELECT serial FROM documents WHERE id = %s", (each,))
    row = cursor.fetchone()
    if row is None:
        raise NotFound(f"no board or text {each} in the index", "fresque search lists what there is")
    return int(row[0])


def document(cursor: Cursor, each: str) -> Document:
    """Raises NotFound."""
    serial = _serial(cursor, each)
    return read_documents(cursor, [serial])[serial]


def ids(cursor: Cursor) -> set[str]:
    cursor.execute("SELECT id FROM documents")
    return {str(row[0]) for row in cursor.fetchall()}


def vectors(cursor: Cursor, most: int) -> tuple[list[str], Matrix]:
    """In the order of their serials."""
    cursor.execute(
        "SELECT id, vector::vector::real[] FROM (SELECT * FROM documents ORDER BY lot LIMIT %s) AS found"
        " ORDER BY serial",
        (most,),
    )
    found = cursor.fetchall()
    return [str(each) for each, _ in found], unit(np.array([v for _, v in found], np.float32).reshape(len(found), -1))


def boards(
    cursor: Cursor, each: str, limit: int, allowed: Allowed | None, sessions: Collection[str] | None
) -> tuple[Near, ...]:
    """The boards nearest to one, itself left out. Raises NotFound."""
    serial = _serial(cursor, each)
    vector = _mean(cursor, "serial = %s", (serial,))
    found = _nearest(cursor, vector, Clause("serial <> %s", (serial,)), allowed, sessions)
    return tuple(Near(other, round(score, 3)) for _, other, score in found[:limit])


def sessions(
    cursor: Cursor, session: str, limit: int, allowed: Allowed | None, within: Collection[str] | None
) -> tuple[Near, ...]:
    """Sessions that worked on the same question, by the boards nearest to what this one is about as a whole."""
    cursor.execute("SELECT number FROM facts WHERE field = 'session' AND value = %s", (session,))
    own = Clause("fields && %s::int[]", ([int(row[0]) for row in cursor.fetchall()],))
    cursor.execute(f"SELECT 1 FROM documents WHERE {own.sql} LIMIT 1", own.parameters)
    if cursor.fetchone() is None:
        return ()
    vector = _mean(cursor, own.sql, own.parameters)
    found = _nearest(cursor, vector, Clause(f"NOT {own.sql}", own.parameters), allowed, within)
    documents = read_documents(cursor, [serial for serial, _, _ in found])
    return similar.grouped([(documents[serial], score) for serial, _, score in found], limit)


def _mean(cursor: Cursor, condition: str, parameters: tuple[object, ...]) -> Matrix:
    cursor.execute(f"SELECT avg(vector::vector)::real[] FROM documents WHERE {condition}", parameters)
    return np.asarray(unit(np.array(cursor.fetchall()[0][0], np.float32)[None])[0], dtype=np.float32)


def _nearest(
    cursor: Cursor, vector: Matrix, must: Clause, allowed: Allowed | None, within: Collection[str] | None
) -> list[tuple[int, str, float]]:
    under = filters.within(must, within)
    found = candidates.nearest(cursor, vector, under, similar.LOOKED_AT, selective=within is not None)
    cursor.execute(
        "SELECT serial, id, -(vector <#> %s::halfvec) FROM documents WHERE serial = ANY(%s)",
        (candidates.written(vector), list(found)),
    )
    scored = sorted(((int(s), str(i), float(score)) for s, i, score in cursor.fetchall()), key=lambda row: -row[2])
    scored = [row for row in scored if row[2] >= similar.SHARE]
    seen = allowed([row[1] for row in scored]) if allowed is not None and scored else None
    return [row for row in scored if seen is None or row[1] in seen]
