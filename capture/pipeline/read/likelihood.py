"""How likely a given text is in an emission: the CTC forward pass (Graves 2006), many texts at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from capture.pipeline.read import alphabet
from capture.pipeline.read.recognise import Emission

IMPOSSIBLE = -1e9


def likelihoods(emission: Emission, texts: Sequence[str]) -> NDArray[np.float64]:
    """Natural log-probability of each text, over all alignments. Texts hold symbols of the alphabet only."""
    labels, lengths = _labels(texts)
    seen = emission.logs.astype(np.float64).T[labels]  # texts × states × steps
    may_skip = np.zeros(labels.shape, bool)
    may_skip[:, 2:] = (labels[:, 2:] != 0) & (labels[:, 2:] != labels[:, :-2])
    skip = np.where(may_skip, 0.0, IMPOSSIBLE)
    now = np.full(labels.shape, IMPOSSIBLE)
    now[:, :2] = seen[:, :2, 0]
    one, two = np.full_like(now, IMPOSSIBLE), np.full_like(now, IMPOSSIBLE)
    for step in range(1, seen.shape[2]):
        one[:, 1:] = now[:, :-1]
        two[:, 2:] = now[:, :-2] + skip[:, 2:]
        now = np.logaddexp(np.logaddexp(now, one), two) + seen[:, :, step]
    each = np.arange(len(texts))
    last = now[each, lengths - 1]
    before = np.where(lengths > 1, now[each, np.maximum(lengths - 2, 0)], IMPOSSIBLE)
    return np.asarray(np.logaddexp(last, before))


def _labels(texts: Sequence[str]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Symbols with a blank before, between and after them, padded; and the number of states of each text."""
    labels = np.zeros((len(texts), 2 * max(map(len, texts)) + 1), np.intp)
    for row, text in zip(labels, texts, strict=True):
        row[1 : 2 * len(text) : 2] = [_places()[symbol] for symbol in text]
    return labels, np.array([2 * len(text) + 1 for text in texts])


@cache
def _places() -> dict[str, int]:
    return {symbol: place for place, symbol in enumerate(alphabet.allowed(), start=1)}
