"""How a word is written in the rows of the table: itself and its stems, a form of the same verb, or its look-alikes.

A word that the table lacks is most often misread or mistyped. It borrows from the nearest known words by edit distance
(several, the nearest most: which of them was meant is left to the rest of the text), less the farther they are.
Function words are among the candidates and stand for nothing, so that a misread «dans» means nothing either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index import analysis, morphology
from index.train import ENGLISH, FRENCH, SURFACE

WHOLE = 12
"""Parts that a known word counts; all weights are whole parts, so that a text can be written out in rows."""
ALIKE = 0.6
"""Edit similarity (1 - distance / longer length) from which a word may be another one misread."""
CANDIDATES = 8
PREFERENCE = 12
"""Power by which the nearest of the candidates is preferred."""
SHORTEST = 4
CHUNK = 256

INFINITIVES = ("er", "ir", "re", "oir")

Spelt = tuple[tuple[int, int], ...]
"""Rows of the table and their parts."""


class Speller:
    """Spells folded words in the rows of a table."""

    def __init__(self, names: Sequence[str]) -> None:
        self._numbers = {name: number for number, name in enumerate(names)}
        self._spelt: dict[str, Spelt] = {}

    @cached_property
    def _surfaces(self) -> list[str]:
        return [name for name in self._numbers if name[0] not in (FRENCH, ENGLISH)]

    @cached_property
    def _candidates(self) -> list[str]:
        known = [name for name in self._surfaces if len(name) >= SHORTEST - 1 and name.isalpha()]
        return [*known, *sorted(word for word in analysis.STOP_WORDS if len(word) >= SHORTEST - 1)]

    @cached_property
    def _by_root(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in self._surfaces:
            for root in morphology.roots(name):
                found.setdefault(root, []).append(name)
        return found

    def knows(self, word: str) -> bool:
        """Whether a folded word, its stem or a form of it is in the table."""
        return bool(self._known(word))

    def spell(self, word: str) -> Spelt:
        """Rows that stand for a folded word; none for a word like no other."""
        return self.spell_all((word,))[word]

    def spell_all(self, words: Iterable[str]) -> dict[str, Spelt]:
        """``spell`` for many words at once, which is far quicker for those that need their look-alikes."""
        if len(self._spelt) > 1 << 16:
            self._spelt.clear()
        every = set(words)
        unknown = []
        for word in every - self._spelt.keys():
            found = self._known(word)
            if found or len(word) < SHORTEST or not word.isalpha():
                self._spelt[word] = found
            else:
                unknown.append(word)
        for start in range(0, len(unknown), CHUNK):
            self._look_alikes(unknown[start : start + CHUNK])
        return {word: self._spelt[word] for word in every}

    def _known(self, word: str) -> Spelt:
        return self._rows(word) or self._related(word)

    def _rows(self, word: str) -> Spelt:
        """A word's own row and those of its stems, in equal parts."""
        names = (SURFACE + word, FRENCH + analysis.stem(word), ENGLISH + analysis.stem_english(word))
        rows = [self._numbers[name] for name in dict.fromkeys(names) if name in self._numbers]
        return tuple((row, WHOLE // len(rows)) for row in rows)

    def _related(self, word: str) -> Spelt:
        """The rows of a form of the same verb."""
        infinitive = morphology.infinitive(word)
        if infinitive:
            return self._rows(infinitive)
        if not word.isalpha() or len(word) <= SHORTEST:
            return ()
        root = max((root for root in morphology.roots(word) if root in self._by_root), key=len, default=None)
        return self._rows(min(self._by_root[root], key=_plainness)) if root else ()

    def _look_alikes(self, words: Sequence[str]) -> None:
        from rapidfuzz.distance import Levenshtein
        from rapidfuzz.process import cdist

        alike = cdist(
            words, self._candidates, scorer=Levenshtein.normalized_similarity, score_cutoff=ALIKE, dtype=np.float32
        )
        for word, scores in zip(words, alike, strict=True):
            self._spelt[word] = self._mixed(scores)

    def _mixed(self, scores: NDArray[np.float32]) -> Spelt:
        near = np.flatnonzero(scores)
        near = near[np.argsort(-scores[near], kind="stable")][:CANDIDATES]
        if not len(near):
            return ()
        best = float(scores[near[0]])
        weights = (scores[near] / best) ** PREFERENCE
        weights *= best**2 / weights.sum()
        parts: dict[int, float] = {}
        for place, weight in zip(near, weights, strict=True):
            word = self._candidates[place]
            for row, part in () if word in analysis.STOP_WORDS else self._rows(word):
                parts[row] = parts.get(row, 0.0) + part * float(weight)
        return tuple((row, round(part)) for row, part in sorted(parts.items()) if round(part))


def _plainness(word: str) -> tuple[bool, int, str]:
    """Infinitives first, then the shortest."""
    return not word.endswith(INFINITIVES), len(word), word
