"""Lists as they stand on boards: bullets, arrows, ticks, boxes and numbers that begin an item, and the lines of each.

The text of a line keeps its sign, as it was written; this says which sign it is and what it begins. Pure text: readers
misread signs, so a weak one (a dash may be the rest of a word, a figure a quantity) counts only in company.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    BULLET = "bullet"
    ARROW = "arrow"
    BOX = "box"  # to be ticked
    TICK = "tick"  # ticked
    CROSS = "cross"
    NUMBER = "number"


SIGNS = (
    (Mark.ARROW, r"[→⇒➔]|[-–=]{1,2}>"),
    (Mark.BOX, r"[☐□]|\[ ?\]"),
    (Mark.TICK, r"[☑✓✔]|\[[xX✓]\]"),
    (Mark.CROSS, r"[☒✗✘]"),
    (Mark.BULLET, r"[•·▪★☆]"),
)
_STRONG = tuple((mark, re.compile(rf"\s*(?P<sign>{signs})\s*(?=\S)")) for mark, signs in SIGNS)
_DASH = re.compile(r"\s*(?P<sign>[-–—*+>]|(?P<cross>×))(?:\s+(?=[^\W_]|[«\"(])|(?=[^\W\d_]|[«\"(]))")
_NUMBER = re.compile(r"\s*(?P<sign>(?P<n>\d{1,2}|[a-h])\s?[.)/°])\s*(?=[^\W\d_]|[«\"(])")


@dataclass(frozen=True, slots=True)
class Item:
    """``lines``: places of its lines among those given; ``mark`` is None for what is no item of a list. ``signs``:
    letters of the first line that make the mark, with the space after it."""

    mark: Mark | None
    lines: tuple[int, ...]
    signs: int = 0


@dataclass(frozen=True, slots=True)
class _Sign:
    mark: Mark
    length: int
    weak: str = ""  # what it must be in company of


def items(texts: Sequence[str]) -> tuple[Item, ...]:
    """The lines of one note or block, in order, as items: a line without a mark that begins with a small letter goes
    on with the item above it, any other stands by itself."""
    signs = marks(texts)
    found: list[Item] = []
    for i, (text, sign) in enumerate(zip(texts, signs, strict=True)):
        above = found[-1] if found else None
        if sign is None and above is not None and above.mark and text.lstrip()[:1].islower():
            found[-1] = Item(above.mark, (*above.lines, i), above.signs)
        else:
            found.append(Item(sign.mark if sign else None, (i,), sign.length if sign else 0))
    return tuple(found)


def marks(texts: Sequence[str]) -> list[_Sign | None]:
    """The sign that begins each line; None where there is none, or only one that alone says nothing."""
    seen = [_sign(text) for text in texts]
    company = [s.weak for s in seen if s is not None and s.weak]
    numbers = {s.weak for s in seen if s is not None and s.mark is Mark.NUMBER}
    return [s if s is None or not s.weak or _holds(s, company, numbers) else None for s in seen]


def mark_of(text: str) -> Mark | None:
    """The sign that begins a line, where it is one that stands for itself."""
    sign = _sign(text)
    return sign.mark if sign and not sign.weak else None


def _sign(text: str) -> _Sign | None:
    for mark, pattern in _STRONG:
        if found := pattern.match(text):
            return _Sign(mark, found.end())
    if found := _DASH.match(text):
        return _Sign(Mark.CROSS if found["cross"] else Mark.BULLET, found.end(), found["cross"] or "-")
    if found := _NUMBER.match(text):
        return _Sign(Mark.NUMBER, found.end(), found["n"])
    return None


def _holds(sign: _Sign, company: Sequence[str], numbers: Iterable[str]) -> bool:
    """Two dashes are a list; so is a number with the one before or after it."""
    if sign.mark is Mark.NUMBER:
        here = ord(sign.weak) if sign.weak.isalpha() else int(sign.weak)
        alike = [ord(n) if n.isalpha() else int(n) for n in numbers if n.isalpha() == sign.weak.isalpha()]
        return here - 1 in alike or here + 1 in alike
    return company.count(sign.weak) > 1
