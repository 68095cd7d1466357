"""Words of the archive that look like one: by shared n-grams under GIN, then by edit distance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index import analysis, ngrams
from index.postgres.server import Cursor
from index.postgres.statistics import distinct_grams, signed

PROBED = 400
"""Words of the vocabulary that are compared with one that was asked for: those that share its rarest n-grams."""
ALIKE = 0.6
"""Edit similarity (1 - distance / longer length) from which a word may be another one misread."""
HELD = 300
"""Documents in which the look-alikes of one word may stand together: a misreading is rare, another word is not."""
SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Known:
    """A word of the archive and how many documents hold it."""

    word: str
    stem: str
    held: int


def near(cursor: Cursor, words: Sequence[str]) -> list[Known]:
    """Words of the archive that share the rarest n-grams of any of these."""
    wanted = [signed(distinct_grams(word)) for word in words if len(word) >= SHORTEST]
    every = sorted({key for keys in wanted for key in keys})
    cursor.execute("SELECT gram, words FROM grams WHERE gram = ANY(%s) AND words > 0", (every,))
    having = {int(gram): int(count) for gram, count in cursor.fetchall()}
    probe = sorted({key for keys in wanted for key in _rarest(keys, having)})
    if not probe:
        return []
    cursor.execute("SELECT set_config('enable_seqscan', 'off', true)")  # what comparing arrays costs is not estimated
    cursor.execute("SELECT word, stem, held FROM vocabulary WHERE grams && %s::int[] AND held > 0", (probe,))
    found = [Known(*row) for row in cursor.fetchall()]
    cursor.execute("SELECT set_config('enable_seqscan', 'on', true)")
    return found


def _rarest(keys: Sequence[int], having: Mapping[int, int]) -> set[int]:
    ordered = sorted((having[key], key) for key in keys if having.get(key, 0) > 0)
    total, kept = 0, set[int]()
    for count, key in ordered:
        total += count
        if total > PROBED and kept:
            break
        kept.add(key)
    return kept


def look_alikes(words: Sequence[str], known: Sequence[Known]) -> dict[str, dict[str, float]]:
    """For each word asked for, what may be a misreading of it and how like it is; forms of the same stem are none."""
    from rapidfuzz import process
    from rapidfuzz.distance import Levenshtein

    names = [other.word for other in known]
    alike: dict[str, dict[str, float]] = {}
    for asked in words:
        stem = analysis.stem(asked)
        found = process.extract(asked, names, scorer=Levenshtein.normalized_similarity, score_cutoff=ALIKE, limit=None)
        kept: dict[str, float] = {}
        held = 0
        for word, score, place in found:  # the likest first
            if known[place].stem == stem:
                continue
            held += known[place].held
            if held > HELD and kept:
                break
            kept[word] = score
        alike[asked] = kept
    return alike


def cosines(
    words: Sequence[str],
    counts: ngrams.Floats,
    starts: np.ndarray[tuple[int], np.dtype[np.int64]],
    columns: np.ndarray[tuple[int], np.dtype[np.int64]],
    query: Mapping[int, float],
) -> ngrams.Floats:
    """Cosine of documents' n-grams with a query's; the formula of ``index.ngrams`` without its inverted matrix.

    Document ``i`` holds the words ``words[columns[j]]`` with weights ``counts[j]`` for ``j`` in
    ``starts[i]:starts[i + 1]``. ``query``: weight by gram, scaled so that scores are cosines.
    """
    from scipy.sparse import csr_array

    asked = np.array(sorted(query), np.uint32)
    weights = np.array([query[int(key)] for key in asked])
    found = [ngrams.gram_keys(word) for word in words]
    sizes = np.array([len(keys) for keys in found], np.float64)
    every = np.concatenate([*found, np.zeros(0, np.uint32)])
    owner = np.repeat(np.arange(len(words)), sizes.astype(np.int64))
    at = np.minimum(np.searchsorted(asked, every), len(asked) - 1)
    here = asked[at] == every
    shape = (len(words), len(asked))
    shared = csr_array((np.ones(int(here.sum())), (owner[here], at[here])), shape=shape)
    held = csr_array((counts, columns, starts), shape=(len(starts) - 1, len(words)))
    sums = (held @ shared).tocsr()
    sums.data = np.sqrt(sums.data)
    norms = np.sqrt(np.maximum(np.asarray(held @ sizes), 1e-9))
    scores: ngrams.Floats = np.asarray(sums @ weights) / norms
    return scores
