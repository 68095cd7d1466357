"""From the lexicon of concepts to the rows of the default embedding.

A matrix of words against concepts (surface words, French stems of the French expressions, English stems of the English
ones; an expression of n words gives each 1/√n) is weighted by positive PMI with smoothed concept masses (Levy,
Goldberg and Dagan 2015), its columns brought to unit length and factored by SVD. Rows are the left vectors times the
square root of the singular values; ``index.static`` lays three truncations of them side by side: the short one
generalises, the long one tells apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import analysis, associations
from index.associations import Associations
from index.lexicon import Concept

DIMENSIONS = (64, 128, 256)
SMOOTHING = 0.75
SPARE, ROUNDS = 64, 8
"""Directions beyond those wanted, and rounds, of the subspace iteration."""

SURFACE, FRENCH, ENGLISH = "", "~", "="
"""What a row's name begins with: a word as written, a French stem, an English stem."""


def _cells(concept: Concept) -> Iterator[tuple[str, float]]:
    for expression in (concept.name, *concept.fr):
        words = analysis.words(expression)
        for word in words:
            yield SURFACE + word, len(words) ** -0.5
            yield FRENCH + analysis.stem(word), len(words) ** -0.5
    for expression in concept.en:
        words = analysis.words(expression)
        for word in words:
            yield SURFACE + word, len(words) ** -0.5
            yield ENGLISH + analysis.stem_english(word), len(words) ** -0.5


def row_names(concepts: Iterable[Concept]) -> list[str]:
    """Names of the rows that these concepts give, in order."""
    return sorted({name for concept in concepts for name, _ in _cells(concept)})


Counts = tuple[list[str], NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]


def _count(concepts: Iterable[Concept]) -> Counts:
    """Row names, and the cells of the matrix: row, concept, weight."""
    cells: defaultdict[tuple[str, int], float] = defaultdict(float)
    for column, concept in enumerate(concepts):
        for name, weight in _cells(concept):
            cells[name, column] += weight
    names = sorted({name for name, _ in cells})
    number = {name: i for i, name in enumerate(names)}
    rows = np.array([number[name] for name, _ in cells], np.int64)
    columns = np.array([column for _, column in cells], np.int64)
    return names, rows, columns, np.array(list(cells.values()))


def _ppmi(rows: NDArray[np.int64], columns: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    row_mass = np.bincount(rows, weights=weights)
    column_mass = np.bincount(columns, weights=weights) ** SMOOTHING
    expected = row_mass[rows] * column_mass[columns] / column_mass.sum()
    return np.asarray(np.maximum(0.0, np.log(weights / expected)))


@dataclass(frozen=True, eq=False)
class Factors:
    """``left`` N×max(DIMENSIONS): singular vectors, strongest first; ``idf`` N over concepts; ``held`` what was
    factored before its columns were brought to one length."""

    names: list[str]
    left: NDArray[np.float32]
    idf: NDArray[np.float32]
    held: Associations


def factor(concepts: tuple[Concept, ...]) -> Factors:
    """Train. Deterministic: iteration from a fixed start, signs fixed."""
    from scipy.sparse import csr_array, diags_array

    names, rows, columns, weights = _count(concepts)
    shape = (len(names), len(concepts))
    matrix = csr_array((_ppmi(rows, columns, weights), (rows, columns)), shape=shape)
    matrix.sort_indices()
    held = associations.collect(matrix)
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=0)).ravel())
    matrix = csr_array(matrix @ diags_array(1.0 / np.where(lengths > 0, lengths, 1.0)))
    left = np.asarray(matrix @ _directions(matrix), dtype=np.float32)
    spread = np.bincount(rows, minlength=len(names))
    idf = np.log((len(concepts) + 1) / (spread + 0.5))
    return Factors(names, left, idf.astype(np.float32), held)


def _directions(matrix: Any) -> NDArray[np.float64]:
    """Right singular vectors over the square root of their singular values, strongest first, signs fixed."""
    turned_over = matrix.T.tocsr()
    size = matrix.shape[1]
    wanted = min(max(DIMENSIONS), size)
    start = np.random.default_rng(0).standard_normal((size, min(size, wanted + SPARE)))
    for _ in range(
        ROUNDS
    ):  # subspace iteration (Halko, Martinsson and Tropp 2011): seeded, seconds where all take a minute
        start, _ = np.linalg.qr(turned_over @ (matrix @ start))
    applied = matrix @ start
    squares, turned = np.linalg.eigh(applied.T @ applied)
    top = np.argsort(squares)[::-1][:wanted]
    singular = np.sqrt(np.maximum(squares[top], 1e-12))
    vectors = start @ turned[:, top]
    signs = np.sign(vectors[np.abs(vectors).argmax(axis=0), np.arange(wanted)])
    return np.asarray(vectors * signs / np.sqrt(singular))
