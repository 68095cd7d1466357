"""How likely is each word that was read right? A small logistic regression over what reading knows of it.

Fitted on the even half of real photos and on rendered boards, so that of the words said with 0.8 about eight in ten are
right (``python -m bench.confidence`` prints the table).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from capture.pipeline.read.language import keys_of
from capture.pipeline.read.words import Words

MARK = re.compile(r"\w")


@dataclass(frozen=True)
class ConfidenceParams:
    """Weights on the log-odds."""

    bias: float = -5.4
    belief: float = 0.52  # log-odds of the readings that hold the word, against the others
    clarity: float = 0.65  # log-odds of the mean greedy probability of the line
    listed: float = 2.64  # share of its words that a list holds
    length: float = 2.91  # at eight letters and more
    least_belief: float = 0.02
    clearest: float = 0.995


def of_words(
    text: str, believed: Mapping[str, float], clarity: float, words: Words, params: ConfidenceParams
) -> tuple[float, ...]:
    """Probability that each word of ``text``, parted at spaces, is right. ``believed``: share of each reading."""
    parts = {reading: frozenset(reading.split()) for reading in believed}
    return tuple(
        round(_of_word(word, sum(believed[r] for r, held in parts.items() if word in held), clarity, words, params), 3)
        for word in text.split()
    )


def of_line(words: tuple[float, ...]) -> float:
    """The share of its words that is expected to be right."""
    return sum(words) / len(words) if words else 0.0


def _of_word(word: str, belief: float, clarity: float, words: Words, params: ConfidenceParams) -> float:
    keys = keys_of(word)[0]
    listed = sum(map(words.lists, keys)) / len(keys) if keys else 1.0
    total = (
        params.bias
        + params.belief * _log_odds(min(max(belief, params.least_belief), 1 - params.least_belief))
        + params.clarity * _log_odds(min(max(clarity, 0.3), params.clearest))
        + params.listed * listed
        + params.length * min(len(MARK.findall(word)) or 4, 8) / 8
    )
    return 1 / (1 + math.exp(-total))


def _log_odds(probability: float) -> float:
    return math.log(probability / (1 - probability))
