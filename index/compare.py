"""Two engines side by side: on the judged set, and on an archive's own boards. What must hold before one takes over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.contract import SearchEngine
from index.judged import JudgedQuery, boards, document, ndcg, queries

NOISE = 0.2
"""Share of characters misread in the second half of the judgement."""
WORSE = 0.02
"""By so much nDCG@10 may be less."""
DEPTH = 10
OWN = 60
"""Boards of the archive whose own words are asked for."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """``ndcg``: of each engine, boards as written and with NOISE misread. ``same``: share of the first ten answers
    that both give, over the same queries."""

    reference: tuple[float, float]
    other: tuple[float, float]
    same: float

    @property
    def good(self) -> bool:
        return all(mine >= theirs - WORSE for mine, theirs in zip(self.other, self.reference, strict=True))


def found(engine: SearchEngine, asked: Sequence[str]) -> list[list[str]]:
    """The first ten answers to each."""
    return [[hit.id for hit in engine.search(text, DEPTH).hits] for text in asked]


def quality(answers: Sequence[Sequence[str]], asked: Sequence[JudgedQuery]) -> float:
    """Mean nDCG@10."""
    return float(np.mean([ndcg(ids, each.relevant, DEPTH) for ids, each in zip(answers, asked, strict=True)]))


def agreement(reference: Sequence[Sequence[str]], other: Sequence[Sequence[str]]) -> float:
    """Mean share of the reference's answers that the other gives too."""
    pairs = [(set(one), set(two)) for one, two in zip(reference, other, strict=True) if one]
    return float(np.mean([len(one & two) / len(one) for one, two in pairs])) if pairs else 1.0


def judge(reference: SearchEngine, other: SearchEngine, asked: Sequence[JudgedQuery] | None = None) -> Judgement:
    """Build the judged boards in two engines of no other content, clean and misread, and ask both."""
    asked = queries()[::3] if asked is None else asked
    texts = [each.query for each in asked]
    rows = []
    for share in (0.0, NOISE):
        made = [document(board, share) for board in boards()]
        for engine in (reference, other):
            engine.rebuild(made, 1)
        theirs, mine = found(reference, texts), found(other, texts)
        rows.append((quality(theirs, asked), quality(mine, asked), agreement(theirs, mine)))
    return Judgement((rows[0][0], rows[1][0]), (rows[0][1], rows[1][1]), min(row[2] for row in rows))


def own_queries(engine: SearchEngine) -> list[str]:
    """Lines of an archive's own boards, evenly drawn: what people who remember a board would type."""
    ids, _ = engine.vectors(OWN)
    texts = []
    for each in ids[:OWN]:
        lines = [line.text for line in engine.document(each).lines if len(line.text) > 8]
        if lines:
            texts.append(" ".join(lines[len(lines) // 2].split()[:6]))
    return [text for text in texts if any(character.isalpha() for character in text)]
