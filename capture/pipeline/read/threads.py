"""Work on many things at once, on a bounded number of threads; numpy, OpenCV and onnxruntime let others run meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def side_by_side(work: Callable[[T], R], things: Sequence[T], threads: int) -> list[R]:
    """``work`` of each, in the order given."""
    if threads < 2 or len(things) < 2:
        return [work(thing) for thing in things]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, things))
