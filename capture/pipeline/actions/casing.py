"""Letters as their writer meant them: capitals that are only a hand's habit, or a reader's slip, made small."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from wordfreq import zipf_frequency

from capture.pipeline.actions.names import LOWER, UPPER, roles
from capture.pipeline.phase.form import calmed, first_names
from capture.pipeline.phase.words import fold

_TITLES = frozenset(("Me", "Mr", "Ms", "Mme", "Dr", "Pr", "Le", "La", "Les"))
EVERYDAY = 5.0
"""Zipf frequency from which a capitalised word inside a line is no name."""


def cased(text: str, known: Sequence[str] = ()) -> str:
    """A line in capitals in small letters, and letters that were misread as capitals too; of the same length."""
    small = calmed(text, frozenset(fold(part) for name in known for part in name.split()))
    if small != text:
        return civil(small)
    people = first_names() | {fold(part) for name in known for part in name.split()}
    return re.sub(rf"(?<=[^\s.!?] )[{UPPER}][{LOWER}]+|[{LOWER}][{UPPER}{LOWER}]+", lambda m: _smaller(m, people), text)


def _smaller(match: re.Match[str], people: Set[str]) -> str:
    """A capital inside a word, or on an everyday word inside a line, is a small letter misread."""
    word = match.group()
    if word.islower() or fold(word) in people or fold(word) in roles() or word in _TITLES:
        return word
    if re.fullmatch(rf"[a-z]['’][{UPPER}]{{2,}}", word):
        return word  # «l'ENSP»
    inside = word[0].islower()
    return word.lower() if inside or zipf_frequency(word.lower(), "fr") >= EVERYDAY else word


def civil(text: str) -> str:
    """«mme perrin» with its capitals, also where the two stand on two lines."""
    return re.sub(
        r"\b(mme|mlle|mr|dr)(\.?\s+)(\w)", lambda m: m[1].capitalize() + m[2] + m[3].upper(), text, flags=re.IGNORECASE
    )
