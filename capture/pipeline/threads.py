"""Work at the same time, on a bounded number of threads: numpy, OpenCV and onnxruntime let others run meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from types import TracebackType
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def side_by_side(work: Callable[[T], R], things: Sequence[T], threads: int) -> list[R]:
    """``work`` of each, in the order given."""
    if threads < 2 or len(things) < 2:
        return [work(thing) for thing in things]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, things))


class Aside:
    """Work done in its turn on one thread beside the caller's; with one processor, when its result is asked for.

    >>> with Aside(threads=2) as aside:
    ...     later = aside(work)
    ...     result = other_work(), later()
    """

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(1) if threads > 1 else None

    def __call__(self, work: Callable[[], R]) -> Callable[[], R]:
        """Calling what is returned waits for the result, or raises what ``work`` raised."""
        return self._pool.submit(work).result if self._pool else cache(work)

    def __enter__(self) -> Aside:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=error is not None)
