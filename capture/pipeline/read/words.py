"""How likely a written word is, in the languages of a session; and how likely the words that begin like one."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from capture.pipeline.read import wordlist
from capture.pipeline.read.wordlist import ABSENT

ELISIONS = frozenset({"c", "d", "j", "l", "m", "n", "s", "t", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"})
DIGIT = re.compile(r"\d")
NEVER = -math.inf
FORMS = re.compile(r"\d{1,2}h(\d\d)?|\d{1,2}/\d{1,2}(/\d{2}(\d{2})?)?|\d{1,2}(er|re|e|ème)")
"""Hours, dates, ordinals: written on every board, and rare in the running text that the lists count."""
LOG_OF_CENTIBEL = -math.log(10) / 100


@dataclass(frozen=True)
class WordParams:
    """Natural logs. A word that no list holds costs ``unlisted`` and ``unlisted_letter`` a letter."""

    languages: tuple[str, ...] = ("fr", "en", "de")
    unlisted: float = -12.0
    unlisted_letter: float = -2.2
    digit: float = -2.3  # each digit of a number: one of ten
    form: float = -5.0  # an hour, a date, an ordinal, whichever


class Words:
    """Natural log-frequencies of words, the best of all languages for each."""

    def __init__(self, params: WordParams) -> None:
        self.params = params
        self._list = wordlist.load(params.languages)
        self._begun: dict[str, float] = {}
        self._finished: dict[str, float] = {}
        self._by_language: dict[str, tuple[float, ...]] = {}

    def finished(self, key: str) -> float:
        """Of a whole word as ``fold`` gives it."""
        known = self._finished.get(key)
        if known is None:
            known = self._finished[key] = max(*self.by_language(key), self.unlisted(key))
        return known

    def by_language(self, key: str) -> tuple[float, ...]:
        """Of a whole word in each language; -inf where it is not listed. Numbers belong to all."""
        known = self._by_language.get(key)
        if known is None:
            known = self._by_language[key] = self._look_up(key)
        return known

    def _look_up(self, key: str) -> tuple[float, ...]:
        shape, hidden = _shape(key)
        at = self._list.at(shape.encode())
        rarity = self._list.rarity[at].tolist() if at is not None else [ABSENT] * len(self.params.languages)
        logs = [r * LOG_OF_CENTIBEL + hidden * self.params.digit if r < ABSENT else NEVER for r in rarity]
        digits = len(DIGIT.findall(key))
        if FORMS.fullmatch(key):
            logs.append(self.params.form + digits * self.params.digit)
        return (max(logs),) * len(rarity) if digits else tuple(logs)

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
