"""Which photos a benchmark runs on: folders with a ``truth.jsonl``, or a seeded set drawn for the occasion."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.score import read_jsonl

HALVES = ("all", "even", "odd")


def half_of(file_name: str) -> str:
    """The split of evaluation photos: even for tuning, odd to report."""
    return "odd" if int(hashlib.sha256(file_name.encode()).hexdigest(), 16) % 2 else "even"


def truths(folder: Path, half: str = "all") -> list[dict[str, Any]]:
    """The records of ``folder/truth.jsonl``, of one half or all."""
    return [t for t in read_jsonl(folder / "truth.jsonl") if half in ("all", half_of(t["photo"]))]


def rendered(folder: Path, seed: int, count: int, split: str) -> Path:
    """Draw a seeded set into ``folder``; returns the folder."""
    from samples import make

    make.write_set(folder, seed=seed, count=count, split=split)
    return folder


def paths(folder: Path, records: Iterable[dict[str, Any]]) -> list[Path]:
    return [folder / record["photo"] for record in records]
