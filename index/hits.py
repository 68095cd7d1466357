"""From rows to hits: the lines that matched, their boxes in the photo, a snippet, the reason why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from archive.model import Document, Hit, Polygon
from index import analysis, ngrams
from index.language import Language
from index.snapshot import Snapshot
from index.vectors import Matrix

SNIPPET = 180
CLOSE_LINES = 0.85
"""A line counts as matched by letters when its best word is nearly as alike as the document's best."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What a query looks for: its text, folded words and their stems, the vector of its sense, if it has one, and the
    language it is asked in."""

    text: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    vector: Matrix | None
    spoken: Language = "fr"


@dataclass(frozen=True, slots=True)
class Matches:
    """Numbers of the document's lines, in order; ``words`` are the words that matched them, as they stand there."""

    lines: tuple[int, ...]
    words: tuple[str, ...]


@lru_cache(maxsize=1 << 14)
def _telling(text: str) -> tuple[analysis.Token, ...]:
    """The tokens of a line but its stop words; half of what a hit costs, and the same lines are hit again and again."""
    return tuple(token for token in analysis.tokens(text) if not token.stop)


def _line_tokens(document: Document) -> list[list[analysis.Token]]:
    """Each line's tokens, those of the readings that lost among them."""
    return [
        [token for text in (line.text, *(other.text for other in line.others)) for token in _telling(text)]
        for line in document.lines
    ]


def by_word(tokens: Sequence[Sequence[analysis.Token]], stems: Sequence[str]) -> Matches:
    """Lines that hold a word sought."""
    wanted = set(stems)
    found = {n: [t.exact for t in line if t.stem in wanted] for n, line in enumerate(tokens)}
    lines = tuple(n for n, words in found.items() if words)
    return Matches(lines, tuple(dict.fromkeys(word for n in lines for word in found[n])))


def by_letters(tokens: Sequence[Sequence[analysis.Token]], words: Sequence[str]) -> Matches:
    """Lines that hold a word which looks like one sought."""
    lines: set[int] = set()
    seen: list[str] = []
    for word in words:
        best = [
            (max(((ngrams.likeness(word, t.exact), t.exact) for t in line), default=(0.0, "")), n)
            for n, line in enumerate(tokens)
        ]
        top = max((score for (score, _), _ in best), default=0.0)
        if top >= ngrams.ALIKE:
            close = [(n, other) for (score, other), n in best if score >= max(ngrams.ALIKE, top * CLOSE_LINES)]
            lines |= {n for n, _ in close}
            seen += [other for _, other in close]
    return Matches(tuple(sorted(lines)), tuple(dict.fromkeys(seen)))


def by_meaning(scores: Matrix, count: int) -> tuple[int, ...]:
    """The one or two neighbouring lines nearest to a query, by the scores of a board's windows."""
    if not len(scores) or float(scores.max()) <= 0.0:
        return ()
    first = int(scores.argmax())
    return tuple(n for n in (first, first + 1) if n < count)


def make(snapshot: Snapshot, row: int, sought: Sought, score: float, why: dict[str, float]) -> Hit:
    """The hit of one row."""
    segment, local = snapshot.place(row)
    vector = sought.vector
    windows = (lambda: segment.vectors.window_scores(local, vector)) if vector is not None else None
    return of(snapshot.document(row), windows, sought, score, why)


def of(
    document: Document, windows: Callable[[], Matrix] | None, sought: Sought, score: float, why: dict[str, float]
) -> Hit:
    """A document as a hit. Boxes are of word and letter matches; of the nearest lines when there are none.

    ``windows`` gives the cosine of each two lines with the query; None where it has no sense.
    """
    tokens = _line_tokens(document)
    words = by_word(tokens, sought.stems)
    held = {token.stem for line in tokens for token in line}
    missing = [w for w, stem in zip(sought.words, sought.stems, strict=True) if stem not in held]
    letters = by_letters(tokens, missing) if why.get("ngrams") else Matches((), ())
    lines = tuple(sorted({*words.lines, *letters.lines}))
    if not lines and windows is not None and why.get("meaning"):
        lines = by_meaning(windows(), len(document.lines))
    return Hit(
        id=document.id,
        kind=document.kind,
        score=score,
        why=why,
        snippet=_snippet(document, lines),
        boxes=_boxes(document, lines),
        photo_id=document.photo_id,
        session_id=document.session_id,
        phase=document.phase,
        matched=(*words.words, *letters.words),
    )


def _boxes(document: Document, lines: Sequence[int]) -> tuple[Polygon, ...]:
    return tuple(document.lines[n].polygon for n in lines if document.lines[n].polygon)


def _snippet(document: Document, lines: Sequence[int]) -> str:
    """The matched lines, or how the document begins."""
    texts = [document.lines[n].text.strip() for n in lines] or [line.text.strip() for line in document.lines]
    snippet = ""
    for text in texts or [document.title]:
        longer = f"{snippet} … {text}" if snippet else text
        if len(longer) > SNIPPET:
            break
        snippet = longer
    return snippet or texts[0][: SNIPPET - 1] + "…" if texts else snippet
