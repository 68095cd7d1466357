"""Changes to one generation: batches become segments, the full text follows, the manifest makes it count."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from archive.errors import IndexFault
from archive.model import Document
from index import segment, senses, store
from index.embed import Embedder
from index.fulltext import FullText
from index.prepare import prepare
from index.segment import Segment
from index.static import StaticModel
from index.store import Manifest, Piece
from index.words import Vocabulary

FEW = 8
"""So many segments of about one size become one, and never more at once: a merge is held in memory."""
TIERS = (0, 8, 64, 512)
"""Sizes between which segments are alike. Those beyond the last are left alone, so that the largest merge is of
8 × 512 documents (under a second) however large the archive; 100,000 documents are some 25 such segments."""


class Writer:
    """Writes to a generation under the caller's lock. Nothing counts before ``commit``; after an error, drop it."""

    def __init__(self, generation: Path, manifest: Manifest, model: Embedder) -> None:
        """Raises IndexFault when what is there is damaged."""
        self._generation = generation
        self._model = model
        self._text = FullText.open(generation / store.TEXT)
        try:
            self._segments = [segment.read(generation / piece.name) for piece in manifest.pieces]
            known = manifest.vocabulary
            self._vocabulary = Vocabulary.read(generation / store.VOCABULARY, known) if known else Vocabulary()
        except Exception as error:
            raise IndexFault(f"the index in {generation} is damaged: {error}") from error
        self._dead = [set(piece.dead) for piece in manifest.pieces]
        self._names = [piece.name for piece in manifest.pieces]
        self._places = self._find_places()
        self._manifest = replace(manifest, next_serial=max(manifest.next_serial, self._text.last_serial() + 1))

    @classmethod
    def create(cls, generation: Path, model: Embedder) -> Writer:
        """A writer on a new, empty generation."""
        FullText.create(generation / store.TEXT)
        return cls(generation, Manifest(store.identity_of(model), 0, 1, 0, ()), model)

    def _find_places(self) -> dict[str, tuple[int, int]]:
        return {
            each: (number, row)
            for number, part in enumerate(self._segments)
            for row, each in enumerate(part.ids)
            if row not in self._dead[number]
        }

    def change(self, added: Sequence[Document], gone: Collection[str] = (), merge: bool = True) -> int:
        """Put documents in (in place of those of the same id) and take ids out; how many were put in or taken out."""
        deleted = sum(each in self._places for each in gone)
        stale = self._bury({*gone, *(document.id for document in added)})
        if not added and not stale:
            return 0
        batch = [prepare(document) for document in added]
        first = self._manifest.next_serial
        serials = range(first, first + len(batch))
        self._text.write(zip(serials, (p.bag for p in batch), strict=True), stale, merge)
        self._manifest = replace(self._manifest, next_serial=first + len(batch))
        if batch:
            self._append(segment.build(batch, serials, self._vocabulary, self._model))
        if merge:
            self._tidy()
        return len(batch) + deleted

    def _bury(self, ids: Collection[str]) -> list[int]:
        """Mark documents dead; their full-text serials."""
        serials = []
        for each in ids:
            if each in self._places:
                number, row = self._places.pop(each)
                self._dead[number].add(row)
                serials.append(int(self._segments[number].serials[row]))
        return serials

    def _append(self, part: Segment) -> None:
        taken = [int(path.name.split("-")[1]) for path in self._generation.glob("seg-*")]
        name = f"seg-{max(taken, default=0) + 1:06d}"
        segment.write(part, self._generation / name)
        number = len(self._segments)
        self._segments.append(segment.read(self._generation / name))  # mapped from disk: a rebuild must not hold it all
        self._dead.append(set())
        self._names.append(name)
        self._places |= {each: (number, row) for row, each in enumerate(part.ids)}

    def _tidy(self) -> None:
        """Merge the smallest crowd of alike segments, and any that is mostly dead."""
        sizes = [part.count - len(dead) for part, dead in zip(self._segments, self._dead, strict=True)]
        for low, high in pairwise(TIERS):
            crowd = [number for number, size in enumerate(sizes) if low <= size < high]
            if len(crowd) >= FEW:
                self._merge(crowd[:FEW])
                return
        for number, dead in enumerate(self._dead):
            if len(dead) * 2 > self._segments[number].count:
                self._merge([number])
                return

    def _alive(self, number: int) -> NDArray[np.bool_]:
        alive = np.ones(self._segments[number].count, np.bool_)
        alive[list(self._dead[number])] = False
        return alive

    def _merge(self, numbers: Sequence[int]) -> None:
        kept = [self._alive(number) for number in numbers]
        merged = segment.merge([self._segments[number] for number in numbers], kept)
        for number in sorted(numbers, reverse=True):
            del self._segments[number], self._dead[number], self._names[number]
        if merged.count:
            self._append(merged)
        self._places = self._find_places()

    @property
    def held(self) -> Collection[str]:
        """Ids of the documents in it."""
        return self._places.keys()

    def commit(self, sequence: int, name: str = store.MANIFEST) -> Manifest:
        """Make all changes count, with the place in the feed that they reach; under ``store.UNFINISHED``, keep them
        for a rebuild that goes on after a stop."""
        known = self._manifest.vocabulary
        self._vocabulary.write(self._generation / store.VOCABULARY, known)
        if isinstance(self._model, StaticModel):
            senses.keep(self._generation / store.SENSES, self._vocabulary.words, known, self._model)
        pieces = tuple(
            Piece(name, part.count, tuple(sorted(dead)))
            for name, part, dead in zip(self._names, self._segments, self._dead, strict=True)
        )
        self._manifest = replace(
            self._manifest, sequence=sequence, vocabulary=len(self._vocabulary.words), pieces=pieces
        )
        store.write_manifest(self._generation, self._manifest, name)
        self._sweep()
        return self._manifest

    def _sweep(self) -> None:
        """Remove segments that nobody names any more."""
        for path in self._generation.glob("seg-*"):
            if path.name not in self._names:
                shutil.rmtree(path, ignore_errors=True)
