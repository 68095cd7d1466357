"""What comes again: «chaque lundi», «le 1er de chaque mois», «every other week», as a rule of iCalendar (RFC 5545)."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from archive.model import Decided
from capture.pipeline.actions import dates
from capture.pipeline.actions.readable import WEEKDAYS, readable
from capture.pipeline.phase.words import fold

_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NTH = {
    "1": 1, "2": 2, "3": 3, "4": 4, "premier": 1, "deuxieme": 2, "second": 2, "troisieme": 3, "quatrieme": 4,
    "dernier": -1, "first": 1, "third": 3, "fourth": 4, "last": -1,
}  # fmt: skip
_COUNT = {"deux": 2, "two": 2, "other": 2, "trois": 3, "three": 3, "quatre": 4, "four": 4, "six": 6, "quinze": 15}
_FREQUENCY = {
    "jour": "DAILY", "day": "DAILY", "sem": "WEEKLY", "week": "WEEKLY", "mois": "MONTHLY", "month": "MONTHLY",
    "trim": "MONTHLY;INTERVAL=3", "quarter": "MONTHLY;INTERVAL=3", "an": "YEARLY", "year": "YEARLY",
}  # fmt: skip

_DAY = rf"(?:{'|'.join(sorted((w for names in WEEKDAYS for w in names), key=len, reverse=True))})s?\b\.?"
_EACH = r"(?:chaque|tous les|toutes les|every|each)"
_UNIT = r"(?:jours?|days?|semaines?|sem\b\.?|weeks?|mois|months?|trimestres?|quarters?|ans?\b|annees?|years?)"
_OF_MONTH = r"(?:de chaque mois|de tous les mois|of (?:each|every) month)"
_NUMBER = rf"(?:\d{{1,2}}|{'|'.join(_COUNT)})"
_UNTIL = re.compile(r"^\W*(?:jusqu'?au?|jusqu'a|until|till)\b")


@dataclass(frozen=True, slots=True)
class Recurring:
    """``rule`` as RFC 5545 writes it, without its end; ``start`` and ``end`` in the text."""

    rule: str
    start: int
    end: int
    text: str


def find(text: str) -> Recurring | None:
    """The first thing that a text says to come again; None where it says none."""
    line = readable(text)
    for pattern, rule in _FORMS:
        match = pattern.search(line.folded)
        if match and (made := rule(match)):
            start, end = line.span(*match.span())
            return Recurring(made, start, end, text[start:end].strip(" :,."))
    return None


def of(item: Decided) -> Recurring | None:
    """What an action says to come again; a day that a person set for it, without saying so, is a day once."""
    source = "" if item.said_by == "human" and item.due else item.source.replace("\n", " ")
    return find(item.text) or (find(item.due_text) if item.due_text else None) or find(source)


def next_day(rule: str, day: date) -> date | None:
    """The first day after ``day`` that a rule names; None where it names none, «every two weeks»."""
    parts = dict(part.split("=") for part in rule.split(";"))
    if "INTERVAL" in parts or not parts.keys() & {"BYDAY", "BYMONTHDAY"}:
        return None
    ahead = (day + timedelta(days=n) for n in range(1, 63))
    return next(here for here in ahead if _is(here, parts))


def until(text: str, day: date) -> date | None:
    """The last day of what comes again, «jusqu'au 30 juin»; ``day`` is that on which it was written."""
    return next((due.day for due in dates.find(readable(text), day) if _UNTIL.match(fold(due.text))), None)


def _is(day: date, parts: dict[str, str]) -> bool:
    if "BYMONTHDAY" in parts:
        return day.day == int(parts["BYMONTHDAY"])
    for code in parts["BYDAY"].split(","):
        number, weekday = code[:-2], _CODES.index(code[-2:])
        if day.weekday() != weekday:
            continue
        last = day.day + 7 > monthrange(day.year, day.month)[1]
        if not number or (last if number == "-1" else (day.day - 1) // 7 + 1 == int(number)):
            return True
    return False


def _weekly(match: re.Match[str]) -> str:
    days = [n for word in re.findall(r"[a-z]+", match["days"]) if (n := _weekday(word)) is not None]
    return "FREQ=WEEKLY;BYDAY=" + ",".join(_CODES[n] for n in days)


def _monthly(match: re.Match[str]) -> str:
    nth, weekday = _NTH.get(match["nth"]), _weekday(re.sub(r"\W", "", match["day"]))
    return f"FREQ=MONTHLY;BYDAY={nth}{_CODES[weekday]}" if nth and weekday is not None else ""


def _day_of_month(match: re.Match[str]) -> str:
    return f"FREQ=MONTHLY;BYMONTHDAY={match['d']}" if 1 <= int(match["d"]) <= 31 else ""


def _interval(match: re.Match[str]) -> str:
    word, frequency = match["n"], _frequency(match["unit"])
    number = _COUNT.get(word) or int(word)
    if frequency == "DAILY" and number in (8, 15):  # «tous les 15 jours» are two weeks
        frequency, number = "WEEKLY", number // 7
    if ";" in frequency or not 1 <= number <= 60:
        return ""
    return f"FREQ={frequency}" + (f";INTERVAL={number}" if number > 1 else "")


def _plain(match: re.Match[str]) -> str:
    return f"FREQ={_frequency(match['unit'])}"


def _frequency(unit: str) -> str:
    return next(name for word, name in _FREQUENCY.items() if unit.startswith(word))


def _weekday(word: str) -> int | None:
    return next((n for n, names in enumerate(WEEKDAYS) if word in names or word.removesuffix("s") in names), None)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (
        re.compile(
            rf"(?<![a-z0-9])(?:le )?(?P<nth>[1-4]|premier|deuxieme|second|troisieme|quatrieme|dernier|first|third"
            rf"|fourth|last)(?:er|e|eme|nd|st|rd|th)? (?P<day>{_DAY}) (?:{_OF_MONTH}|du mois|of the month)"
        ),
        _monthly,
    ),
    (re.compile(rf"(?<![a-z0-9])(?:le |on the )?(?P<d>\d{{1,2}})(?:er|e|st|nd|rd|th)? {_OF_MONTH}"), _day_of_month),
    (re.compile(rf"\b{_EACH} (?P<days>{_DAY}(?:(?:,? (?:et|and|&) |, ){_DAY})*)(?! sur \d)"), _weekly),
    (re.compile(rf"\b(?:tous|toutes) les (?P<n>{_NUMBER}) (?P<unit>{_UNIT})"), _interval),
    (re.compile(rf"\bevery (?P<n>{_NUMBER}) (?P<unit>{_UNIT})"), _interval),
    (re.compile(r"\bun(?:e)? (?P<unit>semaine|mois|jour) sur (?P<n>deux|trois)\b"), _interval),
    (re.compile(rf"\b{_EACH} (?P<unit>{_UNIT})(?! (?:de|du|of) )"), _plain),
)
"""Patterns on folded text, the fullest first."""
