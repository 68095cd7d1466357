"""Coroutines run to their end from a test that is none itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio


def run(talk: Callable[[], Awaitable[Any]]) -> Any:
    """In a thread of its own: a browser that another test has open keeps a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(anyio.run, talk).result()
