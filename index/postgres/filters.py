"""The query language's filters as SQL over ``documents``."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from index import analysis, query
from index.postgres.rows import STEM, cut, tokens_of
from index.postgres.server import Cursor


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition with its parameters, to stand after AND."""

    sql: str
    parameters: tuple[object, ...] = ()


EVERYTHING = Clause("true")
NOTHING = Clause("false")


def lexeme(text: str) -> str:
    """A lexeme as it is written in a tsquery."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def of(cursor: Cursor, node: query.Node | None) -> Clause:
    """What every answer must satisfy."""
    match node:
        case None:
            return EVERYTHING
        case query.Word(text):
            found = analysis.stems(text) or [token.stem for token in analysis.tokens(text)]
            return holding(" & ".join(lexeme(STEM + cut(stem)) for stem in found))
        case query.Phrase(text):
            return holding(" <-> ".join(lexeme(word) for word in _words(text)))
        case query.Prefix(text):
            return holding("".join(f"{lexeme(word)}:*" for word in _words(text)[-1:]))
        case query.Field(name, value):
            return _field(cursor, name, value)
        case query.Not(inner):
            clause = of(cursor, inner)
            return Clause(f"NOT {clause.sql}", clause.parameters)
        case query.Some(nodes):
            return _joined(" OR ", [of(cursor, each) for each in nodes])
        case query.All(nodes) | query.Beside(nodes):
            return _joined(" AND ", [of(cursor, each) for each in nodes])


def among(clause: Clause, ids: Sequence[str] | None) -> Clause:
    """The same, of some documents only."""
    return clause if ids is None else Clause(f"({clause.sql} AND id = ANY(%s))", (*clause.parameters, list(ids)))


def within(clause: Clause, sessions: Collection[str] | None) -> Clause:
    """The same, of some sessions only, and of none."""
    if sessions is None:
        return clause
    return Clause(f"({clause.sql} AND session = ANY(%s))", (*clause.parameters, ["", *sessions]))


def holding(sought: str) -> Clause:
    """Documents that answer to a tsquery; an empty one asks for what nobody has."""
    return Clause("terms @@ %s::tsquery", (sought,)) if sought else NOTHING


def _words(text: str) -> list[str]:
    return [cut(token.exact) for token in analysis.tokens(text)]


def _joined(operator: str, clauses: Sequence[Clause]) -> Clause:
    sql = operator.join(clause.sql for clause in clauses)
    return Clause(f"({sql})", tuple(p for clause in clauses for p in clause.parameters))


def _field(cursor: Cursor, name: str, value: str) -> Clause:
    """By the numbers of the values that answer: few, however many documents have them."""
    if name in ("after", "before"):
        side = ">=" if name == "after" else "<"
        cursor.execute(
            f'SELECT number FROM facts WHERE field = %s AND left(value, %s) COLLATE "C" {side} left(%s, length(value))',
            ("day", len(value), value),
        )
    else:
        asked = sorted(tokens_of(value)) or [""]
        cursor.execute("SELECT number FROM facts WHERE field = %s AND tokens @> %s::text[]", (name, asked))
    numbers = [int(row[0]) for row in cursor.fetchall()]
    return Clause("fields && %s::int[]", (numbers,)) if numbers else NOTHING
