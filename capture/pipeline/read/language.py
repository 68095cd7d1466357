"""What is known of a board once all its lines are: its languages, and the words it says elsewhere.

The search for words takes the best of all languages for each word; that makes «I repas végé» of «1 repas végé». Once
all lines are known, the board's words tell its languages, and each line is weighed again in one of them: any line may
be in any language, the rarer on this board the dearer, and a foreign word in it costs something. A word that the board
says clearly in another line is likelier than any list says (a cache, as in speech recognition: Kuhn & De Mori 1990);
so are the words of a vocabulary that the session brings along, and a word after one that it often follows.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np

from capture.pipeline.read.decode import Decoder, joins
from capture.pipeline.read.phrases import Phrases
from capture.pipeline.read.words import NEVER, Words, fold


@dataclass(frozen=True)
class LanguageParams:
    """Natural logs."""

    witness: float = 0.5  # weight of each word: the words of a board are no independent draws
    foreign: float = 4.0  # a word costs at most so much more in another language than in its own
    rarest: float = -4.0  # a language of which a board shows nothing
    at_home: float = -2.0  # a language this likely or more is one of the board's
    tight: float = 4.0  # a French sign that lacks its space
    clear: float = 0.85  # confidence from which a word of another line counts as said
    unsaid: float = 20.0  # words that the board might still say, beside those it has said
    known: float = 1e-3  # probability that a word is one of the vocabulary's, each


@dataclass(frozen=True)
class Spoken:
    """``logs``: natural log-probability of each language that ``words`` knows, in their order."""

    languages: tuple[str, ...]
    logs: tuple[float, ...]
    said: Mapping[str, float] = field(default_factory=dict)  # natural log-probability of words said or brought along
    phrases: Phrases | None = None  # what is written after what

    def at_home(self, params: LanguageParams) -> tuple[int, ...]:
        return tuple(i for i, log in enumerate(self.logs) if log >= params.at_home)

    @property
    def is_french(self) -> bool:
        return "fr" in self.languages and self.logs[self.languages.index("fr")] > -1.0


def spoken(texts: Iterable[str], words: Words, params: LanguageParams) -> Spoken:
    """What the listed words of a board say of its languages; even where there are none."""
    total = np.zeros(len(words.params.languages))
    for text in texts:
        for key in keys_of(text)[0]:
            logs = np.array(words.by_language(key))
            if len(key) > 1 and logs.max() > NEVER and not any(c.isdigit() for c in key):
                total += np.maximum(logs - logs.max(), -params.foreign)
    logs = params.witness * total
    logs -= np.logaddexp.reduce(logs)
    return Spoken(words.params.languages, tuple(np.maximum(logs, params.rarest).tolist()))


def with_said(
    known: Spoken, said: Counter[str], own: Counter[str], brought: Mapping[str, float], params: LanguageParams
) -> Spoken:
    """Knowing also the words ``said`` on the board, but for a line's ``own``, and those of a vocabulary."""
    logs = dict(brought)
    total = said.total() + params.unsaid
    for key, count in (said - own).items():
        if len(key) > 2:
            logs[key] = max(logs.get(key, NEVER), math.log(count / total))
    return replace(known, said=logs)


@lru_cache(2)
def vocabulary(texts: tuple[str, ...], params: LanguageParams) -> Mapping[str, float]:
    """Natural log-probability of each word of some texts."""
    log = math.log(params.known)
    return {key: log for text in texts for key in keys_of(text)[0] if len(key) > 2}


def clear_words(text: str, sure: Sequence[float], params: LanguageParams) -> Counter[str]:
    """Those of a line's words that were read clearly, as the lists write them."""
    parted = zip(text.split(), sure, strict=True)
    return Counter(key for word, c in parted if c >= params.clear for key in keys_of(word)[0])


def worth(text: str, decoder: Decoder, known: Spoken, params: LanguageParams) -> float:
    """Natural log, unweighted, as ``Hypothesis.language`` but in the likeliest single language."""
    keys, signs = keys_of(text)
    expected = [max(known.said.get(key, NEVER), after) for key, after in zip(keys, _after(keys, known), strict=True)]
    best = max(
        log
        + sum(
            max(_of_word(decoder.words, key, i, params.foreign), other)
            for key, other in zip(keys, expected, strict=True)
        )
        for i, log in enumerate(known.logs)
    )
    lengths = sum(len(key) + 1 for key in keys)
    return best + decoder.params.symbol * lengths + decoder.params.sign * signs


def is_at_home(text: str, words: Words, known: Spoken, params: LanguageParams) -> bool:
    """Whether the board's languages hold every word of a text."""
    home = known.at_home(params)
    return not home or all(
        max(words.by_language(key)[i] for i in home) > words.unlisted(key) for key in keys_of(text)[0]
    )


def _after(keys: Sequence[str], known: Spoken) -> list[float]:
    """Natural log-probability of each word after the one before it."""
    if known.phrases is None or not keys:
        return [NEVER] * len(keys)
    return [NEVER, *(known.phrases.after(before, key) for before, key in pairwise(keys))]


def _of_word(words: Words, key: str, language: int, foreign: float) -> float:
    logs = words.by_language(key)
    return max(logs[language], max(logs) - foreign, words.unlisted(key))


@lru_cache(4096)
def keys_of(text: str) -> tuple[tuple[str, ...], int]:
    """The words of a text as the lists write them, and how many signs stand between them."""
    keys, key, signs = [], "", 0
    for symbol in text:
        if symbol.isalnum() or joins(key, symbol):
            key += fold(symbol)
        else:
            keys.append(key)
            key = ""
            signs += symbol not in " '’"
    return tuple(k for k in (*keys, key) if k), signs


# --- French puts a space before high signs and inside its quotes -----------------------------------------------

TIGHT = re.compile(r"(?<=[^\W_]|[)»\"'’])([?!:;»%]+)(?=\s|$)")
OPENING = re.compile(r"«(?=\S)")


def spaced(texts: Sequence[str]) -> list[str]:
    """The texts that French spacing would change, changed."""
    return [OPENING.sub("« ", TIGHT.sub(r" \1", text)) for text in texts if lacking(text)]


def lacking(text: str) -> int:
    """How many spaces of French typography a text lacks; 12:30 and http:// lack none."""
    return len(TIGHT.findall(text)) + len(OPENING.findall(text))
