"""Which photos a benchmark runs on: folders with a ``truth.jsonl``, or a seeded set drawn for the occasion."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
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


def rendered(
    folder: Path,
    seed: int,
    count: int,
    split: str,
    difficulty: str = "plain",
    kinds: tuple[str, ...] = (),
    art: Mapping[str, Any] | None = None,
    side: int = 4000,
) -> Path:
    """Draw a seeded set of photos with its truth into ``folder``; returns the folder. ``art``: what is drawn otherwise
    (``samples.boards.plan.Art``); ``side``: pixels of the longer side, 12 megapixels where nothing is said."""
    from samples.boards import KINDS
    from samples.sets import SetSpec, photo_set

    folder.mkdir(parents=True, exist_ok=True)
    chosen = SetSpec(split, difficulty, (side, side * 3 // 4), kinds=kinds or KINDS, art=art or {})
    with (folder / "truth.jsonl").open("w", encoding="utf-8") as rows:
        for drawn in photo_set(seed, count, chosen):
            (folder / drawn.truth["photo"]).write_bytes(drawn.jpeg)
            rows.write(json.dumps(drawn.truth, ensure_ascii=False) + "\n")
    return folder
