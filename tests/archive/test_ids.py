from __future__ import annotations

import time

from archive import ids


def test_ids_differ_and_are_of_one_form() -> None:
    made = [ids.new_id() for _ in range(5000)]
    assert len(set(made)) == len(made)
    assert all(len(i) == ids.LENGTH and set(i) <= set(ids.ALPHABET) for i in made)


def test_a_later_id_sorts_after_an_earlier_one() -> None:
    first = ids.new_id()
    time.sleep(0.003)
    assert first < ids.new_id()
