"""PP-OCR with our own decoding: detect, cut, recognise, decode."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from archive.model import Reading
from capture.pipeline.frame import Frame, Pixels
from capture.pipeline.read import crops
from capture.pipeline.read.boxes import Box
from capture.pipeline.read.decode import DecodeParams, Hypothesis, beam_search, greedy
from capture.pipeline.read.detect import DetectParams, detect
from capture.pipeline.read.line import ReadLine
from capture.pipeline.read.recognise import Emission, recognise
from capture.pipeline.read.words import WordParams, Words

NAME = "ppocr"


@dataclass(frozen=True)
class PpocrParams:
    detect: DetectParams = field(default_factory=DetectParams)
    decode: DecodeParams = field(default_factory=DecodeParams)
    words: WordParams = field(default_factory=WordParams)
    tall: float = 1.5  # a box this many times higher than wide is also read in both quarter turns
    least_confidence: float = 0.4  # below it a box is taken for a drawing
    runners_up: int = 2  # readings kept besides the best and the greedy one


def read_boxes(frame: Frame, found: Sequence[Box], params: PpocrParams, threads: int) -> list[ReadLine]:
    """The text of every box that holds some; boxes in frame pixels."""
    pictures: list[Pixels] = []
    owners: list[int] = []
    for i, box in enumerate(found):
        views = _views(frame.pixels, box, params)
        pictures += views
        owners += [i] * len(views)
    best: dict[int, Emission] = {}
    for i, emission in zip(owners, recognise(pictures, threads), strict=True):
        if i not in best or _clarity(emission) > _clarity(best[i]):
            best[i] = emission
    lines = [_line(found[i], emission, params) for i, emission in best.items()]
    return [line for line in lines if line.text and line.confidence >= params.least_confidence]


def find_lines(frame: Frame, params: PpocrParams, threads: int) -> list[ReadLine]:
    """Every line of a frame."""
    return read_boxes(frame, detect(frame.pixels, params.detect, threads), params, threads)


def _views(pixels: Pixels, box: Box, params: PpocrParams) -> tuple[Pixels, ...]:
    if box.height >= params.tall * box.width:
        return crops.quarter_turns(pixels, box)
    return (crops.crop(pixels, box),)


def _clarity(emission: Emission) -> float:
    """How much a view says and how surely: a sure word beats a sure stroke."""
    text, sure = greedy(emission)
    return sure * math.sqrt(len(text))


def _line(box: Box, emission: Emission, params: PpocrParams) -> ReadLine:
    ranked = beam_search(emission, _words(params.words), params.decode)
    plain, sure = greedy(emission)
    return ReadLine(box, ranked[0].text, sure, NAME, _others(ranked, plain.strip(), params))


def _others(ranked: Sequence[Hypothesis], plain: str, params: PpocrParams) -> tuple[Reading, ...]:
    """The greedy reading and the runners-up, each with its share of what the beam believes."""
    weight = [math.exp(h.pixels + params.decode.weight * h.language - _total(ranked[0], params)) for h in ranked]
    share = {h.text: w / sum(weight) for h, w in reversed(list(zip(ranked, weight, strict=True)))}
    kept = {plain: share.get(plain, 0.0)}
    kept |= {h.text: share[h.text] for h in ranked[1 : params.runners_up + 1]}
    return tuple(Reading(t, round(c, 4)) for t, c in kept.items() if t and t != ranked[0].text)


def _total(hypothesis: Hypothesis, params: PpocrParams) -> float:
    return hypothesis.pixels + params.decode.weight * hypothesis.language


@cache
def _words(params: WordParams) -> Words:
    return Words(params)
