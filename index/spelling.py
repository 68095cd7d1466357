"""How a word is written in the rows of the table: itself and its stem, a form of the same verb, or its look-alikes.

A word that the table lacks is most often misread or mistyped. It borrows from the nearest known words by edit distance
(several, the nearest most: which of them was meant is left to the rest of the text), less the farther they are.
Function words are among the candidates and stand for nothing, so that a misread «dans» means nothing either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index import analysis, language, morphology
from index.language import Language
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
        self._spelt: dict[Language, dict[str, Spelt]] = {"fr": {}, "en": {}}

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
        return bool(self._known(word, "fr"))

    def language_of(self, query: str) -> Language:
        return language.of(query, self._numbers)

    def spell(self, word: str, spoken: Language = "fr") -> Spelt:
        """Rows that stand for a folded word; none for a word like no other."""
        return self.spell_all((word,), spoken)[word]

    def spell_all(self, words: Iterable[str], spoken: Language = "fr") -> dict[str, Spelt]:
        """``spell`` for many words at once, which is far quicker for those that need their look-alikes.

        What is said in a language is taken for a word of the other only where it is none of its own.
        """
        kept = self._spelt[spoken]
        if len(kept) > 1 << 16:
            kept.clear()
        every = set(words)
        unknown = []
        for word in every - kept.keys():
            found = self._known(word, spoken)
            if found or len(word) < SHORTEST or not word.isalpha():
                kept[word] = found
            else:
                unknown.append(word)
        for start in range(0, len(unknown), CHUNK):
            kept |= self._look_alikes(unknown[start : start + CHUNK], spoken)
        return {word: kept[word] for word in every}

    def _known(self, word: str, spoken: Language) -> Spelt:
        return self._rows(word, spoken) or self._related(word, spoken)

    def _rows(self, word: str, spoken: Language) -> Spelt:
        """A word's own row and that of its stem, in equal parts."""
        stems = {"fr": FRENCH + analysis.stem(word), "en": ENGLISH + analysis.stem_english(word)}
        own = stems[spoken]
        names = (SURFACE + word, *((own,) if own in self._numbers else stems.values()))
        rows = [self._numbers[name] for name in dict.fromkeys(names) if name in self._numbers]
        return tuple((row, WHOLE // len(rows)) for row in rows)

    def _related(self, word: str, spoken: Language) -> Spelt:
        """The rows of a form of the same verb."""
        infinitive = morphology.infinitive(word)
        if infinitive:
            return self._rows(infinitive, spoken)
        if not word.isalpha() or len(word) <= SHORTEST:
            return ()
        root = max((root for root in morphology.roots(word) if root in self._by_root), key=len, default=None)
        return self._rows(min(self._by_root[root], key=_plainness), spoken) if root else ()

    def _look_alikes(self, words: Sequence[str], spoken: Language) -> dict[str, Spelt]:
        from rapidfuzz.distance import Levenshtein
        from rapidfuzz.process import cdist

        alike = cdist(
            words, self._candidates, scorer=Levenshtein.normalized_similarity, score_cutoff=ALIKE, dtype=np.float32
        )
        return {word: self._mixed(scores, spoken) for word, scores in zip(words, alike, strict=True)}

    def _mixed(self, scores: NDArray[np.float32], spoken: Language) -> Spelt:
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
            for row, part in () if word in analysis.STOP_WORDS else self._rows(word, spoken):
                parts[row] = parts.get(row, 0.0) + part * float(weight)
        return tuple((row, round(part)) for row, part in sorted(parts.items()) if round(part))


def _plainness(word: str) -> tuple[bool, int, str]:
    """Infinitives first, then the shortest."""
    return not word.endswith(INFINITIVES), len(word), word
