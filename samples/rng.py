"""Named random streams: changing how one part draws does not move the others."""

from __future__ import annotations

import zlib

import numpy as np

Rng = np.random.Generator


def stream(seed: int, *names: str) -> Rng:
    """A generator that depends on ``seed`` and on ``names`` only."""
    return np.random.default_rng([seed, *(zlib.crc32(name.encode()) for name in names)])


def chance(rng: Rng, probability: float) -> bool:
    """Draws once whatever the probability, so that the stream stays in step between difficulties."""
    return bool(rng.random() < probability)


def between(rng: Rng, bounds: tuple[float, float]) -> float:
    return float(rng.uniform(*bounds))
