"""Expressions that speak for a phase, found on a board even when a letter or two was misread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import combinations

from rapidfuzz.distance import Levenshtein

from capture.pipeline.phase.words import Language, Word, split

FUZZY_SHARE = 0.6  # of the weight, for an expression of which a word was misread
_LOOK_ALIKES = frozenset(
    map(
        frozenset,
        "il i1 l1 lt it ij o0 oc oa oe ec ea eo uv un nm nr rv vy ao sc s5 g9 gq bh b6 hk ft au".split(),  # noqa: SIM905
    )
)


@dataclass(frozen=True, slots=True)
class Entry:
    phase: str  # "SCAN", "FOCUS", "ACT" or "none"
    step: str | None
    weight: float
    language: Language
    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """``found`` is the board's own spelling; ``exact`` is false when a word of it was misread."""

    entry: Entry
    found: str
    line: int
    exact: bool

    @property
    def weight(self) -> float:
        return self.entry.weight if self.exact else FUZZY_SHARE * self.entry.weight


@dataclass(frozen=True, slots=True)
class _Near:
    """A lexicon word close to a word of the board; ``alone`` when so close that no neighbour need confirm it."""

    word: str
    exact: bool
    alone: bool


def parse(table: str) -> tuple[Entry, ...]:
    """Tab-separated lines: phase, step or «-», weight, language, expressions separated by «;»; # starts a comment."""
    entries = []
    for row in table.splitlines():
        if not row or row.startswith("#"):
            continue
        phase, step, weight, language, texts = row.split("\t")
        for text in texts.split(";"):
            tongue: Language = "en" if language == "en" else "fr"
            entries.append(Entry(phase, None if step == "-" else step, float(weight), tongue, text.strip()))
    return tuple(entries)


class Lexicon:
    """Longest expression first; a word belongs to one expression, which may speak for several phases."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        self._entries: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
        self._forms: dict[str, set[str]] = defaultdict(set)
        self._deletions: dict[str, set[str]] = defaultdict(set)
        for entry in entries:
            words = split(entry.text, entry.language)
            if words:
                self._add(tuple(w.folded for w in words), entry)
                for word in words:
                    self._add_word(word)
        for expressions in self._by_first.values():
            expressions.sort(key=lambda e: (-len(e), e))
        self._near = lru_cache(maxsize=1 << 15)(self._near_words)

    def _add(self, key: tuple[str, ...], entry: Entry) -> None:
        if key not in self._entries:
            self._by_first[key[0]].append(key)
        self._entries[key].append(entry)

    def _add_word(self, word: Word) -> None:
        self._forms[word.folded].add(word.folded)
        if len(word.stem) >= 3:
            self._forms[word.stem].add(word.folded)
        for form in _shortened(word.folded):
            self._deletions[form].add(word.folded)

    def matches(self, lines: Sequence[Sequence[Word]]) -> tuple[Match, ...]:
        """All expressions on the board, each once, in reading order."""
        seen: set[tuple[str, ...]] = set()
        found = []
        for number, line in enumerate(lines):
            for key, text, exact in self._in_line(line):
                if key not in seen:
                    seen.add(key)
                    found += [Match(entry, text, number, exact) for entry in self._entries[key]]
        return tuple(found)

    def _in_line(self, line: Sequence[Word]) -> Iterator[tuple[tuple[str, ...], str, bool]]:
        near = [self._near(w.folded, w.stem) for w in line]
        at = 0
        while at < len(line):
            key, exact = self._longest(near, at)
            if key:
                yield key, _spelling(line[at : at + len(key)], self._entries[key][0].text), exact
            at += max(1, len(key))

    def _longest(self, near: Sequence[tuple[_Near, ...]], at: int) -> tuple[tuple[str, ...], bool]:
        for first in near[at]:
            for key in self._by_first.get(first.word, ()):
                if at + len(key) <= len(near):
                    found = [_find(near[at + i], word) for i, word in enumerate(key)]
                    if all(n is not None and n.exact for n in found):
                        return key, True
                    if _believed(key, found):
                        return key, False
        return (), False

    def _near_words(self, folded: str, stem: str) -> tuple[_Near, ...]:
        exact = self._forms.get(folded, set()) | self._forms.get(stem, set())
        if exact:
            return tuple(_Near(w, True, True) for w in sorted(exact, key=lambda w: (w != folded, w)))
        if len(folded) < 4 or folded.isdigit():
            return ()
        words = set().union(*(self._deletions.get(form, ()) for form in _shortened(folded)))
        close = [(Levenshtein.distance(folded, w), w) for w in words]
        return tuple(_Near(w, False, _safe(folded, w, d)) for d, w in sorted(close) if d <= _tolerance(w))


def _believed(key: Sequence[str], found: Sequence[_Near | None]) -> bool:
    """Whether an expression with misread words is there: a word alone must be unmistakable; in longer ones a short
    word between two others may be anything («plan d'action», «qui fait quoi»)."""
    if len(key) == 1:
        return found[0] is not None and found[0].alone
    missing = [i for i, near in enumerate(found) if near is None]
    if not missing:
        return sum(map(len, key)) >= 8
    inside = missing[0] not in (0, len(key) - 1) and len(key[missing[0]]) <= 4
    return len(missing) == 1 and inside and sum(len(w) for w, n in zip(key, found, strict=True) if n) >= 6


def _find(near: Sequence[_Near], word: str) -> _Near | None:
    return next((n for n in near if n.word == word), None)


def _spelling(words: Sequence[Word], text: str) -> str:
    """The lexicon's spelling, with its apostrophes and slashes, when the board says the same."""
    found = " ".join(w.text for w in words)
    same = [w.folded for w in words] == [w.folded for w in split(text, "fr")]
    return text if same else found


def _tolerance(word: str) -> int:
    return 2 if len(word) >= 9 else 1 if len(word) >= 4 else 0


def _safe(folded: str, word: str, distance: int) -> bool:
    """One letter off makes another French word of many short words («tester», «rester»): those need look-alikes."""
    if len(word) >= 8:
        return True
    if len(word) < 5 or len(folded) != len(word) or distance != 1:
        return False
    return any(frozenset((a, b)) in _LOOK_ALIKES for a, b in zip(folded, word, strict=True) if a != b)


@lru_cache(maxsize=1 << 15)
def _shortened(word: str) -> tuple[str, ...]:
    """The word and what is left of it without one letter (two from nine letters on)."""
    if len(word) < 4:
        return ()
    forms = {word}
    for drop in range(1, (2 if len(word) >= 8 else 1) + 1):
        for places in combinations(range(min(len(word), 16)), drop):
            forms.add("".join(c for i, c in enumerate(word) if i not in places))
    return tuple(sorted(forms))


@cache
def shipped() -> Lexicon:
    return Lexicon(parse(table()))


@cache
def table() -> str:
    return (resources.files(__package__) / "data" / "lexicon.tsv").read_text(encoding="utf-8")
