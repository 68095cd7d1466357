"""Words in context: how likely a word is after the one before it, from texts that people wrote.

The pairs come from the project's own lexicon and boards (``python -m bench.phrases`` gathers them) and from the
vocabulary that a session brings along. They only choose among readings that the pixels allow (rescoring of the best few
of the beam); a pair that nobody wrote costs nothing.
"""

from __future__ import annotations

import hashlib
import lzma
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

from capture.pipeline.read.words import NEVER

FILE = "phrases.txt.xz"
SHARE = 0.5  # of a word's probability that its pairs may claim
DISCOUNT = 0.5  # of each count: what was written once need not be written again (Ney, Essen & Kneser 1994)
UNSEEN = 5  # times that any word is thought to have been written before something else
BROUGHT = 10  # a pair of the session's vocabulary counts as often as this


class Phrases:
    """Pairs of words as the lists write them. ``brought``: the words of each text of a vocabulary."""

    def __init__(self, brought: Iterable[Sequence[str]] = ()) -> None:
        self._known = _lines()
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._words: Counter[str] = Counter()
        for keys in brought:
            for before, key in pairwise(keys):
                self._pairs[before, key] += BROUGHT
                self._words[before] += BROUGHT
        self._after: dict[str, Mapping[str, int]] = {}

    def after(self, before: str, key: str) -> float:
        """Natural log-probability of ``key`` right after ``before``; -inf where nobody wrote that."""
        count = self._written(before).get(key, 0) + self._pairs[before, key]
        if not count:
            return NEVER
        total = self._written(before)[""] + self._words[before]
        return math.log(SHARE * (count - DISCOUNT) / (total + UNSEEN))

    def _written(self, before: str) -> Mapping[str, int]:
        """What was written after a word, and how often; the word's own count under ""."""
        known = self._after.get(before)
        if known is None:
            own, *pairs = self._known.get(before, "0").split(" ")
            known = {"": int(own)}
            for pair in pairs:
                key, _, count = pair.partition("=")
                known[key] = int(count or 1)
            self._after[before] = known
        return known


@lru_cache(2)
def of(brought: tuple[tuple[str, ...], ...]) -> Phrases:
    """Made once for each vocabulary."""
    return Phrases(brought)


@cache
def digest() -> str:
    """SHA-256 (hex) of the pairs."""
    return hashlib.sha256(_bytes()).hexdigest()


def written(pairs: Mapping[tuple[str, str], int], words: Mapping[str, int]) -> bytes:
    """The file: a line a word, its count, then what came after it, with its count where that was more than one."""
    after: dict[str, list[str]] = {}
    for (before, key), count in sorted(pairs.items()):
        after.setdefault(before, []).append(key if count == 1 else f"{key}={count}")
    lines = (f"{before} {words[before]} {' '.join(keys)}" for before, keys in after.items())
    return lzma.compress("\n".join(lines).encode(), preset=9)


@cache
def _lines() -> Mapping[str, str]:
    rows = (line.partition(" ") for line in lzma.decompress(_bytes()).decode().splitlines())
    return {before: rest for before, _, rest in rows}


def _bytes() -> bytes:
    return (resources.files(__package__) / "data" / FILE).read_bytes()
