"""The judged set for search: terse boards, queries of three kinds, and which boards answer which.

``data/judged``: ``boards.jsonl``: ``id``, ``theme``, ``split`` ("held" to report; "dev" was tuned on until parts of the
lexicon were written after it: ``bench/judged/search`` took its place), ``session``,
``title``, ``lines``. ``queries.jsonl``: ``id``, ``theme``, ``split``, ``kind`` ("exact": words of the board;
"paraphrase": French with no word in common; "english"), ``query``, ``relevant`` (board id → grade: 2 answers it, 1
touches it). To extend it, add lines; whoever extends ranking or lexicon reads the texts of the "dev" half only.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import Any

from archive.model import ChangeKind, Document, Line

FOLDER = Path(__file__).parent / "data" / "judged"
KINDS = ("exact", "paraphrase", "english")

_CONFUSED = {
    "a": ("o", "u"), "b": ("h", "6"), "c": ("e", "o"), "d": ("cl", "a"), "e": ("c", "o", "é"), "f": ("t",),
    "g": ("q", "9"), "h": ("b", "n"), "i": ("l", "1", "j"), "j": ("i",), "k": ("h",), "l": ("1", "i", "t"),
    "m": ("rn", "nn"), "n": ("u", "r"), "o": ("a", "0"), "p": ("n",), "q": ("g", "9"), "r": ("v", "n", "i"),
    "s": ("5", "z"), "t": ("f", "l"), "u": ("n", "v"), "v": ("r", "u"), "w": ("vv",), "x": ("v",), "y": ("g", "v"),
    "z": ("2",), "é": ("e", "è"), "è": ("e", "é"), "ê": ("e",), "à": ("a",), "ç": ("c",), "0": ("o",), "1": ("l",),
    "2": ("z",), "5": ("s",), "8": ("B",), "9": ("g",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class JudgedBoard:
    id: str
    theme: str
    split: str
    session: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    id: str
    theme: str
    split: str
    kind: str
    query: str
    relevant: Mapping[str, int]


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def boards(folder: Path = FOLDER) -> tuple[JudgedBoard, ...]:
    return tuple(JudgedBoard(**{**row, "lines": tuple(row["lines"])}) for row in _rows(folder / "boards.jsonl"))


def queries(folder: Path = FOLDER) -> tuple[JudgedQuery, ...]:
    return tuple(JudgedQuery(**row) for row in _rows(folder / "queries.jsonl"))


def misread(text: str, share: float, rng: random.Random) -> str:
    """Text with a share of its characters misread the way readers do: confused, dropped, doubled."""
    out = []
    for character in text:
        if character.isspace() or rng.random() >= share:
            out.append(character)
        elif rng.random() < 0.8 and character.lower() in _CONFUSED:
            out.append(rng.choice(_CONFUSED[character.lower()]))
        elif rng.random() < 0.5:
            out.append(rng.choice("aeionrstlu"))
        elif rng.random() < 0.5:
            out.append(character * 2)
    return "".join(out)


def document(board: JudgedBoard, share: float = 0.0, seed: int = 1) -> Document:
    """A board as the index takes it in; its lines misread, and read with less confidence, where asked for.

    Titles of sessions are typed by people and never misread; a board's own title is on the board.
    """
    rng = random.Random(f"{seed}:{board.id}")
    lines = []
    for number, text in enumerate((board.title, *board.lines)):
        read = misread(text, share, rng) if share else text
        confidence = rng.uniform(0.85, 0.99) - share * rng.uniform(0.8, 1.8)
        top = 60.0 + 90.0 * number
        lines.append(
            Line(read, ((40.0, top), (1200.0, top), (1200.0, top + 70), (40.0, top + 70)), confidence, "ppocr")
        )
    return Document(board.id, ChangeKind.BOARD, board.theme, board.session, tuple(lines), None, f"{board.id}.jpg")


def ndcg(found: Sequence[str], relevant: Mapping[str, int], depth: int = 10) -> float:
    """Normalised discounted cumulative gain at a depth; a grade g gains 2^g - 1 (Burges and others 2005)."""
    gains = [2 ** relevant.get(each, 0) - 1 for each in found[:depth]]
    best = sorted((2**grade - 1 for grade in relevant.values()), reverse=True)[:depth]
    ideal = _discounted(best)
    return _discounted(gains) / ideal if ideal else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / log2(place + 2) for place, gain in enumerate(gains))
