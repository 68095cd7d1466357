"""From features to the worth of each quad, and from the worth of the best to how sure that is.

The numbers are those of small networks, trained by ``bench.fit_find_train`` on scenes drawn by ``bench.find_scenes``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from capture.pipeline.find.features import NAMES
from capture.pipeline.find.lines import Doubles

Layer = tuple[Doubles, Doubles]
"""Weights (out×in) and biases."""


@dataclass(frozen=True, eq=False)
class Network:
    """A quad is judged beside the others of its photo: what ``look`` makes of each (tanh) is summed up over all of
    them, once plainly and once for each row of ``attend`` by the weight that row gives each (softmax), and ``layers``
    see both, with tanh between them (sets as in Zaheer et al. 2017, weights as in Ilse et al. 2018)."""

    look: Layer
    attend: Layer
    layers: tuple[Layer, ...]

    def worth(self, values: Doubles) -> Doubles:
        """N×len(NAMES) features, to zero mean and unit spread → N."""
        seen = np.tanh(_through(self.look, values))
        weights = _through(self.attend, seen)
        weights = np.exp(weights - weights.max(axis=0))
        summed = (weights / weights.sum(axis=0)).T @ seen
        others = np.concatenate([summed.ravel(), seen.mean(axis=0)])
        inner = np.hstack([seen, np.broadcast_to(others, (len(seen), len(others)))])
        for layer in self.layers[:-1]:
            inner = np.tanh(_through(layer, inner))
        return np.asarray(_through(self.layers[-1], inner)[:, 0])


@dataclass(frozen=True, eq=False)
class Scorer:
    """Several networks that differ by the seed they began from; ``confidence``: slope and offset of a logistic."""

    mean: Doubles
    spread: Doubles
    networks: tuple[Network, ...]
    confidence: tuple[float, float]

    def worth(self, rows: Doubles) -> Doubles:
        """N×len(NAMES) features of all quads of one photo → N numbers; the higher, the likelier a board."""
        values = (rows - self.mean) / self.spread
        return np.asarray(np.mean([network.worth(values) for network in self.networks], axis=0))

    def probability(self, worth: Doubles) -> Doubles:
        """How often a chosen quad of this worth has IoU 0.9 or more with a board."""
        slope, offset = self.confidence
        return np.asarray(1 / (1 + np.exp(-(slope * worth + offset))))


def _through(layer: Layer, values: Doubles) -> Doubles:
    weights, bias = layer
    return np.asarray(values @ weights.T + bias)


@cache
def _data() -> bytes:
    return files("capture.pipeline.find").joinpath("data", "scorer.json").read_bytes()


@cache
def scorer() -> Scorer:
    held = json.loads(_data())
    if tuple(held["names"]) != NAMES:
        raise RuntimeError("scorer.json was trained on other features: run python -m bench.fit_find_train")
    slope, offset = held["confidence"]
    return Scorer(
        mean=np.array(held["mean"]),
        spread=np.array(held["spread"]),
        networks=tuple(
            Network(_layer(n["look"]), _layer(n["attend"]), tuple(_layer(layer) for layer in n["layers"]))
            for n in held["networks"]
        ),
        confidence=(float(slope), float(offset)),
    )


def _layer(held: Mapping[str, Any]) -> Layer:
    return np.array(held["weights"]), np.array(held["bias"])


def models() -> Mapping[str, str]:
    """The digest of the network, for the recipe."""
    return {"scorer.json": hashlib.sha256(_data()).hexdigest()}
