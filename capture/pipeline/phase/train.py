"""Train the tagger from the labelled boards: ``python -m capture.pipeline.phase.train [--out FILE]``.

Seconds on one core, the same bytes each time on one machine. Temperatures come from boards of themes that the fold
did not see, so that a probability means what it says on a new theme (Guo et al., 2017, temperature scaling).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.sparse import csr_array
from threadpoolctl import threadpool_limits

from capture.pipeline.phase import examples, features
from capture.pipeline.phase.examples import Example
from capture.pipeline.phase.features import BUCKETS, CLASSES, DENSE, SIZE, STEPS, Written
from capture.pipeline.phase.misread import misread
from capture.pipeline.phase.model import Array, Linear, Model, softmax


@dataclass(frozen=True)
class Settings:
    """``scales`` say how far each kind of feature may carry; ``copies`` are the misread rates of extra copies of each
    board, which count ``copy_weight``; ``halves`` adds its first and its second half, for boards half read."""

    scales: tuple[tuple[str, float], ...] = (("dense", 0.1), ("words", 1.0), ("shapes", 0.7))
    penalty: float = 2.0
    copies: tuple[float, ...] = (0.1, 0.2, 0.2, 0.3)
    copy_weight: float = 0.4
    halves: bool = True
    folds: int = 7


@dataclass(frozen=True, eq=False)
class Rows:
    """The training matrix, scaled: ``dense`` rows × DENSE, ``hashed`` (sparse) rows × the rest. ``owner`` is the
    example each row was made from, ``whole`` marks the boards as written."""

    dense: Array
    hashed: csr_array
    centre: Array
    scale: Array
    owner: NDArray[np.int64]
    weight: Array
    whole: NDArray[np.bool_]

    def logits(self, fitted: Array, chosen: NDArray[np.bool_]) -> Array:
        """Of the chosen rows, by weights as ``_fit`` gives them."""
        size = self.dense.shape[1]
        hashed = self.hashed[chosen] @ fitted[size:-1]
        return np.asarray(self.dense[chosen] @ fitted[:size] + hashed + fitted[-1])


def train(boards: Sequence[Example], settings: Settings | None = None) -> Model:
    """A model of these boards, calibrated by cross-validation over their themes."""
    settings = settings or Settings()
    with one_thread():
        return trained(boards, rows_of(boards, settings), settings)


def trained(boards: Sequence[Example], rows: Rows, settings: Settings) -> Model:
    steps = np.array([STEPS.index(b.step) if b.step else -1 for b in boards])
    folds = _folds(boards, settings)
    return Model(*(_head(rows, labels, folds, settings) for labels in (_phases(boards), steps)))


def held_out(boards: Sequence[Example], settings: Settings | None = None) -> tuple[Rows, Array]:
    """Calibrated probabilities (rows × CLASSES) of every version of each board, by models that never saw its theme."""
    settings = settings or Settings()
    with one_thread():
        rows, phases = rows_of(boards, settings), _phases(boards)
        outside = _outside(rows, phases, _folds(boards, settings), settings)
        whole = outside[rows.whole]
        return rows, softmax(outside / temperature(whole, phases[rows.owner[rows.whole]]))


def folds_fitted(
    rows: Rows,
    labels: NDArray[np.int64],
    folds: NDArray[np.int64],
    used: NDArray[np.bool_],
    count: int,
    settings: Settings,
) -> Array:
    """Calibrated logits of each board as written, by the model of the other folds. Boards of fold −1 are learned
    from every time; those not ``used`` are judged and never learned from."""
    outside = np.zeros((len(labels), int(labels.max()) + 1))
    for fold in range(count):
        fitted = _fit(rows, labels, used & (folds != fold), settings.penalty)
        held = rows.whole & (folds[rows.owner] == fold)
        outside[rows.owner[held]] = rows.logits(fitted, held)
    judged = folds >= 0
    return np.asarray(outside / temperature(outside[judged], labels[judged]))


def _phases(boards: Sequence[Example]) -> NDArray[np.int64]:
    return np.array([CLASSES.index(b.label) for b in boards])


def _folds(boards: Sequence[Example], settings: Settings) -> NDArray[np.int64]:
    return np.array([crc32(b.theme.encode()) % settings.folds for b in boards])


def one_thread() -> threadpool_limits:
    """Small matrices: threads of BLAS only wait for one another, and sum in another order."""
    return threadpool_limits(1, user_api="blas")


def rows_of(boards: Sequence[Example], settings: Settings) -> Rows:
    made = [(i, weight, lines) for i, b in enumerate(boards) for weight, lines in _versions(b, settings)]
    found = [features.features(features.see(Written(lines))) for _, _, lines in made]
    owner, weight = np.array([i for i, _, _ in made]), np.array([w for _, w, _ in made])
    whole = weight == 1.0
    dense = np.array([f.dense for f in found])
    scales = dict(settings.scales)
    centre, scale = np.zeros(SIZE), np.ones(SIZE)
    centre[: len(DENSE)] = dense[whole].mean(axis=0)
    scale[: len(DENSE)] = scales["dense"] / np.maximum(dense[whole].std(axis=0), 0.1)
    start = len(DENSE)
    for name, size in BUCKETS.items():
        scale[start : start + size] = scales[name]
        start += size
    index = np.concatenate([f.index for f in found])
    begins = np.cumsum([0, *(len(f.index) for f in found)])
    values = np.concatenate([f.value for f in found]) * scale[index]
    hashed = csr_array((values, index - len(DENSE), begins), shape=(len(found), SIZE - len(DENSE)))
    return Rows((dense - centre[: len(DENSE)]) * scale[: len(DENSE)], hashed, centre, scale, owner, weight, whole)


def _versions(board: Example, settings: Settings) -> list[tuple[float, tuple[str, ...]]]:
    """The board as written (weight 1, the only one), misread, and in halves."""
    seed = crc32(board.id.encode())
    made = [(1.0, board.lines)]
    made += [(settings.copy_weight, misread(board.lines, r, seed + i)) for i, r in enumerate(settings.copies)]
    middle = len(board.lines) // 2
    if settings.halves and middle >= 2:
        made += [(settings.copy_weight, board.lines[:middle]), (settings.copy_weight, board.lines[middle:])]
    return made


def _head(rows: Rows, labels: NDArray[np.int64], folds: NDArray[np.int64], settings: Settings) -> Linear:
    """``labels`` and ``folds`` by example; examples labelled −1 are left out."""
    known = labels >= 0
    outside = _outside(rows, labels, folds, settings)[rows.whole]
    fitted = _fit(rows, labels, known, settings.penalty)
    weights = fitted[:-1] * rows.scale[:, None]
    bias = fitted[-1] - rows.centre @ weights
    return Linear(weights, bias, temperature(outside[known], labels[known]))


def _outside(rows: Rows, labels: NDArray[np.int64], folds: NDArray[np.int64], settings: Settings) -> Array:
    """Logits of every row by the model of the other folds."""
    outside = np.zeros((len(rows.owner), int(labels.max()) + 1))
    for fold in range(settings.folds):
        fitted = _fit(rows, labels, (labels >= 0) & (folds != fold), settings.penalty)
        held = folds[rows.owner] == fold
        outside[held] = rows.logits(fitted, held)
    return outside


def _fit(rows: Rows, labels: NDArray[np.int64], chosen: NDArray[np.bool_], penalty: float) -> Array:
    """Weights of the scaled features (last row: bias) by L-BFGS; classes count alike, however many boards each has."""
    use = chosen[rows.owner]
    dense, hashed, y, weight = rows.dense[use], rows.hashed[use], labels[rows.owner[use]], rows.weight[use]
    back = hashed.T.tocsr()
    width, size = dense.shape[1], int(labels.max()) + 1
    mass = np.bincount(y, weight, minlength=size)
    weight = weight * (mass.sum() / size / np.maximum(mass, 1e-9))[y]
    target = np.eye(size)[y]

    def loss(flat: Array) -> tuple[float, Array]:
        w = flat.reshape(-1, size)
        p = softmax(dense @ w[:width] + hashed @ w[width:-1] + w[-1])
        value = -float(weight @ np.log(np.maximum(p[np.arange(len(y)), y], 1e-12)))
        error = (p - target) * weight[:, None]
        slope = np.vstack([dense.T @ error, back @ error, error.sum(axis=0)])
        slope[:-1] += penalty * w[:-1]
        return value + 0.5 * penalty * float((w[:-1] ** 2).sum()), slope.ravel()

    start = np.zeros((width + hashed.shape[1] + 1) * size)
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
