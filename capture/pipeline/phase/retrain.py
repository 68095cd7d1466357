"""Learn again with the boards that people confirmed; keep the new model only where it is better on them.

Every judgement is by cross-validation over the archive's sessions: a board is judged by a model that learned from
the shipped boards and from those of other sessions. The model that is in use is judged in the same way, by the
boards that it had learned from, so that it has no advantage from having seen a board before.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from capture.pipeline.phase.examples import Example
from capture.pipeline.phase.features import CLASSES
from capture.pipeline.phase.model import Array, Model, softmax
from capture.pipeline.phase.train import Settings, folds_fitted, one_thread, rows_of, trained

FEWEST = 12  # confirmed boards: with less the comparison says nothing
FOLDS = 5
QUICK = Settings(copies=(0.2,))
"""One misread copy of each board: half the time, for two tenths of a point."""


@dataclass(frozen=True, slots=True)
class Judged:
    """On the archive's boards, by cross-validation: share right, and mean log-likelihood of the truth."""

    accuracy: float
    likelihood: float


@dataclass(frozen=True, slots=True)
class Report:
    boards: int
    sessions: int
    now: Judged  # the model in use
    new: Judged
    by_label: dict[str, tuple[int, float, float]]  # boards, accuracy now and new

    @property
    def better(self) -> bool:
        """More boards right, or as many with better probabilities."""
        gained = self.new.accuracy - self.now.accuracy
        return gained > 1e-9 or (abs(gained) <= 1e-9 and self.new.likelihood > self.now.likelihood + 1e-6)


def retrain(
    shipped: Sequence[Example],
    confirmed: Sequence[Example],
    learned: Collection[str] = (),
    settings: Settings | None = None,
) -> tuple[Report, Model]:
    """The comparison, and the model of all boards. ``confirmed`` are the archive's, their theme the session;
    ``learned`` the ids of those that the model in use was trained with. Raises ValueError where they are too few."""
    if len(confirmed) < FEWEST or len({b.label for b in confirmed}) < 2:
        raise ValueError(f"{len(confirmed)} boards of {len({b.label for b in confirmed})} phases are confirmed")
    settings = settings or QUICK
    boards = [*shipped, *confirmed]
    with one_thread():
        made = rows_of(boards, settings)
        ours = np.arange(len(boards)) >= len(shipped)
        old = np.array([not mine or b.id in learned for b, mine in zip(boards, ours, strict=True)])
        folds = _folds(boards, ours)
        labels = np.array([CLASSES.index(b.label) for b in boards])
        new = softmax(folds_fitted(made, labels, folds, np.ones(len(boards), bool), FOLDS, settings))[ours]
        now = softmax(folds_fitted(made, labels, folds, old, FOLDS, settings))[ours]
        model = trained(boards, made, settings)
    truth = labels[ours]
    report = Report(
        len(confirmed),
        len({b.theme for b in confirmed}),
        _judged(now, truth),
        _judged(new, truth),
        {
            name: (int(here.sum()), _judged(now[here], truth[here]).accuracy, _judged(new[here], truth[here]).accuracy)
            for n, name in enumerate(CLASSES)
            if (here := truth == n).any()
        },
    )
    return report, model


def _folds(boards: Sequence[Example], ours: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Shipped boards are in every fold's training (−1); the archive's go by session, or each by itself where there
    are few sessions."""
    sessions = {b.theme for b, mine in zip(boards, ours, strict=True) if mine}
    keys = [b.theme if len(sessions) >= FOLDS else b.id for b in boards]
    return np.array([crc32(key.encode()) % FOLDS if mine else -1 for key, mine in zip(keys, ours, strict=True)])


def _judged(chances: Array, truth: NDArray[np.int64]) -> Judged:
    right = chances.argmax(axis=1) == truth
    said = np.log(np.maximum(chances[np.arange(len(truth)), truth], 1e-12))
    return Judged(float(right.mean()), float(said.mean()))
