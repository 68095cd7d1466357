from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from archive import ids


def test_ids_differ_and_are_of_one_form() -> None:
    made = [ids.new_id() for _ in range(5000)]
    assert len(set(made)) == len(made)
    assert all(len(i) == ids.LENGTH and set(i) <= set(ids.ALPHABET) for i in made)


def test_ids_of_one_millisecond_go_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 1_800_000_000_000_000_000)
    made = [ids.new_id() for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_a_later_id_sorts_after_an_earlier_one() -> None:
    first = ids.new_id()
    time.sleep(0.003)
    assert first < ids.new_id()


def test_an_id_tells_when_it_was_given() -> None:
    before = datetime.now(UTC)
    told = ids.given_at(ids.new_id())
    assert told is not None
    assert timedelta(milliseconds=-2) <= told - before <= timedelta(seconds=5)
    assert [ids.given_at(key) for key in ("", "m1", "O" * ids.LENGTH, "i" * ids.LENGTH)] == [None] * 4
