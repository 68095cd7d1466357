"""What was probably meant: words that match nothing, replaced by the nearest that the archive knows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from index import analysis
from index.snapshot import Snapshot

CUTOFF = 74.0
"""Similarity in percent (normalised Levenshtein distance) under which two words are two words."""


def suggest(snapshot: Snapshot, text: str, known: Callable[[str], bool]) -> str | None:
    """What was meant, by the words of a snapshot."""

    def nearest(token: analysis.Token) -> str | None:
        if len(snapshot.text.postings(token.stem)[0]):
            return None
        return best(token.exact, snapshot.vocabulary.words, lambda w: len(snapshot.text.postings(analysis.stem(w))[0]))

    return mended(text, known, nearest)


def mended(text: str, known: Callable[[str], bool], nearest: Callable[[analysis.Token], str | None]) -> str | None:
    """The query with each unknown word replaced by its likeliest spelling; None when there is nothing to mend.

    ``known`` says of a folded word that it is a word, though no board has it; ``nearest`` gives the spelling of a
    token that the archive has in its place, if any.
    """
    changed = False
    parts = []
    for token in analysis.tokens(text):
        better = None
        if not token.stop and token.exact.isalpha() and len(token.exact) > 3 and not known(token.exact):
            better = nearest(token)
        changed = changed or better is not None
        parts.append(better or analysis.normalise(text)[token.start : token.end])
    return " ".join(parts) if changed else None


def best(word: str, candidates: Sequence[str], held: Callable[[str], int]) -> str | None:
    """The likeliest of the archive's words; ``held`` says how many documents have one."""
    from rapidfuzz import process
    from rapidfuzz.distance import Levenshtein

    found = process.extract(
        word, candidates, scorer=Levenshtein.normalized_similarity, score_cutoff=CUTOFF / 100, limit=8
    )
    ranked = [
        (score + 0.02 * min(5, held(other)), other) for other, score, _ in found if other not in analysis.STOP_WORDS
    ]
    return max(ranked)[1] if ranked else None
