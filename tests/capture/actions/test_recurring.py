"""What comes again, and its next day."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from capture.pipeline.actions import decided_in_texts
from capture.pipeline.actions.recurring import find, next_day, until

DAY = date(2025, 1, 23)  # a Thursday


@pytest.mark.parametrize(
    ("text", "rule", "following"),
    [
        ("Chaque lundi : point de 15 min", "FREQ=WEEKLY;BYDAY=MO", "2025-01-27"),
        ("affiches tous les mardis", "FREQ=WEEKLY;BYDAY=TU", "2025-01-28"),
        ("relevé chaque ven.", "FREQ=WEEKLY;BYDAY=FR", "2025-01-24"),
        ("permanence chaque lundi et jeudi", "FREQ=WEEKLY;BYDAY=MO,TH", "2025-01-27"),
        ("Every Monday: stand-up", "FREQ=WEEKLY;BYDAY=MO", "2025-01-27"),
        ("chiffres le 1er de chaque mois", "FREQ=MONTHLY;BYMONTHDAY=1", "2025-02-01"),
        ("le 1er jeudi du mois", "FREQ=MONTHLY;BYDAY=1TH", "2025-02-06"),
        ("last Friday of the month", "FREQ=MONTHLY;BYDAY=-1FR", "2025-01-31"),
        ("COPIL tous les 2 mois", "FREQ=MONTHLY;INTERVAL=2", ""),
        ("tous les 15 jours", "FREQ=WEEKLY;INTERVAL=2", ""),
        ("every other week", "FREQ=WEEKLY;INTERVAL=2", ""),
        ("tableau de bord tous les mois", "FREQ=MONTHLY", ""),
    ],
)
def test_what_comes_again(text: str, rule: str, following: str) -> None:
    again = find(text)
    assert again is not None
    assert again.rule == rule
    day = next_day(rule, DAY)
    assert (day.isoformat() if day else "") == following
    if day:  # the library that calendars count with finds the same day
        assert rrulestr(rule, dtstart=_at(DAY)).after(_at(DAY)) == _at(day)


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


@pytest.mark.parametrize("text", ["chaque équipe", "tous les sites", "bilan du mois", "ok tous les 2", "le 15 du mois"])
def test_what_does_not_come_again(text: str) -> None:
    assert find(text) is None


def test_its_end_is_told() -> None:
    assert until("chaque lundi jusqu'au 30 juin", DAY) == date(2025, 6, 30)
    assert until("chaque lundi", DAY) is None


def test_a_board_notes_it_without_a_day_by_which_it_is_done() -> None:
    (item,) = decided_in_texts(["Kevin affiche les délais chaque vendredi"], DAY)
    assert (item.owner, item.due, item.due_text) == ("Kevin", None, "chaque vendredi")


@given(st.text(max_size=60))
def test_any_text_may_be_asked(text: str) -> None:
    again = find(text)
    assert again is None or 0 <= again.start < again.end <= len(text)
