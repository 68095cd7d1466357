"""The finer parts of meaning, for the documents that are in question: best two lines, and soft word matches."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index import analysis
from index.snapshot import Snapshot
from index.static import StaticModel
from index.vectors import Matrix, spread
from index.words import NO_SENSE

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


def windows(snapshot: Snapshot, rows: Rows, vector: Matrix) -> Floats:
    """Cosine of each row's best two neighbouring lines with a query vector; rows ascending."""
    scores = np.zeros(len(rows))
    for offset, segment in zip(snapshot.offsets, snapshot.segments, strict=False):
        here = (rows >= offset) & (rows < offset + segment.count)
        if here.any():
            scores[here] = segment.vectors.best_window(rows[here] - offset, vector)
    return scores


def soft_words(snapshot: Snapshot, rows: Rows, text: str, model: StaticModel) -> Floats:
    """Soft max-similarity: for each word of the query the nearest word of the document, weighed by its IDF (0..1)."""
    sought = [found[0] for word in analysis.words(text) if (found := model.rows_of(word))]
    if not sought or not len(rows):
        return np.zeros(len(rows))
    senses, starts = _senses(snapshot, rows)
    table = model.rows(np.array(sought, np.int64))
    weights = np.linalg.norm(table, axis=1)
    used, back = np.unique(senses, return_inverse=True)
    near = model.cosines(np.maximum(used, 0).astype(np.int64), table)
    near[used == NO_SENSE] = 0.0
    full = np.flatnonzero(np.diff(starts) > 0)
    scores = np.zeros(len(rows))
    if len(full):
        best = np.maximum.reduceat(near[back], starts[:-1][full], axis=0)
        scores[full] = np.maximum(best, 0.0) @ weights / weights.sum()
    return scores


def _senses(snapshot: Snapshot, rows: Rows) -> tuple[NDArray[np.int32], Rows]:
    """The senses of the rows' words one after the other, and where each row begins; rows ascending."""
    parts, counts = [np.zeros(0, np.int32)], [np.zeros(1, np.int64)]
    for offset, segment in zip(snapshot.offsets, snapshot.segments, strict=False):
        here = rows[(rows >= offset) & (rows < offset + segment.count)] - offset
        places, lengths = spread(segment.words.starts, here)
        parts.append(segment.words.senses[places])
        counts.append(lengths)
    return np.concatenate(parts), np.cumsum(np.concatenate(counts))
