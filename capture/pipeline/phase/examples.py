"""Labelled boards: JSON Lines of id, theme, lang, label, step (or null) and lines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, slots=True)
class Example:
    id: str
    theme: str  # themes are never split between learning and judging
    label: str  # one of features.CLASSES
    step: str | None  # one of features.STEPS, where it is clear
    lines: tuple[str, ...]


def parse(text: str) -> tuple[Example, ...]:
    rows = [json.loads(row) for row in text.splitlines() if row.strip()]
    return tuple(Example(r["id"], r["theme"], r["label"], r["step"], tuple(r["lines"])) for r in rows)


def shipped() -> tuple[Example, ...]:
    return parse((resources.files(__package__) / "data" / "examples.jsonl").read_text(encoding="utf-8"))
