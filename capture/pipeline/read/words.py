"""How likely a written word is, in the languages of a session.

Frequencies of French, English and German words come from wordfreq, loaded when first asked for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

ELISION = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’]")
DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class WordParams:
    """Natural logs. An unlisted word costs ``unlisted`` and ``unlisted_letter`` a letter; a sign costs ``sign``."""

    languages: tuple[str, ...] = ("fr", "en", "de")
    unlisted: float = -17.0
    unlisted_letter: float = -0.6
    sign: float = -5.0


@cache
def _frequencies(language: str) -> Mapping[str, float]:
    import wordfreq

    known: Mapping[str, float] = wordfreq.get_frequency_dict(language, "large")
    return known


class Words:
    """Natural log-probabilities of words as written, cached."""

    def __init__(self, params: WordParams = WordParams()) -> None:
        self.params = params
        self._tables = [_frequencies(language) for language in params.languages]
        self.log = lru_cache(maxsize=200_000)(self._log)

    def _log(self, word: str) -> float:
        folded = word.lower().replace("’", "'")
        best = self._listed(folded)
        elided = ELISION.match(folded)
        if elided and elided.end() < len(folded):
            rest = self._listed(folded[elided.end() :])
            best = max(best, self._listed(folded[: elided.end() - 1]) + rest + 3.0)
        return max(best, self.params.unlisted + self.params.unlisted_letter * len(folded))

    def _listed(self, word: str) -> float:
        """-inf for a word no list holds; digits are counted by their shape, as wordfreq lists them."""
        digits = len(DIGIT.findall(word))
        if digits > 1 or (digits and len(word) > 1):
            shape = DIGIT.sub("0", word)
            frequency = max(max(t.get(shape, 0.0) for t in self._tables), 1e-5 * 0.3 ** len(word))
            return math.log(frequency) - 2.3 * digits
        frequency = max(table.get(word, 0.0) for table in self._tables)
        return math.log(frequency) if frequency else -math.inf
