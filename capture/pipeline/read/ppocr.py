"""PP-OCR with our own decoding: detect, cut, recognise, look again where it is unclear, decide."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from capture.pipeline.frame import Frame
from capture.pipeline.read import crops
from capture.pipeline.read.boxes import Box
from capture.pipeline.read.decide import DecideParams, Decision, decide, is_plain
from capture.pipeline.read.decode import DecodeParams, Decoder, greedy
from capture.pipeline.read.detect import DetectParams, detect
from capture.pipeline.read.line import ReadLine
from capture.pipeline.read.recognise import Emission, recognise
from capture.pipeline.read.words import WordParams, Words

NAME = "ppocr"
UPRIGHT, FROM_BELOW, FROM_ABOVE = 0, 1, -1  # clockwise quarter turns of the picture


@dataclass(frozen=True)
class PpocrParams:
    detect: DetectParams = field(default_factory=DetectParams)
    decode: DecodeParams = field(default_factory=DecodeParams)
    decide: DecideParams = field(default_factory=DecideParams)
    words: WordParams = field(default_factory=WordParams)
    tall: float = 1.5  # a box this many times higher than wide is also read in both quarter turns
    least_clarity: float = 0.4  # mean probability of the greedy symbols: below it a box is taken for a drawing
    second_view: bool = True
    trim: float = 0.1  # of the height, above and below, in the second view
    stretch: float = 1.2  # the second view's widening


@dataclass(frozen=True, eq=False)
class _Seen:
    box: Box
    emission: Emission


def find_lines(frame: Frame, params: PpocrParams, threads: int) -> list[ReadLine]:
    """Every line of a frame."""
    return read_boxes(frame, detect(frame.pixels, params.detect, threads), params, threads)


def read_boxes(frame: Frame, found: Sequence[Box], params: PpocrParams, threads: int) -> list[ReadLine]:
    """The text of every box that holds some; boxes in frame pixels."""
    seen = [s for s in _first_view(frame, found, params, threads) if greedy(s.emission)[1] >= params.least_clarity]
    decoder = _decoder(params.words, params.decode)
    unclear = [s for s in seen if not is_plain(s.emission, decoder, params.decide)] if params.second_view else []
    again = dict(zip(unclear, _second_view(frame, unclear, params, threads), strict=True))
    lines = [_line(s, again.get(s), decoder, params) for s in seen]
    return [line for line in lines if line.text]


def _first_view(frame: Frame, found: Sequence[Box], params: PpocrParams, threads: int) -> list[_Seen]:
    """Each box in the direction in which it says most."""
    tries = [(i, box.rolled(turn)) for i, box in enumerate(found) for turn in _turns(box, params)]
    emissions = recognise([crops.crop(frame.pixels, box) for _, box in tries], threads)
    best: dict[int, _Seen] = {}
    for (i, box), emission in zip(tries, emissions, strict=True):
        if i not in best or _says(emission) > _says(best[i].emission):
            best[i] = _Seen(box, emission)
    return list(best.values())


def _second_view(frame: Frame, unclear: Sequence[_Seen], params: PpocrParams, threads: int) -> list[Emission]:
    pictures = [crops.crop(frame.pixels, s.box.trimmed(params.trim), params.stretch) for s in unclear]
    return recognise(pictures, threads)


def _turns(box: Box, params: PpocrParams) -> tuple[int, ...]:
    tall = box.height >= params.tall * box.width
    return (UPRIGHT, FROM_BELOW, FROM_ABOVE) if tall else (UPRIGHT,)


def _says(emission: Emission) -> float:
    """How much a view says and how surely: a sure word beats a sure stroke."""
    text, sure = greedy(emission)
    return sure * math.sqrt(len(text))


def _line(seen: _Seen, again: Emission | None, decoder: Decoder, params: PpocrParams) -> ReadLine:
    if again is None and params.second_view:
        text, sure = greedy(seen.emission)
        decision = Decision(text.strip(), sure)
    else:
        decision = decide([e for e in (seen.emission, again) if e is not None], decoder, params.decide)
    return ReadLine(seen.box, decision.text, decision.confidence, NAME, decision.others)


@cache
def _decoder(words: WordParams, decode: DecodeParams) -> Decoder:
    return Decoder(Words(words), decode)
