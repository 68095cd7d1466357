"""One search over one snapshot: score, ask for rights, fuse, count, make the hits."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from time import perf_counter
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from archive.model import Hit
from index import analysis, hits, query, rank, senses, suggest
from index.embed import Embedder
from index.hits import Sought
from index.language import Language
from index.rank import Fused, Scores, Weights
from index.snapshot import Snapshot
from index.static import StaticModel
from index.vectors import Matrix

Mode = Literal["hybrid", "text", "meaning"]
Allowed = Callable[[Sequence[str]], set[str]]
Rows = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

CANDIDATES = 300
"""Best of each list that are looked at closely."""
LETTERS = 0.18
"""Cosine of n-grams from which a board counts as found by its letters."""
NEAR = 2.5
"""Standard deviations of meaning from which a board counts as found, however many are before it."""
ALWAYS = 10
"""So many of the best are shown, however faint: scores of meaning have no threshold under which nothing fits."""
SAYS = 0.01
"""What a list must have given to be named as a reason."""
SAMPLE = 256
"""Documents against which meaning is standardised."""


@dataclass(frozen=True, slots=True)
class Asked:
    """``facets`` are fields to count; ``only`` are ids beside which nothing is looked for. ``sessions`` are those that
    the asker may see, where they are few: nothing is looked for outside them but texts of no session, and ``allowed``
    is asked all the same.
    """

    limit: int = 10
    mode: Mode = "hybrid"
    allowed: Allowed | None = None
    facets: Sequence[str] = ()
    only: Sequence[str] | None = None
    sessions: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """``total`` and ``facets`` count what was found and may be seen, of which ``hits`` are the first; ``suggestion`` is
    what was probably meant."""

    total: int
    took_ms: float
    hits: tuple[Hit, ...]
    suggestion: str | None = None
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class _Lists:
    """Raw scores of every row, 0 where a list has nothing to say."""

    text: Floats
    covered: Floats
    letters: Floats
    board: Floats


Model = Callable[[], Embedder]
"""Called only when meaning is asked for."""


def search(snapshot: Snapshot, model: Model | None, text: str, asked: Asked) -> Results:
    """Without a model by words and letters only. Raises BadQuery."""
    began = perf_counter()
    parsed = query.parse(text)
    mask = snapshot.matching(parsed.must)
    if asked.only is not None:
        mask = mask & snapshot.among(asked.only)
    if asked.sessions is not None:
        mask = mask & snapshot.within(asked.sessions)
    sought = sought_of(parsed.text, asked.mode, model)
    if parsed.text:
        lists = _score(snapshot, sought, asked.mode)
        held = mask if query.begins(parsed.must) else np.zeros_like(mask)
        found = _found(lists, mask, asked.mode) | held
        rows = _permitted(snapshot, np.flatnonzero(found), asked)
        if 2 * len(rows) < found.sum():  # most of the best are not theirs to see: who may see little is shown his best
            rows = _permitted(snapshot, np.flatnonzero(mask), asked)
        rows, fused = _ranked(snapshot, rows, lists, sought, asked, model)
        rows, fused = _worth_showing(rows, fused, lists, held)
    else:
        rows, fused = _permitted(snapshot, np.flatnonzero(mask)[::-1], asked), _nothing(0)
    top = rows[: max(0, asked.limit)]
    made = tuple(_hit(snapshot, int(row), place, fused, sought) for place, row in enumerate(top))
    meant = suggest.suggest(snapshot, parsed.text, knows(asked.mode, model)) if parsed.text else None
    facets = {name: snapshot.facet(name, rows) for name in asked.facets}
    return Results(len(rows), (perf_counter() - began) * 1000.0, made, meant, facets)


def sought_of(text: str, mode: Mode, model: Model | None) -> Sought:
    tokens = [token for token in analysis.tokens(text) if not token.stop] or list(analysis.tokens(text))
    unique = {token.stem: token.exact for token in tokens}
    vector: Matrix | None = None
    spoken: Language = "fr"
    if model is not None and mode != "text" and text:
        vector, spoken = _vector(model(), text), spoken_in(model(), text)
    if vector is not None and not vector.any():
        vector = None
    return Sought(text, tuple(unique.values()), tuple(unique), vector, spoken)


def spoken_in(model: Embedder, text: str) -> Language:
    """The language of a query, as far as the model tells one from the other."""
    return model.speller.language_of(text) if isinstance(model, StaticModel) else "fr"


@lru_cache(maxsize=512)
def _vector(model: Embedder, text: str) -> Matrix:
    """Who narrows a search asks for the same words again."""
    return model.query(text)


def _score(snapshot: Snapshot, sought: Sought, mode: Mode) -> _Lists:
    nothing = np.zeros(snapshot.count)
    text, covered = snapshot.bm25(sought.stems) if mode != "meaning" else (nothing, nothing)
    letters = snapshot.letters(dict.fromkeys(sought.words, 1.0)) if mode == "hybrid" else nothing
    board = snapshot.meaning(sought.vector).astype(np.float64) if sought.vector is not None else nothing
    return _Lists(text, covered, letters, board)


def _found(lists: _Lists, mask: Bools, mode: Mode) -> Bools:
    """What is worth looking at: word matches, letter matches, the nearest in meaning."""
    found = mask & ((lists.text > 0) | (lists.letters >= LETTERS))
    if mode != "text":
        found |= _best_of_each(lists, mask)
    return found


def _best_of_each(lists: _Lists, mask: Bools) -> Bools:
    return _highest(lists.text, mask) | _highest(lists.letters, mask) | _highest(lists.board, mask)


def _highest(scores: Floats, mask: Bools) -> Bools:
    """The CANDIDATES best of a list under a mask; only those that score at all."""
    rows = np.flatnonzero(mask & (scores > 0))
    if len(rows) > CANDIDATES:
        rows = rows[np.argpartition(scores[rows], len(rows) - CANDIDATES)[-CANDIDATES:]]
    chosen = np.zeros(len(scores), np.bool_)
    chosen[rows] = True
    return chosen


def _permitted(snapshot: Snapshot, rows: Rows, asked: Asked) -> Rows:
    """Rows that the caller may see, in the order given."""
    if asked.allowed is None or not len(rows):
        return rows
    ids = [snapshot.ids[row] for row in rows]
    permitted = asked.allowed(ids)
    return rows[np.fromiter((each in permitted for each in ids), np.bool_, len(ids))]


def _ranked(
    snapshot: Snapshot, rows: Rows, lists: _Lists, sought: Sought, asked: Asked, model: Model | None
) -> tuple[Rows, Fused]:
    """Rows best first, and what each list gave them. Beyond the CANDIDATES of each list only words count."""
    mine = np.zeros(snapshot.count, np.bool_)
    mine[rows] = True
    close = _best_of_each(lists, mine)
    sample = _even_sample(snapshot)
    near = np.flatnonzero(close | sample)
    fused = rank.fuse(_scores(snapshot, near, lists, sought, model, sample), weights_of(asked, sought.spoken))
    order = np.argsort(-fused.total, kind="stable")
    order = order[close[near[order]]]
    rest = rows[~close[rows]]
    rest = rest[np.argsort(-lists.text[rest], kind="stable")]
    picked = Fused(fused.total[order], fused.text[order], fused.letters[order], fused.meaning[order])
    return np.concatenate([near[order], rest]), picked


def _worth_showing(rows: Rows, fused: Fused, lists: _Lists, held: Bools) -> tuple[Rows, Fused]:
    """What was found, best first: what holds a word or looks like it, what is near in meaning beyond doubt, and in any
    case the ALWAYS best. Hits, total and facets are of these and no others."""
    good = (lists.text[rows] > 0) | (lists.letters[rows] >= LETTERS) | held[rows]
    good[: len(fused.meaning)] |= fused.meaning >= NEAR
    good[:ALWAYS] = True
    close = good[: len(fused.total)]
    kept = Fused(fused.total[close], fused.text[close], fused.letters[close], fused.meaning[close])
    return rows[good], kept


def _even_sample(snapshot: Snapshot) -> Bools:
    """SAMPLE documents evenly spread over the index, against which meaning is measured."""
    rows = np.flatnonzero(snapshot.alive)
    sample = np.zeros(snapshot.count, np.bool_)
    sample[rows[np.unique(np.linspace(0, len(rows) - 1, min(SAMPLE, len(rows))).astype(np.int64))]] = True
    return sample


def weights_of(asked: Asked, spoken: Language) -> Weights:
    weights = rank.FITTED[spoken]
    if asked.mode == "text":  # words alone: BM25F by itself orders best
        return replace(
            weights, covered=0.0, text=1.0, letters=0.0, unsure=0.0, board=0.0, window=0.0, words=0.0, session=0.0
        )
    if asked.mode == "meaning":
        return replace(weights, covered=0.0, text=0.0, letters=0.0, unsure=0.0)
    return weights


def _scores(
    snapshot: Snapshot,
    rows: Rows,
    lists: _Lists,
    sought: Sought,
    model: Model | None,
    sample: Bools,
) -> Scores:
    window = words = session = np.zeros(len(rows))
    if sought.vector is not None and model is not None:
        window = senses.windows(snapshot, rows, sought.vector)
        session = senses.sessions(snapshot, lists.board)[rows]
        embedder = model()
        if isinstance(embedder, StaticModel):
            words = senses.soft_words(snapshot, rows, sought.text, embedder)
    return Scores(
        lists.text[rows], lists.covered[rows], lists.letters[rows], lists.board[rows], window, words, session,
        snapshot.confidence[rows].astype(np.float64), sample[rows],
    )  # fmt: skip


def judge(snapshot: Snapshot, model: Embedder, text: str) -> tuple[tuple[str, ...], Scores, Language]:
    """Ids of all documents, their raw scores for a query, its language: for measuring and fitting, not for people."""
    parsed = query.parse(text)
    sought = sought_of(parsed.text, "hybrid", lambda: model)
    rows = np.flatnonzero(snapshot.alive)
    lists = _score(snapshot, sought, "hybrid")
    scores = _scores(snapshot, rows, lists, sought, lambda: model, snapshot.alive)
    return tuple(snapshot.ids[row] for row in rows), scores, sought.spoken


def _nothing(count: int) -> Fused:
    zeros = np.zeros(count)
    return Fused(zeros, zeros, zeros, zeros)


def _hit(snapshot: Snapshot, row: int, place: int, fused: Fused, sought: Sought) -> Hit:
    if place >= len(fused.total):
        return hits.make(snapshot, row, sought, 0.0, {"text": 0.0})
    return hits.make(snapshot, row, sought, round(float(fused.total[place]), 4), reasons(fused, place))


def reasons(fused: Fused, place: int) -> dict[str, float]:
    """What each list gave to the document at a place."""
    parts = {"text": fused.text[place], "ngrams": fused.letters[place], "meaning": fused.meaning[place]}
    return {name: round(float(part), 3) for name, part in parts.items() if part >= SAYS}


def knows(mode: Mode, model: Model | None) -> Callable[[str], bool]:
    embedder = model() if model is not None and mode != "text" else None
    return embedder.knows if isinstance(embedder, StaticModel) else lambda word: False
