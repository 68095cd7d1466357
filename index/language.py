"""In which of two languages somebody asks, so that «courses» and «cars» are taken for what they are in it.

By its function words, and by the words that only one side of the lexicon knows; French unless English says more.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Literal

from index import analysis
from index.train import ENGLISH, FRENCH

Language = Literal["fr", "en"]

_SPELT_ENGLISH = """
a an and are at be been before but by can do does for from get has have how i if in into is it its my not of off or our
out over she should so than that the their them there they this to too under up was we were what when where which who
whose why will with without would you your after about very he her his
"""
_SPELT_FRENCH = """
au aux avec c ce ces cette d dans de des du elle elles en entre est et il ils j je l la le les leur leurs mais n ne nos
notre nous on ont ou par pas plus pour qu quand que qui quoi s sa sans se ses son sont sur tu un une vos votre vous y
comment pourquoi chez
"""
_ENGLISH, _FRENCH = frozenset(_SPELT_ENGLISH.split()), frozenset(_SPELT_FRENCH.split())


def of(text: str, names: Container[str]) -> Language:
    """The language of a query; ``names`` are those of the table's rows."""
    words = [token.exact for token in analysis.tokens(text)]
    english = sum(word in _ENGLISH or _only(word, ENGLISH, FRENCH, names) for word in words)
    french = sum(word in _FRENCH or _only(word, FRENCH, ENGLISH, names) for word in words)
    return "en" if english > french else "fr"


def _only(word: str, one: str, other: str, names: Container[str]) -> bool:
    """Whether one side of the lexicon knows a word, and the other does not."""
    stems = {FRENCH: analysis.stem(word), ENGLISH: analysis.stem_english(word)}
    return one + stems[one] in names and other + stems[other] not in names
