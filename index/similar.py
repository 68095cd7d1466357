"""What is like a board, and which sessions worked on the same question: neighbours by meaning."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from archive.errors import NotFound
from archive.model import Document
from index.snapshot import Snapshot
from index.vectors import Matrix, unit

Allowed = Callable[[Sequence[str]], set[str]]
Rows = NDArray[np.int64]

LOOKED_AT = 200
"""Nearest boards, of the sessions that may be seen where those are given, of which rights are asked."""
SHARE = 0.35
"""Cosine under which two boards have nothing to do with each other."""


@dataclass(frozen=True, slots=True)
class Near:
    """``score`` is a cosine of meanings; ``boards`` are the nearest of a session's, best first."""

    id: str
    score: float
    title: str = ""
    boards: tuple[str, ...] = ()


def _row(snapshot: Snapshot, each: str) -> int:
    try:
        return snapshot.row_of(each)
    except KeyError:
        raise NotFound(f"no board or text {each} in the index", "fresque search lists what there is") from None


def document(snapshot: Snapshot, each: str) -> Document:
    """A document as it was indexed. Raises NotFound."""
    return snapshot.document(_row(snapshot, each))


def boards(
    snapshot: Snapshot, each: str, limit: int, allowed: Allowed | None, sessions: Collection[str] | None
) -> tuple[Near, ...]:
    """The boards nearest to one, itself left out. Raises NotFound when it is not in the index."""
    row = _row(snapshot, each)
    found = _nearest(snapshot, snapshot.vector(row), np.array([row]), allowed, sessions)
    return tuple(Near(snapshot.ids[other], round(score, 3)) for other, score in found[:limit])


def sessions(
    snapshot: Snapshot, session: str, limit: int, allowed: Allowed | None, within: Collection[str] | None
) -> tuple[Near, ...]:
    """Sessions that worked on the same question, by the boards nearest to what this one is about as a whole."""
    own = np.flatnonzero(snapshot.matching_session(session))
    if not len(own):
        return ()
    centre = unit(np.mean([snapshot.vector(int(row)) for row in own], axis=0, keepdims=True))[0]
    found = [(snapshot.document(row), score) for row, score in _nearest(snapshot, centre, own, allowed, within)]
    return grouped(found, limit)


def grouped(found: Sequence[tuple[Document, float]], limit: int) -> tuple[Near, ...]:
    """Sessions of the documents found, best first, with the nearest of each."""
    groups: dict[str, list[tuple[float, str, str]]] = {}
    for each, score in found:
        if each.session_id:
            groups.setdefault(each.session_id, []).append((score, each.id, each.session_title))
    ranked = sorted(groups.items(), key=lambda group: -_weight([score for score, _, _ in group[1]]))
    return tuple(
        Near(name, round(_weight([s for s, _, _ in group]), 3), group[0][2], tuple(each for _, each, _ in group[:3]))
        for name, group in ranked[:limit]
    )


def _weight(scores: Sequence[float]) -> float:
    """Several near boards say more than one: the mean of the three best, a missing one counting half of the best."""
    best = [*scores[:3], *[scores[0] / 2] * max(0, 3 - len(scores))]
    return sum(best) / 3


def _nearest(
    snapshot: Snapshot, vector: Matrix, out: Rows, allowed: Allowed | None, within: Collection[str] | None
) -> list[tuple[int, float]]:
    scores = snapshot.meaning(vector).astype(np.float64)
    scores[~snapshot.alive] = 0.0
    if within is not None:
        scores[~snapshot.within(within)] = 0.0
    scores[out] = 0.0
    rows = np.argsort(-scores, kind="stable")[:LOOKED_AT]
    rows = rows[scores[rows] >= SHARE]
    seen = allowed([snapshot.ids[row] for row in rows]) if allowed is not None and len(rows) else None
    return [(int(row), float(scores[row])) for row in rows if seen is None or snapshot.ids[row] in seen]
