"""Which quarter turn makes a board upright, judged by its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from capture.pipeline.frame import Frame, Pixels
from capture.pipeline.read import crops
from capture.pipeline.read.boxes import Box
from capture.pipeline.read.decode import greedy
from capture.pipeline.read.recognise import recognise
from capture.pipeline.threads import side_by_side

TURNS = (0, 90, 180, 270)


@dataclass(frozen=True)
class TurnParams:
    samples: int = 6  # largest long boxes that are tried in every turn
    long: float = 1.5  # a box this much longer than high tells its direction
    tall_share: float = 0.5  # of the long boxes: more than this makes a turned board likely
    margin: float = 1.15  # how much surer another turn must be than the picture as it is


def lies_down(boxes: Sequence[Box], params: TurnParams = TurnParams()) -> bool:
    """Whether most of the large long boxes run up or down."""
    long = _longest(boxes, params)
    tall = [box for box in long if box.height > box.width]
    return len(long) >= 2 and len(tall) > params.tall_share * len(long)


def find_turn(frame: Frame, boxes: Sequence[Box], params: TurnParams, threads: int) -> int:
    """The clockwise turn in which the largest boxes read best; 0 unless another is clearly better."""
    long = _longest(boxes, params)
    if not long:
        return 0
    pictures: list[Pixels] = []
    for box in long:
        native = crops.native(frame.pixels, box)
        pictures += [crops.fit(np.asarray(np.rot90(native, -turn // 90), np.uint8)) for turn in TURNS]
    sure = [sum_of_sure(*greedy(emission)) for emission in side_by_side(recognise, pictures, threads)]
    total = {turn: sum(sure[k :: len(TURNS)]) for k, turn in enumerate(TURNS)}
    best = max(TURNS, key=lambda turn: total[turn])
    return best if total[best] > params.margin * total[0] else 0


def sum_of_sure(text: str, sure: float) -> float:
    """Letters read, weighted by how surely; upside-down text reads as few, doubtful ones."""
    letters = sum(c.isalnum() for c in text)
    return float(letters * sure**3)


def _longest(boxes: Sequence[Box], params: TurnParams) -> list[Box]:
    long = [b for b in boxes if max(b.width, b.height) >= params.long * min(b.width, b.height)]
    return sorted(long, key=lambda box: -box.width * box.height)[: params.samples]
