"""A board as numbers: what its words say, how it is written, and its words themselves."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from capture.pipeline.phase import form, lexicon
from capture.pipeline.phase.words import Word, fold, language_of, split

CLASSES = ("SCAN", "FOCUS", "ACT", "none")
STEPS = (
    "problem", "language", "step_back", "possibilities", "barriers", "test", "alignment", "define", "decide", "commit"
)  # fmt: skip
PHASE_OF = dict.fromkeys(STEPS[:4], "SCAN") | dict.fromkeys(STEPS[4:6], "FOCUS") | dict.fromkeys(STEPS[6:], "ACT")

SURFACE = ("lines", "words_a_line", "figures", "notes", "colours")
DENSE = (
    *(f"lexicon {name}" for name in (*CLASSES, *STEPS)),
    *(f"strongest {name}" for name in CLASSES),
    *(f"has {name}" for name in form.NAMES),
    *(f"share {name}" for name in form.NAMES),
    *SURFACE,
)
"""Names of the dense features, in order."""

BUCKETS = {"words": 4096, "shapes": 1024}
"""Hashed features: stems and pairs of stems, and the pattern of signs, figures and capitals in a line."""
SIZE = len(DENSE) + sum(BUCKETS.values())

_SIGNS = re.compile(
    r"(?P<name>[A-ZÀ-Ý][a-zà-ÿ]+)|(?P<caps>[A-ZÀ-Ý]+)|(?P<word>[^\W\d_]+)|(?P<figure>\d+)|(?P<sign>[^\w\s])"
)
_SHAPE = {"name": "N", "caps": "C", "word": "w", "figure": "0"}


@dataclass(frozen=True, slots=True)
class Written:
    """What a board holds: lines in reading order, the share of them on notes, the number of the notes' colours."""

    lines: tuple[str, ...]
    notes: float = 0.0
    colours: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """A board taken apart; ``lines``, ``words`` and ``cues`` are those of the board's lines. ``lines`` are without the
    capitals of those who write in nothing else."""

    board: Written
    lines: tuple[str, ...]
    words: tuple[tuple[Word, ...], ...]
    matches: tuple[lexicon.Match, ...]
    cues: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Features:
    """``dense`` in the order of DENSE; ``index`` and ``value`` are the hashed features, numbered after them."""

    dense: NDArray[np.float64]
    index: NDArray[np.int64]
    value: NDArray[np.float64]


def see(board: Written) -> Seen:
    """Lines without a word or a figure are left out."""
    language = language_of(board.lines)
    kept = [line for line in board.lines if split(line, language)]
    lines = tuple(form.calmed(line) for line in kept)
    by_line = tuple(split(line, language) for line in lines)
    written = Written(tuple(kept), board.notes, board.colours)
    return Seen(written, lines, by_line, lexicon.shipped().matches(by_line), form.seen(lines, by_line))


def features(seen: Seen) -> Features:
    start, index, value = len(DENSE), [], []
    for name, grams in (("words", _stems(seen)), ("shapes", _shapes(seen))):
        counts = Counter(_bucket(g, BUCKETS[name]) + start for g in grams)
        weights = np.sqrt(np.fromiter(counts.values(), np.float64, len(counts)))
        index.append(np.fromiter(counts.keys(), np.int64, len(counts)))
        value.append(weights / max(1e-9, float(np.linalg.norm(weights))))
        start += BUCKETS[name]
    return Features(_dense(seen), np.concatenate(index), np.concatenate(value))


def _dense(seen: Seen) -> NDArray[np.float64]:
    said: dict[str, float] = dict.fromkeys((*CLASSES, *STEPS), 0.0)
    strongest = dict.fromkeys(CLASSES, 0.0)
    for match in seen.matches:
        said[match.entry.phase] += match.weight
        strongest[match.entry.phase] = max(strongest[match.entry.phase], match.weight)
        if match.entry.step:
            said[match.entry.step] += match.weight
    lines = max(1, len(seen.words))
    cues = Counter(name for line in seen.cues for name in line)
    lexical = [math.log1p(said[name]) for name in (*CLASSES, *STEPS)] + [strongest[name] for name in CLASSES]
    has = [float(cues[name] > 0) for name in form.NAMES]
    share = [cues[name] / lines for name in form.NAMES]
    figures = sum(any(c.isdigit() for c in line) for line in seen.board.lines) / lines
    length = sum(map(len, seen.words)) / lines
    surface = [math.log1p(lines), math.log1p(length), figures, seen.board.notes, seen.board.colours / 5]
    return np.array(lexical + has + share + surface)


def hashed_words(seen: Seen) -> Iterable[tuple[str, int]]:
    """Each word with the number of its hashed feature."""
    for word in (w for line in seen.words for w in line):
        yield word.text, len(DENSE) + _bucket(word.stem, BUCKETS["words"])


def _stems(seen: Seen) -> Iterable[str]:
    for line in seen.words:
        stems = ["0" if w.folded.isdigit() else w.stem for w in line]
        yield from stems
        yield from (f"{a} {b}" for a, b in pairwise(stems))


def _shapes(seen: Seen) -> Iterable[str]:
    for line in seen.lines:
        signs = ["^", *(_SHAPE.get(str(m.lastgroup), fold(m.group())) for m in _SIGNS.finditer(line)), "$"]
        for n in (2, 3):
            yield from ("".join(signs[i : i + n]) for i in range(len(signs) - n + 1))


@lru_cache(maxsize=1 << 17)
def _bucket(gram: str, size: int) -> int:
    return crc32(gram.encode()) % size


def texts(lines: Sequence[str]) -> Written:
    """A board known by its text alone; a line holding line breaks is several."""
    return Written(tuple(part for line in lines for part in line.splitlines()))
