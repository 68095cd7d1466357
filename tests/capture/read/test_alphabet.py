from __future__ import annotations

import numpy as np
import pytest

from capture.pipeline.read import alphabet
from capture.pipeline.read.models import symbols


@pytest.mark.parametrize(("seen", "meant"), [("□", "☐"), ("口", "☐"), ("√", "✓"), ("：", ":"), ("é", "é")])
def test_look_alikes_count_for_what_a_european_hand_means(seen: str, meant: str) -> None:
    source, starts = alphabet.columns(symbols())
    column = int(np.flatnonzero(source == symbols().index(seen))[0])
    place = int(np.searchsorted(starts, column, "right")) - 1
    assert alphabet.allowed()[place - 1] == meant


def test_what_no_european_hand_writes_is_left_out() -> None:
    source, _ = alphabet.columns(symbols())
    assert symbols().index("國") not in source
