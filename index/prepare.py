"""A document made ready for every part of the index: stems with weights, exact words in order, texts to embed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TypeVar

from archive.model import Document
from index import analysis
from index.static import Text

T = TypeVar("T")

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

    ``lines`` are the words that carry meaning in each of the document's lines; ``head`` those of its titles. Window
    ``i`` is line ``i`` and the next.
    """

    document: Document
    bag: dict[str, float]
    words: tuple[str, ...]
    word_lines: tuple[int, ...]
    letters: dict[str, float]
    lines: tuple[tuple[str, ...], ...]
    title: tuple[str, ...]
    session: tuple[str, ...]
    confidence: float

    def board_said(self) -> Text:
        """All its words; what stands close is each two lines, and its titles."""
        head = (*self.title, *self.session)
        windows = tuple(tuple(chain.from_iterable(window)) for window in windows_of(self.lines))
        return Text((*head, *chain.from_iterable(self.lines)), (*windows, head))

    def windows_said(self) -> list[Text]:
        return [
            Text((*self.session, *words), (words, self.session))
            for words in (tuple(chain.from_iterable(window)) for window in windows_of(self.lines))
        ]

    def board_text(self) -> str:
        return "\n".join((self.document.title, self.document.session_title, *self._texts()))

    def window_texts(self) -> list[str]:
        return ["\n".join((self.document.session_title, *window)) for window in windows_of(self._texts())]

    def _texts(self) -> tuple[str, ...]:
        return tuple(line.text for line in self.document.lines[:MAX_LINES])


def windows_of(lines: Sequence[T]) -> list[tuple[T, ...]]:
    """Each two neighbouring lines; a single line stands alone.

    Lines on a board are too terse to say what they are about: the session's title goes with each window.
    """
    return list(pairwise(lines)) if len(lines) > 1 else [(line,) for line in lines]


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


def prepare(document: Document) -> Prepared:
    """Analyse one document; pure."""
    bag: defaultdict[str, float] = defaultdict(float)
    letters: defaultdict[str, float] = defaultdict(float)
    words: list[str] = []
    word_lines: list[int] = []
    said: dict[int, tuple[str, ...]] = {}
    for run in _parts(document):
        for part in run:
            tokens = list(analysis.tokens(part.text))
            words += [token.exact for token in tokens]
            word_lines += [part.line] * len(tokens)
            telling = [token for token in tokens if not token.stop]
            for token in telling:
                bag[token.stem] += part.weight
                letters[token.exact] += part.weight
            said.setdefault(part.line, tuple(token.exact for token in telling))
        words.append("")
        word_lines.append(SESSION_LINE)
    return Prepared(
        document,
        dict(bag),
        tuple(words),
        tuple(word_lines),
        dict(letters),
        tuple(said[number] for number in range(len(document.lines[:MAX_LINES]))),
        said[TITLE_LINE],
        said[SESSION_LINE],
        sum(line.confidence for line in document.lines) / max(1, len(document.lines)),
    )
