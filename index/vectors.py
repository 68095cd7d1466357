"""Vectors on disk and exact search over them: whole boards and windows of two lines, in int8.

Every row has unit length, so a dot product is a cosine. Exact search is fast enough: 100,000 rows of 448 numbers
take some 20 ms, and no approximate index can lose a board. Each number of a board costs memory at every search.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Rows = NDArray[np.int64]
_BLOCK = 1 << 12
"""Boards made into floats at once: they stay in the processor's cache."""


def unit(rows: Matrix) -> Matrix:
    """Rows to unit length; a row of zeros stays so."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(norms > 0, norms, 1), dtype=np.float32)


def spread(starts: Rows, rows: Rows) -> tuple[Rows, Rows]:
    """Places of all items of some rows, where row ``i`` has ``starts[i]:starts[i + 1]``; how many each row has."""
    counts = starts[rows + 1] - starts[rows]
    firsts = np.cumsum(counts) - counts
    return np.repeat(starts[rows] - firsts, counts) + np.arange(int(counts.sum())), counts


@dataclass(frozen=True, eq=False)
class Vectors:
    """``boards`` N×D int8, each to be multiplied by its number in ``board_scales``; the windows of board ``i`` are rows
    ``starts[i]:starts[i + 1]`` of ``windows`` (int8), with theirs in ``scales``."""

    boards: NDArray[np.int8]
    board_scales: Matrix
    windows: NDArray[np.int8]
    scales: Matrix
    starts: NDArray[np.int64]

    @property
    def count(self) -> int:
        return len(self.boards)

    def board_scores(self, query: Matrix) -> Matrix:
        """Cosine of each board with a query vector."""
        if not self.count:
            return np.zeros(0, np.float32)
        starts = range(0, self.count, _BLOCK)
        blocks = [self.boards[at : at + _BLOCK].astype(np.float32) @ query for at in starts]
        return np.asarray(np.concatenate(blocks) * self.board_scales, dtype=np.float32)

    def board(self, row: int) -> Matrix:
        """One board's vector, D."""
        return np.asarray(self.boards[row] * self.board_scales[row], dtype=np.float32)

    def window_scores(self, row: int, query: Matrix) -> Matrix:
        """Cosine of each window of one board with a query vector."""
        here = slice(self.starts[row], self.starts[row + 1])
        return np.asarray(self.windows[here].astype(np.float32) @ query * self.scales[here], dtype=np.float32)

    def best_window(self, rows: NDArray[np.int64], query: Matrix) -> Matrix:
        """For each of the given boards, the cosine of its best window; 0 for a board without lines."""
        picked, counts = spread(self.starts, rows)
        firsts = np.cumsum(counts) - counts
        scores = np.zeros(len(rows), np.float32)
        full = counts > 0
        if full.any():
            cosines = self.windows[picked].astype(np.float32) @ query * self.scales[picked]
            scores[full] = np.maximum.reduceat(cosines, firsts[full])
        return scores


def quantise(rows: Matrix) -> tuple[NDArray[np.int8], Matrix]:
    """Rows as int8 and the number that brings each back."""
    peaks = np.abs(rows).max(axis=1, initial=0.0)
    scales = (np.where(peaks > 0, peaks, 1) / 127.0).astype(np.float32)
    return np.rint(rows / scales[:, None]).astype(np.int8), scales


def build(boards: Matrix, windows: Matrix, counts: Sequence[int]) -> Vectors:
    """From unit rows: one vector a board, all windows one after the other, and how many each board has."""
    return Vectors(*quantise(boards), *quantise(windows), np.cumsum([0, *counts]).astype(np.int64))


def merge(parts: Sequence[Vectors], kept: Sequence[NDArray[np.bool_]]) -> Vectors:
    """One matrix out of several; ``kept`` says for each which boards live on, in order."""
    boards = np.concatenate([part.boards[alive] for part, alive in zip(parts, kept, strict=True)])
    board_scales = np.concatenate([part.board_scales[alive] for part, alive in zip(parts, kept, strict=True)])
    windows, scales, counts = [], [], []
    for part, alive in zip(parts, kept, strict=True):
        per_board = np.diff(part.starts)
        lives = np.repeat(alive, per_board)
        windows.append(part.windows[lives])
        scales.append(part.scales[lives])
        counts.append(per_board[alive])
    starts = np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.int64)
    return Vectors(boards, board_scales, np.concatenate(windows), np.concatenate(scales), starts)
