"""What was probably meant: words that match nothing, replaced by the nearest that the archive knows."""

from __future__ import annotations

from collections.abc import Callable

from index import analysis
from index.snapshot import Snapshot

CUTOFF = 74.0
"""Similarity in percent (normalised Levenshtein distance) under which two words are two words."""


def suggest(snapshot: Snapshot, text: str, known: Callable[[str], bool]) -> str | None:
    """The query with each unknown word replaced by its likeliest spelling; None when there is nothing to mend.

    ``known`` says of a folded word that it is a word, though no board has it.
    """
    changed = False
    parts = []
    for token in analysis.tokens(text):
        better = None
        if not token.stop and token.exact.isalpha() and len(token.exact) > 3 and not known(token.exact):
            better = _nearest(snapshot, token)
        changed = changed or better is not None
        parts.append(better or analysis.normalise(text)[token.start : token.end])
    return " ".join(parts) if changed else None


def _nearest(snapshot: Snapshot, token: analysis.Token) -> str | None:
    if len(snapshot.text.postings(token.stem)[0]):
        return None
    from rapidfuzz import process
    from rapidfuzz.distance import Levenshtein

    found = process.extract(
        token.exact,
        snapshot.vocabulary.words,
        scorer=Levenshtein.normalized_similarity,
        score_cutoff=CUTOFF / 100,
        limit=8,
    )
    ranked = [
        (score + 0.02 * min(5, len(snapshot.text.postings(analysis.stem(word))[0])), word)
        for word, score, _ in found
        if word not in analysis.STOP_WORDS
    ]
    return max(ranked)[1] if ranked else None
