"""Cameras whose clocks are wrong: told by photos taken at night, or on days on which the session was not held."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from archive.errors import UsageError
from capture.pipeline.session.when import Programme, plain

VERSION = 1
WORKED = (8.0, 19.5)  # hours of a day in which boards are photographed
WRONG, RIGHT = 0.6, 0.9  # share of photos inside the session's hours before and after a shift that is proposed
_UNITS = {"d": 86400, "j": 86400, "h": 3600, "min": 60, "m": 60, "s": 1, "": 60}
_SHIFT = re.compile(r"[+-]?(?:\d+(?:d|j|h|min|m|s)?)+")


def propose(times: Sequence[datetime], programme: Programme) -> timedelta | None:
    """The shift that brings one camera's photos into the session's hours; None where most are in them already, where
    no shift brings nearly all of them in, or where nothing says when the session was. Of those that do, the one that
    leaves the fewest before their day's agenda; the smallest of these."""
    known = sorted(plain(at) for at in times)
    if not known or programme.start is None:
        return None
    first, last = programme.start, programme.end or programme.start
    if _inside(known, timedelta(), first, last) >= WRONG:
        return None
    days = {0} | {(day - known[0].date()).days for day in _days(first, last)}
    shifts = [timedelta(days=d, hours=h) for d in days for h in range(-12, 13)]
    best = max(shifts, key=lambda s: (_inside(known, s, first, last), _begun(known, s, programme), -abs(s)))
    return best if _inside(known, best, first, last) >= RIGHT else None


def all_inside(times: Sequence[datetime], programme: Programme) -> bool:
    """Whether every photo lies in the session's days and hours; so too where nothing says when it was."""
    known, first = [plain(at) for at in times], programme.start
    return not known or first is None or _inside(known, timedelta(), first, programme.end or first) == 1.0


def _begun(times: Sequence[datetime], shift: timedelta, programme: Programme) -> float:
    """Share of the photos taken after their day's first line of the agenda; a day without one has always begun."""
    begins: dict[date, datetime] = {}
    for item in programme.agenda:
        at = plain(item.begins)
        begins[at.date()] = min(at, begins.get(at.date(), at))
    moved = [at + shift for at in times]
    return sum(at >= begins.get(at.date(), at) for at in moved) / len(moved)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range(min(10, (last - first).days + 1))]


def _inside(times: Sequence[datetime], shift: timedelta, first: date, last: date) -> float:
    def worked(at: datetime) -> bool:
        return first <= at.date() <= last and WORKED[0] <= at.hour + at.minute / 60 <= WORKED[1]

    return sum(worked(at + shift) for at in times) / len(times)


def parse_shift(text: str) -> timedelta:
    """«+1h30», «-45min», «2d», «0»: days, hours, minutes, seconds. Raises UsageError."""
    said = text.strip().replace(" ", "").lower()
    if not _SHIFT.fullmatch(said):
        raise UsageError(f"'{text}' is no shift of a clock", "write it as +1h30, -45min or 2d")
    parts = re.findall(r"(\d+)(d|j|h|min|m|s)?", said)
    seconds = sum(int(number) * _UNITS[unit] for number, unit in parts)
    return timedelta(seconds=-seconds if said.startswith("-") else seconds)


def spell(shift: timedelta) -> str:
    """As ``parse_shift`` reads it."""
    seconds = int(shift.total_seconds())
    sign, rest = ("-" if seconds < 0 else "+"), abs(seconds)
    days, rest = divmod(rest, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, rest = divmod(rest, 60)
    parts = [f"{n}{unit}" for n, unit in ((days, "d"), (hours, "h"), (minutes, "min"), (rest, "s")) if n]
    return sign + "".join(parts) if parts else "0"
