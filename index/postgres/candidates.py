"""Which documents are worth a close look: by words, by letters, by meaning; found by the database's indexes.

No sentence visits more than COUNTED documents of a list, whatever the archive's size: of words the rare ones are
looked for first, and common ones only together; what is common and alone goes by meaning, on the vectors' index.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.hits import Sought
from index.postgres import rows
from index.postgres.filters import Clause, lexeme
from index.postgres.server import Cursor
from index.vectors import Matrix

CLOSE = 100
"""Best of each list that are looked at closely."""
COUNTED = 2000
"""Matches up to which totals and facets are exact; also what a list visits at most."""
EXACT = 8000
"""Documents under a filter up to which each one's vector is compared; beyond, HNSW is scanned on."""
BREADTH = 200
"""HNSW's ef_search."""
_SCANNING = (
    "SELECT set_config('hnsw.ef_search', %s, true), set_config('hnsw.max_scan_tuples', %s, true),"
    " set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('enable_bitmapscan', 'off', true),"
    " set_config('enable_seqscan', 'off', true), set_config('enable_sort', 'off', true)"
)
"""The planner knows nothing of how far HNSW must be scanned under a filter; here it is told."""
_AS_BEFORE = (
    "SELECT set_config('enable_bitmapscan', 'on', true), set_config('enable_seqscan', 'on', true),"
    " set_config('enable_sort', 'on', true)"
)
FEW = 30
"""Matches from which a list of words needs no broader question."""

Ids = dict[int, str]
"""Serials and ids, best first."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """What the archive as a whole says: how many documents, their mean length, how many hold each stem asked for."""

    documents: int
    mean_length: float
    held: Mapping[str, int]

    def idf(self, stem: str) -> float:
        """As the embedded engine weighs (``index.fulltext``)."""
        held = self.held.get(stem, 0)
        return float(np.log1p((self.documents - held + 0.5) / (held + 0.5)))


def corpus(cursor: Cursor, stems: Sequence[str]) -> Corpus:
    cursor.execute("SELECT documents, length FROM totals")
    documents, length = cursor.fetchall()[0]
    cursor.execute("SELECT stem, held FROM stems WHERE stem = ANY(%s) AND held > 0", (list(map(rows.cut, stems)),))
    held = {str(stem): int(n) for stem, n in cursor.fetchall()}
    return Corpus(int(documents), float(length) / max(1, int(documents)), held)


def by_words(cursor: Cursor, sought: Sought, known: Corpus, must: Clause, limit: int) -> tuple[Ids, Ids]:
    """The ``limit`` documents that cover most of the query's words by IDF, the nearest in meaning first among equals;
    and all that were found, up to COUNTED."""
    asked = [stem for stem in map(rows.cut, sought.stems) if stem in known.held]
    rare_first = sorted(asked, key=known.held.__getitem__)
    found: Ids = {}
    best: Ids = {}
    for question, full in _questions(rare_first, known):
        some = _covering(cursor, question, rare_first, known, must, sought)
        found |= {serial: each for serial, each in some.items() if serial not in found}
        if len(some) >= COUNTED and sought.vector is not None:
            best |= nearest(cursor, sought.vector, _and(must, question), limit, selective=False)
        if len(found) >= FEW and full:
            break
    best |= {serial: each for serial, each in list(found.items())[:limit] if serial not in best}
    return best, best | found


def _questions(rare_first: Sequence[str], known: Corpus) -> list[tuple[str, bool]]:
    """tsqueries from the strictest on, each with whether broader ones may be left out when it found enough."""
    if not rare_first:
        return []
    words = [lexeme(rows.STEM + stem) for stem in rare_first]
    total = np.cumsum([known.held[stem] for stem in rare_first])
    rare = int(np.searchsorted(total, COUNTED, side="right"))  # so many together are held by few documents
    if rare == len(words):
        return [(" | ".join(words), True)]
    any_rare = f"({' | '.join(words[:rare])}) | " if rare else ""
    together = [any_rare + f"({' & '.join(words)})"]
    together += [" & ".join(words[:count]) for count in range(len(words) - 1, max(rare, 0), -1)]
    return [(question, True) for question in together]


def _and(must: Clause, question: str) -> Clause:
    return Clause(f"{must.sql} AND terms @@ %s::tsquery", (*must.parameters, question))


def _covering(cursor: Cursor, question: str, stems: Sequence[str], known: Corpus, must: Clause, sought: Sought) -> Ids:
    """Documents that answer to a tsquery, those that cover most first."""
    covered = " + ".join(["(terms @@ %s::tsquery)::int * %s::real"] * len(stems))
    weights = [value for stem in stems for value in (lexeme(rows.STEM + stem), known.idf(stem))]
    nearness = "vector <#> %s::halfvec" if sought.vector is not None else "cardinality(tsvector_to_array(terms))"
    cursor.execute(
        f"SELECT serial, id FROM (SELECT serial, id, terms, vector FROM documents WHERE terms @@ %s::tsquery"
        f" AND {must.sql} LIMIT {COUNTED}) AS found ORDER BY {covered} DESC, {nearness}",
        (question, *must.parameters, *weights, *([written(sought.vector)] if sought.vector is not None else [])),
    )
    return {int(serial): str(each) for serial, each in cursor.fetchall()}


def by_letters(
    cursor: Cursor, alike: Mapping[str, Mapping[str, float]], must: Clause, vector: Matrix | None, limit: int
) -> Ids:
    """Documents with words that look like those asked for; those that look most like them first."""
    groups = [" | ".join(lexeme(word) for word in words) for words in alike.values() if words]
    if not groups:
        return {}
    strength = [max(words.values()) for words in alike.values() if words]
    score = " + ".join(["(terms @@ %s::tsquery)::int * %s::real"] * len(groups))
    nearness = ", vector <#> %s::halfvec" if vector is not None else ""
    cursor.execute(
        f"SELECT serial, id FROM (SELECT serial, id, terms, vector FROM documents WHERE terms @@ %s::tsquery"
        f" AND {must.sql} LIMIT {COUNTED}) AS found ORDER BY {score} DESC{nearness} LIMIT {limit}",
        (
            " | ".join(groups),
            *must.parameters,
            *(value for pair in zip(groups, strength, strict=True) for value in pair),
            *([written(vector)] if vector is not None else []),
        ),
    )
    return {int(serial): str(each) for serial, each in cursor.fetchall()}


def nearest(cursor: Cursor, vector: Matrix, must: Clause, limit: int, selective: bool = True) -> Ids:
    """The documents nearest in meaning. Where a filter leaves few, each one's vector is compared: no index can lose
    one then; else HNSW is scanned on until enough satisfy it."""
    few = selective and must.sql != "true" and _under(cursor, must)
    if few:
        sql = f"SELECT serial, id FROM (SELECT serial, id, vector FROM documents WHERE {must.sql} OFFSET 0) AS found"
    else:
        cursor.execute(_SCANNING, (str(min(1000, max(BREADTH, limit))), str(EXACT)))
        sql = f"SELECT serial, id FROM documents WHERE {must.sql}"
    cursor.execute(f"{sql} ORDER BY vector <#> %s::halfvec LIMIT {limit}", (*must.parameters, written(vector)))
    found = {int(serial): str(each) for serial, each in cursor.fetchall()}
    cursor.execute(_AS_BEFORE)
    return found


def _under(cursor: Cursor, must: Clause) -> bool:
    cursor.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM documents WHERE {must.sql} LIMIT {EXACT + 1}) AS found", must.parameters
    )
    return int(cursor.fetchall()[0][0]) <= EXACT


def all_under(cursor: Cursor, must: Clause, most: int | None = COUNTED) -> Ids:
    """Whatever satisfies a filter, the newest first, up to so many."""
    cursor.execute(
        f"SELECT serial, id FROM documents WHERE {must.sql} ORDER BY serial DESC LIMIT %s", (*must.parameters, most)
    )
    return {int(serial): str(each) for serial, each in cursor.fetchall()}


def written(vector: Matrix) -> str:
    """As pgvector reads it."""
    return "[" + ",".join(f"{value:.5g}" for value in vector.tolist()) + "]"
