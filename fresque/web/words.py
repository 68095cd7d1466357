"""Words on screen: French in the code, English by a gettext catalogue, dates and numbers by locale."""

from __future__ import annotations

import gettext
import importlib.resources
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache

from babel.dates import format_date, format_datetime, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from fastapi import Request

from fresque.web.foreign import in_english, in_french

LANGUAGES = ("fr", "en")
COOKIE = "fresque_lang"


@cache
def translations(language: str) -> gettext.NullTranslations:
    """French is the language of the code; the others lie in ``data/LANGUAGE.po`` and are read as they are."""
    if language == "fr":
        return gettext.NullTranslations()
    source = importlib.resources.files("fresque.web").joinpath("data", f"{language}.po").read_bytes()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(source), locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@lru_cache(maxsize=4096)
def spaced(text: str) -> str:
    """French as it is set: no line begins with a mark that a space stands before, nor ends after « (Imprimerie
    nationale)."""
    return re.sub(r"(?<=\S) (?=[:;!?»])|(?<=«) ", "\N{NO-BREAK SPACE}", text)


@dataclass(frozen=True)
class Words:
    language: str

    def __call__(self, text: str, **values: object) -> str:
        """``_``: the text in this language, with ``{name}`` filled in."""
        found = self._set(translations(self.language).gettext(text)) if text else ""
        return found.format(**values) if values else found

    def said(self, text: str | None) -> str:
        """What another room said, whatever its language: our French in English, its English in French."""
        if not text:
            return ""
        return in_french(text) if self.language == "fr" else in_english(self(text))

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        """``ngettext``; ``{n}`` is the number. In French 0 is singular, in English plural."""
        if self.language == "fr":
            found = self._set(one if number < 2 else many)
        else:
            found = translations(self.language).ngettext(one, many, number)
        return found.format(n=self.number(number), **values)

    def _set(self, text: str) -> str:
        return spaced(text) if self.language == "fr" else text

    def number(self, value: float) -> str:
        return format_decimal(value, locale=self.language)

    @property
    def _region(self) -> str:
        """Days before months, and hours to 24, as the archive's people write them in English too."""
        return "en_GB" if self.language == "en" else self.language

    def day(self, value: date | None, form: str = "long") -> str:
        return format_date(value, form, locale=self._region) if value else ""

    def days(self, start: date | None, end: date | None) -> str:
        if start is None or end is None or start == end:
            return self.day(start)
        return f"{self.day(start, 'd MMMM' if start.year == end.year else 'long')} – {self.day(end)}"

    def iso(self, value: str) -> str:
        """A date as records keep it."""
        return self.day(date.fromisoformat(value), "medium")

    def moment(self, value: datetime | None) -> str:
        """When something was done, by the clock of where this is served."""
        return self.wall(value.astimezone()) if value else ""

    def wall(self, value: datetime | None) -> str:
        """What a clock on the wall said (``Photo.at``), as it stands."""
        return format_datetime(value, "medium", locale=self._region) if value else ""

    def hour(self, value: datetime | None) -> str:
        return format_time(value, "short", locale=self._region) if value else ""


def language_of(request: Request) -> str:
    """What this browser chose, else the first language it asks for that there is, else French."""
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return str(chosen)
    for part in request.headers.get("accept-language", "").split(","):
        language = part.split(";")[0].strip().lower()[:2]
        if language in LANGUAGES:
            return language
    return LANGUAGES[0]


def words_for(request: Request) -> Words:
    return Words(language_of(request))


PHASES: Mapping[str, str] = {
    "SCAN": "Explorer",
    "FOCUS": "Concevoir",
    "ACT": "Décider",
    "unsure": "À préciser",
    "none": "Hors phase",
}
"""What a phase is called beside its name."""
