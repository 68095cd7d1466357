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
    "window": (0.25, 0.5, 1, 1.5),
    "words": (0.5, 1, 1.3, 1.7),
    "session": (0.5, 0.75, 1, 1.5),
}
ENOUGH = 0.002
"""A change that gains less than this is chance: the weight stays where it was."""


def mean_quality(sets: Sequence[Sequence[Judged]], weights: Weights) -> float:
    """Mean nDCG@10 over sets of equal weight."""
    return float(
        np.mean([np.mean([quality(j, rank.fuse(j.scores, weights).total) for j in judged]) for judged in sets])
    )


def fit(model: str | None) -> None:
    """Coordinate ascent from the weights in use; prints each step that pays."""
    sets = [collect(share, "fresh", model) for share in (0.0, NOISE)]
    weights, best = rank.FITTED, mean_quality(sets, rank.FITTED)
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
