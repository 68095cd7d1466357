"""Text as a reader garbles it: to train on, and to measure what misreading costs."""

from __future__ import annotations

import random
from collections.abc import Sequence

_LOOK_ALIKES = {
    "a": "oeuà", "b": "h6l", "c": "eoç", "d": "oacl", "e": "caoé", "f": "tl", "g": "q9y", "h": "bnk", "i": "l1jt",
    "j": "iy", "k": "hx", "l": "i1t", "m": "nw", "n": "muh", "o": "ac0", "p": "nq", "q": "g9", "r": "vnt", "s": "5zc",
    "t": "lf+", "u": "vna", "v": "ur", "w": "vm", "x": "k*", "y": "vg", "z": "2s", "é": "eèc", "è": "eé", "ê": "eè",
    "à": "aâ", "ç": "c", "ù": "u", "0": "oO6", "1": "l7i", "2": "z7", "3": "8B", "4": "9A", "5": "Ss", "6": "b0",
    "7": "1?", "8": "B3", "9": "g4", ":": ".;", "-": "_~", "'": "’,", "/": "l1",
}  # fmt: skip
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def misread(lines: Sequence[str], rate: float, seed: int) -> tuple[str, ...]:
    """The lines with ``rate`` of their visible characters misread: most become a look-alike, some another letter, one
    in ten is lost. The same seed gives the same lines."""
    chance = random.Random(seed)
    return tuple("".join(_character(c, rate, chance) for c in line) for line in lines)


def _character(char: str, rate: float, chance: random.Random) -> str:
    if char.isspace() or chance.random() >= rate:
        return char
    kind = chance.random()
    if kind < 0.1:
        return ""
    if kind < 0.3:
        return chance.choice(_LETTERS)
    other = chance.choice(_LOOK_ALIKES.get(char.lower(), _LETTERS))
    return other.upper() if char.isupper() else other
