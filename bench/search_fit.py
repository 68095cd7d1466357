"""Fit the fusion's weights on the themes to tune on, clean and misread together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace

import numpy as np

from bench.search_judged import NOISE, Judged, collect, quality
from index import rank
from index.rank import Weights

CHOICES: dict[str, tuple[float, ...]] = {
    "covered": (3, 4, 6, 8, 12, 16),
    "power": (2, 3, 4, 6),
    "text": (0, 0.5, 1),
    "letters": (0, 2, 4, 8),
    "unsure": (8, 16, 32, 64),
    "window": (0, 0.25, 0.5, 1, 1.5),
    "words": (0.2, 0.45, 0.7, 1.3, 2, 3, 4),
    "session": (0, 0.3, 0.75, 1.2, 2),
}
ENOUGH = 0.002
"""A change that gains less than this is chance: the weight stays where it was."""


def mean_quality(sets: Sequence[Sequence[Judged]], weights: Weights) -> float:
    """Mean nDCG@10 over sets of equal weight."""
    return float(
        np.mean([np.mean([quality(j, rank.fuse(j.scores, weights).total) for j in judged]) for judged in sets])
    )


def fit(model: str | None) -> None:
    """For the queries of each language; prints each step that pays."""
    sets = [collect(share, "fresh", model) for share in (0.0, NOISE)]
    for spoken, weights in rank.FITTED.items():
        print(f"queries in {spoken}")
        _ascend([[judged for judged in part if judged.spoken == spoken] for part in sets], weights)


def _ascend(sets: Sequence[Sequence[Judged]], weights: Weights) -> None:
    """Coordinate ascent from the weights in use."""
    best = mean_quality(sets, weights)
    print(f"{best:.4f} {asdict(weights)}")
    improved = True
    while improved:
        improved = False
        for name, values in CHOICES.items():
            trials = [replace(weights, **{name: value}) for value in values]
            scored = [(mean_quality(sets, trial), -n) for n, trial in enumerate(trials)]
            top, place = max(scored)
            if top > best + ENOUGH:
                weights, best, improved = trials[-place], top, True
                print(f"{best:.4f} {name} = {values[-place]}", flush=True)
    print(f"fitted: {asdict(weights)}")
