"""Documents as rows for a binary COPY, and their parts read back."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from index import analysis, columns
from index.postgres.server import Cursor
from index.prepare import Prepared
from index.segment import freeze
from index.vectors import Matrix, Vectors

STEM = "~"
"""What lexemes that are stems begin with; no token does."""
LONGEST = 200
"""Characters of a word that count; a lexeme may have 2,046 bytes."""
FURTHEST = 16383
"""Words beyond are found, but not in phrases: a tsvector numbers no more places."""
MOST_PLACES = 255
MOST_BYTES = 900_000
"""Of a tsvector, which may have a megabyte; what a longer text says further on is not found by word."""

_DOCUMENTS = ("int4", "text", "text", "int4", "bytea", "int4[]", "bytea")
_DETAILS = ("int4", "text", "bytea", "bytea", "bytea", "float4", "float4", "bytea")


@dataclass(frozen=True, slots=True)
class Row:
    """One document; ``facts`` are its fields and their values, to be numbered. ``words`` has each word once."""

    id: str
    session: str
    stems: frozenset[str]
    words: tuple[str, ...]
    length: float
    facts: tuple[tuple[str, str], ...]
    document: tuple[int, bytes, bytes]  # lot, terms, vector
    details: tuple[str, bytes, bytes, bytes, float, float, bytes]


def build(batch: Sequence[Prepared], vectors: Vectors) -> list[Row]:
    return [_row(prepared, vectors, number) for number, prepared in enumerate(batch)]


def _row(prepared: Prepared, vectors: Vectors, number: int) -> Row:
    document = prepared.document
    here = slice(vectors.starts[number], vectors.starts[number + 1])
    weights = {cut(word): weight for word, weight in prepared.letters.items()}
    length = float(sum(prepared.bag.values()))
    stems = frozenset(cut(stem) for stem in prepared.bag)
    return Row(
        plain(document.id),
        plain(document.session_id or document.session_title or ""),
        stems,
        tuple(weights),
        length,
        tuple(facts_of(columns.fields_of(document))),
        (lot(document.id), tsvector(prepared.words, stems), halfvec(vectors.board(number))),
        (
            "\n".join(weights),
            np.array(list(weights.values()), "<f2").tobytes(),
            vectors.windows[here].tobytes(),
            vectors.scales[here].astype("<f4").tobytes(),
            length,
            prepared.confidence,
            freeze(document),
        ),
    )


def facts_of(fields: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Fields and their values; «day» is the date, or the year where no date is known."""
    for name, values in fields.items():
        for value in dict.fromkeys(values):
            yield name, plain(value)
    for value in fields.get("date") or fields.get("year", ()):
        yield "day", plain(value)


def plain(text: str) -> str:
    """PostgreSQL's texts hold no NUL."""
    return text.replace("\0", "")


def cut(word: str) -> str:
    return word[:LONGEST]


def lot(each: str) -> int:
    """A number that spreads documents evenly, whatever their order: a sample is those of the lowest."""
    return crc32(each.encode("utf-8", "replace")) - (1 << 31)


def halfvec(vector: Matrix) -> bytes:
    """pgvector's binary form."""
    return struct.pack(">HH", len(vector), 0) + vector.astype(">f2").tobytes()


def tsvector(words: Sequence[str], stems: frozenset[str]) -> bytes:
    """The binary form: exact words with their places, stems without; "" among the words is a gap no phrase crosses."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words, start=1):
        if word:
            places.setdefault(cut(word), []).append(place)
    parts, size = [], 4
    for lexeme, at in (*((STEM + stem, []) for stem in stems), *places.items()):
        kept = [place for place in at[:MOST_PLACES] if place <= FURTHEST]
        part = lexeme.encode("utf-8", "replace") + struct.pack(f">xH{len(kept)}H", len(kept), *kept)
        size += len(part) + 8
        if size > MOST_BYTES:
            break
        parts.append(part)
    return struct.pack(">I", len(parts)) + b"".join(parts)


def copy(cursor: Cursor, rows: Sequence[Row], first: int, numbers: Mapping[tuple[str, str], int]) -> None:
    """Write rows, numbered from ``first``; ``numbers`` are those of their facts."""
    with cursor.copy("COPY documents FROM STDIN (FORMAT binary)") as into:
        into.set_types(_DOCUMENTS)
        for serial, row in enumerate(rows, start=first):
            order, terms, vector = row.document
            into.write_row((serial, row.id, row.session, order, terms, [numbers[fact] for fact in row.facts], vector))
    with cursor.copy("COPY details FROM STDIN (FORMAT binary)") as into:
        into.set_types(_DETAILS)
        for serial, row in enumerate(rows, start=first):
            into.write_row((serial, *row.details))


def tokens_of(value: str) -> set[str]:
    """What a value answers to: the words of ``index.columns.alike``."""
    return {token.exact for token in analysis.tokens(value.replace("_", " "))}
