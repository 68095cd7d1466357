"""Themes of a board: whose expressions it holds; and expressions that the vocabulary might take up."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from wordfreq import zipf_frequency

from archive.model import Theme
from capture.pipeline.phase import lexicon
from capture.pipeline.phase.words import Language, Word, fold, language_of, split

VERSION = 1
_USUAL = 5.2  # Zipf frequency from which a word alone names no theme
_LONGEST = 3  # words of a suggested expression
_BETWEEN = frozenset(["de", "du", "des", "d", "la", "le", "l", "a", "au", "aux", "en", "of", "the", "pour"])


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``boards`` hold it, in ``sessions``; ``score`` orders suggestions."""

    text: str
    boards: int
    sessions: int
    score: float


def themes_of(lines: Sequence[str], vocabulary: Sequence[Theme]) -> tuple[str, ...]:
    """Ids of the themes that a board speaks of, those with most lines first; inflected words count."""
    language = language_of(lines)
    stems = [_stems(split(line, language)) for line in lines]
    found = {}
    for theme in vocabulary:
        said = [_stems(split(word, language)) for word in theme.words]
        count = sum(any(word and word in line for word in said) for line in stems)
        if count:
            found[theme.id] = count
    return tuple(sorted(found, key=lambda key: (-found[key], key)))


def _stems(words: Sequence[Word]) -> str:
    return "".join(f" {word.stem} " for word in words)


def suggest(
    boards: Sequence[tuple[str, Sequence[str]]], vocabulary: Sequence[Theme], limit: int = 20
) -> list[Suggestion]:
    """Expressions of (session id, lines) that several boards share, rarer in the language than on these boards, and
    that no theme has yet. The method's own words are left out: they name phases."""
    spelt: dict[str, Counter[str]] = defaultdict(Counter)
    boards_of: dict[str, set[int]] = defaultdict(set)
    sessions_of: dict[str, set[str]] = defaultdict(set)
    for number, (session, lines) in enumerate(boards):
        language = language_of(lines)
        for line in lines:
            for stem, text in _expressions(split(line, language), language):
                spelt[stem][text] += 1
                boards_of[stem].add(number)
                sessions_of[stem].add(session)
    taken = {_stems(split(word, "fr")) for theme in vocabulary for word in theme.words} | _of_method()
    found = []
    for stem, where in boards_of.items():
        if len(where) >= 2 and f" {stem} ".replace(" ", "  ").strip() not in {t.strip() for t in taken}:
            text = spelt[stem].most_common(1)[0][0]
            found.append(Suggestion(text, len(where), len(sessions_of[stem]), _score(text, len(where), len(boards))))
    found.sort(key=lambda s: (-s.score, s.text))
    return _without_parts(found)[:limit]


def _expressions(words: Sequence[Word], language: Language) -> list[tuple[str, str]]:
    """Runs of words that begin and end with a word that carries meaning, by their stems."""
    found = []
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + _LONGEST) + 1):
            run = words[start:end]
            if all(_carries(w, language) for w in (run[0], run[-1])) and all(
                _carries(w, language) or w.folded in _BETWEEN for w in run
            ):
                found.append((" ".join(w.stem for w in run), " ".join(w.text for w in run).lower()))
    return found


def _carries(word: Word, language: Language) -> bool:
    return len(word.folded) >= 4 and word.folded.isalpha() and zipf_frequency(word.text.lower(), language) < _USUAL


def _score(text: str, boards: int, total: int) -> float:
    """How much commoner on the boards than in the language: the log-odds, weighed by the number of boards."""
    words = [w for w in text.split() if len(w) >= 4]
    rare = sum(max(0.0, 7.0 - zipf_frequency(w, "fr")) for w in words) / max(1, len(words))
    return math.log1p(boards) * (rare + math.log10(boards / total * 100 + 1)) * (1.0 + 0.3 * (len(words) - 1))


def _of_method() -> set[str]:
    entries = lexicon.parse(lexicon.table())
    return {_stems(split(entry.text, entry.language)) for entry in entries}


def _without_parts(found: Sequence[Suggestion]) -> list[Suggestion]:
    """An expression inside a better one that as many boards hold says nothing more."""
    kept: list[Suggestion] = []
    for each in found:
        inside = (fold(k.text) in fold(each.text) or fold(each.text) in fold(k.text) for k in kept)
        if not any(inside):
            kept.append(each)
    return kept
