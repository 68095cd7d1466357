"""Where this board puts its owners: what the sure ones say of those that are not.

A board is written by one hand in one way. Where most lines have a known name after the last arrow, what stands after
the last arrow of the others is an owner too, though no list has it; and a capitalised word at the start is none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from capture.pipeline.actions.names import LINKS, NOBODY, Sure, no_names
from capture.pipeline.actions.owners import Owner, checked
from capture.pipeline.actions.verbs import does
from capture.pipeline.phase.words import fold

SUPPORT = 2  # sure owners in a place from which it says something of the others
SHARE, MOST = 0.5, 0.75  # of the lines that have something in that place; from the second on words in small letters
EDGE = 3  # letters that a part may have beside its owner: a label's, a sign
LONGEST = 3  # words of an owner that only its place tells

_CUT = re.compile(
    r"\s*(?P<sep>→|➔|➜|►|=+>|-+>|—>|–>|>{1,2}|~>|\||:|;|,|\(|\)|\s?[-–—]\s|\s[-–—]|\s/\s|\s?=(?!>)\s?|\.\s)\s*"
)
_LEAD = re.compile(r"^[-–—•*·☐□✓→➔►>\s]*(?:\d{1,2}\s?[.)]\s*)?[-–—•*·☐□✓\s]*")
_DOES = re.compile(r"^[a-z]{2,}(?:er|ir|dre|tre|oir|ire)$")
_WHEN = re.compile(r"\s*(?:→|➔|➜|►|=+>|-+>|—>|–>|>{1,2}|~>)\s*\|\s*")  # an arrow, and a date that was blanked
_DASHES = frozenset(["–", "—"])
_WEAK = frozenset(["", ":", ",", ";"])  # signs after which as often more of the same is said
_ARROWS = frozenset(["→", "➔", "➜", "►", ">", ">>", "~>"])


Key = tuple[str, bool, bool]


@dataclass(frozen=True, slots=True)
class Slot:
    """One part of a line: ``key`` says where it stands, ``start`` and ``end`` in the line."""

    text: str
    start: int
    end: int
    key: Key  # the sign before it, whether it is the line's first part, its last


@dataclass(frozen=True, slots=True)
class _Told:
    """Places in which ``some`` line of the board has a sure owner, in which most have (``good``), nearly all."""

    some: set[Key]
    good: set[Key]
    best: set[Key]
    known: tuple[str, ...]


def slots(text: str) -> list[Slot]:
    """The parts of a line between its signs, those that are empty left out (dates have been blanked)."""
    lead = _LEAD.match(text)
    begin, sign, parts = lead.end() if lead else 0, "", []
    for match in _CUT.finditer(text, begin):
        if text[begin : match.start()].strip():
            parts.append((begin, match.start(), sign))
            sign = ""
        found = match["sep"].strip()
        found = "-" if found in _DASHES else found
        sign = "→" if found in _ARROWS or found.endswith(">") else found if not sign or sign in ",|" else sign
        begin = match.end()
    if text[begin:].strip(" .)"):
        parts.append((begin, len(text.rstrip(" .)")), sign))
    return [Slot(text[a:b].strip(), a, b, (sign, n == 0, n == len(parts) - 1)) for n, (a, b, sign) in enumerate(parts)]


def agreed(texts: Sequence[str], found: Sequence[Owner | None], known: tuple[str, ...] = ()) -> list[Owner | None]:
    """The owners of a board's lines, those that are not sure weighed by where the sure ones stand."""
    cut = [slots(text) for text in texts]
    sure: Counter[Key] = Counter()
    filled: Counter[Key] = Counter()
    for parts, owner in zip(cut, found, strict=True):
        if len(parts) < 2:
            continue
        filled.update({part.key for part in parts})
        place = _of(parts, owner) if owner and owner.sure >= Sure.ROLE else None
        if place is not None:
            sure[place.key] += 1
    good = {k for k, n in sure.items() if n >= SUPPORT and n >= SHARE * filled[k]}
    told = _Told(set(sure), good, {k for k in good if sure[k] >= MOST * filled[k]}, known)
    return [
        _weighed(parts, owner, told) or _pointed(parts, text, known)
        for parts, owner, text in zip(cut, found, texts, strict=True)
    ]


def _weighed(parts: Sequence[Slot], owner: Owner | None, told: _Told) -> Owner | None:
    if (owner and owner.sure >= Sure.ROLE) or len(parts) < 2:
        return owner
    if not told.good:
        hinted = (p for p in parts if p.key in told.some)
        return owner or next((found for p in hinted if (found := _perhaps(p, told.known))), None)
    place = _of(parts, owner)
    if place is not None and (place.key in told.good or place.key[0] == "("):
        return owner
    for part in parts:
        if part.key in told.good and (found := _told(part, part.key in told.best, told.known)):
            return found
    return owner if place is None else None


def _pointed(parts: Sequence[Slot], text: str, known: tuple[str, ...]) -> Owner | None:
    """«Relevé des fuites → fontainier → 12 juillet»: what stands between what and when is who, whatever the word."""
    if len(parts) == 2 and parts[1].key[0] == "→" and _WHEN.fullmatch(text[parts[1].end :]):
        return _told(parts[1], True, known)
    return None


def _told(part: Slot, best: bool, known: tuple[str, ...]) -> Owner | None:
    """What stands where this board's owners stand, if it can be one at all."""
    if NOBODY.search(fold(part.text)):
        return None
    if found := _perhaps(part, known):
        return found
    words = part.text.split()
    folded = [fold(w) for w in words if fold(w) not in LINKS]
    if part.key[0] in _WEAK and not part.text[:1].isupper() and not best:
        return None
    if (
        not folded
        or not 1 <= len(words) <= LONGEST
        or any(c.isdigit() for c in part.text)
        or any(_DOES.match(w) or w in no_names() for w in folded)
        or (len(words) > 1 and any(does(w) for w in words[1:]))
        or sum(c.isalpha() for c in part.text) < 2
    ):
        return None
    return Owner(part.text.strip(" ."), part.start, part.start + len(part.text), Sure.PERHAPS, part.start)


def _perhaps(part: Slot, known: tuple[str, ...]) -> Owner | None:
    """A part that is one by its words, and nothing more."""
    name, level, length = checked(part.text, known)
    if level >= Sure.PERHAPS and length >= len(part.text.rstrip(" .")):
        return Owner(name, part.start, part.start + length, level, part.start)
    return None


def _of(parts: Sequence[Slot], owner: Owner | None) -> Slot | None:
    """The part that an owner is, and that says nothing else."""
    if owner is None:
        return None
    return next((p for p in parts if p.start <= owner.place <= p.start + EDGE and p.end <= owner.end + EDGE), None)
