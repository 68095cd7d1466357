"""The words of some languages and how common they are, from wordfreq, as sorted arrays mapped from a file.

wordfreq takes seconds to unpack and hundreds of megabytes in each process. Its lists are therefore sorted once into the
user's cache and mapped from there, shared by all workers; where nothing can be written they are made in memory. (The
data is CC BY-SA: it stays on the machine that installed wordfreq and is part of nothing that Fresque gives away.)
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FORMAT = 1
LONGEST = 24  # bytes of UTF-8: what is longer is left out
ABSENT = 10_000  # centibels; the rarest words have some 800


@dataclass(frozen=True, eq=False)
class WordList:
    """``words``: N sorted byte strings (UTF-8, lower case); ``rarity``: N×languages, hundredths of −log10 of the
    frequency (wordfreq's centibels), ``ABSENT`` where the language lacks the word."""

    words: NDArray[np.bytes_]
    rarity: NDArray[np.int16]

    def begins(self, prefix: bytes) -> slice:
        """The words that begin so."""
        if len(prefix) > LONGEST:
            return slice(0, 0)
        # one needle a call: np.searchsorted would otherwise copy the whole list to a wider type
        past = prefix[: LONGEST - 1] + b"\xff"
        first, last = np.searchsorted(self.words, np.array([prefix, past], self.words.dtype))
        return slice(int(first), int(last))

    def at(self, word: bytes) -> int | None:
        """Where a word stands."""
        if len(word) > LONGEST:
            return None
        i = int(np.searchsorted(self.words, np.array(word, self.words.dtype)))
        return i if i < len(self.words) and self.words[i] == word else None


@cache
def load(languages: tuple[str, ...]) -> WordList:
    """Mapped from the cache, made first when it is not there."""
    place = _cache() / f"words-{FORMAT}-{version('wordfreq')}-{'-'.join(languages)}"
    try:
        if not place.exists():
            _write(build(languages), place)
        return WordList(np.load(place / "words.npy", "r"), np.load(place / "rarity.npy", "r"))
    except (OSError, ValueError):  # no room, no right, a file cut short: slower, not worse
        return build(languages)


def build(languages: tuple[str, ...]) -> WordList:
    """From wordfreq's large lists, or the best it has. Raises LookupError for a language it does not know."""
    found = [list(_words(language)) for language in languages]
    words, where = np.unique(np.array([w for words in found for w, _ in words], f"S{LONGEST}"), return_inverse=True)
    rarity = np.full((len(words), len(languages)), ABSENT, np.int16)
    ends = np.cumsum([len(f) for f in found])
    for column, (end, entries) in enumerate(zip(ends, found, strict=True)):
        rarity[where[end - len(entries) : end], column] = [r for _, r in entries]
    return WordList(words, rarity)


def _words(language: str) -> Iterator[tuple[bytes, int]]:
    import wordfreq

    for rarity, words in enumerate(wordfreq.get_frequency_list(language, "best")):
        for word in words:
            encoded = word.encode()
            if len(encoded) <= LONGEST:
                yield encoded, rarity
    wordfreq.get_frequency_list.cache_clear()


def _write(made: WordList, place: Path) -> None:
    """Whole or not at all, whoever else is writing the same."""
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=place.parent, prefix=".words-"))
    try:
        np.save(draft / "words.npy", made.words)
        np.save(draft / "rarity.npy", made.rarity)
        draft.rename(place)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        if not place.exists():
            raise


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fresque"
