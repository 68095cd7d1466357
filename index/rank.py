"""Score fusion; pure arithmetic.

Scores are added, not ranks: rank fusion lets a weak list push exact words down (ANCHORS: 0.94 to 0.85). Each list is
first brought to a scale that drifts neither with the size of the archive nor with the query: words to the share of
the query that they cover, letters to a cosine, meaning to standard deviations above an even sample of all boards
(dense models differ in scale and cluster; their cosines mean nothing by themselves).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.language import Language

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

EVERY_WORD = 0.999
EQUAL = 1e-4
"""Cosines that differ less are equal: vectors may be kept in half precision."""
LETTERS_POWER = 2.0
"""Faint likeness of letters is chance."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each list counts; meaning is the unit.

    ``covered`` is for the share of the query's words (by IDF) raised to ``power``, ``text`` for BM25F against the
    best board's, ``unsure`` is added to ``letters`` in proportion to the reader's doubt (1 - confidence). ``board``,
    ``window``, ``words`` and ``session`` share out meaning: whole board, best two lines, soft word matches, the mean
    of the session's boards.
    """

    covered: float = 4.0
    power: float = 4.0
    text: float = 0.0
    letters: float = 2.0
    unsure: float = 16.0
    board: float = 1.0
    window: float = 0.5
    words: float = 0.8
    session: float = 0.5


FITTED: Mapping[Language, Weights] = {"fr": Weights(), "en": Weights(window=0.75, words=2.0, session=1.0)}
"""By the language of the query: half way from the weights of one language for all to what a grid over the first
fifteen fresh themes found. The whole way gained nothing on themes that chose no weight; half of it loses nothing there.

A French paraphrase is of other words than the board: what is said as a whole finds it. English words stand in few
concepts, with the French ones that they translate: word by word is surer.
"""


@dataclass(frozen=True, eq=False)
class Scores:
    """Raw scores of the same documents: BM25F, IDF share covered, n-gram cosine, the parts of meaning, confidence.

    ``sample`` marks those that stand for the whole index when meaning is standardised.
    """

    text: Floats
    covered: Floats
    letters: Floats
    board: Floats
    window: Floats
    words: Floats
    session: Floats
    confidence: Floats
    sample: Bools


def standardise(scores: Floats, sample: Bools) -> Floats:
    """Standard deviations above the sample's mean; a list in which all are equal says nothing."""
    known = scores[sample]
    spread = float(known.std()) if len(known) else 0.0
    if spread < EQUAL:
        return np.zeros(len(scores))
    return np.asarray((scores - known.mean()) / spread)


def meaning(scores: Scores, weights: Weights) -> Floats:
    """The parts of meaning as one figure, in standard deviations."""
    shares = weights.board + weights.window + weights.words + weights.session
    if not shares:
        return np.zeros(len(scores.text))
    parts = (
        (weights.board, scores.board),
        (weights.window, scores.window),
        (weights.words, scores.words),
        (weights.session, scores.session),
    )
    total = sum((share * standardise(part, scores.sample) for share, part in parts), np.zeros(len(scores.text)))
    return np.asarray(total / shares)


@dataclass(frozen=True, eq=False)
class Fused:
    """``total`` to sort by, and what each list gave to it."""

    total: Floats
    text: Floats
    letters: Floats
    meaning: Floats


def fuse(scores: Scores, weights: Weights) -> Fused:
    """Weighted sum of the lists; whoever holds every word asked for stays before whoever holds none."""
    doubt = 1.0 - np.clip(scores.confidence, 0.0, 1.0)
    best = max(float(scores.text.max(initial=0.0)), 1e-9)
    text = weights.covered * scores.covered**weights.power + weights.text * scores.covered * scores.text / best
    letters = (weights.letters + weights.unsure * doubt) * scores.letters**LETTERS_POWER
    sense = meaning(scores, weights)
    return Fused(_exact_first(text + letters + sense, scores.covered), text, letters, sense)


def _exact_first(total: Floats, covered: Floats) -> Floats:
    """Lift documents that hold every word above those that hold none; order inside each group stays."""
    every, none = covered > EVERY_WORD, covered <= 0.0
    if not every.any() or not none.any():
        return total
    lift = float(total[none].max()) - float(total[every].min())
    return total + np.where(every, max(0.0, lift + 1e-6), 0.0)
