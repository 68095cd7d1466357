"""Corpus statistics as tables: how many documents hold a stem, a word, an n-gram. Kept with each change.

A gram counts as held as often as the words that have it are held: documents in which two words share a gram count
twice, which no ranking notices.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from index import analysis, ngrams, senses
from index.embed import Embedder
from index.postgres.rows import STEM, Row
from index.postgres.server import Cursor
from index.static import StaticModel

CHUNK = 20_000


def signed(keys: ngrams.Keys) -> list[int]:
    """Keys of n-grams as PostgreSQL's int."""
    return [int(key) for key in keys.astype(np.int64) - (1 << 31)]


def distinct_grams(word: str) -> ngrams.Keys:
    return np.unique(ngrams.gram_keys(word))


def change(cursor: Cursor, added: Sequence[Row], gone: Sequence[Row], model: Embedder) -> None:
    """What documents that came and went mean for the statistics. Of those gone only words, stems, length are read."""
    words, stems = Counter[str](), Counter[str]()
    for rows, sign in ((added, 1), (gone, -1)):
        for row in rows:
            for counter, held in ((words, row.words), (stems, row.stems)):
                for each in held:
                    counter[each] += sign
    more = len(added) - len(gone)
    longer = sum(row.length for row in added) - sum(row.length for row in gone)
    cursor.execute("UPDATE totals SET documents = documents + %s, length = length + %s", (more, longer))
    _add_words(cursor, {word: n for word, n in words.items() if n}, model)
    _add(cursor, "stems (stem, held)", "stem", "text", {stem: n for stem, n in stems.items() if n})


def _add(cursor: Cursor, table: str, key: str, kind: str, counts: dict[str, int]) -> None:
    cursor.execute(
        f"INSERT INTO {table} SELECT * FROM unnest(%s::{kind}[], %s::int[])"
        f" ON CONFLICT ({key}) DO UPDATE SET held = {table.split()[0]}.held + excluded.held",
        (list(counts), list(counts.values())),
    )


def _add_words(cursor: Cursor, counts: dict[str, int], model: Embedder) -> None:
    cursor.execute("SELECT word FROM vocabulary WHERE word = ANY(%s)", (list(counts),))
    known = {str(row[0]) for row in cursor.fetchall()}
    fresh = [word for word in counts if word not in known]
    cursor.execute(
        "UPDATE vocabulary SET held = held + n FROM unnest(%s::text[], %s::int[]) AS c (w, n) WHERE word = w",
        (list(counts), list(counts.values())),
    )
    _copy_words(cursor, [(word, counts[word]) for word in fresh], model)
    grams = _Grams()
    grams.take(counts.items())
    new = _Grams()
    new.take((word, 1) for word in fresh)
    keys, held = grams.sums()
    first = dict(zip(*(part.tolist() for part in new.sums()), strict=True))
    cursor.execute(
        "INSERT INTO grams SELECT * FROM unnest(%s::int[], %s::bigint[], %s::int[]) ON CONFLICT (gram)"
        " DO UPDATE SET held = grams.held + excluded.held, words = grams.words + excluded.words",
        (signed(keys), held.tolist(), [first.get(key, 0) for key in keys.tolist()]),
    )


class _Grams:
    """Sums over words by the grams that they have."""

    def __init__(self) -> None:
        self._keys: list[ngrams.Keys] = []
        self._counts: list[ngrams.Floats] = []

    def take(self, words: Iterable[tuple[str, int]]) -> None:
        found = [(distinct_grams(word), count) for word, count in words]
        if found:
            self._keys.append(np.concatenate([keys for keys, _ in found]))
            self._counts.append(np.repeat([float(n) for _, n in found], [len(keys) for keys, _ in found]))
        if len(self._keys) > 64:
            keys, sums = self.sums()
            self._keys, self._counts = [keys], [sums.astype(np.float64)]

    def sums(self) -> tuple[ngrams.Keys, np.ndarray[tuple[int], np.dtype[np.int64]]]:
        if not self._keys:
            return np.zeros(0, np.uint32), np.zeros(0, np.int64)
        keys, back = np.unique(np.concatenate(self._keys), return_inverse=True)
        sums = np.bincount(back, weights=np.concatenate(self._counts), minlength=len(keys))
        return keys.astype(np.uint32), np.rint(sums).astype(np.int64)


def _copy_words(cursor: Cursor, words: Sequence[tuple[str, int]], model: Embedder) -> None:
    known = senses.of_words([word for word, _ in words], model) if isinstance(model, StaticModel) else None
    with cursor.copy("COPY vocabulary FROM STDIN (FORMAT binary)") as into:
        into.set_types(("text", "text", "int4", "bytea", "int4[]"))
        for number, (word, held) in enumerate(words):
            sense = known[number].tobytes() if known is not None else b""
            into.write_row((word, analysis.stem(word), held, sense, signed(distinct_grams(word))))


def count_all(cursor: Cursor, model: Embedder) -> None:
    """Statistics of a whole generation, from its documents."""
    cursor.execute("TRUNCATE vocabulary, stems, grams, totals")
    cursor.execute("INSERT INTO totals SELECT count(*), coalesce(sum(length::double precision), 0) FROM details")
    cursor.execute(
        "CREATE TEMP TABLE counted ON COMMIT DROP AS SELECT word, ndoc FROM ts_stat('SELECT terms FROM documents')"
    )
    cursor.execute("INSERT INTO stems SELECT substr(word, 2), ndoc FROM counted WHERE word LIKE %s", (f"{STEM}%",))
    grams, words = _Grams(), _Grams()
    cursor.execute("SELECT word, ndoc FROM counted WHERE word NOT LIKE %s", (f"{STEM}%",))
    for some in _chunks(cursor.fetchall()):
        telling = [(word, int(held)) for word, held in some if word not in analysis.STOP_WORDS]
        _copy_words(cursor, telling, model)
        grams.take(telling)
        words.take((word, 1) for word, _ in telling)
    keys, held = grams.sums()
    _, having = words.sums()
    with cursor.copy("COPY grams FROM STDIN (FORMAT binary)") as into:
        into.set_types(("int4", "int8", "int4"))
        for row in zip(signed(keys), held.tolist(), having.tolist(), strict=True):
            into.write_row(row)


def _chunks(rows: Sequence[tuple[str, int]]) -> Iterator[Sequence[tuple[str, int]]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]
