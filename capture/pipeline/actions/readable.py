"""A line as its reader meant it: folded, figures and the words of dates mended, each character's place kept."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

MONTHS = (
    ("janvier", "january", "janv", "jan"),
    ("fevrier", "february", "fevr", "fev", "feb"),
    ("mars", "march", "mar"),
    ("avril", "april", "avr", "apr"),
    ("mai", "may"),
    ("juin", "june", "jun"),
    ("juillet", "july", "juil", "jul"),
    ("aout", "august", "aug"),
    ("septembre", "september", "sept", "sep"),
    ("octobre", "october", "oct"),
    ("novembre", "november", "nov"),
    ("decembre", "december", "dec"),
)
WEEKDAYS = (
    ("lundi", "monday", "lun", "mon"),
    ("mardi", "tuesday", "tue"),
    ("mercredi", "wednesday", "mer", "wed"),
    ("jeudi", "thursday", "jeu", "thu"),
    ("vendredi", "friday", "vendr", "ven", "fri"),
    ("samedi", "saturday", "sam", "sat"),
    ("dimanche", "sunday", "dim", "sun"),
)
_LONG = (
    *(word for names in (*MONTHS, *WEEKDAYS) for word in names if len(word) >= 5),
    *("avant", "demain", "semaine", "semaines", "rentree", "trimestre", "prochain", "prochaine", "jours"),
)
_AFTER_FIGURES = ("mars", "juin", "aout", "mai", "july", "june", "march", "april", "sept", "janv", "juil")
_OTHER_WORDS = frozenset(
    [
        "avance",
        "avait",
        "ainsi",
        "aucun",
        "auront",
        "marche",
        "marches",
        "demande",
        "demi",
        "jour",
        "jouer",
        "vent",
        "avants",
        "prochains",
        "mais",
        "mois",
        "main",
        "mots",
        "matin",
        "man",
        "mal",
        "maj",
        "juif",
        "joint",
        "avent",
        "lundis",
        "mardis",
        "mercredis",
        "jeudis",
        "vendredis",
        "samedis",
        "dimanches",
        "mondays",
        "tuesdays",
        "wednesdays",
        "thursdays",
        "fridays",
        "saturdays",
        "sundays",
    ]
)
_FIGURE = re.compile(
    r"(?<![a-z0-9])[oilc]?\d[\doilsbzc]*(?![a-z])|(?<![a-z0-9])[oilc]{1,2}(?=/\d)|(?<=\d/)[oilc]\d?(?![a-z])"
)
_AS_FIGURES = str.maketrans("oilsbzc", "0115620")
_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Readable:
    """``folded`` is searched; ``places[i]`` is where its character i stands in ``text``, with one more for the end."""

    text: str
    folded: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.places[start], self.places[end]


def readable(text: str) -> Readable:
    text = unicodedata.normalize("NFC", text)
    chars = "".join(_fold(c) for c in text)
    chars = _FIGURE.sub(lambda m: m.group().translate(_AS_FIGURES), chars)
    out: list[str] = []
    places: list[int] = []
    last = 0
    for match in _WORD.finditer(chars):
        meant = _mended(match.group(), chars[: match.start()])
        if meant == match.group():
            continue
        out.append(chars[last : match.start()])
        places += range(last, match.start())
        out.append(meant)
        places += [min(match.start() + i, match.end() - 1) for i in range(len(meant))]
        last = match.end()
    out.append(chars[last:])
    places += range(last, len(chars) + 1)
    return Readable(text, "".join(out), tuple(places))


def _fold(char: str) -> str:
    """One character for each, so that places stay."""
    if char in "’‘ʼ`´":
        return "'"
    if char in "\u00a0\u202f":
        return " "
    plain = unicodedata.normalize("NFD", char.lower())[:1]
    return {"œ": "o", "æ": "a", "–": "-", "—": "-"}.get(plain, plain)


def _mended(word: str, before: str) -> str:
    """A word of dates misread by a letter: «avriI», «rnars» after a figure."""
    if word in _LONG or word in _OTHER_WORDS or any(word in names for names in (*MONTHS, *WEEKDAYS)):
        return word
    if word in ("ler", "ier"):
        return "1er"
    if word in ("m", "ll", "il", "li") and re.search(r"\d\s?/$", before):  # «22/M»
        return "11"
    known = _AFTER_FIGURES if re.search(r"\d\s?$", before) and len(word) >= 3 else ()
    choice = known + (_LONG if len(word) >= 5 else ())
    near = [(Levenshtein.distance(word, k), k) for k in choice if word[0] == k[0] or len(k) >= 5 or word[-2:] == k[-2:]]
    best = min(near, default=(9, ""))
    allowed = 2 if len(best[1]) >= 8 or (best[1] == "mars" and word == "rnars") else 1
    return best[1] if best[0] <= allowed else word
