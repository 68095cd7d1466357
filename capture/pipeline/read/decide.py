"""From what was seen in one or more views of a line to its text, its confidence and the readings that lost."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from archive.model import Reading
from capture.pipeline.read.decode import Decoder, greedy
from capture.pipeline.read.likelihood import likelihoods
from capture.pipeline.read.recognise import Emission
from capture.pipeline.read.words import fold

WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class DecideParams:
    clear: float = 0.85  # least probability of any step in a line that needs no second view
    candidates: int = 6  # texts that each view proposes
    runners_up: int = 2  # readings kept besides the best and the greedy one


@dataclass(frozen=True)
class Decision:
    text: str
    confidence: float  # 0..1
    others: tuple[Reading, ...] = ()


def is_plain(emission: Emission, decoder: Decoder, params: DecideParams) -> bool:
    """Every step is clear and every word is listed: the greedy reading stands and nothing more need be asked."""
    text, _ = greedy(emission)
    words = WORD.findall("".join(map(fold, text)))
    clear = float(emission.logs.max(axis=1).min()) >= math.log(params.clear)
    return clear and bool(words) and all(map(decoder.words.lists, words))


def decide(views: Sequence[Emission], decoder: Decoder, params: DecideParams) -> Decision:
    """The text that all views together find likeliest: each proposes some, each is asked about all.

    A text is as likely as its mean probability over the views: one clear view outweighs one that is blurred.
    """
    plain, sure = greedy(views[0])
    language = {h.text: h.language for view in views for h in decoder.decode(view)[: params.candidates]}
    texts = list(language)
    seen = np.logaddexp.reduce([likelihoods(view, texts) for view in views], axis=0) - math.log(len(views))
    worth = seen + decoder.params.weight * np.array([language[text] for text in texts])
    share = np.exp(worth - worth.max())
    share /= share.sum()
    ranked = [texts[i] for i in np.argsort(-worth)]
    believed = dict(zip(texts, share.tolist(), strict=True))
    return Decision(ranked[0], sure, _others(ranked, plain.strip(), believed, params))


def _others(ranked: Sequence[str], plain: str, believed: dict[str, float], params: DecideParams) -> tuple[Reading, ...]:
    """The greedy reading and the runners-up, each with its share of what is believed."""
    kept = [plain, *(text for text in ranked[1 : params.runners_up + 1] if text != plain)]
    return tuple(Reading(text, round(believed.get(text, 0.0), 4)) for text in kept if text and text != ranked[0])
