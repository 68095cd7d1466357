"""A close look at a few hundred documents: their details read, and the raw scores that ``index.rank`` adds up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index import fulltext, ngrams, senses
from index.hits import Sought
from index.postgres import letters, rows
from index.postgres.candidates import Corpus, written
from index.postgres.server import Cursor
from index.postgres.statistics import signed
from index.postgres.words import Lexicon
from index.rank import Scores
from index.static import StaticModel
from index.vectors import Matrix

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Details:
    """Documents in the order of ``serials``. Words of document ``i`` are ``numbers[starts[i]:starts[i + 1]]`` (of the
    lexicon), its windows ``windows[window_starts[i]:window_starts[i + 1]]`` (int8, times ``scales``)."""

    serials: tuple[int, ...]
    numbers: Numbers
    weights: Floats
    starts: Numbers
    windows: NDArray[np.int8]
    scales: Matrix
    window_starts: Numbers
    lengths: Floats
    confidence: Floats


def read(cursor: Cursor, serials: Sequence[int], lexicon: Lexicon, dimension: int) -> Details:
    """Details of the documents that are there, in the order of their serials."""
    cursor.execute(
        "SELECT serial, words, weights, windows, scales, length, confidence FROM details WHERE serial = ANY(%s)"
        " ORDER BY serial",
        (list(serials),),
    )
    found = cursor.fetchall()
    held = [[word for word in str(row[1]).split("\n") if word] for row in found]
    numbers = lexicon.numbers(cursor, held)
    counts = [len(words) for words in held]
    windows = np.frombuffer(b"".join(row[3] for row in found), np.int8).reshape(-1, dimension)
    scales = [np.frombuffer(row[4], "<f4") for row in found]
    return Details(
        tuple(int(row[0]) for row in found),
        numbers,
        np.frombuffer(b"".join(row[2] for row in found), "<f2").astype(np.float64),
        np.cumsum([0, *counts]).astype(np.int64),
        windows,
        np.concatenate([*scales, np.zeros(0, np.float32)]).astype(np.float32),
        np.cumsum([0, *(len(part) for part in scales)]).astype(np.int64),
        np.array([row[5] for row in found], np.float64),
        np.array([row[6] for row in found], np.float64),
    )


def cosines(cursor: Cursor, serials: Sequence[int], vector: Matrix) -> tuple[Floats, Floats]:
    """For documents in the order of their serials: cosine of the whole board with a query, and of its session."""
    cursor.execute(
        "SELECT -(d.vector <#> %s::halfvec), -(coalesce(s.centroid, d.vector) <#> %s::halfvec)"
        " FROM documents d LEFT JOIN sessions s USING (session) WHERE serial = ANY(%s) ORDER BY serial",
        (written(vector), written(vector), list(serials)),
    )
    both = np.array(cursor.fetchall(), np.float64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def words_scored(details: Details, lexicon: Lexicon, sought: Sought, known: Corpus) -> tuple[Floats, Floats]:
    """BM25F of each document, and the share of the query's IDF that its words cover; as ``index.fulltext`` scores."""
    scores, covered = np.zeros(len(details.serials)), np.zeros(len(details.serials))
    total = 0.0
    owner = np.repeat(np.arange(len(details.serials)), np.diff(details.starts))
    norm = fulltext.K1 * (1 - fulltext.B + fulltext.B * details.lengths / max(known.mean_length, 1e-9))
    stems = lexicon.stems_of(details.numbers)
    for stem in dict.fromkeys(sought.stems):
        idf = known.idf(rows.cut(stem))
        total += idf
        here = stems == lexicon.number_of_stem(rows.cut(stem))
        frequency = np.bincount(owner[here], weights=details.weights[here], minlength=len(scores))
        held = frequency > 0
        covered[held] += idf
        scores += idf * frequency * (fulltext.K1 + 1) / np.where(held, frequency + norm, 1.0)
    return scores, covered / total if total else covered


def letters_scored(cursor: Cursor, details: Details, lexicon: Lexicon, sought: Sought, known: Corpus) -> Floats:
    """Cosine of the documents' n-grams with the query's words."""
    keys, frequency = ngrams.frequencies(dict.fromkeys(sought.words, 1.0))
    if not len(keys) or not len(details.serials):
        return np.zeros(len(details.serials))
    cursor.execute("SELECT gram, held FROM grams WHERE gram = ANY(%s)", (signed(keys),))
    having = {int(gram): int(held) for gram, held in cursor.fetchall()}
    held = np.array([min(having.get(key, 0), known.documents) for key in signed(keys)], np.float64)
    weights = ngrams.weighted(frequency, held, known.documents)
    used, columns = np.unique(details.numbers, return_inverse=True)
    return letters.cosines(
        [lexicon.words[number] for number in used], details.weights, details.starts, columns,
        dict(zip(keys.tolist(), weights.tolist(), strict=True)),
    )  # fmt: skip


def windows_scored(details: Details, vector: Matrix) -> Floats:
    """Cosine of each document's best two neighbouring lines; 0 without lines."""
    scores = np.zeros(len(details.serials))
    full = np.flatnonzero(np.diff(details.window_starts) > 0)
    if len(full):
        every = details.windows.astype(np.float32) @ vector * details.scales
        scores[full] = np.maximum.reduceat(every, details.window_starts[:-1][full])
    return scores


def soft_scored(details: Details, lexicon: Lexicon, text: str, model: StaticModel) -> Floats:
    used, back = np.unique(details.numbers, return_inverse=True)
    return senses.soft(lexicon.senses_of(used), back, details.starts, text, model)


@dataclass(frozen=True, eq=False)
class Sample:
    """Documents evenly spread over the archive, against which meaning is standardised; kept between searches."""

    sequence: int
    details: Details
    vectors: Matrix
    sessions: Matrix

    def stale(self, sequence: int, documents: int) -> bool:
        """Once so many changes have come that one of its documents may have changed."""
        return (sequence - self.sequence) * SAMPLE >= max(1, documents) or sequence < self.sequence


SAMPLE = 256


def sample(cursor: Cursor, sequence: int, lexicon: Lexicon, dimension: int) -> Sample:
    cursor.execute(
        "SELECT serial, vector::vector::real[], coalesce(centroid, vector)::vector::real[] FROM"
        f" (SELECT * FROM documents ORDER BY lot LIMIT {SAMPLE}) d LEFT JOIN sessions USING (session) ORDER BY serial"
    )
    found = cursor.fetchall()
    vectors, sessions = (np.array([row[place] for row in found], np.float32).reshape(-1, dimension) for place in (1, 2))
    return Sample(sequence, read(cursor, [row[0] for row in found], lexicon, dimension), vectors, sessions)


def scores(
    cursor: Cursor,
    details: Details,
    chosen: Sample,
    lexicon: Lexicon,
    sought: Sought,
    known: Corpus,
    mode: str,
    model: StaticModel | None,
) -> Scores:
    """Raw scores of the documents, and after them of the sample, which has only meaning."""
    count, more = len(details.serials), len(chosen.details.serials)
    nothing = np.zeros(count + more)
    text = covered = found = board = window = soft = session = nothing
    if mode != "meaning":
        text, covered = (_with(part, more) for part in words_scored(details, lexicon, sought, known))
    if mode == "hybrid":
        found = _with(letters_scored(cursor, details, lexicon, sought, known), more)
    if sought.vector is not None:
        near, around = cosines(cursor, details.serials, sought.vector)
        board = np.concatenate([near, chosen.vectors @ sought.vector])
        session = np.concatenate([around, chosen.sessions @ sought.vector])
        both = (details, chosen.details)
        window = np.concatenate([windows_scored(each, sought.vector) for each in both])
        if model is not None:
            soft = np.concatenate([soft_scored(each, lexicon, sought.text, model) for each in both])
    return Scores(
        text, covered, found, board, window, soft, session,
        np.concatenate([details.confidence, chosen.details.confidence]),
        np.arange(count + more) >= count,
    )  # fmt: skip


def _with(part: Floats, more: int) -> Floats:
    return np.concatenate([part, np.zeros(more)])
