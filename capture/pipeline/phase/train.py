"""Train the tagger from the labelled boards: ``python -m capture.pipeline.phase.train [--out FILE]``.

Seconds on one core, the same bytes each time on one machine. Temperatures come from boards of themes that the fold
did not see, so that a probability means what it says on a new theme (Guo et al., 2017, temperature scaling).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from threadpoolctl import threadpool_limits

from capture.pipeline.phase import examples, features
from capture.pipeline.phase.examples import Example
from capture.pipeline.phase.features import BUCKETS, CLASSES, DENSE, SIZE, STEPS, Written
from capture.pipeline.phase.misread import misread
from capture.pipeline.phase.model import Array, Linear, Model, softmax

SPANNED = 1200
"""Directions kept of those that the rows span: they hold 97 % of the spread, and fitting takes a third of the time."""


@dataclass(frozen=True)
class Settings:
    """``scales`` say how far each kind of feature may carry; ``copies`` are the misread rates of extra copies of each
    board, which count ``copy_weight``; ``halves`` adds its first and its second half, for boards half read."""

    scales: tuple[tuple[str, float], ...] = (("dense", 0.1), ("words", 0.5), ("shapes", 0.7))
    penalty: float = 1.0
    copies: tuple[float, ...] = (0.1, 0.2, 0.2, 0.3)
    copy_weight: float = 0.4
    halves: bool = True
    folds: int = 7


@dataclass(frozen=True, eq=False)
class Rows:
    """The training matrix. ``owner`` is the example each row was made from, ``whole`` marks the boards as written."""

    matrix: NDArray[np.float32]
    centre: Array
    scale: Array
    owner: NDArray[np.int64]
    weight: Array
    whole: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))


@dataclass(frozen=True, eq=False)
class Turned:
    """The rows in the space they span, far fewer numbers to fit, and the matrix back to features."""

    matrix: Array
    back: Array


@dataclass(frozen=True, eq=False)
class Prepared:
    """Boards as rows, and the same in the space they span."""

    rows: Rows
    turned: Turned


def prepared(boards: Sequence[Example], settings: Settings) -> Prepared:
    rows = _rows(boards, settings)
    return Prepared(rows, _rotate(rows.matrix))


def train(boards: Sequence[Example], settings: Settings | None = None) -> Model:
    """A model of these boards, calibrated by cross-validation over their themes."""
    settings = settings or Settings()
    with one_thread():
        return trained(boards, prepared(boards, settings), settings)


def trained(boards: Sequence[Example], made: Prepared, settings: Settings) -> Model:
    steps = np.array([STEPS.index(b.step) if b.step else -1 for b in boards])
    folds = _folds(boards, settings)
    return Model(*(_head(made, labels, folds, settings) for labels in (_phases(boards), steps)))


def held_out(boards: Sequence[Example], settings: Settings | None = None) -> tuple[Rows, Array]:
    """Calibrated probabilities (rows × CLASSES) of every version of each board, by models that never saw its theme."""
    settings = settings or Settings()
    with one_thread():
        made = prepared(boards, settings)
        rows, phases = made.rows, _phases(boards)
        outside = _outside(made, phases, _folds(boards, settings), settings)
        whole = outside[rows.whole]
        return rows, softmax(outside / temperature(whole, phases[rows.owner[rows.whole]]))


def folds_fitted(
    made: Prepared,
    labels: NDArray[np.int64],
    folds: NDArray[np.int64],
    used: NDArray[np.bool_],
    count: int,
    settings: Settings,
) -> Array:
    """Calibrated logits of each board as written, by the model of the other folds. Boards of fold −1 are learned
    from every time; those not ``used`` are judged and never learned from."""
    rows, size = made.rows, int(labels.max()) + 1
    outside = np.zeros((len(labels), size))
    for fold in range(count):
        fitted = _fit(made.turned.matrix, rows, labels, used & (folds != fold), settings.penalty)
        held = rows.whole & (folds[rows.owner] == fold)
        outside[rows.owner[held]] = made.turned.matrix[held] @ fitted[:-1] + fitted[-1]
    judged = folds >= 0
    return np.asarray(outside / temperature(outside[judged], labels[judged]))


def _phases(boards: Sequence[Example]) -> NDArray[np.int64]:
    return np.array([CLASSES.index(b.label) for b in boards])


def _folds(boards: Sequence[Example], settings: Settings) -> NDArray[np.int64]:
    return np.array([crc32(b.theme.encode()) % settings.folds for b in boards])


def one_thread() -> threadpool_limits:
    """Small matrices: threads of BLAS only wait for one another, and sum in another order."""
    return threadpool_limits(1, user_api="blas")


def _rows(boards: Sequence[Example], settings: Settings) -> Rows:
    made = [(i, weight, lines) for i, b in enumerate(boards) for weight, lines in _versions(b, settings)]
    matrix = np.zeros((len(made), SIZE), dtype=np.float32)
    for row, (_, _, lines) in zip(matrix, made, strict=True):
        found = features.features(features.see(Written(lines)))
        row[: len(DENSE)] = found.dense
        row[found.index] = found.value
    whole = np.array([weight == 1.0 for _, weight, _ in made])
    centre, scale = np.zeros(SIZE), np.ones(SIZE)
    centre[: len(DENSE)] = matrix[whole, : len(DENSE)].mean(axis=0)
    spread = matrix[whole, : len(DENSE)].std(axis=0)
    scales = dict(settings.scales)
    scale[: len(DENSE)] = scales["dense"] / np.maximum(spread, 0.1)
    start = len(DENSE)
    for name, size in BUCKETS.items():
        scale[start : start + size] = scales[name]
        start += size
    matrix = ((matrix - centre) * scale).astype(np.float32)
    owner = np.array([i for i, _, _ in made])
    return Rows(matrix, centre, scale, owner, np.array([w for _, w, _ in made]), whole)


def _versions(board: Example, settings: Settings) -> list[tuple[float, tuple[str, ...]]]:
    """The board as written (weight 1, the only one), misread, and in halves."""
    seed = crc32(board.id.encode())
    made = [(1.0, board.lines)]
    made += [(settings.copy_weight, misread(board.lines, r, seed + i)) for i, r in enumerate(settings.copies)]
    middle = len(board.lines) // 2
    if settings.halves and middle >= 2:
        made += [(settings.copy_weight, board.lines[:middle]), (settings.copy_weight, board.lines[middle:])]
    return made


def _head(made: Prepared, labels: NDArray[np.int64], folds: NDArray[np.int64], settings: Settings) -> Linear:
    """``labels`` and ``folds`` by example; examples labelled −1 are left out."""
    rows, known = made.rows, labels >= 0
    outside = _outside(made, labels, folds, settings)[rows.whole]
    fitted = _fit(made.turned.matrix, rows, labels, known, settings.penalty)
    weights = (made.turned.back @ fitted[:-1]) * rows.scale[:, None]
    bias = fitted[-1] - rows.centre @ weights
    return Linear(weights, bias, temperature(outside[known], labels[known]))


def _outside(made: Prepared, labels: NDArray[np.int64], folds: NDArray[np.int64], settings: Settings) -> Array:
    """Logits of every row by the model of the other folds."""
    rows, turned = made.rows, made.turned
    outside = np.zeros((len(rows.owner), int(labels.max()) + 1))
    for fold in range(settings.folds):
        fitted = _fit(turned.matrix, rows, labels, (labels >= 0) & (folds != fold), settings.penalty)
        held = folds[rows.owner] == fold
        outside[held] = turned.matrix[held] @ fitted[:-1] + fitted[-1]
    return outside


def _rotate(matrix: NDArray[np.float32]) -> Turned:
    """Logistic regression depends on its rows by their inner products alone, so it may be fitted where they lie."""
    wide = matrix.astype(np.float64)
    values, vectors = np.linalg.eigh(wide @ wide.T)
    values, vectors = values[-SPANNED:], vectors[:, -SPANNED:]
    kept = values > 1e-5 * values[-1]
    root = np.sqrt(values[kept])
    return Turned(vectors[:, kept] * root, wide.T @ (vectors[:, kept] / root))


def _fit(turned: Array, rows: Rows, labels: NDArray[np.int64], chosen: NDArray[np.bool_], penalty: float) -> Array:
    """Weights (last row: bias) by L-BFGS; classes count alike, however many boards each has."""
    use = chosen[rows.owner]
    x, y, weight = turned[use], labels[rows.owner[use]], rows.weight[use]
    size = int(labels.max()) + 1
    mass = np.bincount(y, weight, minlength=size)
    weight = weight * (mass.sum() / size / np.maximum(mass, 1e-9))[y]
    target = np.eye(size)[y]

    def loss(flat: Array) -> tuple[float, Array]:
        w = flat.reshape(-1, size)
        p = softmax(x @ w[:-1] + w[-1])
        value = -float(weight @ np.log(np.maximum(p[np.arange(len(y)), y], 1e-12)))
        error = (p - target) * weight[:, None]
        slope = np.vstack([x.T @ error + penalty * w[:-1], error.sum(axis=0)])
        return value + 0.5 * penalty * float((w[:-1] ** 2).sum()), slope.ravel()

    start = np.zeros((x.shape[1] + 1) * size)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300, "ftol": 1e-9})
    return np.asarray(found.x.reshape(-1, size))


def temperature(logits: Array, labels: NDArray[np.int64]) -> float:
    """What to divide the logits by, so that they are as likely as can be."""

    def loss(log_t: float) -> float:
        p = softmax(logits / np.exp(log_t))
        return -float(np.log(np.maximum(p[np.arange(len(labels)), labels], 1e-12)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-3.0, 3.0), method="bounded").x))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m capture.pipeline.phase.train", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "data" / "model.npz")
    out: Path = parser.parse_args(arguments).out
    boards = examples.shipped()
    data = train(boards).to_bytes()
    out.write_bytes(data)
    sys.stdout.write(f"{len(boards)} boards, {len(data) // 1024} KiB: {out}\n")


if __name__ == "__main__":
    main()
