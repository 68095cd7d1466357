"""The only door of the index: open, apply changes, search, rebuild.

Readers never wait: each search runs on the last complete state. One writer at a time holds the lock; the index is
disposable and can always be made anew with ``rebuild``, which is also how damage and a change of model are mended.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import weakref
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from archive.errors import IndexFault
from archive.model import Change, Document
from index import similar, store
from index.contract import Load, Taught, batches, documents_of
from index.embed import Embedder
from index.in_use import ModelInUse
from index.search import Allowed, Asked, Mode, Results, search
from index.similar import Near
from index.snapshot import Snapshot
from index.vectors import Matrix
from index.writer import Writer

__all__ = ["Allowed", "Asked", "Engine", "Mode", "Near", "Results"]

BATCH = 1000
REBUILD_BATCH = 4000


class Engine:
    """An index in a folder. Safe to search from several threads and processes while another writes."""

    def __init__(self, folder: Path, model: str | Embedder | None = None, taught: Taught = tuple) -> None:
        self.folder = folder
        self._in_use = ModelInUse(model, self._recorded_model, store.identity_of, taught, folder)
        self.fault: IndexFault | None = None
        self._snapshot: Snapshot | None = None
        self._state: tuple[str, int, int] | None = None
        self._lock = threading.Lock()

    @classmethod
    def open(cls, folder: Path, model: str | Embedder | None = None, taught: Taught = tuple) -> Engine:
        """The index in a folder, which may be empty or not yet there.

        ``model``: a name or folder for sentence-transformers, an embedder, or None for the one that the index was
        built with (the bundled default for a new one). Never fails on a damaged or mismatched index: ``fault`` then
        says what is wrong, searches raise it (or do without meaning where only the model is another), and ``rebuild``
        mends it. ``taught`` gives what the archive adds to the lexicon of the default model.
        """
        engine = cls(Path(folder), model, taught)
        engine._refresh()
        return engine

    @classmethod
    def temporary(cls, model: str | Embedder | None = None) -> Engine:
        """An empty index in a folder that goes away with it."""
        folder = tempfile.mkdtemp(prefix="fresque-index-")
        engine = cls.open(Path(folder), model)
        weakref.finalize(engine, shutil.rmtree, folder, ignore_errors=True)
        return engine

    @property
    def applied_sequence(self) -> int:
        """The place in the feed of changes up to which all is indexed; 0 when empty or at fault."""
        self._refresh()
        return self._snapshot.sequence if self._snapshot is not None and self.fault is None else 0

    @property
    def count(self) -> int:
        """How many documents can be found."""
        self._refresh()
        return int(self._snapshot.alive.sum()) if self._snapshot is not None else 0

    @property
    def snapshot(self) -> Snapshot:
        """The last complete state. Raises IndexFault when there is none that can answer."""
        self._refresh()
        if self.fault is not None:
            raise self.fault
        if self._snapshot is None:
            raise IndexFault(f"there is no index in {self.folder} yet")
        return self._snapshot

    @property
    def model(self) -> Embedder:
        """The model in use; loaded when first needed. Raises MissingDependency."""
        return self._in_use.get()

    def _recorded_model(self) -> str | None:
        complete = store.generations(self.folder)
        try:
            return store.read_manifest(complete[-1]).identity.model if complete else None
        except IndexFault:
            return None

    # --- reading ---

    def _refresh(self) -> None:
        """Take up the newest complete state; what is wrong with it goes to ``fault``."""
        with self._lock:
            while not self._refreshed():
                pass

    def _refresh_unless_busy(self) -> None:
        """The same for readers, who never wait: while one of them takes up a new state, the others use the last."""
        if self._snapshot is None:
            self._refresh()
        elif self._lock.acquire(blocking=False):
            try:
                while not self._refreshed():
                    pass
            finally:
                self._lock.release()

    def _refreshed(self) -> bool:
        """False when a writer replaced the state while it was being opened: its files may have gone meanwhile."""
        complete = store.generations(self.folder)
        if not complete:
            self._snapshot, self._state, self.fault = None, None, None
            return True
        state = _stamp(complete[-1])
        if state is None or state == self._state:
            return state is not None
        try:
            self._take(complete[-1])
        except IndexFault as fault:
            if _stamp(complete[-1]) != state or complete != store.generations(self.folder):
                return False
            self.fault, self._snapshot = fault, None
        self._state = state
        return True

    def _take(self, generation: Path) -> None:
        """An index of another model is taken up all the same: its words answer until it is rebuilt."""
        manifest = store.read_manifest(generation)
        store.check_files(manifest.identity)
        fault = self._in_use.fault(manifest.identity)
        self._snapshot, self.fault = store.read_snapshot(generation, manifest), fault

    def search(
        self,
        query: str,
        limit: int = 10,
        mode: Mode = "hybrid",
        allowed: Allowed | None = None,
        facets: Sequence[str] = (),
    ) -> Results:
        """Search in the last complete state.

        ``allowed`` is given document ids and returns those that the asker may see; hits, total and facets hold no
        others. ``facets`` names fields to count ("phase", "lab", "year" …). An index built with another model answers
        by words and letters; ``fault`` says so. Raises BadQuery, and IndexFault when the index cannot answer.
        """
        return self.ask(query, Asked(limit, mode, allowed, facets))

    def ask(self, text: str, asked: Asked) -> Results:
        """``search`` with all its parameters in one."""
        self._refresh_unless_busy()
        words_only = self.fault is not None and self._snapshot is not None and asked.mode != "meaning"
        if self.fault is not None and not words_only:
            raise self.fault
        if self._snapshot is None:
            from index.query import parse

            parse(text)
            return Results(0, 0.0, ())
        try:
            return search(self._snapshot, None if words_only else lambda: self.model, text, asked)
        except IndexFault as fault:
            self.fault = fault
            raise

    def document(self, each: str) -> Document:
        """A document as it was indexed. Raises NotFound, IndexFault."""
        return similar.document(self.snapshot, each)

    def similar(
        self, board: str, limit: int = 10, allowed: Allowed | None = None, sessions: Collection[str] | None = None
    ) -> tuple[Near, ...]:
        """The boards nearest in meaning to one. Raises NotFound, IndexFault."""
        return similar.boards(self.snapshot, board, limit, allowed, sessions)

    def same_question(
        self, session: str, limit: int = 5, allowed: Allowed | None = None, sessions: Collection[str] | None = None
    ) -> tuple[Near, ...]:
        """Sessions that worked on the same question as one. Raises IndexFault."""
        return similar.sessions(self.snapshot, session, limit, allowed, sessions)

    def ids(self) -> set[str]:
        """Of all documents that can be found. Raises IndexFault."""
        snapshot = self.snapshot
        return {snapshot.ids[row] for row in np.flatnonzero(snapshot.alive)}

    def vectors(self, most: int) -> tuple[list[str], Matrix]:
        """Ids and unit vectors, N×D, of all documents; of so many evenly spread ones where there are more."""
        if not self.count:
            return [], np.zeros((0, 1), np.float32)
        snapshot = self.snapshot
        rows = np.flatnonzero(snapshot.alive)
        rows = rows[np.unique(np.linspace(0, len(rows) - 1, min(most, len(rows))).astype(np.int64))]
        return [snapshot.ids[row] for row in rows], np.stack([snapshot.vector(int(row)) for row in rows])

    def close(self) -> None:
        """Let go of what is open; it may be used again."""
        self._snapshot, self._state = None, None

    # --- writing ---

    def apply(self, changes: Iterable[Change], load: Load) -> int:
        """Take in changes of boards and materials, in the feed's order, committed batch by batch.

        ``load`` gives the document as it is now, or None when it is gone. Changes of sessions and photos only move
        the sequence on: the feed must name the boards that they touch. Returns how many documents changed. Raises
        ArchiveBusy when another process writes, IndexFault when the index must be rebuilt first.
        """
        changed = 0
        with store.writing(self.folder):
            self._refresh()
            if self.fault is not None:
                raise self.fault
            for batch in batches(changes, BATCH):
                writer = self._writer()
                changed += writer.change(*documents_of(batch, load))
                writer.commit(max(change.sequence for change in batch))
        self._refresh()
        return changed

    def _writer(self) -> Writer:
        complete = store.generations(self.folder)
        if complete:
            return Writer(complete[-1], store.read_manifest(complete[-1]), self.model)
        return Writer.create(store.clear(store.next_generation(self.folder)), self.model)

    def rebuild(self, documents: Iterable[Document], sequence: int) -> int:
        """Build a new index beside the old one, which answers meanwhile, and put it in its place.

        ``sequence`` is the place in the feed at which ``documents`` were read. A rebuild that was stopped goes on
        from its last batch and keeps its own, earlier sequence, so that ``apply`` brings what has changed since.
        Returns how many documents the index holds.
        """
        with store.writing(self.folder):
            generation = store.next_generation(self.folder)
            writer, sequence = self._builder(generation, sequence)
            for batch in batches(documents, REBUILD_BATCH):
                missing = [document for document in batch if document.id not in writer.held]
                if missing:
                    writer.change(missing, merge=False)
                    writer.commit(sequence, store.UNFINISHED)
            count = len(writer.held)
            writer.commit(sequence)
            store.drop_older(self.folder, generation)
        self._state = None
        self._refresh()
        return count

    def _builder(self, generation: Path, sequence: int) -> tuple[Writer, int]:
        """A writer on a new generation, or on the one that a stopped rebuild left, and the sequence it counts from."""
        left = store.unfinished(generation, store.identity_of(self.model))
        if left is not None:
            with suppress(IndexFault):
                return Writer(generation, left, self.model), left.sequence
        return Writer.create(store.clear(generation), self.model), sequence


def _stamp(generation: Path) -> tuple[str, int, int] | None:
    """Changes whenever the generation's manifest does; None when it has gone."""
    try:
        status = (generation / store.MANIFEST).stat()
    except FileNotFoundError:
        return None
    return generation.name, status.st_mtime_ns, status.st_ino
