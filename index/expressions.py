"""Which concepts a text speaks of: the lexicon's expressions matched whole, or by most of what they say.

An expression («perdu devant l'ordinateur») holds for a text as far as its words, weighed by IDF, are there; below HALF
it does not. A concept counts by its best expression, so that words that stand together in one expression single out
the sense that each alone leaves open. Only the KEPT best concepts of a text count, the best ones more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import analysis
from index.lexicon import Concept
from index.train import ENGLISH, FRENCH

HALF = 0.5
KEPT = 24
SHARPER = 1.5


@dataclass(frozen=True, eq=False)
class Expressions:
    """Expression ``i`` is the stems ``rows[starts[i]:starts[i + 1]]`` (rows of the table) of ``concepts[i]``."""

    starts: NDArray[np.int32]
    rows: NDArray[np.int32]
    concepts: NDArray[np.int32]
    idf: NDArray[np.float32]

    @cached_property
    def _by_stem(self) -> Any:
        """Stems × expressions, IDF in the cells."""
        from scipy.sparse import csr_array

        cells = (self.idf[self.rows], self.rows, self.starts)
        return csr_array(cells, shape=(len(self.concepts), len(self.idf))).T.tocsr()

    @cached_property
    def _whole(self) -> NDArray[np.float32]:
        return np.add.reduceat(self.idf[self.rows], self.starts[:-1]) if len(self.rows) else np.zeros(0, np.float32)

    def active(self, texts: Any) -> Any:
        """Concepts of texts, each scored: texts × stems (0..1: how surely each stem is there) to texts × concepts."""
        from scipy.sparse import csr_array

        count = int(self.concepts.max(initial=-1)) + 1
        found = (texts @ self._by_stem).tocoo()
        share = found.data / self._whole[found.col]
        good = share >= HALF
        text, concept = found.row[good].astype(np.int64), self.concepts[found.col[good]]
        score = share[good] ** 2 * found.data[good]
        order = np.lexsort((-score, concept, text))
        text, concept, score = text[order], concept[order], score[order]
        first = np.flatnonzero(np.r_[True, (text[1:] != text[:-1]) | (concept[1:] != concept[:-1])][: len(text)])
        order = first[np.lexsort((-score[first], text[first]))]
        text, concept, score = text[order], concept[order], score[order]
        begins = np.searchsorted(text, text)
        kept = np.arange(len(text)) - begins < KEPT
        score = score * (score / np.maximum(score[begins], 1e-9)) ** (SHARPER - 1) if len(score) else score
        cells = (score[kept].astype(np.float32), (text[kept], concept[kept]))
        return csr_array(cells, shape=(texts.shape[0], count))


def collect(concepts: Iterable[Concept], number: dict[str, int], idf: NDArray[np.float32]) -> Expressions:
    """The expressions of a lexicon, each once a concept; ``number`` gives a stem's row."""
    starts, rows, owners = [0], [], []
    for owner, concept in enumerate(concepts):
        said = {
            tuple(sorted({FRENCH + analysis.stem(w) for w in analysis.words(e)})) for e in (concept.name, *concept.fr)
        }
        said |= {tuple(sorted({ENGLISH + analysis.stem_english(w) for w in analysis.words(e)})) for e in concept.en}
        for stems in sorted(said - {()}):
            rows += [number[stem] for stem in stems]
            starts.append(len(rows))
            owners.append(owner)
    return Expressions(np.array(starts, np.int32), np.array(rows, np.int32), np.array(owners, np.int32), idf)
