"""A worker started by Dask's nanny keeps its pages: measured by the kernel's own count of faults."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

FAULTS = """
import resource, sys
import numpy as np
from fresque.cluster.heap import keep_pages
if sys.argv[1] == "kept" and not keep_pages():
    sys.exit(3)
def work():
    for _ in range(50):
        np.ones(2_000_000, np.uint8)
work()  # the heap grows once
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
work()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(how: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", FAULTS, how],
        env=os.environ | {"MALLOC_TRIM_THRESHOLD_": "65536"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode == 3:
        pytest.skip("this C library has no mallopt")
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_pages_are_kept_in_spite_of_the_nannys_environment() -> None:
    assert faults("kept") * 10 < faults("as started")
