"""What the recogniser sees in line pictures: one matrix of symbol probabilities a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capture.pipeline.frame import Pixels
from capture.pipeline.read import alphabet, models
from capture.pipeline.read.crops import HEIGHT

BATCH_PIXELS = 3200  # columns of one batch: bounds the memory of its 18,710-column output


@dataclass(frozen=True, eq=False)
class Emission:
    """``logs``: T×(1 + symbols) natural log-probabilities, blank first, then ``alphabet.allowed()``.

    A step covers eight columns of the picture. Rows need not sum to one: what the model gave to symbols outside the
    alphabet is left out.
    """

    logs: NDArray[np.float32]


def recognise(pictures: Sequence[Pixels], threads: int) -> list[Emission]:
    """One emission a picture (48 rows, any width), in the order given."""
    order = sorted(range(len(pictures)), key=lambda i: pictures[i].shape[1])
    found: dict[int, Emission] = {}
    for batch in _batches(order, pictures):
        for i, logs in zip(batch, _run([pictures[i] for i in batch], threads), strict=True):
            found[i] = Emission(logs)
    return [found[i] for i in range(len(pictures))]


def _batches(order: Sequence[int], pictures: Sequence[Pixels]) -> list[list[int]]:
    """Neighbours in width share a batch while it stays small and little of it is padding."""
    batches: list[list[int]] = []
    for i in order:
        width = pictures[i].shape[1]
        batch = batches[-1] if batches else []
        narrowest = pictures[batch[0]].shape[1] if batch else 0
        if batch and width * (len(batch) + 1) <= BATCH_PIXELS and width <= 1.25 * narrowest + 32:
            batch.append(i)
        else:
            batches.append([i])
    return batches


def _run(pictures: Sequence[Pixels], threads: int) -> list[NDArray[np.float32]]:
    width = max(32, max(p.shape[1] for p in pictures))
    batch = np.zeros((len(pictures), 3, HEIGHT, width), np.float32)  # 0 is the mid-grey the model was padded with
    for row, picture in zip(batch, pictures, strict=True):
        row[:, :, : picture.shape[1]] = picture.transpose(2, 0, 1) / 127.5 - 1.0
    output = models.run(models.RECOGNITION, batch, threads)
    source, target = alphabet.columns(models.symbols(threads))
    kept = np.zeros((*output.shape[:2], len(alphabet.allowed()) + 1), np.float32)
    for place, column in zip(target, source, strict=True):
        kept[:, :, place] += output[:, :, column]
    logs = np.log(np.maximum(kept, 1e-10))
    steps = [-(-p.shape[1] // 8) for p in pictures]
    return [np.ascontiguousarray(row[:count]) for row, count in zip(logs, steps, strict=True)]
