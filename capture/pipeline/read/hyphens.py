"""Words cut at the end of a line: forma-/tion is formation, co-/conception stays co-conception.

The lines stay as they stand on the board. What the cut word says is kept among a line's other readings, where search
finds it, and ``archive.model.running_text`` makes running text of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from archive.model import Line, Reading
from capture.pipeline.read.words import Words, fold

CUT = re.compile(r"(?:^|(?<=[^\w-]))([^\W\d_]{2,})-$")
REST = re.compile(r"[^\W\d_]{2,}")
HYPHENED = frozenset((
    "après", "arrière", "au", "auto", "avant", "bien", "celle", "celles", "celui", "ceux", "chef", "co",
    "contre", "demi", "elle", "elles", "ex", "grand", "grande", "ici", "il", "ils", "inter", "là", "mi", "moi",
    "mot", "non", "nous", "on", "peut", "petit", "petite", "pluri", "porte", "pot", "quelques", "rendez",
    "sans", "semi", "socio", "sous", "tout", "toute", "vice", "vis", "vous",
))  # fmt: skip
"""What French writes with a hyphen before its next word."""

RARER = 5.0  # natural log: how much rarer than its tail a word may be that begins like one of them (intervenant)


def mended(lines: Sequence[Line], words: Words) -> tuple[Line, ...]:
    """The lines of one note or block; one that ends in half a word also holds the whole among its other readings."""
    return tuple(_mended(line, below, words) for line, below in zip_longest(lines, lines[1:]))


def _mended(line: Line, below: Line | None, words: Words) -> Line:
    cut, rest = CUT.search(line.text), REST.match(below.text) if below else None
    if not (cut and rest) or cut[1].isupper() != rest[0].isupper() or not (rest[0].islower() or rest[0].isupper()):
        return line
    whole = line.text[:-1] if _is_one_word(_key(cut[1]), _key(rest[0]), words) else line.text
    return replace(line, others=(Reading(whole + rest[0], line.confidence), *line.others))


def _is_one_word(head: str, tail: str, words: Words) -> bool:
    """Whether the whole is the likelier word, or nobody writes the halves."""
    whole, rest = words.finished(head + tail), words.finished(tail)
    if not words.lists(head + tail):
        return not (words.lists(tail) and (head in HYPHENED or words.lists(head)))
    if head in HYPHENED and words.lists(tail):
        return whole > rest - RARER
    return whole > words.finished(head) + rest


def _key(word: str) -> str:
    return "".join(map(fold, word))
