"""Is a quad a sheet of paper, or something drawn, printed or standing in the room?

The numbers are a small network's, trained by ``bench.fit_notes`` on drawn walls.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from capture.pipeline.notes_pieces import Evened
from capture.pipeline.notes_shape import Corners
from capture.pipeline.notes_signs import NAMES, signs

Doubles = NDArray[np.float64]

OUTLINED = 0.5
"""Share of each side that lies under a dark line from which on a quad is a drawn shape: shadows fall to three."""

WRITTEN, PLAIN = 0.015, 6.0
"""What differs from its surroundings by less than ``PLAIN`` (CIELAB) has strokes on at least this share of it: there
is no other sign of a sheet under a reflection."""

FAR = 4.0
"""Deviations from the mean beyond which a sign says no more."""

_INK, _CHROMA, _LIGHTER = (NAMES.index(name) for name in ("ink", "chroma", "lighter"))
_DRAWN = [NAMES.index(f"drawn {n}") for n in range(4)]


@dataclass(frozen=True, eq=False)
class Network:
    """``layers``: weights (out×in) and biases, tanh between them."""

    mean: Doubles
    spread: Doubles
    layers: tuple[tuple[Doubles, Doubles], ...]

    def probability(self, rows: Doubles) -> Doubles:
        """N×len(NAMES) signs → how likely each is one sheet."""
        values = np.clip((rows - self.mean) / self.spread, -FAR, FAR)
        for weights, bias in self.layers[:-1]:
            values = np.tanh(values @ weights.T + bias)
        weights, bias = self.layers[-1]
        return np.asarray(1 / (1 + np.exp(-(values @ weights.T + bias)[:, 0])))


def probabilities(picture: Evened, quads: Sequence[Corners]) -> Doubles:
    """How likely each quad (small pixels) is one sheet of paper, 0..1."""
    if not quads:
        return np.zeros(0)
    rows = np.array([signs(picture, quad) for quad in quads])
    outlined = rows[:, _DRAWN].min(axis=1) > OUTLINED
    empty = (rows[:, _INK] < WRITTEN) & (np.hypot(rows[:, _CHROMA], rows[:, _LIGHTER]) < PLAIN)
    return np.where(outlined | empty, 0.0, network().probability(rows))


@cache
def _data() -> bytes:
    return files("capture.pipeline").joinpath("data", "notes.json").read_bytes()


@cache
def network() -> Network:
    held = json.loads(_data())
    if tuple(held["names"]) != NAMES:
        raise RuntimeError("notes.json was trained on other signs: run python -m bench.fit_notes")
    layers = tuple((np.array(layer["weights"]), np.array(layer["bias"])) for layer in held["layers"])
    return Network(np.array(held["mean"]), np.array(held["spread"]), layers)


def models() -> Mapping[str, str]:
    """The digest of the network, for the recipe."""
    return {"notes.json": hashlib.sha256(_data()).hexdigest()}
