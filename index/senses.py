"""The finer parts of meaning, for the documents that are in question: best two lines, soft word matches, the session.

What each word of the vocabulary means in concepts is kept beside it (``senses.bin``, one SENSE a word): looking for a
misread word's look-alikes while somebody waits would take too long.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import analysis
from index.snapshot import Snapshot
from index.static import StaticModel
from index.vectors import Matrix, spread

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

MOST = 32
SENSE = np.dtype([("concepts", "<u2", MOST), ("weights", "<f2", MOST)])
"""The MOST concepts that a word belongs to most, by weights (0 where there is none); of unit length."""


def keep(path: Path, words: Sequence[str], known: int, model: StaticModel) -> None:
    """Bring the file, of which the first ``known`` words count, to hold the senses of all words."""
    with path.open("r+b" if known and path.exists() else "wb") as file:
        file.seek(known * SENSE.itemsize)
        file.truncate()
        file.write(of_words(words[known:], model).tobytes())


def read(path: Path, count: int) -> NDArray[np.void]:
    """Senses of the first ``count`` words. Raises ValueError when there are fewer."""
    senses = np.memmap(path, SENSE, "r") if path.stat().st_size else np.zeros(0, SENSE)
    if len(senses) < count:
        raise ValueError(f"{path} holds {len(senses)} words of {count}")
    return senses[:count].view(np.ndarray)


def of_words(words: Sequence[str], model: StaticModel) -> NDArray[np.void]:
    telling = [word if word not in analysis.STOP_WORDS else "" for word in words]
    spelt = model.speller.spell_all(telling)
    held = model.held.of(model.spelling([spelt[word] for word in telling]))
    senses = np.zeros(len(words), SENSE)
    for number in np.flatnonzero(np.diff(held.indptr)):
        here = slice(held.indptr[number], held.indptr[number + 1])
        top = np.argsort(-held.data[here], kind="stable")[:MOST]
        weights = held.data[here][top]
        senses["concepts"][number, : len(top)] = held.indices[here][top]
        senses["weights"][number, : len(top)] = weights / np.linalg.norm(weights)
    return senses


def windows(snapshot: Snapshot, rows: Rows, vector: Matrix) -> Floats:
    """Cosine of each row's best two neighbouring lines with a query vector; rows ascending."""
    scores = np.zeros(len(rows))
    for offset, segment in zip(snapshot.offsets, snapshot.segments, strict=False):
        here = (rows >= offset) & (rows < offset + segment.count)
        if here.any():
            scores[here] = segment.vectors.best_window(rows[here] - offset, vector)
    return scores


def sessions(snapshot: Snapshot, boards: Floats) -> Floats:
    """For each row the mean score of the boards of its session: a terse board is about what its neighbours are."""
    codes = snapshot.session_codes
    alive = snapshot.alive
    sums = np.bincount(codes[alive], weights=boards[alive], minlength=int(codes.max(initial=-1)) + 1)
    counts = np.bincount(codes[alive], minlength=len(sums))
    return np.asarray((sums / np.maximum(counts, 1))[codes])


def soft_words(snapshot: Snapshot, rows: Rows, text: str, model: StaticModel) -> Floats:
    """Soft max-similarity: for each word of the query the nearest word of the document, weighed by its IDF (0..1)."""
    ids, starts = _words(snapshot, rows)
    used, back = np.unique(ids, return_inverse=True)
    return soft(snapshot.senses[used], back, starts, text, model)


def soft(senses: NDArray[np.void], back: Rows, starts: Rows, text: str, model: StaticModel) -> Floats:
    """``soft_words`` of documents whose words are ``senses[back[starts[i]:starts[i + 1]]]``."""
    asked = analysis.words(text)
    spoken = model.speller.language_of(text)
    spelt = model.speller.spell_all(asked, spoken)
    sought = [spelt[word] for word in asked if spelt[word]]
    scores = np.zeros(len(starts) - 1)
    full = np.flatnonzero(np.diff(starts) > 0)
    if not sought or not len(full):
        return scores
    weights = np.linalg.norm(model.word_vectors(sought), axis=1)
    near = _alike(senses, model.asked(sought, spoken))
    best = np.maximum.reduceat(near[back], starts[:-1][full], axis=0)
    scores[full] = best @ weights / weights.sum()
    return scores


def _alike(senses: NDArray[np.void], sought: Any) -> Matrix:
    """How alike words are to those sought (sparse, M×concepts), N×M (0..1): the root of their cosine."""
    from scipy.sparse import csr_array

    cells = (
        senses["weights"].astype(np.float32).ravel(),
        senses["concepts"].astype(np.int32).ravel(),
        np.arange(len(senses) + 1) * MOST,
    )
    words = csr_array(cells, shape=(len(senses), sought.shape[1]))
    return np.asarray(np.sqrt(words @ sought.toarray().T), dtype=np.float32)


def _words(snapshot: Snapshot, rows: Rows) -> tuple[NDArray[np.uint32], Rows]:
    """The numbers of the rows' words one after the other, and where each row begins; rows ascending."""
    parts, counts = [np.zeros(0, np.uint32)], [np.zeros(1, np.int64)]
    for offset, segment in zip(snapshot.offsets, snapshot.segments, strict=False):
        here = rows[(rows >= offset) & (rows < offset + segment.count)] - offset
        places, lengths = spread(segment.words.starts, here)
        parts.append(segment.words.ids[places])
        counts.append(lengths)
    return np.concatenate(parts), np.cumsum(np.concatenate(counts))
