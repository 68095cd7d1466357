"""How likely a written word is, in the languages of a session; and how likely the words that begin like one."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from capture.pipeline.read import wordlist

ELISIONS = frozenset({"c", "d", "j", "l", "m", "n", "s", "t", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"})
DIGIT = re.compile(r"\d")
NEVER = -math.inf
LOG_OF_CENTIBEL = -math.log(10) / 100


@dataclass(frozen=True)
class WordParams:
    """Natural logs. A word that no list holds costs ``unlisted`` and ``unlisted_letter`` a letter."""

    languages: tuple[str, ...] = ("fr", "en", "de")
    unlisted: float = -12.0
    unlisted_letter: float = -2.2
    digit: float = -2.3  # each digit of a number: one of ten


class Words:
    """Natural log-frequencies of words, the best of all languages for each."""

    def __init__(self, params: WordParams) -> None:
        self.params = params
        self._list = wordlist.load(params.languages)
        self._begun: dict[str, float] = {}
        self._finished: dict[str, float] = {}

    def finished(self, key: str) -> float:
        """Of a whole word as ``fold`` gives it."""
        known = self._finished.get(key)
        if known is None:
            shape, digits = _shape(key)
            at = self._list.at(shape.encode())
            listed = NEVER if at is None else self._log(slice(at, at + 1), digits)
            known = self._finished[key] = max(listed, self.unlisted(key))
        return known

    def begun(self, key: str) -> float:
        """Of the likeliest listed word that begins so; -inf when none does."""
        known = self._begun.get(key)
        if known is None:
            shape, digits = _shape(key)
            known = self._begun[key] = self._log(self._list.begins(shape.encode()), digits)
        return known

    def _log(self, found: slice, digits: int) -> float:
        if found.start >= found.stop:
            return NEVER
        return float(self._list.rarity[found].min()) * LOG_OF_CENTIBEL + digits * self.params.digit

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
