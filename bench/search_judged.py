"""The judged set as raw scores: what every system and the fitting of weights rank."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.engine import Engine
from index.judged import JudgedQuery, boards, document, ndcg, queries
from index.rank import Scores
from index.search import judge

Floats = NDArray[np.float64]
NOISE = 0.2
"""Share of characters misread."""


@dataclass(frozen=True, eq=False)
class Judged:
    """One query's raw scores over all boards: what every system ranks."""

    query: JudgedQuery
    ids: tuple[str, ...]
    scores: Scores


def collect(share: float, split: str, model: str | None = None) -> list[Judged]:
    """Index all boards, misread or not, and score the queries of one half of the themes."""
    engine = Engine.temporary(model)
    engine.rebuild((document(board, share) for board in boards()), 1)
    return [Judged(q, *judge(engine.snapshot, engine.model, q.query)) for q in queries() if q.split == split]


def quality(judged: Judged, total: Floats) -> float:
    """nDCG@10; boards that a list gives nothing are not found by it."""
    order = np.argsort(-total, kind="stable")
    said = order if total.min() < 0 else order[total[order] > 0]
    return ndcg([judged.ids[row] for row in said[:10]], judged.query.relevant)
