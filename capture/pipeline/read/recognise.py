"""What the recogniser sees in a line picture: a matrix of symbol probabilities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capture.pipeline.frame import Pixels
from capture.pipeline.read import alike, alphabet, models

LEAST_WIDTH = 32  # columns: narrower pictures vanish in the network


@dataclass(frozen=True, eq=False)
class Emission:
    """``logs``: T×(1 + symbols) natural log-probabilities, blank first, then ``alphabet.allowed()``.

    A step covers eight columns of the picture. Rows need not sum to one: what the model gave to symbols outside the
    alphabet is left out.
    """

    logs: NDArray[np.float32]


def recognise(picture: Pixels) -> Emission:
    """What is seen in one picture of 48 rows and any width.

    One picture a call, on one thread: nothing is padded, and lines are read side by side instead (see ``ppocr``). A
    batch costs a tenth more a column than its pictures one by one.
    """
    height, width = picture.shape[:2]
    batch = np.zeros((1, 3, height, max(LEAST_WIDTH, width)), np.float32)  # 0 is the mid-grey the model was padded with
    np.divide(picture.transpose(2, 0, 1), 127.5, out=batch[0, :, :, :width])
    batch[0, :, :, :width] -= 1.0
    output = models.run(models.RECOGNITION, batch, threads=1)[0]
    source, starts = alphabet.columns(models.symbols())
    kept = np.add.reduceat(output[: -(-width // 8), source], starts, axis=1)
    return Emission(np.log(np.maximum(alike.shared(kept), 1e-10)))
