"""The form of what is written: names with dates, options side by side, complaints in the first person.

Half of real boards hold none of the method's words; how they are written still tells the phases apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib import resources

from capture.pipeline.phase.cues import CASED, FOLDED
from capture.pipeline.phase.words import Word, fold

_OF_PEOPLE = {
    "name": "personne nommée",
    "name_first": "qui fait quoi",
    "name_after": "qui fait quoi",
    "name_when": "nom et échéance",
    "names_many": "",
}
_OF_LENGTH = {"short": "liste d'idées", "bare": ""}

EVIDENCE = {cue.name: cue.evidence for cue in (*FOLDED, *CASED)} | _OF_PEOPLE | _OF_LENGTH
"""Name of every cue → what it is called to a person, empty when it says too little."""

NAMES = tuple(EVIDENCE)

OF_TIME = frozenset(("date", "deadline", "weekday", "month", "calendar"))
_SAYS_NOTHING = frozenset(("short", "capital_first", "dashes"))
_BEFORE_OWNER = re.compile(r"(?:→|->|=>|>|:|=|\(|-|–|,|\bresp\.?|\bavec|\bpar|\bwith)\s*(?:M\.|Mme|Dr)?\s*$")

_FIGURE = re.compile(r"(?<![a-z0-9])[oil]?\d[\doilsbz]*(?![a-z])|(?<![a-z0-9])[oil](?=/\d)")
SHOUTED = 0.8  # share of capitals from which a line is written in capitals
_LETTERS = re.compile(r"[^\W\d_]+")
_AS_FIGURES = str.maketrans("oilsbz", "011562")


def seen(lines: Sequence[str], words: Sequence[Sequence[Word]]) -> tuple[frozenset[str], ...]:
    """The names of the cues in each line; ``words`` are those of the lines, in the same order."""
    return tuple(_in_line(line, w) for line, w in zip(lines, words, strict=True))


def _in_line(line: str, words: Sequence[Word]) -> frozenset[str]:
    folded = _FIGURE.sub(_repaired, fold(line))
    found = {cue.name for cue in FOLDED if cue.pattern.search(folded)}
    found |= {cue.name for cue in CASED if cue.pattern.search(line)}
    found |= _people(line, words, found)
    if 0 < len(words) <= 5 and not any(w.folded.isdigit() for w in words):
        found.add("short")
    if found <= _SAYS_NOTHING:
        found.add("bare")
    return frozenset(found)


def _repaired(figure: re.Match[str]) -> str:
    """«l5/o3» is a date: letters among figures are misread figures."""
    return figure.group().translate(_AS_FIGURES)


def _people(line: str, words: Sequence[Word], found: set[str]) -> set[str]:
    named = [i for i, w in enumerate(words) if w.text[:1].isupper() and w.folded in first_names()]
    if not named and "civility" not in found:
        return set()
    cues = {"name"}
    if named and named[0] == 0 and len(words) > 1:
        cues.add("name_first")
    if any(_BEFORE_OWNER.search(line[: line.find(words[i].text)]) for i in named):
        cues.add("name_after")
    if found & OF_TIME:
        cues.add("name_when")
    if len(named) > 1:
        cues.add("names_many")
    return cues


def calmed(line: str, people: frozenset[str] = frozenset()) -> str:
    """A line written in capitals as it would be in small letters, of the same length: many hands write so, and then
    capitals say nothing. First names and ``people`` (folded) keep theirs."""
    letters = [c for c in line if c.isalpha()]
    if len(letters) < 4 or sum(c.isupper() for c in letters) < SHOUTED * len(letters):
        return line
    small = "".join(c.lower() if len(c.lower()) == 1 else c for c in line)
    return _LETTERS.sub(
        lambda m: m.group().capitalize() if fold(m.group()) in first_names() | people else m.group(), small
    )


@cache
def first_names() -> frozenset[str]:
    """Folded first names common in France, and some English ones."""
    return frozenset((resources.files(__package__) / "data" / "first_names.txt").read_text(encoding="utf-8").split())
