"""How a worker's heap gives memory back.

Dask's nanny starts workers with ``MALLOC_TRIM_THRESHOLD_=65536``, meant for workers that hold results for long: glibc
then returns each picture's pages to the kernel and faults them in again for the next (measured: twelve times the page
faults, and half as much time again for each photo, spent where two workers on one machine get into each other's way).
"""

from __future__ import annotations

import ctypes
import sys

# mallopt(3): the parameters' numbers, and the values that glibc's own adjustment ends at with pictures of this size
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
LARGEST_MMAP = 32 * 1024 * 1024  # bytes: DEFAULT_MMAP_THRESHOLD_MAX


def keep_pages() -> bool:
    """As glibc does when nobody sets it. Returns whether it was set: on another C library there is nothing to undo."""
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    wanted = ((MMAP_THRESHOLD, LARGEST_MMAP), (TRIM_THRESHOLD, 2 * LARGEST_MMAP))
    return all(mallopt(parameter, value) == 1 for parameter, value in wanted)
