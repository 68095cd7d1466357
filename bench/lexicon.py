"""What the lexicon lacks: doublets, thin concepts, thin areas, common words that no concept holds.

    python -m bench.lexicon           everything, the first of each list
    python -m bench.lexicon --all     whole lists

Words are those of the judged set's development half (never the held one) and of wordfreq's common French, which is
read here and copied nowhere.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from index import analysis, train
from index.judged import boards, queries
from index.lexicon import Concept, lexicon_folder, read_concepts

FRENCH, ENGLISH = 10, 4
"""Fewer expressions than this make a concept thin: paraphrases were still gaining at twelve (ANCHORS)."""
SHARED = 0.4
"""Two concepts are one when so large a share of the smaller's expressions stands in the other."""
COMMON = 8000


def folded(expression: str) -> str:
    """An expression by its telling stems: what makes two of them the same."""
    return " ".join(sorted(analysis.stems(expression))) or analysis.fold(expression)


def doublets(concepts: Sequence[Concept]) -> list[tuple[float, str, str]]:
    """Pairs of concepts that say the same, worst first: 1.0 for the same name."""
    holders: defaultdict[str, set[int]] = defaultdict(set)
    said = [{folded(each) for each in (concept.name, *concept.fr)} for concept in concepts]
    for number, expressions in enumerate(said):
        for each in expressions:
            holders[each].add(number)
    shared = Counter(pair for group in holders.values() for pair in combinations(sorted(group), 2))
    scored = [(n / min(len(said[a]), len(said[b])), concepts[a].name, concepts[b].name) for (a, b), n in shared.items()]
    names = Counter(concept.name for concept in concepts)
    same = [(1.0, name, name) for name, count in names.items() if count > 1]
    return sorted([*same, *(each for each in scored if each[0] >= SHARED and each[1] != each[2])], reverse=True)


def thin(concepts: Sequence[Concept]) -> list[str]:
    """Concepts of few expressions, with how many they have."""
    return [
        f"{concept.name} ({len(set(concept.fr))} fr, {len(set(concept.en))} en)"
        for concept in concepts
        if len(set(concept.fr)) < FRENCH or len(set(concept.en)) < ENGLISH
    ]


def areas(concepts: Sequence[Concept]) -> list[tuple[str, int, float, float]]:
    """Each area with its number of concepts and their mean expressions in French and English, thinnest first."""
    groups: defaultdict[str, list[Concept]] = defaultdict(list)
    for concept in concepts:
        groups[concept.area].append(concept)
    rows = [
        (name, len(group), sum(len(c.fr) for c in group) / len(group), sum(len(c.en) for c in group) / len(group))
        for name, group in groups.items()
    ]
    return sorted(rows, key=lambda row: row[2] + row[3])


def uncovered(concepts: Sequence[Concept], texts: Iterator[str]) -> list[tuple[str, int]]:
    """Words of texts that no concept holds, as written or by a stem; most frequent first."""
    known = set(train.row_names(concepts))
    names = ((word, *_names(word)) for text in texts for word in analysis.words(text) if _telling(word))
    return Counter(word for word, *forms in names if not known & set(forms)).most_common()


def _names(word: str) -> tuple[str, str, str]:
    return (
        train.SURFACE + word,
        train.FRENCH + analysis.stem(word),
        train.ENGLISH + analysis.stem_english(word),
    )


def _telling(word: str) -> bool:
    return len(word) > 2 and word.isalpha()


def development_texts() -> Iterator[str]:
    for board in boards():
        if board.split == "dev":
            yield " ".join((board.session, board.title, *board.lines))
    yield from (query.query for query in queries() if query.split == "dev")


def common_words() -> Iterator[str]:
    from wordfreq import top_n_list

    yield from top_n_list("fr", COMMON)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="print whole lists")
    most = None if parser.parse_args().all else 40
    concepts = read_concepts(lexicon_folder())
    print(f"{len(concepts)} concepts\n\nAreas, thinnest first (concepts, French and English expressions a concept)")
    for name, count, french, english in areas(concepts):
        print(f"  {name:40} {count:5} {french:5.1f} {english:5.1f}")
    twice, few = doublets(concepts), thin(concepts)
    print(f"\n{len(twice)} doublets (share of expressions in common)")
    for share, one, other in twice[:most]:
        print(f"  {share:.2f}  {one}  =  {other}")
    print(f"\n{len(few)} thin concepts\n  " + "; ".join(few[:most]))
    for title, texts in (("development half", development_texts()), (f"{COMMON} commonest French", common_words())):
        missing = uncovered(concepts, texts)
        print(f"\n{len(missing)} words of the {title} that no concept holds")
        print("  " + ", ".join(word if n == 1 else f"{word} ×{n}" for word, n in missing[:most]))


if __name__ == "__main__":
    main()
