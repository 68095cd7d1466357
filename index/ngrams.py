"""Character n-grams: what still finds a misread word («illectronism» read as «illectronirne»).

Each word, with a space on either side, gives its runs of 3 to 5 characters, known by their CRC-32. A document is a
bag of them, dampened and of unit length; the query is weighted by how rare each gram is (TF-IDF, cosine). Words that
the reader was unsure of weigh less, and so do readings that lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Keys = NDArray[np.uint32]
SIZES = (3, 4, 5)
ALIKE = 0.45
"""Dice coefficient from which two words count as one word misread."""


def _runs(word: str, sizes: Sequence[int]) -> Iterable[int]:
    padded = f" {word} ".encode()
    for size in sizes:
        for start in range(len(padded) - size + 1):
            yield crc32(padded[start : start + size])


@lru_cache(maxsize=1 << 17)
def gram_keys(word: str, sizes: tuple[int, ...] = SIZES) -> Keys:
    """Keys of a folded word's n-grams, repeats kept; empty for words too short to have any."""
    return np.fromiter(_runs(word, sizes), dtype=np.uint32)


@lru_cache(maxsize=1 << 15)
def _gram_set(word: str) -> frozenset[int]:
    return frozenset(_runs(word, (2, 3)))


def likeness(one: str, other: str) -> float:
    """Dice coefficient of two folded words' 2- and 3-grams, 0..1."""
    first, second = _gram_set(one), _gram_set(other)
    total = len(first) + len(second)
    return 2 * len(first & second) / total if total else 0.0


@dataclass(frozen=True, eq=False)
class Grams:
    """An inverted matrix: the postings of ``keys[i]`` (sorted) are ``rows``/``weights`` ``[starts[i]:starts[i + 1]]``.

    ``weights`` are uint8 shares of ``scales[row]``, so that each row has unit length.
    """

    keys: Keys
    starts: NDArray[np.int64]
    rows: NDArray[np.uint32]
    weights: NDArray[np.uint8]
    scales: NDArray[np.float32]

    @property
    def count(self) -> int:
        return len(self.scales)

    def ranges(self, keys: Keys) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the postings of each key begin and end; equal when nobody has it."""
        if not len(self.keys):
            nothing = np.zeros(len(keys), np.int64)
            return nothing, nothing
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        here = self.keys[at] == keys
        return np.where(here, self.starts[at], 0), np.where(here, self.starts[at + 1], 0)

    def scores(self, begins: NDArray[np.int64], ends: NDArray[np.int64], weights: Floats) -> Floats:
        """Per row, the sum over the given ranges of postings, each multiplied by its weight."""
        rows = np.concatenate([self.rows[a:b] for a, b in zip(begins, ends, strict=True)] or [self.rows[:0]])
        shares = np.concatenate([self.weights[a:b] for a, b in zip(begins, ends, strict=True)] or [self.weights[:0]])
        values = shares * np.repeat(weights, ends - begins)
        sums = np.bincount(rows, weights=values, minlength=self.count)
        return np.asarray(sums * self.scales / 255.0, dtype=np.float64)


def build(bags: Sequence[Mapping[str, float]], sizes: tuple[int, ...] = SIZES) -> Grams:
    """The matrix of documents given as weights of their folded words."""
    keys, rows, weights = [], [], []
    for row, bag in enumerate(bags):
        for word, weight in bag.items():
            found = gram_keys(word, sizes)
            keys.append(found)
            rows.append(np.full(len(found), row, np.uint64))
            weights.append(np.full(len(found), weight, np.float32))
    if not keys:
        return _empty(len(bags))
    return _from_cells(np.concatenate(keys), np.concatenate(rows), np.concatenate(weights), len(bags))


def _empty(count: int) -> Grams:
    return Grams(
        np.zeros(0, np.uint32),
        np.zeros(1, np.int64),
        np.zeros(0, np.uint32),
        np.zeros(0, np.uint8),
        np.zeros(count, np.float32),
    )


def _from_cells(keys: Keys, rows: NDArray[np.uint64], weights: NDArray[np.float32], count: int) -> Grams:
    """Sum equal cells, take square roots, bring each row to unit length."""
    cells = (keys.astype(np.uint64) << np.uint64(32)) | rows
    order = np.argsort(cells, kind="stable")
    cells = cells[order]
    first = np.flatnonzero(np.r_[True, cells[1:] != cells[:-1]]) if len(cells) else np.zeros(0, np.int64)
    if not len(first):
        return _empty(count)
    values = np.sqrt(np.add.reduceat(weights[order].astype(np.float64), first))
    row = (cells[first] & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    norms = np.sqrt(np.bincount(row, weights=values**2, minlength=count))
    values /= norms[row]
    return _pack((cells[first] >> np.uint64(32)).astype(np.uint32), row, values, count)


def _pack(keys: Keys, rows: NDArray[np.uint32], values: Floats, count: int) -> Grams:
    """Cells sorted by key, each once, to the inverted form."""
    scales = np.zeros(count, np.float32)
    np.maximum.at(scales, rows, values.astype(np.float32))
    shares = np.clip(np.rint(values / scales[rows] * 255.0), 1, 255).astype(np.uint8)
    begins = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.zeros(0, np.int64)
    starts = np.r_[begins, len(keys)].astype(np.int64)
    return Grams(keys[begins], starts, rows, shares, scales)


def merge(parts: Sequence[Grams], kept: Sequence[NDArray[np.bool_]]) -> Grams:
    """One matrix out of several; ``kept`` says for each which rows live on, in order."""
    keys, rows, values, offset = [], [], [], 0
    for part, alive in zip(parts, kept, strict=True):
        cell_keys = np.repeat(part.keys, np.diff(part.starts))
        here = alive[part.rows]
        renumbered = np.cumsum(alive) - 1 + offset
        keys.append(cell_keys[here])
        rows.append(renumbered[part.rows[here]].astype(np.uint32))
        values.append(part.weights[here] * part.scales[part.rows[here]] / 255.0)
        offset += int(alive.sum())
    if not keys:
        return _empty(offset)
    all_keys = np.concatenate(keys)
    order = np.argsort(all_keys, kind="stable")
    return _pack(all_keys[order], np.concatenate(rows)[order], np.concatenate(values)[order].astype(np.float64), offset)


def frequencies(words: Mapping[str, float], sizes: tuple[int, ...] = SIZES) -> tuple[Keys, Floats]:
    """Keys of a query given as weights of folded words, and how often each is there, dampened."""
    cells = [(gram_keys(word, sizes), weight) for word, weight in words.items()]
    every = np.concatenate([*(keys for keys, _ in cells), np.zeros(0, np.uint32)])
    repeated = np.concatenate([*(np.full(len(keys), weight) for keys, weight in cells), np.zeros(0)])
    keys, back = np.unique(every, return_inverse=True)
    return keys, np.sqrt(np.bincount(back, weights=repeated, minlength=len(keys)))


def weighted(frequency: Floats, held: Floats, total: int) -> Floats:
    """Weights of a query's grams, each held by so many of ``total`` documents; so scaled that scores are cosines."""
    if not len(frequency):
        return np.zeros(0)
    idf = np.log1p((total - held + 0.5) / (held + 0.5))
    weights = frequency * idf
    norm = float(np.linalg.norm(weights))
    return weights * idf / (norm * float(idf.max())) if norm else weights


def query_weights(
    words: Mapping[str, float], parts: Sequence[Grams], sizes: tuple[int, ...] = SIZES
) -> tuple[Keys, Floats]:
    """Keys and weights of a query given as weights of folded words; so scaled that scores are cosines (0..1)."""
    keys, frequency = frequencies(words, sizes)
    held = np.zeros(len(keys))
    for part in parts:
        begins, ends = part.ranges(keys)
        held += ends - begins
    return keys, weighted(frequency, held, sum(part.count for part in parts))


def search(words: Mapping[str, float], parts: Sequence[Grams]) -> list[Floats]:
    """Per part, the score of each of its rows."""
    keys, weights = query_weights(words, parts)
    return [part.scores(*part.ranges(keys), weights) for part in parts]
