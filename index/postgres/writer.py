"""Writing a generation: changes one batch a transaction, and a whole one from documents, batch by batch."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence

from archive.errors import ArchiveBusy
from archive.model import Document
from index import segment
from index.embed import Embedder
from index.postgres import rows, statistics, tables
from index.postgres.rows import Row
from index.postgres.server import Cursor, Server
from index.postgres.tables import Generation
from index.prepare import prepare

PAUSE = 0.05
NOWHERE = (0, b"", b"")
NOTHING = ("", b"", b"", b"", 0.0, 0.0, b"")


def made_rows(documents: Sequence[Document], model: Embedder) -> list[Row]:
    """Documents analysed and embedded."""
    batch = [prepare(document) for document in documents]
    return rows.build(batch, segment.embed(batch, model)) if batch else []


def change(
    cursor: Cursor, model: Embedder, added: Sequence[Document], gone: Collection[str], generation: Generation
) -> int:
    """Put documents in (in place of those of the same id) and take ids out; how many were put in or taken out."""
    fresh = made_rows(added, model)
    tables.enter(cursor, generation)
    old = _taken_out(cursor, {*map(rows.plain, gone), *(row.id for row in fresh)})
    if fresh:
        rows.copy(cursor, fresh, _next(cursor, "documents", "serial"), numbered(cursor, fresh))
    _renew_sessions(cursor, {row.session for row in (*fresh, *old)})
    statistics.change(cursor, fresh, old, model)
    return len(fresh) + len({row.id for row in old} - {row.id for row in fresh})


def _next(cursor: Cursor, table: str, column: str) -> int:
    cursor.execute(f"SELECT coalesce(max({column}), 0) + 1 FROM {table}")
    return int(cursor.fetchall()[0][0])


def _taken_out(cursor: Cursor, ids: Collection[str]) -> list[Row]:
    """Delete documents; of each what the statistics must know."""
    cursor.execute(
        "WITH old AS (DELETE FROM documents WHERE id = ANY(%s) RETURNING serial, id, session, terms),"
        " more AS (DELETE FROM details USING old WHERE details.serial = old.serial RETURNING old.*, words, length)"
        " SELECT id, session, array(SELECT substr(t, 2) FROM unnest(tsvector_to_array(terms)) t WHERE t LIKE %s),"
        " words, length FROM more",
        (list(ids), f"{rows.STEM}%"),
    )
    return [
        Row(each, session, frozenset(stems), tuple(filter(None, words.split("\n"))), length, (), NOWHERE, NOTHING)
        for each, session, stems, words, length in cursor.fetchall()
    ]


def numbered(cursor: Cursor, fresh: Sequence[Row]) -> dict[tuple[str, str], int]:
    """The numbers of these rows' facts, given now to those that have none."""
    wanted = sorted({fact for row in fresh for fact in row.facts})
    cursor.execute(
        "SELECT field, value, number FROM facts JOIN unnest(%s::text[], %s::text[]) AS w (f, v)"
        " ON field = f AND md5(value) = md5(v)",
        ([field for field, _ in wanted], [value for _, value in wanted]),
    )
    numbers = {(field, value): int(number) for field, value, number in cursor.fetchall()}
    new = [fact for fact in wanted if fact not in numbers]
    first = _next(cursor, "facts", "number")
    with cursor.copy("COPY facts FROM STDIN (FORMAT binary)") as into:
        into.set_types(("int4", "text", "text", "text[]"))
        for number, (field, value) in enumerate(new, start=first):
            into.write_row((number, field, value, sorted(rows.tokens_of(value))))
            numbers[field, value] = number
    return numbers


def _renew_sessions(cursor: Cursor, sessions: Collection[str]) -> None:
    named = [session for session in sessions if session]
    cursor.execute("DELETE FROM sessions WHERE session = ANY(%s)", (named,))
    cursor.execute(
        "INSERT INTO sessions SELECT session, avg(vector) FROM documents WHERE session = ANY(%s) GROUP BY session",
        (named,),
    )


# --- a whole generation ---------------------------------------------------------------------------------------


def begin(server: Server, home: str, model: Embedder, sequence: int) -> tuple[Generation, set[str]]:
    """A generation to fill and the ids that it holds already: the one that a stopped rebuild left, or a new one."""
    with server.writing() as cursor:
        tables.ensure_home(cursor, home)
        left = tables.newest(cursor, home, "building")
        if left is not None and left.identity == tables.identity_of(model):
            tables.enter(cursor, left)
            cursor.execute("SELECT id FROM documents")
            if held := {str(row[0]) for row in cursor.fetchall()}:
                return left, held
        return tables.create(cursor, home, model, sequence), set()


def fill(server: Server, generation: Generation, fresh: Sequence[Row]) -> None:
    """One batch more, committed."""
    with server.writing() as cursor:
        tables.enter(cursor, generation)
        rows.copy(cursor, fresh, _next(cursor, "documents", "serial"), numbered(cursor, fresh))


def finish(server: Server, generation: Generation, model: Embedder) -> int:
    """What a filled generation still needs, then the swap; how many documents it holds. May be done again."""
    count(server, generation, model)
    index(server, generation)
    return swap(server, generation)


def count(server: Server, generation: Generation, model: Embedder) -> None:
    """Corpus statistics and the sessions."""
    with server.writing() as cursor:
        tables.enter(cursor, generation)
        statistics.count_all(cursor, model)
        cursor.execute("TRUNCATE sessions")
        cursor.execute(
            "INSERT INTO sessions SELECT session, avg(vector) FROM documents WHERE session <> '' GROUP BY session"
        )


def index(server: Server, generation: Generation) -> None:
    with server.writing() as cursor:
        tables.enter(cursor, generation)
        tables.build_indexes(cursor)


def swap(server: Server, generation: Generation) -> int:
    """From here on this generation answers."""
    with server.writing() as cursor:
        tables.enter(cursor, generation)
        cursor.execute("ANALYZE")
        cursor.execute("SELECT documents FROM totals")
        found = int(cursor.fetchall()[0][0])
        tables.make_current(cursor, generation)
    sweep(server, generation.home, patience=50)
    return found


def sweep(server: Server, home: str, patience: int = 1) -> None:
    """Drop generations that were replaced; those still read after so many tries are left for the next time."""
    with server.writing() as cursor:
        schemas = tables.leftovers(cursor, home)
    for schema in schemas:
        for _ in range(patience):
            try:
                with server.writing() as cursor:
                    tables.drop(cursor, schema)
                break
            except ArchiveBusy:
                time.sleep(PAUSE)
