"""PP-OCR with our own decoding: detect, cut, recognise, look again where it is unclear, decide."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial

from capture.pipeline.frame import Frame, Pixels
from capture.pipeline.read import crops, phrases
from capture.pipeline.read.boxes import Box
from capture.pipeline.read.confidence import of_line
from capture.pipeline.read.decide import DecideParams, View, as_it_stands, decide, is_plain, is_settled, look
from capture.pipeline.read.decode import DecodeParams, Decoder, greedy
from capture.pipeline.read.detect import DetectParams
from capture.pipeline.read.language import (
    Spoken,
    clear_words,
    is_at_home,
    keys_of,
    lacking,
    spoken,
    vocabulary,
    with_said,
)
from capture.pipeline.read.line import ReadLine
from capture.pipeline.read.recognise import Emission, recognise
from capture.pipeline.read.words import WordParams, Words
from capture.pipeline.threads import side_by_side

NAME = "ppocr"
UPRIGHT, FROM_BELOW, FROM_ABOVE = 0, 1, -1  # clockwise quarter turns of the picture


@dataclass(frozen=True)
class PpocrParams:
    detect: DetectParams = field(default_factory=DetectParams)
    decode: DecodeParams = field(default_factory=DecodeParams)
    decide: DecideParams = field(default_factory=DecideParams)
    words: WordParams = field(default_factory=WordParams)
    tall: float = 1.5  # a box this many times higher than wide is also read in both quarter turns
    least_clarity: float = 0.5  # mean probability of the greedy symbols: below it a box is taken for a drawing
    second_view: bool = True
    said: bool = True  # words said clearly in one line are likelier in the others
    phrases: bool = True  # words in context
    vocabulary: tuple[str, ...] = ()  # titles, themes, names: a snapshot, so that reading can be repeated
    trim: float = 0.1  # of the height, above and below, in the second view
    stretch: float = 1.2  # the second view's widening


@dataclass(frozen=True, eq=False)
class _Seen:
    """A box with what it shows; ``views`` are empty where the greedy reading stands."""

    box: Box
    emission: Emission
    views: tuple[View, ...] = ()

    @property
    def likeliest(self) -> str:
        return max((h.worth, h.text) for view in self.views for h in view.proposals)[1] if self.views else self.plain

    @property
    def plain(self) -> str:
        return greedy(self.emission)[0].strip()


def read_boxes(frame: Frame, found: Sequence[Box], params: PpocrParams, threads: int) -> list[ReadLine]:
    """The text of every box that holds some, in their order; boxes in frame pixels."""
    decoder = _decoder(params.words, params.decode)
    seen = [s for s in side_by_side(partial(_look, frame.pixels, decoder, params), found, threads) if s is not None]
    known = spoken((s.likeliest for s in seen), decoder.words, params.decide.language)
    if params.phrases:
        known = replace(known, phrases=phrases.of(tuple(keys_of(text)[0] for text in params.vocabulary)))
    first = [_line(s, decoder, known, params.decide) for s in seen]
    return [line for line in _again(seen, first, decoder, known, params) if line.text]


def _again(
    seen: Sequence[_Seen], first: Sequence[ReadLine], decoder: Decoder, known: Spoken, params: PpocrParams
) -> Iterator[ReadLine]:
    """Lines that were not plain, decided again now that the others are known."""
    own = [clear_words(line.text, line.words, params.decide.language) for line in first]
    said = sum(own, Counter[str]()) if params.said else Counter[str]()
    brought = vocabulary(params.vocabulary, params.decide.language)
    for s, line, words in zip(seen, first, own, strict=True):
        if s.views and (said or brought):
            context = with_said(known, said, words, brought, params.decide.language)
            yield _line(s, decoder, context, params.decide)
        else:
            yield line


def _look(pixels: Pixels, decoder: Decoder, params: PpocrParams, box: Box) -> _Seen | None:
    """Once where the line is plain or soon settled, twice elsewhere; None for what is no text."""
    seen = _first_view(pixels, box, params)
    if greedy(seen.emission)[1] < params.least_clarity:
        return None
    if is_plain(seen.emission, decoder, params.decide):
        return seen
    views = [look(seen.emission, decoder, params.decide)]
    if params.second_view and not is_settled(views[0], decoder, params.decide):
        views.append(look(_second_view(pixels, seen.box, params), decoder, params.decide))
    return replace(seen, views=tuple(views))


def _line(seen: _Seen, decoder: Decoder, known: Spoken, params: DecideParams) -> ReadLine:
    """Decided in the board's languages. What was plain stands, unless they lack a word of it or French a space."""
    views = seen.views
    home = is_at_home(seen.plain, decoder.words, known, params.language)
    if not views and home and not (known.is_french and lacking(seen.plain)):
        decision = as_it_stands(seen.emission, decoder, params)
    else:
        decision = decide(views or (look(seen.emission, decoder, params),), decoder, known, params)
    sure = of_line(decision.words)
    return ReadLine(seen.box, decision.text, sure, NAME, decision.others, decision.words, decision.clarity)


def _first_view(pixels: Pixels, box: Box, params: PpocrParams) -> _Seen:
    """The box in the direction in which it says most."""
    tries = [box.rolled(turn) for turn in _turns(box, params)]
    return max((_Seen(b, recognise(crops.crop(pixels, b))) for b in tries), key=lambda seen: _says(seen.emission))


def _second_view(pixels: Pixels, box: Box, params: PpocrParams) -> Emission:
    return recognise(crops.crop(pixels, box.trimmed(params.trim), params.stretch))


def _turns(box: Box, params: PpocrParams) -> tuple[int, ...]:
    tall = box.height >= params.tall * box.width
    return (UPRIGHT, FROM_BELOW, FROM_ABOVE) if tall else (UPRIGHT,)


def _says(emission: Emission) -> float:
    """How much a view says and how surely: a sure word beats a sure stroke."""
    text, sure = greedy(emission)
    return sure * math.sqrt(len(text))


@cache
def _decoder(words: WordParams, decode: DecodeParams) -> Decoder:
    return Decoder(Words(words), decode)
