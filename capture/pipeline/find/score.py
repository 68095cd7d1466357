"""From features to the worth of each quad, and from the worth of the best to how sure that is.

The numbers are a small network's, trained by ``bench.fit_find_train`` on scenes drawn by ``bench.find_scenes``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from capture.pipeline.find.features import NAMES
from capture.pipeline.find.lines import Doubles


@dataclass(frozen=True, eq=False)
class Scorer:
    """``layers``: weights (out×in) and biases, tanh between them; ``confidence``: slope and offset of a logistic."""

    mean: Doubles
    spread: Doubles
    layers: tuple[tuple[Doubles, Doubles], ...]
    confidence: tuple[float, float]

    def worth(self, rows: Doubles) -> Doubles:
        """N×len(NAMES) features → N numbers; the higher, the likelier a board."""
        values = (rows - self.mean) / self.spread
        for weights, bias in self.layers[:-1]:
            values = np.tanh(values @ weights.T + bias)
        weights, bias = self.layers[-1]
        return np.asarray(values @ weights.T + bias)[:, 0]

    def probability(self, worth: Doubles) -> Doubles:
        """How often a chosen quad of this worth has IoU 0.9 or more with a board."""
        slope, offset = self.confidence
        return np.asarray(1 / (1 + np.exp(-(slope * worth + offset))))


@cache
def _data() -> bytes:
    return files("capture.pipeline.find").joinpath("data", "scorer.json").read_bytes()


@cache
def scorer() -> Scorer:
    held = json.loads(_data())
    if tuple(held["names"]) != NAMES:
        raise RuntimeError("scorer.json was trained on other features: run python -m bench.fit_find_train")
    layers = tuple((np.array(layer["weights"]), np.array(layer["bias"])) for layer in held["layers"])
    slope, offset = held["confidence"]
    return Scorer(np.array(held["mean"]), np.array(held["spread"]), layers, (float(slope), float(offset)))


def models() -> Mapping[str, str]:
    """The digest of the network, for the recipe."""
    return {"scorer.json": hashlib.sha256(_data()).hexdigest()}
