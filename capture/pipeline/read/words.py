"""How likely a written word is, in the languages of a session; and how likely the words that begin like one.

Frequencies of French, English and German words come from wordfreq, loaded when first asked for.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache

import numpy as np

ELISIONS = frozenset({"c", "d", "j", "l", "m", "n", "s", "t", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"})
DIGIT = re.compile(r"\d")
NEVER = -math.inf
LAST = "\U0010ffff"  # sorts after every continuation of a prefix


@dataclass(frozen=True)
class WordParams:
    """Natural logs. A word that no list holds costs ``unlisted`` and ``unlisted_letter`` a letter."""

    languages: tuple[str, ...] = ("fr", "en", "de")
    unlisted: float = -12.0
    unlisted_letter: float = -2.2
    digit: float = -2.3  # each digit of a number: one of ten


class Words:
    """A sorted word list with natural log-frequencies, the best of all languages for each word."""

    def __init__(self, params: WordParams) -> None:
        self.params = params
        best = _frequencies(params.languages)
        self._words = sorted(best)
        self._logs = np.log(np.array([best[word] for word in self._words], dtype=np.float32))
        self._bests: dict[str, float] = {}
        self._finished: dict[str, float] = {}

    def finished(self, key: str) -> float:
        """Of a whole word as ``fold`` gives it."""
        known = self._finished.get(key)
        if known is None:
            shape, digits = _shape(key)
            at = bisect_left(self._words, shape)
            listed = at < len(self._words) and self._words[at] == shape
            known = max(float(self._logs[at]) + digits * self.params.digit if listed else NEVER, self.unlisted(key))
            self._finished[key] = known
        return known

    def begun(self, key: str) -> float:
        """Of the likeliest listed word that begins so; -inf when none does."""
        known = self._bests.get(key)
        if known is None:
            shape, digits = _shape(key)
            first, last = bisect_left(self._words, shape), bisect_right(self._words, shape + LAST)
            known = float(self._logs[first:last].max()) + digits * self.params.digit if first < last else NEVER
            self._bests[key] = known
        return known

    def lists(self, key: str) -> bool:
        """Whether a whole word stands in a list, and is not better taken for a name."""
        return self.finished(key) > self.unlisted(key)

    def unlisted(self, key: str) -> float:
        return self.params.unlisted + self.params.unlisted_letter * len(key)


def fold(symbol: str) -> str:
    """One symbol as the lists write it."""
    return "'" if symbol == "’" else symbol.lower()


def _shape(key: str) -> tuple[str, int]:
    """wordfreq lists numbers of several digits by their shape, 2026 as 0000; and how many digits that hides."""
    digits = len(DIGIT.findall(key))
    return (DIGIT.sub("0", key), digits) if digits > 1 else (key, 0)


@cache
def _frequencies(languages: tuple[str, ...]) -> dict[str, float]:
    import wordfreq

    best: dict[str, float] = {}
    for language in languages:
        for word, frequency in wordfreq.get_frequency_dict(language, "large").items():
            if frequency > best.get(word, 0.0):
                best[word] = frequency
    return best
