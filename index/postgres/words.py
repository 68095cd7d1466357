"""The archive's words as numbers, with stem and sense: what a process has met is kept, the rest is asked for."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index import analysis, senses
from index.postgres.server import Cursor

MOST = 300_000
"""Words kept; some 80 MB. Then it begins anew."""

Numbers = NDArray[np.int64]


class Lexicon:
    """Of one generation and one process: numbers are its own, given as words come, and never another's."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._numbers: dict[str, int] = {}
        self._stem_numbers: dict[str, int] = {}
        self._stems = np.zeros(1024, np.int64)
        self._senses = np.zeros(1024, senses.SENSE)
        self._lock = threading.Lock()

    @property
    def full(self) -> bool:
        return len(self.words) > MOST

    def numbers(self, cursor: Cursor, texts: Sequence[Sequence[str]]) -> Numbers:
        """The words of texts one after the other; those that are new are looked up."""
        every = [word for words in texts for word in words]
        fresh = sorted({word for word in every if word not in self._numbers})
        if fresh:
            self._learn(cursor, fresh)
        known = self._numbers
        return np.fromiter((known[word] for word in every), np.int64, len(every))

    def _learn(self, cursor: Cursor, fresh: Sequence[str]) -> None:
        cursor.execute("SELECT word, sense FROM vocabulary WHERE word = ANY(%s)", (list(fresh),))
        found = {str(word): bytes(sense) for word, sense in cursor.fetchall() if sense}
        with self._lock:
            for word in fresh:
                if word in self._numbers:
                    continue
                number = len(self.words)
                if number >= len(self._stems):
                    self._stems = np.concatenate([self._stems, np.zeros_like(self._stems)])
                    self._senses = np.concatenate([self._senses, np.zeros_like(self._senses)])
                self._stems[number] = self._stem_number(analysis.stem(word))
                if word in found:
                    self._senses[number] = np.frombuffer(found[word], senses.SENSE)[0]
                self.words.append(word)
                self._numbers[word] = number

    def _stem_number(self, stem: str) -> int:
        return self._stem_numbers.setdefault(stem, len(self._stem_numbers))

    def number_of_stem(self, stem: str) -> int:
        """-1 for one that no word met so far has."""
        return self._stem_numbers.get(stem, -1)

    def stems_of(self, numbers: Numbers) -> Numbers:
        return np.asarray(self._stems[numbers], dtype=np.int64)

    def senses_of(self, numbers: Numbers) -> NDArray[np.void]:
        return self._senses[numbers]
