"""The French board texts the renderer writes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True)
class BoardText:
    """``lines`` as a facilitator wrote them, one idea each; ``split`` is "tune" or "measure"."""

    id: str
    title: str
    lines: tuple[str, ...]
    phase: str  # SCAN, FOCUS, ACT or none
    theme: str
    split: str


def read_texts(path: Path) -> tuple[BoardText, ...]:
    """One JSON object a line: id, title, text (lines by newline), phase, theme, split."""
    rows = [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines() if row.strip()]
    return tuple(
        BoardText(r["id"], r["title"], tuple(r["text"].split("\n")), r["phase"], r["theme"], r["split"]) for r in rows
    )


@lru_cache(maxsize=1)
def all_texts() -> tuple[BoardText, ...]:
    return read_texts(DATA / "texts.jsonl")


def texts(split: str) -> tuple[BoardText, ...]:
    return tuple(t for t in all_texts() if t.split == split)
