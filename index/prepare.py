"""A document made ready for every part of the index: stems with weights, exact words in order, texts to embed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from archive.model import Document
from index import analysis

TITLE_LINE = 65535
SESSION_LINE = 65534
MAX_LINES = 65000

TITLE_WEIGHT = 1.5
SESSION_WEIGHT = 0.7
DOUBTFUL_WEIGHT = 0.6  # of a line read with no confidence at all; a sure line counts 1
LOSING_WEIGHT = 0.35


@dataclass(frozen=True, slots=True)
class Part:
    """A run of words that belong together. ``line`` is the document's line, or one of the two title marks."""

    text: str
    line: int
    weight: float


@dataclass(frozen=True, slots=True)
class Prepared:
    """``words`` are exact forms with their line, "" between runs that no phrase may cross.

    ``windows`` are the texts of two neighbouring lines each; window ``i`` starts at line ``i``.
    """

    document: Document
    bag: dict[str, float]
    words: tuple[str, ...]
    word_lines: tuple[int, ...]
    letters: dict[str, float]
    text: str
    windows: tuple[str, ...]
    confidence: float


def _parts(document: Document) -> list[list[Part]]:
    """Runs: the board's lines together, then the title, the session's title, each losing reading."""
    main, losing = [], []
    for number, line in enumerate(document.lines[:MAX_LINES]):
        weight = DOUBTFUL_WEIGHT + (1 - DOUBTFUL_WEIGHT) * line.confidence
        main.append(Part(line.text, number, weight))
        losing += [[Part(other.text, number, LOSING_WEIGHT * max(other.confidence, 0.2))] for other in line.others]
    titles = [
        [Part(document.title, TITLE_LINE, TITLE_WEIGHT)],
        [Part(document.session_title, SESSION_LINE, SESSION_WEIGHT)],
    ]
    return [main, *titles, *losing]


def windows_of(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Each two neighbouring lines as one text; a single line stands alone."""
    if len(lines) < 2:
        return lines
    return tuple(f"{a}\n{b}" for a, b in pairwise(lines))


def prepare(document: Document) -> Prepared:
    """Analyse one document; pure."""
    bag: defaultdict[str, float] = defaultdict(float)
    letters: defaultdict[str, float] = defaultdict(float)
    words: list[str] = []
    word_lines: list[int] = []
    for run in _parts(document):
        for part in run:
            for token in analysis.tokens(part.text):
                words.append(token.exact)
                word_lines.append(part.line)
                if not token.stop:
                    bag[token.stem] += part.weight
                    letters[token.exact] += part.weight
        words.append("")
        word_lines.append(SESSION_LINE)
    lines = tuple(line.text for line in document.lines[:MAX_LINES])
    confidence = sum(line.confidence for line in document.lines) / max(1, len(document.lines))
    text = "\n".join((document.title, document.session_title, *lines))
    return Prepared(
        document, dict(bag), tuple(words), tuple(word_lines), dict(letters), text, windows_of(lines), confidence
    )
