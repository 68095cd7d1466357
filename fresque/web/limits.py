"""How often somebody may try: token buckets in memory, one for each kind and key."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from fresque.web.faults import TooMany

MOST_KEYS = 10_000


@dataclass(frozen=True)
class Rate:
    """``burst`` at once, then ``per_minute``."""

    burst: int
    per_minute: float


LOGIN_OF_ADDRESS = Rate(20, 10)
LOGIN_OF_NAME = Rate(6, 3)
UPLOAD = Rate(600, 1200)
PREVIEW = Rate(60, 600)


class Limits:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left: dict[tuple[str, str], tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, kind: str, key: str, rate: Rate) -> None:
        """Raises TooMany."""
        with self._lock:
            left = self._filled(kind, key, rate)
            if left < 1:
                raise TooMany("Trop de tentatives.")
            self._left[kind, key] = (left - 1, self._clock())

    def check(self, kind: str, key: str, rate: Rate) -> None:
        """The same without taking: what is counted by ``take`` afterwards, when it failed. Raises TooMany."""
        with self._lock:
            if self._filled(kind, key, rate) < 1:
                raise TooMany("Trop de tentatives.")

    def _filled(self, kind: str, key: str, rate: Rate) -> float:
        if len(self._left) > MOST_KEYS:  # the oldest are full again by now, or nearly
            for each in sorted(self._left, key=lambda k: self._left[k][1])[: MOST_KEYS // 2]:
                del self._left[each]
        moment = self._clock()
        left, then = self._left.get((kind, key), (float(rate.burst), moment))
        return min(float(rate.burst), left + (moment - then) * rate.per_minute / 60)
