"""Multinomial logistic regression over a board's features: the weights, and what they say of one board."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capture.pipeline.phase.features import CLASSES, DENSE, STEPS, Features

Array = NDArray[np.float64]
_META = {"classes": list(CLASSES), "steps": list(STEPS), "dense": list(DENSE)}


@dataclass(frozen=True, eq=False)
class Linear:
    """``weights`` is features × classes; the dense features are centred and scaled inside ``weights`` and ``bias``."""

    weights: Array
    bias: Array
    temperature: float

    def logits(self, features: Features) -> Array:
        """One calibrated logit a class; their softmax is a probability."""
        dense = features.dense @ self.weights[: len(DENSE)]
        hashed = features.value @ self.weights[features.index]
        return np.asarray((dense + hashed + self.bias) / self.temperature, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Model:
    """``phases`` has a column for each of CLASSES, ``steps`` one for each of STEPS."""

    phases: Linear
    steps: Linear

    def to_bytes(self) -> bytes:
        """An .npz without pickles; the same model gives the same bytes."""
        out = io.BytesIO()
        arrays: dict[str, Any] = {"meta": np.frombuffer(json.dumps(_META).encode(), dtype=np.uint8)}
        for name, head in (("phases", self.phases), ("steps", self.steps)):
            arrays[f"{name}_weights"] = head.weights.astype(np.float16)
            arrays[f"{name}_bias"] = head.bias.astype(np.float32)
            arrays[f"{name}_temperature"] = np.array([head.temperature], dtype=np.float32)
        np.savez_compressed(out, **arrays)
        return out.getvalue()


def from_bytes(data: bytes) -> Model:
    """Raises ValueError when the model was trained for other features than these."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        if json.loads(arrays["meta"].tobytes()) != _META:
            raise ValueError("the phase model is of other features: python -m capture.pipeline.phase.train")
        heads = [
            Linear(
                arrays[f"{name}_weights"].astype(np.float64),
                arrays[f"{name}_bias"].astype(np.float64),
                float(arrays[f"{name}_temperature"][0]),
            )
            for name in ("phases", "steps")
        ]
    return Model(*heads)


def softmax(logits: Array) -> Array:
    """Along the last axis."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


@cache
def shipped_bytes() -> bytes:
    return (resources.files(__package__) / "data" / "model.npz").read_bytes()


@cache
def shipped() -> Model:
    return from_bytes(shipped_bytes())


@lru_cache(maxsize=4)
def of(trained: bytes | None) -> Model:
    """An archive's own model, or the shipped one. Raises ValueError like ``from_bytes``."""
    return shipped() if trained is None else from_bytes(trained)
