"""Where in its session a board was photographed: the day, the hour, and where the agenda stood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from archive.model import METHOD_PHASES, AgendaItem, Phase

HOURS = (11, 14, 16)  # a day's quarters end at these hours
DAYS = ("only", "first", "middle", "last")


@dataclass(frozen=True, slots=True)
class Programme:
    """What is known of a session's time. Times are the labs' clocks, as cameras have them; their zone is ignored."""

    start: date | None = None
    end: date | None = None
    agenda: tuple[AgendaItem, ...] = ()


@dataclass(frozen=True, slots=True)
class When:
    """``day`` counts from 1 and ``quarter`` from 0; ``phase`` is the agenda's, None where it says nothing."""

    at: datetime
    day: int
    days: int
    phase: Phase | None

    @property
    def quarter(self) -> int:
        return sum(self.at.hour >= hour for hour in HOURS)

    @property
    def bin(self) -> int:
        """A number for the kind of day and the quarter of it, below len(DAYS) × (len(HOURS) + 1)."""
        kind = 0 if self.days == 1 else 1 if self.day == 1 else 3 if self.day == self.days else 2
        return kind * (len(HOURS) + 1) + self.quarter


BINS = len(DAYS) * (len(HOURS) + 1)


def placed(times: Sequence[datetime | None], programme: Programme) -> tuple[When | None, ...]:
    """Each time in its session; None for boards without one.

    The first and the last day are the session's when it has them and the photos lie between, else the photos' own.
    """
    known = [plain(at) for at in times if at is not None]
    if not known:
        return (None,) * len(times)
    first, last = _span(known, programme)
    days = (last - first).days + 1
    turns = sorted((plain(item.begins), item.phase) for item in programme.agenda)
    return tuple(
        None if at is None else When(plain(at), (plain(at).date() - first).days + 1, days, _stands(turns, plain(at)))
        for at in times
    )


def plain(at: datetime) -> datetime:
    return at.replace(tzinfo=None)


def _span(known: Sequence[datetime], programme: Programme) -> tuple[date, date]:
    first, last = min(known).date(), max(known).date()
    start, end = programme.start, programme.end or programme.start
    if start and end and start <= first and last <= end:
        return start, end
    return first, last


def _stands(turns: Sequence[tuple[datetime, Phase]], at: datetime) -> Phase | None:
    """The phase begun last on that day; yesterday's says nothing of this morning."""
    begun = [phase for begins, phase in turns if begins <= at and begins.date() == at.date()]
    return begun[-1] if begun and begun[-1] in METHOD_PHASES else None


def gap(before: When, after: When) -> timedelta:
    return after.at - before.at
