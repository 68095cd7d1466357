"""By when: dates on a board, also those that only make sense from the day on which they were written.

The words of dates are understood by dateparser; what it leaves aside (ends of months, weeks and quarters by number, a
day of the month alone) is counted here.
"""

from __future__ import annotations

import calendar
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from dateutil.easter import easter

from capture.pipeline.actions.readable import MONTHS, WEEKDAYS, Readable, readable

PAST = timedelta(days=45)
"""A day and month without a year may lie that far back; else the next year is meant."""


@dataclass(frozen=True, slots=True)
class Due:
    """``start`` and ``end`` in the line's text, the words before the date («avant le») included."""

    day: date
    start: int
    end: int
    text: str


def _any(groups: tuple[tuple[str, ...], ...]) -> str:
    return "|".join(sorted((w for g in groups for w in g), key=len, reverse=True))


_MONTH, _WEEKDAY = rf"(?:{_any(MONTHS)})\b\.?", rf"(?:{_any(WEEKDAYS)})\b\.?"
_BEFORE = (
    r"(?:(?:avant|avt|av\.?|d'ici|d ici|objectif|pour|pr|des|jusqu'au?|au plus tard|echeance|delai|date|dl|deadline"
    r"|by|before|until|due|from|on|no later than|@|au|le|the|ce|a partir du)(?![a-z])\s?:?\s?"
    r"(?:a\s)?(?:le |la |l'|au |the |du )?)*"
)
_LIMIT = r"(?:avant|avt|av\.?|d[' ]ici|pour|pr|des|jusqu'au|au plus tard|until|due|by|before)"
_YEAR = r"(?:[ /.-](?P<year>20\d\d|\d\d(?!\d|\s?[h%€])))?"
_NUMBERS = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "huit": 8, "dix": 10, "quinze": 15,
    "one": 1, "two": 2, "three": 3, "four": 4, "a": 1,
}  # fmt: skip
_NUMBER = rf"(?:\d{{1,3}}|{'|'.join(_NUMBERS)})"
_UNIT = r"(?:heures?|h|hours?|jours?|j|semaines?|sem|s|mois|m|days?|weeks?|months?)"


def find(line: Readable, day: date) -> list[Due]:
    """Every date of a line, in order, none inside another; ``day`` is that on which it was written."""
    found: list[Due] = []
    for pattern, resolve in _FORMS:
        for match in pattern.finditer(line.folded):
            try:
                when = resolve(match, day)
            except (ValueError, OverflowError):  # a 31 February: something else is meant
                continue
            start, end = line.span(*match.span())
            if _NUMBERED.match(line.folded) and not line.text[:start].strip():
                continue
            if re.match(r"des\s?t\d", line.text[start:end].lower()):  # «des T3» are homes, «dès T3» is a quarter
                continue
            if when and not any(start < d.end and d.start < end for d in found):
                found.append(Due(when, start, end, line.text[start:end].strip(" :,.")))
    return sorted(found, key=lambda d: d.start)


def is_limit(due: Due) -> bool:
    """Whether the board says that it is the end, or the beginning: «avant le», «dès», «d'ici»."""
    return bool(
        re.match(rf"{_LIMIT}\b|@|au plus tard|echeance|delai|deadline|dl\b|objectif", readable(due.text).folded)
    )


def is_exact(due: Due) -> bool:
    """Whether it names a day."""
    return bool(re.search(r"\d", due.text))


# --- what each form means ------------------------------------------------------------------------------------


def _day_month(match: re.Match[str], day: date) -> date | None:
    d, m, year = int(match["d"]), int(match["m"]), match["year"]
    if not (1 <= m <= 12 and 1 <= d <= 31):
        return None
    return date(_full(year), m, d) if year else _next(lambda y: date(y, m, d), day)


def _words(match: re.Match[str], day: date) -> date | None:
    """Weekdays, days with their month's name, «demain», «dans 15 jours»: the library's."""
    said = " ".join(_number(w) for w in match["words"].replace(".", " ").split())
    parsed = _parse(said, day)
    if parsed is None or match.groupdict().get("year") or not re.search(_MONTH, said):
        return parsed
    return _next(lambda y: date(y, parsed.month, parsed.day), day)


def _number(word: str) -> str:
    return str(_NUMBERS[word]) if word in _NUMBERS else word


@lru_cache(maxsize=4096)
def _parse(said: str, day: date) -> date | None:
    with warnings.catch_warnings():  # of the library about itself
        warnings.simplefilter("ignore")
        import dateparser

        base = datetime(day.year, day.month, day.day)
        wishes = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": "future", "DATE_ORDER": "DMY"}
        found = dateparser.parse(said, languages=["fr", "en"], settings=wishes)
    return found.date() if found else None


def _day_alone(match: re.Match[str], day: date) -> date | None:
    """«le 30», «lundi 18»: the next day of that number, whatever its weekday."""
    number = int(match["d"])
    if not 1 <= number <= 31:
        return None
    year, month = day.year, day.month
    for _ in range(3):
        if number <= calendar.monthrange(year, month)[1] and date(year, month, number) >= day:
            return date(year, month, number)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return None


def _part_of_month(match: re.Match[str], day: date) -> date | None:
    """«fin mars», «mi-avril», «début mai», «en juin», «avant juin»."""
    month, part = _month(match["month"]), match["part"] or ""
    year = _full(match["year"]) if match["year"] else None
    made: Callable[[int], date]
    if part.startswith(("mi", "mid")):
        made = lambda y: date(y, month, 15)  # noqa: E731
    elif part.startswith(("debut", "early", "start", "begin")):
        made = lambda y: date(y, month, 5)  # noqa: E731
    elif re.search(r"\b(?:avant|avt|before)\b", match.group()) and not part:
        made = lambda y: date(y, month, 1) - timedelta(days=1)  # noqa: E731
    else:
        made = lambda y: date(y, month, calendar.monthrange(y, month)[1])  # noqa: E731
    return made(year) if year else _next(made, day)


def _week(match: re.Match[str], day: date) -> date | None:
    """The Friday of a week by its number."""
    return _next(lambda y: date.fromisocalendar(y, int(match["week"]), 5), day)


def _quarter(match: re.Match[str], day: date) -> date | None:
    month = 3 * int(match["q"])
    year = _full(match["year"]) if match["year"] else None
    made: Callable[[int], date] = lambda y: date(y, month, calendar.monthrange(y, month)[1])  # noqa: E731
    return made(year) if year else _next(made, day)


def _period(match: re.Match[str], day: date) -> date | None:
    said = match["words"]
    if "mois" in said or "month" in said:
        year, month = day.year, day.month + (1 if re.search("prochain|next", said) else 0)
        year, month = (year + 1, 1) if month > 12 else (year, month)
        return date(year, month, calendar.monthrange(year, month)[1])
    if "semaine" in said or "week" in said or "sem" in said:
        friday = day + timedelta(days=4 - day.weekday())
        return friday + timedelta(days=7 if re.search("proch|next", said) else 0)
    if re.search(r"\b(?:paques|easter)\b", said):
        return _next(easter, day)
    fixed = {
        "rentree": (9, 1), "noel": (12, 25), "christmas": (12, 25), "ete": (6, 21), "summer": (6, 21),
        "toussaint": (11, 1), "printemps": (3, 20),
    }  # fmt: skip
    for word, (month, number) in fixed.items():
        if re.search(rf"\b{word}\b", said):
            return _next(lambda y, m=month, n=number: date(y, m, n), day)  # type: ignore[misc]
    year = int(found.group()) if (found := re.search(r"20\d\d", said)) else day.year
    return date(year, 12, 31)


def _later(match: re.Match[str], day: date) -> date | None:
    number, unit = int(_number(match["n"])), match["unit"]
    if unit.startswith(("mois", "month")) or unit == "m":
        return _parse(f"in {number} months", day)
    if unit.startswith("h"):
        return day + timedelta(days=-(-number // 24))
    return day + timedelta(days=number * (7 if unit.startswith(("s", "w")) else 1))


def _month(name: str) -> int:
    return next(n for n, names in enumerate(MONTHS, start=1) if name.strip(".") in names)


def _full(year: str) -> int:
    return int(year) + (2000 if len(year) == 2 else 0)


def _next(made: Callable[[int], date], day: date) -> date:
    here = made(day.year)
    if here < day - PAST:
        return made(day.year + 1)
    return made(day.year - 1) if here - day > timedelta(days=366) - PAST else here


def _month_day(match: re.Match[str], day: date) -> date | None:
    """«7/18», as Americans write it: no month has that number."""
    month, number = int(match["m"]), int(match["d"])
    return _next(lambda y: date(y, month, number), day) if 1 <= month <= 12 else None


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(r"(?<![a-z0-9])" + pattern)


_DATED = rf"(?:{_WEEKDAY} )?"
_OF_YEAR = r"(?:,? (?P<year>20\d\d))?"
_NO_DATE = r"(?!\d| ?(?:h|%|min|€|ans|m\b|k|euros|pers|j\b|jours?\b|sem|mois|x|ex|[a-z]{3,}))"
_PART = r"(?P<part>fin|mi|debut|courant|end of|end|mid|early|start of|beginning of)[ -](?:de |d')?"
_EVERY = r"(?<!tous les )(?<!du )(?<!de )(?<!chaque )(?<!every )(?<!le )(?<!les )"
_AGREED = (
    r"fin (?:de )?(?:la )?semaine|fin (?:du )?mois|fin (?:d')?(?:de l')?annee|fin 20\d\d|cette semaine"
    r"|(?:la )?sem(?:aine|\.)? proch(?:aine|\.)?|(?:le )?mois prochain|end of (?:the )?(?:week|month|year)"
    r"|next (?:week|month)|this week|rentree|noel|christmas|(?:avant )(?:l'ete|le printemps)|summer"
    r"|(?:avant )(?:la )?(?:toussaint|paques)|before easter"
)
_SHORT_DAY = r"(?:lun|mar|mer|jeu|ven|vendr|sam|dim|mon|tue|wed|thu|fri|sat|sun)\.(?!\w)"
_LONG_DAY = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"

_NUMBERED = re.compile(r"\s*\d{1,2}/ (?:\d{1,3} )?[a-z]{3}")  # «2/ 12 tablettes»: a list's number
_SPAN = rf"(?:(?:de |d'|from )?(?:{_MONTH})\s?(?:[-/]|a|au|to)\s?)?"  # «mars-avril», «de février à avril»: its end

_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]], ...] = (
    (_form(_BEFORE + _DATED + r"(?P<d>\d{1,2})\s?[/.]\s?(?P<m>0\d|1[0-2])(?!\d|\s?[%€])" + _YEAR), _day_month),
    (
        _form(
            rf"{_BEFORE}{_DATED}(?:\d{{1,2}} (?:au|-) )?"
            rf"(?P<words>(?<!\d)\d{{1,2}}(?:er|e|st|nd|rd|th)?(?: of)? ?{_MONTH}{_OF_YEAR})"
        ),
        _words,
    ),
    (_form(rf"{_BEFORE}(?P<words>{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?!\d| ?[h%€]){_OF_YEAR})"), _words),
    (_form(_LIMIT + r"\s?(?:le |au )?(?P<d>\d{1,2})\s?[/.]\s?(?P<m>\d{1,2})(?!\d)" + _YEAR), _day_month),
    (_form(r"(?:le|au|du) (?P<d>\d{1,2})/(?P<m>\d{1,2})(?!\d)" + _YEAR), _day_month),
    (_form(_BEFORE + r"(?P<d>\d{1,2})\s?[/.-]\s?(?P<m>\d{1,2})[/.-](?P<year>20\d\d|[23]\d)(?!\d)"), _day_month),
    (_form(_BEFORE + r"(?P<d>\d{1,2})/(?P<m>\d)(?P<year>)(?=\s*(?:$|[,;)|]))"), _day_month),
    (
        re.compile(r"(?<=[,(→|] )(?P<d>\d{1,2})\.(?P<m>[1-9])(?P<year>)(?=\s*(?:$|[,;)|]))"),
        _day_month,
    ),
    (_form(_LIMIT + r" (?P<m>\d{1,2})/(?P<d>1[3-9]|2\d|3[01])(?![\d/])"), _month_day),
    (re.compile(r"(?<=[,(→|] )(?P<m>\d{1,2})/(?P<d>1[3-9]|2\d|3[01])(?=\s*(?:$|[,;)|]))"), _month_day),
    (_form(rf"{_BEFORE}{_WEEKDAY} (?P<d>\d{{1,2}})(?!\d|:\d|\s?[-h%€/])"), _day_alone),
    (_form(rf"{_BEFORE}{_PART}(?P<month>{_MONTH}){_OF_YEAR}"), _part_of_month),
    (
        _form(rf"(?:en|in|des|courant|{_LIMIT})\s(?:le mois de |the )?(?P<part>)(?P<month>{_MONTH}){_OF_YEAR}"),
        _part_of_month,
    ),
    (_form(_BEFORE + r"(?P<words>apres[- ]demain|demain|tomorrow)\b"), _words),
    (_form(r"(?:aujourd'hui|ce soir|today|tonight)\b"), lambda _match, day: day),
    (
        _form(
            rf"{_EVERY}(?:{_LIMIT} |on |next |ce )*(?P<words>{_LONG_DAY})\b(?! ?[-/] ?[a-z]{{3}}| du mois| sur \d)"
            r"(?: prochain| proch\.?| matin| soir| midi)*"
        ),
        _words,
    ),
    (_form(rf"{_LIMIT} (?:le )?(?P<words>{_LONG_DAY})\b(?! ?[-/] ?{_LONG_DAY}| du mois| sur \d)"), _words),
    (_form(rf"{_EVERY}(?:{_LIMIT} )?(?P<words>{_SHORT_DAY})(?! du mois| sur \d)"), _words),
    (_form(_BEFORE + r"(?:s|sem|semaine|week|w)\.? ?(?P<week>[1-4]\d|5[0-3]|0?[1-9])(?!\d|\s?[/h%€])"), _week),
    (_form(_BEFORE + r"(?:fin |end of )?(?:t|q)(?P<q>[1-4])\b" + _OF_YEAR), _quarter),
    (re.compile(r"(?<=[→>|])\s?7(?P<q>[1-4])" + _OF_YEAR + r"(?=\s*$)"), _quarter),  # a misread «T3»
    (re.compile(r"(?<![\w/.])7(?P<q>[1-4]) (?P<year>20\d\d)(?=\s*$)"), _quarter),
    (
        _form(_BEFORE + r"(?:fin |end of )?(?:du )?(?P<q>[1-4])(?:er|e|eme|nd)? (?:trimestre|trim|quarter)" + _OF_YEAR),
        _quarter,
    ),
    (_form(rf"{_BEFORE}(?P<words>{_AGREED})\b"), _period),
    (_form(rf"(?:{_BEFORE}(?:dans|sous|in|within) |d[' ]ici |by )(?P<n>{_NUMBER}) ?(?P<unit>{_UNIT})\b"), _later),
    (_form(r"j ?\+ ?(?P<n>\d{1,3})(?P<unit>)(?!\d)"), _later),
    (_form(rf"{_LIMIT} ?(?:le |the )?(?P<d>\d{{1,2}})(?:er|e|st|nd|rd|th)?{_NO_DATE}"), _day_alone),
    (_form(r"le (?P<d>\d{1,2})(?:er)?(?=\s*(?:$|[,;.:()|]|avec|chez|a\b|matin|soir))"), _day_alone),
    (
        _form(rf"(?P<part>){_SPAN}(?P<month>{_MONTH}){_OF_YEAR}(?=\s*(?:$|[|),]))"),
        _part_of_month,
    ),
    (
        re.compile(rf"^\W*(?P<part>){_SPAN}(?P<month>{_MONTH}){_OF_YEAR}(?=\s*(?:[:>=|→/]|- ))"),
        _part_of_month,
    ),
)
"""Patterns on folded text, the surest first, each with what it means."""
