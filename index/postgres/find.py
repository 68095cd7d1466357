"""One search: candidates from the database, rights asked, a close look, and the same fusion as the embedded engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from archive.model import Document, Hit
from index import analysis, hits, query, rank, suggest
from index.hits import Sought
from index.postgres import candidates, closely, filters, letters
from index.postgres.candidates import Corpus, Ids
from index.postgres.closely import Details
from index.postgres.filters import Clause
from index.postgres.server import Cursor
from index.postgres.tables import Generation
from index.postgres.words import Lexicon
from index.rank import Fused
from index.search import ALWAYS, LETTERS, NEAR, Asked, Mode, Model, Results, knows, reasons, sought_of, weights_of
from index.segment import thaw
from index.static import StaticModel
from index.vectors import Matrix


class State:
    """What a process keeps of a generation between searches: its words, and the sample of documents."""

    def __init__(self) -> None:
        self.lexicon = Lexicon()
        self.sample: closely.Sample | None = None

    def sampled(self, cursor: Cursor, sequence: int, documents: int, dimension: int) -> closely.Sample:
        if self.lexicon.full:
            self.lexicon, self.sample = Lexicon(), None
        if self.sample is None or self.sample.stale(sequence, documents):
            self.sample = closely.sample(cursor, sequence, self.lexicon, dimension)
        return self.sample


@dataclass(frozen=True, eq=False)
class Found:
    """``close`` are worth a close look, ``matched`` hold words of the query; both best first, and may be seen."""

    close: Ids
    matched: Ids


def search(cursor: Cursor, state: State, current: Generation, model: Model | None, text: str, asked: Asked) -> Results:
    """Without a model by words and letters only. Raises BadQuery."""
    began = perf_counter()
    parsed = query.parse(text)
    must = filters.within(filters.among(filters.of(cursor, parsed.must), asked.only), asked.sessions)
    sought = sought_of(parsed.text, asked.mode, model)
    meant = None
    if parsed.text:
        known = candidates.corpus(cursor, sought.stems)
        near = letters.near(cursor, sought.words)
        found = _permitted_candidates(cursor, sought, known, near, must, asked)
        if query.begins(parsed.must):  # «illec*» is no word that any list knows
            under = _permitted(candidates.all_under(cursor, must), asked)
            found = Found(found.close or under, found.matched | under)
        order, fused, counted = _ranked(cursor, state, current, model, sought, known, found, asked)
        meant = _suggestion(parsed.text, asked.mode, model, known, near)
    else:
        order = list(_permitted(candidates.all_under(cursor, must), asked))
        fused, counted = None, order
    top = order[: max(0, asked.limit)]
    made = _hits(cursor, top, fused, sought)
    facets = _facets(cursor, counted, asked.facets)
    return Results(len(counted), (perf_counter() - began) * 1000.0, made, meant, facets)


def _permitted(found: Ids, asked: Asked) -> Ids:
    """Those that the asker may see, in the order given."""
    if asked.allowed is None or not found:
        return found
    seen = asked.allowed(list(found.values()))
    return {serial: each for serial, each in found.items() if each in seen}


def _permitted_candidates(
    cursor: Cursor, sought: Sought, known: Corpus, near: Sequence[letters.Known], must: Clause, asked: Asked
) -> Found:
    """The best of each list; where rights leave fewer than were wanted, the best of what may be seen alone."""
    depth = max(candidates.CLOSE, asked.limit)
    alike = letters.look_alikes(sought.words, near) if asked.mode == "hybrid" else {}
    best, matched = _lists(cursor, sought, known, alike, must, asked.mode, depth)
    close, seen = _permitted(best, asked), _permitted(matched, asked)
    all_there = sought.vector is None and len(best) < depth
    if asked.allowed is None or all_there or len(close) >= min(asked.limit, len(best)):
        return Found(close, seen)
    theirs = _permitted(candidates.all_under(cursor, must, None), asked)
    return Found(*_lists(cursor, sought, known, alike, filters.among(must, list(theirs.values())), asked.mode, depth))


def _lists(
    cursor: Cursor, sought: Sought, known: Corpus, alike: dict[str, dict[str, float]], must: Clause, mode: Mode,
    depth: int,
) -> tuple[Ids, Ids]:  # fmt: skip
    best: Ids = {}
    matched: Ids = {}
    if mode != "meaning":
        best, matched = candidates.by_words(cursor, sought, known, must, depth)
    if mode == "hybrid":
        best = best | candidates.by_letters(cursor, alike, must, sought.vector, depth)
    if sought.vector is not None:
        best = best | candidates.nearest(cursor, sought.vector, must, depth)
    return best, matched


def _ranked(
    cursor: Cursor, state: State, current: Generation, model: Model | None, sought: Sought, known: Corpus,
    found: Found, asked: Asked,
) -> tuple[list[int], tuple[Fused, dict[int, int], Details] | None, list[int]]:  # fmt: skip
    """Serials best first; what each list gave them; and those that count in the total."""
    dimension = current.identity.dimension
    sample = state.sampled(cursor, current.sequence, known.documents, dimension)
    details = closely.read(cursor, list(found.close), state.lexicon, dimension)
    embedder = model() if model is not None and sought.vector is not None else None
    table = embedder if isinstance(embedder, StaticModel) else None
    scores = closely.scores(cursor, details, sample, state.lexicon, sought, known, asked.mode, table)
    fused = rank.fuse(scores, weights_of(asked, sought.spoken))
    count = len(details.serials)
    order = [details.serials[place] for place in np.argsort(-fused.total[:count], kind="stable")]
    telling = (scores.text > 0) | (scores.letters >= LETTERS) | (fused.meaning >= NEAR)
    counted = dict.fromkeys(serial for place, serial in enumerate(details.serials) if telling[place])
    rest = [serial for serial in found.matched if serial not in found.close]
    places = {serial: place for place, serial in enumerate(details.serials)}
    counted |= dict.fromkeys([*order[:ALWAYS], *found.matched])
    return [serial for serial in (*order, *rest) if serial in counted], (fused, places, details), list(counted)


def _suggestion(text: str, mode: Mode, model: Model | None, known: Corpus, near: Sequence[letters.Known]) -> str | None:
    def nearest(token: analysis.Token) -> str | None:
        if known.held.get(token.stem):
            return None
        held = {other.word: other.held for other in near}
        return suggest.best(token.exact, list(held), held.__getitem__)

    return suggest.mended(text, knows(mode, model), nearest)


def _hits(
    cursor: Cursor, serials: Sequence[int], ranked: tuple[Fused, dict[int, int], Details] | None, sought: Sought
) -> tuple[Hit, ...]:
    documents = read_documents(cursor, serials)
    made = []
    for serial in serials:
        if serial not in documents:
            continue
        if ranked is None or serial not in ranked[1]:
            made.append(hits.of(documents[serial], None, sought, 0.0, {"text": 0.0}))
            continue
        fused, places, details = ranked
        place = places[serial]
        windows = _windows(details, place, sought.vector) if sought.vector is not None else None
        total = round(float(fused.total[place]), 4)
        made.append(hits.of(documents[serial], windows, sought, total, reasons(fused, place)))
    return tuple(made)


def _windows(details: Details, place: int, vector: Matrix) -> Callable[[], Matrix]:
    here = slice(details.window_starts[place], details.window_starts[place + 1])

    def scores() -> Matrix:
        return np.asarray(details.windows[here].astype(np.float32) @ vector * details.scales[here], dtype=np.float32)

    return scores


def read_documents(cursor: Cursor, serials: Sequence[int]) -> dict[int, Document]:
    cursor.execute("SELECT serial, payload FROM details WHERE serial = ANY(%s)", (list(serials),))
    return {int(serial): thaw(bytes(payload)) for serial, payload in cursor.fetchall()}


def _facets(cursor: Cursor, serials: Sequence[int], names: Sequence[str]) -> dict[str, dict[str, int]]:
    """How many of some documents have each value of the fields."""
    counts: dict[str, dict[str, int]] = {name: {} for name in names}
    if not names:
        return counts
    cursor.execute(
        "SELECT field, value, n FROM (SELECT f, count(*)::int AS n FROM documents, unnest(fields) AS f"
        " WHERE serial = ANY(%s) GROUP BY f) AS counted JOIN facts ON number = f WHERE field = ANY(%s)",
        (list(serials), list(names)),
    )
    for field, value, number in cursor.fetchall():
        counts[field][value] = int(number)
    return counts
