"""Words as the tagger sees them: folded, stemmed, with the spelling of the board kept for evidence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import snowballstemmer

Language = Literal["fr", "en"]

_WORD = re.compile(r"[^\W_]+")
_LIGATURES = str.maketrans(
    {"œ": "oe", "æ": "ae", "ß": "ss", "’": "'", "‘": "'", "ʼ": "'", "\u00a0": " ", "\u202f": " "}
)
_ENGLISH = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "for",
        "with",
        "we",
        "our",
        "is",
        "are",
        "not",
        "who",
        "what",
        "by",
        "from",
        "they",
        "it",
        "if",
        "out",
        "on",
    ]
)
_STEMMERS = {"fr": snowballstemmer.stemmer("french"), "en": snowballstemmer.stemmer("english")}


@dataclass(frozen=True, slots=True)
class Word:
    """``text`` as the board has it, ``folded`` without case and accents, ``stem`` of the folded form."""

    text: str
    folded: str
    stem: str


def fold(text: str) -> str:
    """Lower case without accents; œ and æ in two letters, one kind of apostrophe and of space."""
    lowered = unicodedata.normalize("NFC", text).lower().translate(_LIGATURES)
    return "".join(c for c in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(c))


@lru_cache(maxsize=1 << 16)
def _word(text: str, language: Language) -> Word | None:
    folded = fold(text)
    return Word(text, folded, stem(folded, language)) if folded else None


@lru_cache(maxsize=1 << 16)
def stem(folded: str, language: Language) -> str:
    """Snowball stem of a folded word: both sides of a comparison are folded before, so that accents never matter."""
    return str(_STEMMERS[language].stemWord(folded))


def split(text: str, language: Language) -> tuple[Word, ...]:
    """The words of one line; «d'action» is two, figures are words."""
    found = _WORD.findall(unicodedata.normalize("NFC", text))
    return tuple(word for text in found if (word := _word(text, language)))


def language_of(lines: Sequence[str]) -> Language:
    """English when one word in eight is an English function word that French lacks, French otherwise."""
    words = [w for line in lines for w in _WORD.findall(line.lower())]
    english = sum(w in _ENGLISH for w in words)
    return "en" if words and english >= max(2, len(words) / 8) else "fr"
