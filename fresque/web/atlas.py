"""All boards as a map by meaning: near is alike.

Positions are those of t-SNE (van der Maaten & Hinton 2008) on the index's vectors, of a sample when there are many:
the others lie among their nearest of the sample. Themes are named by words that set a part of the map apart, counted
over what this person may see.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive import durable
from index import analysis
from index.contract import SearchEngine

MOST = 50_000
"""Boards on the map; of more, so many evenly spread ones."""
SAMPLE = 1500
NEAREST = 5
PER_THEME = 8  # boards, about, that have a name together
MOST_THEMES = 14
WORDS = 3
Doubles = NDArray[np.float64]
_lock = threading.Lock()


@dataclass(frozen=True, eq=False)
class Atlas:
    """``places`` N×2 in 0..1000, in the order of ``ids``."""

    ids: tuple[str, ...]
    places: Doubles


def atlas(engine: SearchEngine, cache: Path) -> Atlas:
    """Kept beside the pictures until the index changes; one is drawn at a time."""
    file = cache / "atlas.json"
    with _lock:
        sequence = engine.applied_sequence
        try:
            kept = json.loads(file.read_text(encoding="utf-8"))
            if kept["sequence"] == sequence:
                return Atlas(tuple(kept["ids"]), np.array(kept["places"], dtype=np.float64).reshape(-1, 2))
        except (FileNotFoundError, ValueError, KeyError):
            pass
        ids, vectors = engine.vectors(MOST)
        made = Atlas(tuple(ids), _spread(_places(vectors.astype(np.float64))))
        cache.mkdir(exist_ok=True)
        whole = {"sequence": sequence, "ids": ids, "places": made.places.round(1).tolist()}
        durable.write(file, json.dumps(whole).encode(), cache / durable.TEMPORARY)
        return made


def _places(vectors: Doubles) -> Doubles:
    count = len(vectors)
    if count < 5:
        return np.stack([np.arange(count), np.arange(count) % 2], axis=1).astype(np.float64)
    chosen = np.unique(np.linspace(0, count - 1, min(count, SAMPLE)).astype(np.int64))
    placed = _tsne(vectors[chosen])
    if len(chosen) == count:
        return placed
    likeness = vectors @ vectors[chosen].T
    near = np.argsort(-likeness, axis=1)[:, :NEAREST]
    weights = np.clip(np.take_along_axis(likeness, near, axis=1), 0.01, None) ** 4
    found = (placed[near] * weights[..., None]).sum(axis=1) / weights.sum(axis=1, keepdims=True)
    found[chosen] = placed
    return np.asarray(found, dtype=np.float64)


def _tsne(vectors: Doubles) -> Doubles:
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    perplexity = float(min(30, max(2, (len(vectors) - 1) // 4)))
    with threadpool_limits(1):  # the pages go on beside it
        drawn = TSNE(perplexity=perplexity, init="pca", random_state=0, max_iter=600).fit_transform(vectors)
    return np.asarray(drawn, dtype=np.float64)


def _spread(places: Doubles) -> Doubles:
    """Into 0..1000 with a margin; what lies on top of another is moved apart a little."""
    if not len(places):
        return places.reshape(0, 2)
    low, high = places.min(axis=0), places.max(axis=0)
    scaled = 40 + 920 * (places - low) / np.where(high > low, high - low, 1)
    moved = scaled + np.random.default_rng(0).normal(0, 1.5, scaled.shape)
    return np.asarray(moved, dtype=np.float64)


# --- themes --------------------------------------------------------------------------------------------------


def themes(places: Doubles, texts: Sequence[str]) -> list[dict[str, Any]]:
    """Parts of the map (k-means) with the words that set each apart; only words of the given texts."""
    count = len(places)
    if count < 6:
        return []
    parts = _parts(places, min(MOST_THEMES, max(2, round(count / PER_THEME))))
    held = [_words(text) for text in texts]
    everywhere = Counter(stem for words in held for stem in words)
    shown = {stem: exact for words in held for stem, exact in words.items()}
    found = []
    for part in range(int(parts.max()) + 1):
        rows = np.flatnonzero(parts == part)
        here = Counter(stem for row in rows for stem in held[row])
        names = _apart(here, everywhere, len(rows), count)
        if names:
            x, y = places[rows].mean(axis=0)
            words = [shown[stem] for stem in names]
            found.append({"x": round(float(x), 1), "y": round(float(y), 1), "words": words, "boards": len(rows)})
    return found


def _parts(places: Doubles, number: int) -> NDArray[np.int64]:
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        return np.asarray(KMeans(number, n_init=4, random_state=0).fit_predict(places), dtype=np.int64)


def _words(text: str) -> Mapping[str, str]:
    return {t.stem: t.exact for t in analysis.tokens(text) if not t.stop and len(t.exact) > 3 and t.exact.isalpha()}


def _apart(here: Counter[str], everywhere: Counter[str], part: int, whole: int) -> list[str]:
    """Words that are much more frequent here than elsewhere; those of several boards before those of one."""

    def weight(stem: str) -> float:
        inside = (here[stem] + 0.2) / (part + 1)
        outside = (everywhere[stem] - here[stem] + 0.5) / (whole - part + 1)
        return float(inside * np.log(inside / outside)) if inside > outside else 0.0

    wanted = [stem for stem in here if here[stem] > 1 or part < 4]
    ranked = sorted(wanted, key=lambda stem: (-weight(stem), stem))
    return [stem for stem in ranked[:WORDS] if weight(stem) > 0]
