"""Letters and digits that hands write alike: 1 I l, 0 O, 2 Z, 5 S, 8 B.

The recogniser is surer of one of them than a stroke can tell. What it gives to a letter it also gives, in part, to the
digit that looks the same, so that the words around can say which was meant: «1er juin», not «ler juin».
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from capture.pipeline.read import alphabet
from capture.pipeline.read.words import FORMS, Words

LETTERS = {"0": "O", "1": "Il|", "2": "Z", "5": "S", "8": "B"}
SHARE = 0.1
"""Of a letter's probability, for the digit."""

FAR = 3.0
"""Natural log."""

AS_DIGITS = str.maketrans({sign.lower(): digit for digit, signs in LETTERS.items() for sign in signs} | {"i": "1"})


def shared(chances: NDArray[np.float32]) -> NDArray[np.float32]:
    """T×(1 + symbols) probabilities, in which each digit has its share of what letters like it have."""
    for digit, letters in _places():
        seen = SHARE * chances[:, letters].max(axis=1)
        np.maximum(chances[:, digit], seen, out=chances[:, digit])
    return chances


@cache
def digits() -> dict[int, int]:
    """Place of a letter → place of the digit that looks like it."""
    return {letter: digit for digit, letters in _places() for letter in letters}


def may_be_number(key: str, words: Words) -> bool:
    """Whether a listed word reads as a number or an ordinal if its letters are taken for digits, and is not by far the
    likelier of the two, as «le» is beside «1e»."""
    digits = key.translate(AS_DIGITS)
    number = digits != key and (digits.isdigit() or FORMS.fullmatch(digits) is not None)
    return number and words.finished(key) - words.finished(digits) < FAR


@cache
def _places() -> tuple[tuple[int, list[int]], ...]:
    place = {symbol: k for k, symbol in enumerate(alphabet.allowed(), start=1)}
    return tuple((place[digit], [place[sign] for sign in signs]) for digit, signs in LETTERS.items())
