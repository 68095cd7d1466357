"""Opaque ids: given once, never reused, sorting by the time they were given."""

from __future__ import annotations

import secrets
import threading
import time
from datetime import UTC, datetime

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u to misread
LENGTH = 16
_RANDOM_BITS = 35  # of 80; the rest is milliseconds since 1970, enough for a thousand years
_STEP_BITS = 20  # of what comes to it for each further id in the same millisecond
_lock = threading.Lock()
_last = 0


def given_at(key: str) -> datetime | None:
    """When an id was given; None for what is no id of ours."""
    if len(key) != LENGTH or set(key) - set(ALPHABET):
        return None
    number = 0
    for letter in key:
        number = number << 5 | ALPHABET.index(letter)
    return datetime.fromtimestamp((number >> _RANDOM_BITS) / 1000, UTC)


def new_id() -> str:
    """Sixteen characters; two labs that never met do not give the same one. Those of one process go up within a
    millisecond too: the boards of one photo stand in the order in which they were found."""
    global _last
    milliseconds = time.time_ns() // 1_000_000
    with _lock:
        if milliseconds == _last >> _RANDOM_BITS:
            number = _last + 1 + secrets.randbits(_STEP_BITS)
        else:
            below = secrets.randbits(_RANDOM_BITS - 1)  # the upper half is to go up in
            number = (milliseconds << _RANDOM_BITS) | below
        _last = number
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(5 * (LENGTH - 1), -1, -5))
