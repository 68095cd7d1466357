"""The door of search on PostgreSQL: the same contract as ``index.engine.Engine``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from archive.errors import IndexFault
from archive.model import Change, Document
from index import analysis, query, store
from index.contract import Load, Taught, batches, documents_of
from index.embed import Embedder
from index.in_use import ModelInUse
from index.postgres import find, near, tables, writer
from index.postgres.find import State
from index.postgres.server import Cursor, Replaced, Server
from index.postgres.tables import Generation
from index.search import Allowed, Asked, Mode, Results
from index.similar import Near
from index.vectors import Matrix

BATCH = 1000
REBUILD_BATCH = 2000

T = TypeVar("T")


class PostgresEngine:
    """An index in a database. Safe to search from several threads and processes while another writes."""

    def __init__(
        self,
        url: str,
        model: str | Embedder | None = None,
        home: str = tables.HOME,
        taught: Taught = tuple,
        folder: Path | None = None,
    ) -> None:
        """``model``, ``taught``: as for ``index.engine.Engine.open``, a taught model being kept in ``folder``;
        ``home``: the schema that its name begins with."""
        self.home = home
        self.server = Server(url)
        self._in_use = ModelInUse(model, self._recorded_model, tables.identity_of, taught, folder)
        self._states: dict[int, State] = {}

    # --- what there is ---

    @property
    def model(self) -> Embedder:
        """The model in use; loaded when first needed. Raises MissingDependency."""
        return self._in_use.get()

    def _recorded_model(self) -> str | None:
        with self.server.reading() as cursor:
            current = tables.newest(cursor, self.home, "current")
        return current.identity.model if current is not None else None

    @property
    def fault(self) -> IndexFault | None:
        """What keeps the index from answering; None when it can, or when nothing was built yet."""
        try:
            with self._reading() as _:
                return None
        except _Nothing:
            return None
        except IndexFault as fault:
            return fault

    @property
    def applied_sequence(self) -> int:
        """The place in the feed of changes up to which all is indexed; 0 when empty or at fault."""
        try:
            with self._reading() as (_, current):
                return current.sequence
        except IndexFault:
            return 0

    @property
    def count(self) -> int:
        """How many documents can be found; 0 when there is no index, or a faulty one."""
        try:
            with self._reading() as (cursor, _):
                cursor.execute("SELECT documents FROM totals")
                return int(cursor.fetchall()[0][0])
        except IndexFault:
            return 0

    # --- reading ---

    @contextmanager
    def _reading(self, any_model: bool = False) -> Iterator[tuple[Cursor, Generation]]:
        """One moment of the generation that counts. Raises IndexFault when none can answer."""
        with self.server.reading() as cursor:
            current = tables.newest(cursor, self.home, "current")
            if current is None:
                raise _Nothing("there is no search index on PostgreSQL yet")
            built = current.identity
            store.check(built, replace(built, schema=tables.SCHEMA, analysis=analysis.VERSION))
            fault = None if any_model else self._in_use.fault(current.identity)
            if fault is not None:
                raise fault
            tables.enter(cursor, current)
            yield cursor, current

    def _read(self, work: Callable[[Cursor, Generation], T], any_model: bool = False) -> T:
        """Once more where a rebuild has just replaced what was read."""
        try:
            with self._reading(any_model) as (cursor, current):
                return work(cursor, current)
        except Replaced:
            with self._reading(any_model) as (cursor, current):
                return work(cursor, current)

    def _state(self, current: Generation) -> State:
        """What this process keeps of a generation; of the one that counts only."""
        if current.number not in self._states:
            self._states = {current.number: State()}
        return self._states.get(current.number) or State()

    def search(
        self,
        query: str,
        limit: int = 10,
        mode: Mode = "hybrid",
        allowed: Allowed | None = None,
        facets: Sequence[str] = (),
    ) -> Results:
        """As ``index.engine.Engine.search``. Raises BadQuery, IndexFault."""
        return self.ask(query, Asked(limit, mode, allowed, facets))

    def ask(self, text: str, asked: Asked) -> Results:
        """``search`` with all its parameters in one."""
        try:
            return self._read(lambda cursor, current: self._found(cursor, current, text, asked), any_model=True)
        except _Nothing:
            query.parse(text)
            return Results(0, 0.0, ())

    def _found(self, cursor: Cursor, current: Generation, text: str, asked: Asked) -> Results:
        """An index of another model answers by words and letters until it is rebuilt."""
        fault = self._in_use.fault(current.identity)
        if fault is not None and asked.mode == "meaning":
            raise fault
        return find.search(
            cursor, self._state(current), current, None if fault is not None else lambda: self.model, text, asked
        )

    def document(self, each: str) -> Document:
        """A document as it was indexed. Raises NotFound, IndexFault."""
        return self._read(lambda cursor, _: near.document(cursor, each))

    def similar(
        self, board: str, limit: int = 10, allowed: Allowed | None = None, sessions: Collection[str] | None = None
    ) -> tuple[Near, ...]:
        """The boards nearest in meaning to one. Raises NotFound, IndexFault."""
        return self._read(lambda cursor, _: near.boards(cursor, board, limit, allowed, sessions))

    def same_question(
        self, session: str, limit: int = 5, allowed: Allowed | None = None, sessions: Collection[str] | None = None
    ) -> tuple[Near, ...]:
        """Sessions that worked on the same question as one. Raises IndexFault."""
        return self._read(lambda cursor, _: near.sessions(cursor, session, limit, allowed, sessions))

    def ids(self) -> set[str]:
        """Of all documents that can be found. Raises IndexFault."""
        return self._read(lambda cursor, _: near.ids(cursor))

    def vectors(self, most: int) -> tuple[list[str], Matrix]:
        """Ids and unit vectors, N×D, of all documents; of so many evenly spread ones where there are more."""
        try:
            return self._read(lambda cursor, _: near.vectors(cursor, most))
        except _Nothing:
            return [], np.zeros((0, 1), np.float32)

    # --- writing ---

    def apply(self, changes: Iterable[Change], load: Load) -> int:
        """As ``index.engine.Engine.apply``: a transaction a batch, with the place in the feed that it reaches."""
        changed = 0
        with self.server.alone():
            current = self._writable()
            writer.sweep(self.server, self.home)
            for batch in batches(changes, BATCH):
                added, gone = documents_of(batch, load)
                with self.server.writing() as cursor:
                    changed += writer.change(cursor, self.model, added, gone, current)
                    tables.reached(cursor, current, max(change.sequence for change in batch))
        return changed

    def _writable(self) -> Generation:
        """The generation that counts, made now when there is none."""
        try:
            with self._reading() as (_, current):
                return current
        except _Nothing:
            made, _ = writer.begin(self.server, self.home, self.model, 0)
            writer.finish(self.server, made, self.model)
            return made

    def rebuild(self, documents: Iterable[Document], sequence: int) -> int:
        """As ``index.engine.Engine.rebuild``: beside the generation that answers; one that was stopped goes on."""
        with self.server.alone():
            generation, held = writer.begin(self.server, self.home, self.model, sequence)
            for batch in batches(documents, REBUILD_BATCH):
                fresh = writer.made_rows([each for each in batch if each.id not in held], self.model)
                if fresh:
                    writer.fill(self.server, generation, fresh)
                    held |= {row.id for row in fresh}
            return writer.finish(self.server, generation, self.model)

    def close(self) -> None:
        """Close the connections; it may be used again."""
        self.server.close()

    def remove(self) -> None:
        """Drop it: for one that was built to compare."""
        with self.server.alone(), self.server.writing() as cursor:
            tables.remove(cursor, self.home)


class _Nothing(IndexFault):
    """No index was built yet, which is no fault."""
