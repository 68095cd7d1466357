"""Multinomial logistic regression over a board's features: the weights, and what they say of one board."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from capture.pipeline.phase.features import CLASSES, DENSE, STEPS, Features

Array = NDArray[np.float64]


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
        meta = {"classes": CLASSES, "steps": STEPS, "dense": DENSE}
        np.savez_compressed(
            out,
            meta=np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8),
            **{f"{name}_{part}": value for name, head in self._heads() for part, value in _parts(head).items()},
        )
        return out.getvalue()

    def _heads(self) -> tuple[tuple[str, Linear], ...]:
        return (("phases", self.phases), ("steps", self.steps))


def from_bytes(data: bytes) -> Model:
    """Raises ValueError when the model was trained for other features than these."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        meta = json.loads(arrays["meta"].tobytes())
        if meta != json.loads(json.dumps({"classes": CLASSES, "steps": STEPS, "dense": DENSE})):
            raise ValueError(
                "the phase model was trained for other features; run python -m capture.pipeline.phase.train"
            )
        heads = {
            name: Linear(
                arrays[f"{name}_weights"].astype(np.float64),
                arrays[f"{name}_bias"].astype(np.float64),
                float(arrays[f"{name}_temperature"][0]),
            )
            for name in ("phases", "steps")
        }
    return Model(heads["phases"], heads["steps"])


def _parts(head: Linear) -> dict[str, NDArray[np.float16] | NDArray[np.float32]]:
    return {
        "weights": head.weights.astype(np.float16),
        "bias": head.bias.astype(np.float32),
        "temperature": np.array([head.temperature], dtype=np.float32),
    }


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
