"""The judged sets as raw scores: what every system and the fitting of weights rank.

``fresh`` (``bench/judged/search``, themes of their own) is what is tuned on, over its own boards and those of the set's
development half; ``held`` is the half of ``index/data/judged`` that nobody tunes on, over all boards of that set. Its
development half is no measure any more: expressions of the lexicon were written after its misses had been read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import judged as sets
from index.engine import Engine
from index.judged import JudgedBoard, JudgedQuery, document, ndcg
from index.language import Language
from index.rank import Scores
from index.search import judge

Floats = NDArray[np.float64]
NOISE = 0.2
"""Share of characters misread."""
FRESH = Path(__file__).parent / "judged" / "search"
SPLITS = ("held", "fresh")


def boards(split: str) -> tuple[JudgedBoard, ...]:
    """What is searched."""
    if split == "held":
        return sets.boards()
    return (*sets.boards(FRESH), *(board for board in sets.boards() if board.split == "dev"))


def queries(split: str) -> tuple[JudgedQuery, ...]:
    """What is asked."""
    every = sets.queries() if split == "held" else sets.queries(FRESH)
    return tuple(query for query in every if query.split == split)


@dataclass(frozen=True, eq=False)
class Judged:
    """One query's raw scores over all boards: what every system ranks."""

    query: JudgedQuery
    ids: tuple[str, ...]
    scores: Scores
    spoken: Language


def collect(share: float, split: str, model: str | None = None) -> list[Judged]:
    """Index all boards, misread or not, and score the queries of one split."""
    engine = Engine.temporary(model)
    engine.rebuild((document(board, share) for board in boards(split)), 1)
    return [Judged(q, *judge(engine.snapshot, engine.model, q.query)) for q in queries(split)]


def quality(judged: Judged, total: Floats) -> float:
    """nDCG@10; boards that a list gives nothing are not found by it."""
    order = np.argsort(-total, kind="stable")
    said = order if total.min() < 0 else order[total[order] > 0]
    return ndcg([judged.ids[row] for row in said[:10]], judged.query.relevant)
