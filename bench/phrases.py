"""Gathers the pairs of words that reading knows, from the project's own texts: `python -m bench.phrases`.

The lexicon's expressions, the boards that phases are learned from, the tuning texts of the renderer. What stands in a
text for measuring is left out. A pair is kept where it says more than the second word alone.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from capture.pipeline.read import phrases
from capture.pipeline.read.language import keys_of
from samples.texts import texts

ROOT = Path(__file__).resolve().parent.parent
MORE = 0.7  # natural log: how much likelier the second word must be after the first than anywhere


def lines() -> Iterator[str]:
    for file in sorted((ROOT / "index" / "data" / "concepts").glob("*.jsonl")):
        for concept in _rows(file):
            yield from (*concept.get("fr", ()), *concept.get("en", ()))
    for board in _rows(ROOT / "capture" / "pipeline" / "phase" / "data" / "examples.jsonl"):
        yield from board["lines"]
    for text in texts("tune"):
        yield from (text.title, *text.lines)


def gathered() -> tuple[dict[tuple[str, str], int], Counter[str]]:
    """Pairs worth keeping and how often each word was written."""
    kept_aside = {line.strip().lower() for text in texts("measure") for line in (text.title, *text.lines)}
    words, pairs = Counter[str](), Counter[tuple[str, str]]()
    for line in lines():
        if line.strip().lower() not in kept_aside:
            keys = keys_of(line)[0]
            words.update(keys)
            pairs.update(pairwise(keys))
    total = words.total()

    def says(before: str, key: str, count: int) -> bool:
        after = phrases.SHARE * (count - phrases.DISCOUNT) / (words[before] + phrases.UNSEEN)
        return math.log(after) > math.log(words[key] / total) + MORE

    return {pair: count for pair, count in pairs.items() if says(*pair, count)}, words


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    return (json.loads(row) for row in file.read_text(encoding="utf-8").splitlines() if row.strip())


if __name__ == "__main__":
    pairs, words = gathered()
    made = phrases.written(pairs, words)
    (Path(phrases.__file__).parent / "data" / phrases.FILE).write_bytes(made)
    print(f"{len(pairs)} pairs of {words.total()} words, {len(made) / 1000:.0f} kB")
