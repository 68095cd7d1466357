"""The language that a board is written in, by its own words."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from fresque.report.model import Sheet

if TYPE_CHECKING:
    from capture.pipeline.read.words import Words

LIKELY = math.log(0.8)  # below, a board is said to be in no language of its own: the report's is taken


def of_sheet(sheet: Sheet, otherwise: str) -> str:
    """ISO 639-1, ``otherwise`` where too few words tell. Loads the word lists: some 40 MB."""
    return of(line.text for line in sheet.lines if not line.doubtful) or otherwise


def of(texts: Iterable[str]) -> str:
    """ISO 639-1, or "" where too few words tell."""
    from capture.pipeline.read.language import LanguageParams, spoken  # 30 MB, which a PDF of 300 boards has not

    known = spoken(texts, _words(), LanguageParams())
    best = max(range(len(known.logs)), key=known.logs.__getitem__)
    return known.languages[best] if known.logs[best] >= LIKELY else ""


@cache
def _words() -> Words:
    from capture.pipeline.read.words import WordParams, Words

    return Words(WordParams())
