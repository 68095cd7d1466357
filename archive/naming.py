"""A person's name in texts: where it stands, however it is written, and the text without it. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from archive.model import Polygon

BLANK = "▮"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Span:
    """Characters ``start`` to ``end`` of a text."""

    start: int
    end: int


class Name:
    """``written``: the ways in which a name may be written; each is looked for without case and accents, whole words,
    with anything but letters between them, and with one letter misread in words of five letters and more."""

    def __init__(self, written: Sequence[str]) -> None:
        self._forms = [form for form in ([_plain(w) for w in _WORD.findall(each)] for each in written) if form]

    def spans(self, text: str) -> list[Span]:
        words = [(match.start(), match.end(), _plain(match.group())) for match in _WORD.finditer(text)]
        found = []
        for form in self._forms:
            for at in range(len(words) - len(form) + 1):
                here = words[at : at + len(form)]
                if all(_alike(asked, word[2]) for asked, word in zip(form, here, strict=True)):
                    found.append(Span(here[0][0], here[-1][1]))
        return found

    def fullest(self, readings: Sequence[str]) -> str:
        """Of the readings of one line, best first, that which holds most letters of the name; the better of equals
        says best where in the line it stands."""
        return max(readings, key=lambda text: sum(span.end - span.start for span in self.spans(text)))

    def __contains__(self, text: str) -> bool:
        return bool(self.spans(text))

    def without(self, text: str) -> str:
        for span in sorted(self.spans(text), key=lambda s: s.start, reverse=True):
            text = text[: span.start] + BLANK * 3 + text[span.end :]
        return text

    def clean(self, value: Any) -> Any:
        """A JSON value with the name taken out of every text in it."""
        if isinstance(value, str):
            return self.without(value)
        if isinstance(value, list):
            return [self.clean(each) for each in value]
        if isinstance(value, dict):
            return {key: self.clean(each) for key, each in value.items()}
        return value


def part(polygon: Polygon, text: str, span: Span) -> Polygon:
    """Where in a line's polygon those characters lie, with room to spare: of a quad, clockwise from the top left, the
    share by their place in the text; of any other polygon the whole."""
    if len(polygon) != 4 or not text:
        return polygon
    room = 1.5 / len(text)  # handwriting is not evenly spaced
    left = max(0.0, span.start / len(text) - room)
    right = min(1.0, span.end / len(text) + room)
    a, b, c, d = polygon
    return (_between(a, b, left), _between(a, b, right), _between(d, c, right), _between(d, c, left))


def _between(a: tuple[float, float], b: tuple[float, float], share: float) -> tuple[float, float]:
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)


def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word.casefold())
    return "".join(character for character in folded if character.isalnum())


def _alike(asked: str, word: str) -> bool:
    if asked == word:
        return True
    return len(asked) >= 5 and abs(len(asked) - len(word)) <= 1 and _one_apart(asked, word)


def _one_apart(a: str, b: str) -> bool:
    """Whether one letter exchanged, added or left out makes one of the other."""
    short, long = sorted((a, b), key=len)
    start = next((i for i, (x, y) in enumerate(zip(short, long, strict=False)) if x != y), len(short))
    return short[start + (len(a) == len(b)) :] == long[start + 1 :]
