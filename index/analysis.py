"""One French analysis for both sides: what is indexed and what is asked go through the same few steps.

NFC, apostrophes and ligatures made plain, elided articles dropped, case and accents folded, then the French Snowball
stem. Folding comes before stemming because readers lose accents: «décidé» and «decide» must meet. Snowball leaves
some folded plurals and feminines apart («usagers», «perdus», «décidée»); a few endings are evened first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

VERSION = 1
"""Raised when the same text gives other tokens; indexes of another version are rebuilt."""

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ′´＇‛", "'"))
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"})

_ELISION = r"(?:l|d|j|m|t|s|n|c|qu|jusqu|lorsqu|puisqu|quoiqu)'(?=\w)"
_PLAIN = rf"(?P<whole>(?:aujourd|prud|presqu|entr|quelqu)'\w+)|(?P<elision>\b{_ELISION})|(?P<word>[^\W_]+)"
_TOKEN = re.compile(
    rf"""
      (?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
    | (?P<iso>(?<!\d)\d{{4}}-\d{{2}}-\d{{2}}(?!\d))
    | (?P<date>(?<!\d)\d{{1,2}}[/.]\d{{1,2}}[/.](?:\d{{4}}|\d{{2}})(?!\d))
    | (?P<acronym>\b(?:[^\W\d_]\.){{2,}}(?:[^\W\d_]\b)?)
    | (?P<number>(?<![\w.,])\d{{1,3}}(?:[ \u00a0\u202f]\d{{3}})+(?!\w)|(?<![\w.,])\d+[.,]\d+(?![\w.,]))
    | {_PLAIN}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PLAIN_TOKEN = re.compile(_PLAIN, re.IGNORECASE)
_ODD = re.compile(r"[@\d]|\w\.\w")
"""What only the full pattern tells apart; most lines have none of it."""

_FUNCTION_WORDS = """
    a afin ai aie ailleurs ainsi alors apres as au aucun aucune aura aurait aussi autre autres aux avaient avais avait
    avant avec avez avoir avons ayant beaucoup c ca car ce ceci cela celle celles celui ces cet cette ceux chaque chez
    comme comment d dans de depuis des deux dont du elle elles en encore entre es est et etaient etait etant ete etes
    etre eu eux fait fais faire faut font hors ici il ils j je jusqu l la le les leur leurs lors lui m ma mais me meme
    memes mes moi moins mon n ne ni nos notre nous on ont ou par parce pas pendant peu peut peuvent plus pour
    pourquoi puis qu quand que quel quelle quelles quels qui quoi s sa sans se sera serait ses si soi son sont sous
    suis sur t ta te tes toi ton tous tout toute toutes tres trop tu un une va vais vers vont vos votre vous y
    an and are at be by can do does for from has have how i in into is it its my not of or our that the their them
    there they this to was we were what when where which who why will with you your
    """
_WORTH_FINDING = {"avant", "apres", "ete", "sans", "moins"}  # a summer, a time and a lack
STOP_WORDS = frozenset(_FUNCTION_WORDS.split()) - _WORTH_FINDING


class Token(NamedTuple):
    """``exact`` is folded, ``stem`` also stemmed, ``stop`` says that it carries no meaning; ``start``/``end`` are
    offsets in the normalised text."""

    exact: str
    stem: str
    stop: bool
    position: int
    start: int
    end: int


def normalise(text: str) -> str:
    """NFC with plain apostrophes and without soft hyphens: the text that token offsets refer to."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text).translate(_APOSTROPHES).replace("\u00ad", "")


@lru_cache(maxsize=1 << 17)
def fold(word: str) -> str:
    """Lower case, no accents, ligatures written out."""
    lowered = word.casefold().translate(_LIGATURES)
    if lowered.isascii():
        return lowered
    # lower case again: «𝓐» has none until it is decomposed
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", lowered).casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_LIGATURES)


@cache
def _french() -> Callable[[str], str]:
    import snowballstemmer

    stem: Callable[[str], str] = snowballstemmer.stemmer("french").stemWord
    return stem


@cache
def _english() -> Callable[[str], str]:
    import snowballstemmer

    stem: Callable[[str], str] = snowballstemmer.stemmer("english").stemWord
    return stem


_IRREGULAR = {
    "travaux": "travail", "yeux": "oeil", "cieux": "ciel", "messieurs": "monsieur", "mesdames": "madame",
    "jeux": "jeu", "lieux": "lieu", "feux": "feu", "voeux": "voeu", "cheveux": "cheveu", "neveux": "neveu",
}  # fmt: skip


def _even(word: str) -> str:
    """Fold plural and feminine endings that Snowball keeps apart once accents are gone."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word[-1] == "s" and word[-2:] != "ss" and len(word) > (4 if word.endswith("us") else 3):
        word = word[:-1]
    if len(word) > 4 and word.endswith("ee"):
        word = word[:-1]
    if len(word) > 5 and word.endswith("ere"):
        word = word[:-1]
    return word


@lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """French stem of a folded word; words with digits stay as they are."""
    if not word.isalpha():
        return word
    return _french()(_even(word))


@lru_cache(maxsize=1 << 17)
def stem_english(word: str) -> str:
    """English stem of a folded word; words with digits stay as they are."""
    return _english()(word) if word.isalpha() else word


def _two(number: str) -> str:
    return number.zfill(2)


def _date(day: str, month: str, year: str) -> str:
    return f"{year if len(year) == 4 else '20' + year}-{_two(month)}-{_two(day)}"


def _forms(kind: str, raw: str) -> tuple[str, ...]:
    """What one match of the pattern is known by; several names share one position."""
    match kind:
        case "mail":
            return (fold(raw), *(fold(part) for part in re.findall(r"[^\W_]+", raw)))
        case "iso":
            return (raw, raw[:4])
        case "date":
            day, month, year = re.split(r"[/.]", raw)
            iso = _date(day, month, year)
            return (iso, iso[:4])
        case "acronym":
            return (fold(raw.replace(".", "")),)
        case "number":
            return (re.sub(r"\s", "", raw).replace(",", "."),)
        case "whole":
            return (fold(raw.replace("'", "")),)
        case _:
            return (fold(raw),)


@lru_cache(maxsize=1 << 17)
def _known(kind: str, raw: str) -> tuple[tuple[str, str, bool], ...]:
    return tuple((form, stem(form), form in STOP_WORDS) for form in _forms(kind, raw) if form)


def tokens(text: str) -> Iterator[Token]:
    """Tokens in order, stop words among them; an elided article («l'», «qu'») gives none."""
    plain = normalise(text)
    pattern = _TOKEN if _ODD.search(plain) else _PLAIN_TOKEN
    position = 0
    for found in pattern.finditer(plain):
        kind = found.lastgroup or "word"
        if kind == "elision":
            continue
        for exact, stemmed, stop in _known(kind, found[0]):
            yield Token(exact, stemmed, stop, position, found.start(), found.end())
        position += 1


def stems(text: str) -> list[str]:
    """Stems of the words that carry meaning."""
    return [t.stem for t in tokens(text) if not t.stop]


def words(text: str) -> list[str]:
    """Folded, unstemmed words that carry meaning."""
    return [t.exact for t in tokens(text) if not t.stop]
