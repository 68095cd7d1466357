"""What an archive teaches the lexicon: concepts out of what its people have brought together.

A theme brings together its name, the titles of its sessions and the terms that only its boards use; a saved search its
title and its query; a correction what was read and what was meant. They are learned like the lexicon's own concepts,
by this archive only.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import SequenceMatcher

from index import analysis, ngrams
from index.lexicon import Concept

AREA = "appris de l'archive"
SHORTEST = 3
BOARDS, SHARE = 2, 0.6
"""A term is a theme's own when at least so many of its boards have it, and so large a share of all that do."""
TERMS = 40


def of_corrections(corrected: Iterable[tuple[str, str]]) -> list[Concept]:
    """From lines as they were read and as a person wrote them: words in the place of others that look like them."""
    meant: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for read, written in corrected:
        before, after = analysis.words(read), analysis.words(written)
        for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            if kind == "replace" and b - a == d - c:
                for was, now in zip(before[a:b], after[c:d], strict=True):
                    if len(was) >= SHORTEST and ngrams.likeness(was, now) > 0:
                        meant[now][was] = None
    return [_concept(f"correction : {now}", (now, *was)) for now, was in sorted(meant.items())]


def of_themes(
    titles: Mapping[str, Sequence[str]], boards: Iterable[tuple[Sequence[str], str]], known: Callable[[str], bool]
) -> list[Concept]:
    """From the titles of each theme's sessions, and boards as their themes and their text.

    Only terms that are not ``known`` are a theme's own; names of people, which begin with one capital, are none.
    """
    everywhere, here = Counter[str](), defaultdict[str, Counter[str]](Counter)
    for themes, text in boards:
        terms = {analysis.fold(word) for word in _plain_words(text)}
        everywhere.update(terms)
        for theme in themes:
            here[theme].update(terms)
    return [
        _concept(f"thème : {theme}", (theme, *titles.get(theme, ()), *_own(here[theme], everywhere, known)))
        for theme in sorted({*titles, *here})
    ]


def _own(here: Counter[str], everywhere: Counter[str], known: Callable[[str], bool]) -> list[str]:
    found = [term for term, n in here.most_common() if n >= BOARDS and n >= SHARE * everywhere[term]]
    return [term for term in found if term not in analysis.STOP_WORDS and not known(term)][:TERMS]


def _plain_words(text: str) -> list[str]:
    """Words in small letters, and acronyms."""
    normal = analysis.normalise(text)
    words = [normal[t.start : t.end] for t in analysis.tokens(text)]
    return [word for word in words if len(word) >= SHORTEST and word.isalpha() and (word.islower() or word.isupper())]


def of_searches(saved: Iterable[tuple[str, str]]) -> list[Concept]:
    """From titles that people gave to their searches, and what they had asked for."""
    return [_concept(f"recherche : {title}", (title, asked)) for title, asked in sorted(set(saved)) if title != asked]


def _concept(name: str, said: Sequence[str]) -> Concept:
    return Concept(name, AREA, tuple(dict.fromkeys(said)), ())


def useful(concepts: Iterable[Concept]) -> tuple[Concept, ...]:
    """Those that bring at least two different things together."""
    return tuple(c for c in concepts if len({frozenset(analysis.words(each)) for each in c.fr} - {frozenset()}) > 1)


def dump(concepts: Sequence[Concept]) -> bytes:
    return json.dumps([[c.name, list(c.fr)] for c in concepts], ensure_ascii=False).encode()


def load(data: bytes) -> tuple[Concept, ...]:
    return tuple(_concept(name, said) for name, said in json.loads(data))
