"""The lexicon of concepts: what is known of the field, written down by hand (``data/concepts/NN-area.jsonl``)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

SCENE = "scène : "
"""What the name of a concept begins with that is a whole subject, from complaint to solution."""


@dataclass(frozen=True, slots=True)
class Concept:
    """``fr`` are the French words, expressions and complaints that people use for it, ``en`` the English ones."""

    name: str
    area: str
    fr: tuple[str, ...]
    en: tuple[str, ...]


def lexicon_folder() -> Path:
    return Path(str(files("index") / "data" / "concepts"))


def read_concepts(folder: Path) -> tuple[Concept, ...]:
    """Concepts of all JSONL files of a folder: ``concept``, ``area``, ``fr``, ``en`` on each line."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.jsonl"))]
    rows = [json.loads(line) for text in texts for line in text.split("\n") if line.strip()]
    return tuple(Concept(r["concept"], r["area"], tuple(r["fr"]), tuple(r["en"])) for r in rows)
