"""From features to the probability that a quad is a board."""

from __future__ import annotations

import numpy as np

from capture.pipeline.find.features import NAMES
from capture.pipeline.find.lines import Doubles

WEIGHTS = {
    "support": 5.0,
    "weakest": 3.0,
    "second": 1.0,
    "contrast": 2.0,
    "faintest": 2.0,
    "band": -3.0,
    "border": -2.0,
    "area": 1.0,
    "beyond": -2.0,
    "square": -2.0,
    "ink": 2.0,
    "parted": 2.0,
}
BIAS = -4.5


def probability(rows: Doubles) -> Doubles:
    """N×len(NAMES) features → N probabilities."""
    weights = np.array([WEIGHTS.get(name, 0.0) for name in NAMES])
    return np.asarray(1 / (1 + np.exp(-(rows @ weights + BIAS))))
