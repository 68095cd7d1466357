"""Clocks that are wrong are told from those that are right, and the shift brings the photos into the session."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import UsageError
from archive.model import AgendaItem, Phase
from capture.pipeline.session.clocks import parse_shift, propose, spell
from capture.pipeline.session.when import Programme

SESSION = Programme(date(2024, 3, 5), date(2024, 3, 6))
TAKEN = [datetime(2024, 3, d, h, 10) for d in (5, 6) for h in (9, 11, 14, 17)]


def test_a_right_clock_is_left_alone() -> None:
    assert propose(TAKEN, SESSION) is None


@pytest.mark.parametrize(
    "off", [timedelta(days=-8829), timedelta(days=1), timedelta(hours=-12), timedelta(days=366, hours=5)]
)
def test_a_wrong_clock_is_set_right_to_the_day(off: timedelta) -> None:
    wrong = [at + off for at in TAKEN]
    shift = propose(wrong, SESSION)
    assert shift is not None
    assert [(at + shift).date() for at in wrong] == [at.date() for at in TAKEN]


def test_of_shifts_that_fit_the_one_that_begins_with_the_agenda() -> None:
    agenda = tuple(AgendaItem(p, datetime(2024, 3, 5, h)) for p, h in ((Phase.SCAN, 9), (Phase.FOCUS, 12)))
    wrong = [datetime(2024, 3, 5, h, 10) for h in (2, 4, 8, 9)]
    assert propose(wrong, Programme(date(2024, 3, 5), date(2024, 3, 5))) == timedelta(hours=6)
    assert propose(wrong, Programme(date(2024, 3, 5), date(2024, 3, 5), agenda)) == timedelta(hours=7)


def test_nothing_is_proposed_where_nothing_fits_or_is_known() -> None:
    scattered = [datetime(2020 + n, 1, 1, 3) for n in range(5)]
    assert propose(scattered, SESSION) is None
    assert propose(TAKEN, Programme()) is None
    assert propose([], SESSION) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("+1h", 3600), ("-45min", -2700), ("2d", 172800), ("+1h30", 5400), ("0", 0), ("90s", 90), ("1j", 86400)],
)
def test_shifts_are_read(text: str, seconds: int) -> None:
    assert parse_shift(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "soon", "1x", "+-1h", "1.5h"])
def test_what_is_no_shift_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_shift(text)


@given(st.integers(-(10**9), 10**9))
def test_what_is_spelt_is_read_again(seconds: int) -> None:
    shift = timedelta(seconds=seconds)
    assert parse_shift(spell(shift)) == shift
