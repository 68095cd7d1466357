"""Score fusion; pure arithmetic.

Scores are added, not ranks: rank fusion lets a weak list push exact words down (ANCHORS: 0.94 to 0.85). Each list is
brought to z-scores over its own best POOL documents, so that the figures do not drift as the archive grows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

POOL = 240


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each list counts. ``unsure`` is added to the letters' weight times the reader's doubt (1 - confidence).

    ``board``, ``window`` and ``words`` are the parts of meaning: whole board, best two lines, soft word matches.
    """

    text: float = 4.0
    letters: float = 4.0
    meaning: float = 3.0
    unsure: float = 4.0
    board: float = 1.0
    window: float = 1.0
    words: float = 1.0


FITTED = Weights()
"""What ``python -m bench.search --fit`` found on the development themes."""


@dataclass(frozen=True, eq=False)
class Scores:
    """Raw scores of the same documents: BM25F, n-gram cosine, the parts of meaning, IDF share covered, confidence."""

    text: Floats
    letters: Floats
    board: Floats
    window: Floats
    words: Floats
    covered: Floats
    confidence: Floats


def standardise(scores: Floats) -> Floats:
    """z-scores over the POOL best; a list in which all are equal says nothing."""
    pool = np.partition(scores, len(scores) - POOL)[-POOL:] if len(scores) > POOL else scores
    spread = float(pool.std()) if len(pool) else 0.0
    if spread < 1e-9:
        return np.zeros(len(scores))
    return np.asarray((scores - pool.mean()) / spread)


def meaning(scores: Scores, weights: Weights) -> Floats:
    """One standardised figure out of the parts of meaning."""
    whole = weights.board * standardise(scores.board)
    return standardise(whole + weights.window * standardise(scores.window) + weights.words * standardise(scores.words))


@dataclass(frozen=True, eq=False)
class Fused:
    """``total`` to sort by, and what each list gave to it."""

    total: Floats
    text: Floats
    letters: Floats
    meaning: Floats


def fuse(scores: Scores, weights: Weights) -> Fused:
    """Weighted sum of z-scores; whoever holds every word asked for stays before whoever holds none."""
    doubt = 1.0 - np.clip(scores.confidence, 0.0, 1.0)
    text = weights.text * standardise(scores.text)
    letters = (weights.letters + weights.unsure * doubt) * standardise(scores.letters)
    sense = weights.meaning * meaning(scores, weights)
    total = text + letters + sense
    return Fused(_exact_first(total, scores.covered), text, letters, sense)


def _exact_first(total: Floats, covered: Floats) -> Floats:
    """Lift documents that hold every word above those that hold none; order inside each group stays."""
    every, none = covered > 0.999, covered <= 0.0
    if not every.any() or not none.any():
        return total
    lift = float(total[none].max()) - float(total[every].min())
    return total + np.where(every, max(0.0, lift + 1e-6), 0.0)


def best(total: Floats, limit: int) -> NDArray[np.int64]:
    """Places of the ``limit`` highest, best first; ties in the order given."""
    if limit < len(total):
        threshold = np.partition(total, len(total) - limit)[len(total) - limit]
        places = np.flatnonzero(total >= threshold)
    else:
        places = np.arange(len(total))
    return np.asarray(places[np.argsort(-total[places], kind="stable")][:limit])
