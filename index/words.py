"""The words of each document in order, as numbers: exact words, phrases, prefixes, and the line each stands in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.prepare import Prepared

Rows = NDArray[np.int64]


class Vocabulary:
    """Exact words, numbered as they come; number 0 is the gap between runs. Only ever grows."""

    def __init__(self, words: Iterable[str] = ("",)) -> None:
        self.words = list(words)

    @cached_property
    def numbers(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self.words)}

    def add(self, word: str) -> int:
        """The number of a word, given now if it has none."""
        number = self.numbers.setdefault(word, len(self.words))
        if number == len(self.words):
            self.words.append(word)
        return number

    @classmethod
    def read(cls, path: Path, count: int) -> Vocabulary:
        """The first ``count`` words of a file; what a crash left behind them is not ours."""
        words = path.read_text(encoding="utf-8").split("\n")[:count]
        if len(words) < count:
            raise ValueError(f"{path} holds {len(words)} words of {count}")
        return cls(words)

    def write(self, path: Path, known: int) -> None:
        """Bring the file, of whose words the first ``known`` count, to hold them all."""
        if known and path.exists():
            head = "".join(f"{word}\n" for word in self.words[:known]).encode()
            with path.open("r+b") as file:
                file.seek(len(head))
                file.truncate()
                file.write("".join(f"{word}\n" for word in self.words[known:]).encode())
        else:
            path.write_text("".join(f"{word}\n" for word in self.words), encoding="utf-8")


@dataclass(frozen=True, eq=False)
class Words:
    """Words of document ``i``: ``ids``/``lines`` ``[starts[i]:starts[i + 1]]``."""

    ids: NDArray[np.uint32]
    lines: NDArray[np.uint16]
    starts: Rows

    @property
    def count(self) -> int:
        return len(self.starts) - 1

    def of(self, row: int) -> slice:
        return slice(int(self.starts[row]), int(self.starts[row + 1]))

    def holding(self, wanted: NDArray[np.bool_]) -> Rows:
        """Rows with at least one of the words marked by number in ``wanted``."""
        return self._rows_at(np.flatnonzero(wanted[self.ids]))

    def holding_phrase(self, phrase: Sequence[int]) -> Rows:
        """Rows with these words one after the other."""
        at = np.flatnonzero(self.ids == phrase[0])
        for step, number in enumerate(phrase[1:], start=1):
            at = at[at + step < len(self.ids)]
            at = at[self.ids[at + step] == number]
        return self._rows_at(at)

    def _rows_at(self, places: Rows) -> Rows:
        return np.unique(np.searchsorted(self.starts, places, side="right") - 1)


def build(documents: Sequence[Prepared], vocabulary: Vocabulary) -> Words:
    """Number the words of documents, adding to the vocabulary."""
    ids = [vocabulary.add(word) for document in documents for word in document.words]
    lines = [line for document in documents for line in document.word_lines]
    starts = np.cumsum([0, *(len(document.words) for document in documents)])
    return Words(np.array(ids, np.uint32), np.array(lines, np.uint16), starts.astype(np.int64))


def merge(parts: Sequence[Words], kept: Sequence[NDArray[np.bool_]]) -> Words:
    """One out of several of the same vocabulary; ``kept`` says for each which documents live on, in order."""
    counts = [np.diff(part.starts) for part in parts]
    lives = [np.repeat(alive, count) for alive, count in zip(kept, counts, strict=True)]
    left = np.concatenate([count[alive] for alive, count in zip(kept, counts, strict=True)])
    return Words(
        np.concatenate([part.ids[live] for part, live in zip(parts, lives, strict=True)]),
        np.concatenate([part.lines[live] for part, live in zip(parts, lives, strict=True)]),
        np.concatenate([[0], np.cumsum(left)]).astype(np.int64),
    )
