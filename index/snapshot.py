"""One state of the index, never changing: what a search runs on while writers go on."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from archive.model import Document
from index import analysis, ngrams, query
from index.columns import alike
from index.fulltext import TextView
from index.segment import Segment
from index.vectors import Matrix
from index.words import Vocabulary

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Test = Callable[[str], bool]
THAWED = 2048
"""Documents kept as they are; some 5 kB each."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Rows number the documents of all segments one after the other; ``alive`` are those not replaced or deleted."""

    segments: tuple[Segment, ...]
    alive: Bools
    text: TextView
    vocabulary: Vocabulary
    senses: NDArray[np.void]  # of the vocabulary's words, see index.senses
    sequence: int

    def __post_init__(self) -> None:
        self.alive.flags.writeable = False  # every search is given it, and none may narrow it for the next

    @property
    def count(self) -> int:
        return len(self.alive)

    @cached_property
    def offsets(self) -> list[int]:
        return [0, *np.cumsum([segment.count for segment in self.segments]).tolist()]

    @cached_property
    def ids(self) -> list[str]:
        return [each for segment in self.segments for each in segment.ids]

    @cached_property
    def _rows_by_id(self) -> dict[str, int]:
        return {self.ids[row]: int(row) for row in np.flatnonzero(self.alive)}

    @cached_property
    def confidence(self) -> Matrix:
        return np.concatenate([*(segment.confidence for segment in self.segments), np.zeros(0, np.float32)])

    @cached_property
    def session_codes(self) -> Rows:
        """A number for each row's session; a row without one has its own."""
        known: dict[str, int] = {}
        codes = np.arange(self.count) + self.count
        for offset, segment in zip(self.offsets, self.segments, strict=False):
            column = segment.columns.get("session")
            if column is not None:
                numbers = np.array([known.setdefault(value, len(known)) for value in column.values] or [0], np.int64)
                full = np.flatnonzero(np.diff(column.starts) > 0)
                codes[offset + full] = numbers[column.codes[column.starts[full]]]
        return np.unique(codes, return_inverse=True)[1].astype(np.int64)

    @cached_property
    def _text_rows(self) -> Rows:
        """Whoosh number → row, -1 for what a crash or a deletion left there."""
        serials = np.concatenate([*(segment.serials for segment in self.segments), np.zeros(0, np.int64)])
        if not len(serials):
            return np.full(len(self.text.serials), -1, np.int64)
        order = np.argsort(serials, kind="stable")
        at = np.minimum(np.searchsorted(serials[order], self.text.serials), len(serials) - 1)
        rows = order[at]
        return np.where((serials[rows] == self.text.serials) & self.alive[rows], rows, -1)

    def place(self, row: int) -> tuple[Segment, int]:
        """The segment of a row and the row within it."""
        number = bisect.bisect_right(self.offsets, row) - 1
        return self.segments[number], row - self.offsets[number]

    @cached_property
    def _thawed(self) -> dict[int, Document]:
        return {}

    def document(self, row: int) -> Document:
        """As it was indexed; those asked for last are kept."""
        found = self._thawed.get(row)
        if found is None:
            segment, local = self.place(row)
            if len(self._thawed) >= THAWED:
                self._thawed.clear()
            found = self._thawed[row] = segment.document(local)
        return found

    def row_of(self, each: str) -> int:
        """The row of an id that lives. Raises KeyError."""
        return self._rows_by_id[each]

    def vector(self, row: int) -> Matrix:
        """The meaning of a whole board, D."""
        segment, local = self.place(row)
        return segment.vectors.board(local)

    def among(self, ids: Sequence[str]) -> Bools:
        """Rows of these ids."""
        mask = np.zeros(self.count, np.bool_)
        mask[[self._rows_by_id[each] for each in ids if each in self._rows_by_id]] = True
        return mask

    def within(self, sessions: Collection[str]) -> Bools:
        """Rows of some sessions, by their ids, and of none."""
        wanted = frozenset(sessions)
        return self._column_mask("session", wanted.__contains__) | ~self._column_mask("session", lambda _: True)

    def matching_session(self, session: str) -> Bools:
        """Rows of a session, by its id."""
        return self.alive & self._column_mask("session", lambda known: known == session)

    # --- scores, one for each row ---

    def bm25(self, stems: Sequence[str]) -> tuple[Floats, Floats]:
        """BM25F of each row, and the share of the query's IDF that its words cover (0..1)."""
        scores, covered, total = np.zeros(self.count), np.zeros(self.count), 0.0
        for stem in dict.fromkeys(stems):
            numbers, values = self.text.bm25(stem)
            rows = self._text_rows[numbers]
            here = rows >= 0
            idf = self.text.idf(stem)
            scores[rows[here]] += values[here]
            covered[rows[here]] += idf
            total += idf
        return scores, covered / total if total else covered

    def letters(self, words: dict[str, float]) -> Floats:
        """Cosine of character n-grams of each row with words."""
        parts = ngrams.search(words, [segment.grams for segment in self.segments])
        return np.concatenate([*parts, np.zeros(0)])

    def meaning(self, vector: Matrix) -> Matrix:
        """Cosine of each whole board with a query vector."""
        parts = [segment.vectors.board_scores(vector) for segment in self.segments]
        return np.asarray(np.concatenate([*parts, np.zeros(0, np.float32)]), dtype=np.float32)

    # --- filters ---

    def matching(self, node: query.Node | None) -> Bools:
        """Rows alive that satisfy a filter; all of them when there is none."""
        return self.alive if node is None else self.alive & self._mask(node)

    def _mask(self, node: query.Node) -> Bools:
        match node:
            case query.Word(text):
                return self._holding_stems(text)
            case query.Phrase(text):
                return self._holding_phrase(text)
            case query.Prefix(text):
                return self._holding_prefix(text)
            case query.Field(name, value):
                return self._field(name, value)
            case query.Not(inner):
                return ~self._mask(inner)
            case query.Some(nodes):
                return np.asarray(np.logical_or.reduce([self._mask(each) for each in nodes]))
            case query.All(nodes) | query.Beside(nodes):
                return np.asarray(np.logical_and.reduce([self._mask(each) for each in nodes]))

    def _holding_stems(self, text: str) -> Bools:
        mask = np.ones(self.count, np.bool_)
        for stem in _stems(text):
            rows = self._text_rows[self.text.postings(stem)[0]]
            held = np.zeros(self.count, np.bool_)
            held[rows[rows >= 0]] = True
            mask &= held
        return mask

    def _rows_mask(self, per_segment: Sequence[Rows]) -> Bools:
        mask = np.zeros(self.count, np.bool_)
        for offset, rows in zip(self.offsets, per_segment, strict=False):
            mask[offset + rows] = True
        return mask

    def _holding_phrase(self, text: str) -> Bools:
        numbers = [self.vocabulary.numbers.get(word) for word in _words(text)]
        if not numbers or None in numbers:
            return np.zeros(self.count, np.bool_)
        phrase = [number for number in numbers if number is not None]
        return self._rows_mask([segment.words.holding_phrase(phrase) for segment in self.segments])

    def _holding_prefix(self, text: str) -> Bools:
        beginnings = tuple(_words(text))[-1:]
        wanted = np.array([word.startswith(beginnings) for word in self.vocabulary.words], np.bool_)
        return self._rows_mask([segment.words.holding(wanted) for segment in self.segments])

    def _field(self, name: str, value: str) -> Bools:
        if name in ("after", "before"):
            return self._dated(name, value)
        return self._column_mask(name, lambda known: alike(known, value))

    def _dated(self, side: str, value: str) -> Bools:
        """From a date on, or before it; a document of which only the year is known counts by the year."""

        def right(known: str) -> bool:
            return known[: len(value)] >= value[: len(known)] if side == "after" else known[: len(value)] < value

        with_date = self._column_mask("date", right)
        without = ~self._column_mask("date", lambda _: True)
        return with_date | (without & self._column_mask("year", right))

    def _column_mask(self, name: str, right: Test) -> Bools:
        masks = []
        for segment in self.segments:
            column = segment.columns.get(name)
            masks.append(
                column.rows_with(np.array([right(value) for value in column.values], np.bool_))
                if column is not None
                else np.zeros(segment.count, np.bool_)
            )
        return np.concatenate([*masks, np.zeros(0, np.bool_)])

    def facet(self, name: str, rows: Rows) -> dict[str, int]:
        """How many of the given rows have each value of a field."""
        counts: dict[str, int] = {}
        for offset, segment in zip(self.offsets, self.segments, strict=False):
            column = segment.columns.get(name)
            if column is None:
                continue
            here = rows[(rows >= offset) & (rows < offset + segment.count)] - offset
            for value, number in column.counts(here).items():
                counts[value] = counts.get(value, 0) + number
        return counts


def _stems(text: str) -> list[str]:
    return analysis.stems(text) or [token.stem for token in analysis.tokens(text)]


def _words(text: str) -> list[str]:
    return [token.exact for token in analysis.tokens(text)]
