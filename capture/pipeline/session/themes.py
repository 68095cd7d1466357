"""Themes of a board: whose expressions it holds; and expressions that the vocabulary might take up."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from wordfreq import zipf_frequency

from archive.model import Theme
from capture.pipeline.phase import form, lexicon
from capture.pipeline.phase.words import Language, Word, fold, language_of, split

VERSION = 1
_USUAL = 5.2  # Zipf frequency from which a word alone names no theme
_UNKNOWN = 0.3  # of its score, for a word that is no known subject
_ELIDED = frozenset(["jusqu", "quelqu", "aujourd", "lorsqu", "puisqu", "presqu"])  # half a word, no subject
_WHEN = re.compile(
    r"(?:janv|fevr|avr|juil|sept|octo|nove|dece|lundi|mardi|mercr|jeudi|vendr|samed|diman|mars$|juin$|aout$|minut|heure"
    r"|janua|febru|march$|april$|june$|july$|augus|monda|tuesd|wedne|thurs|frida|satur|sunda)"
)
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
    boards: Sequence[tuple[str, Sequence[str]]],
    vocabulary: Sequence[Theme],
    limit: int = 20,
    subjects: Collection[str] = (),
    people: Collection[str] = (),
) -> list[Suggestion]:
    """Expressions of (session id, lines) that several boards share, rarer in the language than on these boards, and
    that no theme has yet. The method's own words are left out: they name phases; so are people, whom first names,
    ``people`` (names) and capitals inside lines tell. ``subjects`` are words and expressions known to be subjects:
    they come first.
    """
    spelt: dict[str, Counter[str]] = defaultdict(Counter)
    boards_of: dict[str, set[int]] = defaultdict(set)
    sessions_of: dict[str, set[str]] = defaultdict(set)
    for number, (session, lines) in enumerate(boards):
        language = language_of(lines)
        for line in map(form.calmed, lines):
            for stem, text in _expressions(split(line, language), language):
                spelt[stem][text] += 1
                boards_of[stem].add(number)
                sessions_of[stem].add(session)
    taken = {_stems(split(word, "fr")) for theme in vocabulary for word in theme.words} | _of_method()
    named = form.first_names() | {fold(word) for name in people for word in name.split()}
    known = {_singular(subject) for subject in subjects}
    found = []
    for stem, where in boards_of.items():
        of_theme = f" {stem} ".replace(" ", "  ").strip() in {t.strip() for t in taken}
        if len(where) < 2 or of_theme or _is_name(spelt[stem], named):
            continue
        text = spelt[stem].most_common(1)[0][0].lower()
        score = _score(text, len(where), len(boards)) * (1.0 if not known or _singular(text) in known else _UNKNOWN)
        found.append(Suggestion(text, len(where), len(sessions_of[stem]), score))
    found.sort(key=lambda s: (-s.score, s.text))
    return _without_parts(found)[:limit]


def _is_name(spelt: Counter[str], named: Collection[str]) -> bool:
    """First names and names of the session's people; what has a capital inside most lines."""
    words = fold(next(iter(spelt))).split()
    capitals = sum(count for text, count in spelt.items() if text[:1].isupper())
    return any(word in named for word in words) or 2 * capitals > sum(spelt.values())


def _singular(text: str) -> str:
    return " ".join(word.rstrip("sx") if len(word) > 3 else word for word in fold(text).split())


def _expressions(words: Sequence[Word], language: Language) -> list[tuple[str, str]]:
    """Runs of words that begin and end with a word that carries meaning, by their stems; a line's first word is in
    small letters, for its capital says nothing."""
    found = []
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + _LONGEST) + 1):
            run = words[start:end]
            if all(_carries(w, language) for w in (run[0], run[-1])) and all(
                _carries(w, language) or w.folded in _BETWEEN for w in run
            ):
                text = " ".join(w.text for w in run)
                found.append((" ".join(w.stem for w in run), text if start else text.lower()))
    return found


def _carries(word: Word, language: Language) -> bool:
    if len(word.folded) < 4 or not word.folded.isalpha() or word.folded in _ELIDED or _WHEN.match(word.folded):
        return False
    return zipf_frequency(word.text.lower(), language) < _USUAL


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
