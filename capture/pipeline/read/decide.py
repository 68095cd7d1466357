"""From what was seen in one or more views of a line to its text, its confidence and the readings that lost."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from archive.model import Reading
from capture.pipeline.read.alike import may_be_number
from capture.pipeline.read.confidence import ConfidenceParams, of_words
from capture.pipeline.read.decode import Decoder, Hypothesis, greedy
from capture.pipeline.read.language import LanguageParams, Spoken, lacking, spaced, worth
from capture.pipeline.read.likelihood import likelihoods
from capture.pipeline.read.recognise import Emission
from capture.pipeline.read.words import fold

WORD = re.compile(r"[^\W_]+")
WHOLE = re.compile(r"[^\W_]+(?![^\W_]|['’])")  # no l', no d'
LONG_NUMBER = re.compile(r"\d{4,}")


@dataclass(frozen=True)
class DecideParams:
    clear: float = 0.85  # least probability of any step in a line that is read as it stands
    settled: float = 0.9  # what the likeliest text must be believed, against the others, to need no second view
    language: LanguageParams = field(default_factory=LanguageParams)
    confidence: ConfidenceParams = field(default_factory=ConfidenceParams)
    candidates: int = 6  # texts that each view proposes
    runners_up: int = 2  # readings kept besides the best and the greedy one


@dataclass(frozen=True)
class Decision:
    text: str
    clarity: float  # mean probability of the greedy symbols, 0..1
    words: tuple[float, ...]  # confidence of each word, parted at spaces
    others: tuple[Reading, ...] = ()


@dataclass(frozen=True, eq=False)
class View:
    """One look at a line and what it proposes, by falling worth."""

    emission: Emission
    proposals: tuple[Hypothesis, ...]


def look(emission: Emission, decoder: Decoder, params: DecideParams) -> View:
    return View(emission, tuple(decoder.decode(emission)[: params.candidates]))


def is_plain(emission: Emission, decoder: Decoder, params: DecideParams) -> bool:
    """Every step is clear, every word is listed and none looks like a number: the greedy reading stands, unasked."""
    clear = float(emission.logs.max(axis=1).min()) >= math.log(params.clear)
    text = greedy(emission)[0]
    numbers = any(may_be_number(key, decoder.words) for key in WHOLE.findall(text.lower()))
    return clear and _lists(text, decoder) and not numbers


def is_settled(view: View, decoder: Decoder, params: DecideParams) -> bool:
    """The likeliest text leaves the others little and holds listed words only: a second view would change nothing."""
    worth = np.array([h.worth for h in view.proposals])
    return float(1 / np.exp(worth - worth[0]).sum()) >= params.settled and _lists(view.proposals[0].text, decoder)


def _lists(text: str, decoder: Decoder) -> bool:
    """Long numbers stand in no list: 18/09 is easily read as 18109."""
    words = WORD.findall("".join(map(fold, text)))
    return bool(words) and all(decoder.words.lists(word) and not LONG_NUMBER.fullmatch(word) for word in words)


def decide(views: Sequence[View], decoder: Decoder, known: Spoken, params: DecideParams) -> Decision:
    """The text that all views together find likeliest: each proposes some, each is asked about all.

    A text is as likely as its mean probability over the views: one clear view outweighs one that is blurred.
    """
    plain, sure = greedy(views[0].emission)
    texts = list(dict.fromkeys(h.text for view in views for h in view.proposals))
    if known.is_french:
        texts = list(dict.fromkeys(texts + spaced(texts)))
    seen = np.logaddexp.reduce([likelihoods(v.emission, texts) for v in views], axis=0) - math.log(len(views))
    total = seen + decoder.params.weight * np.array([worth(t, decoder, known, params.language) for t in texts])
    if known.is_french:
        total -= params.language.tight * np.array([lacking(t) for t in texts])
    share = np.exp(total - total.max())
    share /= share.sum()
    ranked = [texts[i] for i in np.argsort(-total)]
    believed = dict(zip(texts, share.tolist(), strict=True))
    words = of_words(ranked[0], believed, sure, decoder.words, params.confidence)
    return Decision(ranked[0], sure, words, _others(ranked, plain.strip(), believed, params))


def as_it_stands(emission: Emission, decoder: Decoder, params: DecideParams) -> Decision:
    """The greedy reading."""
    text, sure = greedy(emission)
    text = text.strip()
    return Decision(text, sure, of_words(text, {text: 1.0}, sure, decoder.words, params.confidence))


def _others(ranked: Sequence[str], plain: str, believed: dict[str, float], params: DecideParams) -> tuple[Reading, ...]:
    """The greedy reading and the runners-up, each with its share of what is believed."""
    kept = [plain, *(text for text in ranked[1 : params.runners_up + 1] if text != plain)]
    return tuple(Reading(text, round(believed.get(text, 0.0), 4)) for text in kept if text and text != ranked[0])
