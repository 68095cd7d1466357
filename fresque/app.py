"""The one place that wires the rooms: an archive, its index, and the pipeline between them."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING

from archive.errors import ArchiveBusy, IndexFault, MissingDependency
from archive.model import Document, Hit, Material, Project, Session
from archive.selection import Selection
from archive.store import Archive
from fresque.documents import document, documents, touched
from fresque.settings import Settings

if TYPE_CHECKING:
    from capture.photo import Done
    from capture.pipeline import load
    from capture.pipeline.stages import Options
    from index.compare import Judgement
    from index.contract import SearchEngine
    from index.lexicon import Concept
    from index.search import Mode, Results

LOG = logging.getLogger("fresque")
BATCH = 500  # changes applied to the index at a time


@dataclass(frozen=True)
class Estimate:
    """``seconds`` is None when nothing was ever timed."""

    photos: int
    photos_by_stage: Mapping[str, int]
    seconds: float | None


class App:
    """An open archive with everything that works on it. Use it in a ``with``."""

    def __init__(self, archive: Archive, settings: Settings) -> None:
        self.archive = archive
        self.settings = settings

    @classmethod
    def open(cls, archive: str | None = None) -> App:
        """Raises ArchiveMissing when none is named or there is none."""
        settings = Settings.from_environment(archive)
        return cls(Archive.open(settings.archive_path()), settings)

    def __enter__(self) -> App:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if "engine" in self.__dict__:
            self.engine.close()
        self.archive.close()

    # --- taking ---

    def opening(self) -> load.Params:
        """How photos are opened: all that taking in needs, without what reads them."""
        from capture.pipeline import load

        limit = self.settings.max_pixels
        return load.Params(max_pixels=limit) if limit else load.Params()

    def options(self) -> Options:
        from capture.pipeline import stages
        from capture.settle import phase_model
        from fresque import reading, vocabulary

        words = vocabulary.in_use(self.archive)
        return stages.Options(
            load=self.opening(),
            read=reading.params(self.settings, vocabulary=words.texts if words else ()),
            phase_model=phase_model(self.archive),
        )

    def process(
        self, workers: int = 1, on: str | None = None, tell: Callable[[str], None] = lambda text: None
    ) -> Iterator[Done]:
        """Process what waits; yields each photo as it is done. ``on``: the Dask cluster that does it."""
        if on is not None:
            from fresque import cluster

            return cluster.process(self.archive, self.options(), on, workers, tell)
        from fresque import workers as pool

        return pool.process(self.archive, self.options(), workers)

    def find_walls(self, session_ids: Sequence[str]) -> int:
        """Look for boards that are one surface, in sessions that have changed since; how many had."""
        from capture import walls

        return sum(walls.look_over(self.archive, session_id) for session_id in session_ids)

    def select_for_reprocess(self, older_than_recipe: bool, stage: str | None, selection: Selection) -> list[str]:
        """Ids of the photos for which all of it holds: those of ``selection``, read by another recipe than today's,
        or by another version of ``stage``."""
        from capture.pipeline import stages

        today = stages.recipe(self.options())
        if older_than_recipe:
            selection = replace(selection, older_than=today)
        if stage:
            selection = replace(selection, stage=stage, stage_of=today)
        return self.archive.catalog.photo_ids_for_reprocess(selection)

    def estimate(self, photos: Sequence[str], workers: int = 1) -> Estimate:
        """Which stages would run on how many of these photos, and for how long by what earlier readings took."""
        from capture.pipeline import again, stages

        today, counts = stages.recipe(self.options()), Counter[str]()
        for recipe in self.archive.catalog.recipes_of(photos).values():
            stale = again.changed(recipe, today)
            counts.update(stale if stale <= again.TAGGING else stale | {"decode"})
        taken = self.archive.catalog.seconds_by_stage()
        seconds = sum(count * taken.get(stage, 0.0) for stage, count in counts.items()) / workers
        ordered = {stage: counts[stage] for stage in again.NEEDS if counts[stage]}
        return Estimate(len(photos), ordered, round(seconds, 1) if taken else None)

    def ensure_project(self, project_id: str | None) -> None:
        """A project that a file names is made when it is new."""
        if project_id and project_id not in {project.id for project in self.archive.catalog.projects()}:
            self.archive.catalog.add_project(Project(project_id, project_id))

    def import_materials(self, items: Sequence[tuple[Session | None, Material]]) -> None:
        """Keep texts in one commit. A session is made when it is new, and left as it is when it is known: what an
        imported text says of it is less than what people have written."""
        known = {session.id for session in self.archive.catalog.sessions()}
        new = {session.id: session for session, _ in items if session is not None and session.id not in known}
        for session in new.values():
            self.archive.catalog.add_session(session)
        self.archive.catalog.put_materials(material for _, material in items)

    # --- finding ---

    @cached_property
    def engine(self) -> SearchEngine:
        from index import engines

        return engines.open_engine(self.archive.index_path, self.archive.places.database, taught=self._taught)

    def _taught(self) -> tuple[Concept, ...]:
        from fresque import teaching

        return teaching.in_use(self.archive)

    def behind(self) -> int:
        """How many changes the index has not applied yet."""
        return self.archive.catalog.last_sequence() - self.engine.applied_sequence

    def refresh(self) -> None:
        """Bring the index up to date, and build it anew when it is damaged or of an older Fresque: it holds nothing
        that the archive does not.

        When another process is at it, it is left to that one; when the model that a person chose is not to be had, the
        words of the index answer. Sessions in which something has changed are settled before.
        """
        try:
            self.settle()
            if not self._mended():
                return
            while changes := self.archive.catalog.changes(self.engine.applied_sequence, BATCH):
                found = [each for change in changes for each in touched(self.archive, change)]
                self.engine.apply(found, lambda change: document(self.archive, change))
        except ArchiveBusy:
            return

    def _mended(self) -> bool:
        """Whether the index has no fault, or has none any more. False when its model is not to be had."""
        fault = self.engine.fault
        if fault is None:
            return True
        try:
            _ = self.engine.model
        except MissingDependency as missing:
            LOG.warning("search goes by words only: %s (%s)", missing.message, missing.hint)
            return False
        LOG.warning("%s; building it anew", fault.message)
        self.rebuild_index()
        return True

    def settle(self, session_ids: Sequence[str] | None = None) -> int:
        """Settle sessions as a whole: those given, or those in which something has changed. How many boards that
        touched."""
        if session_ids is not None:
            stale, sequence = list(session_ids), 0
        else:
            stale, sequence = self.archive.catalog.stale_sessions()
        if not (stale or sequence):
            return 0
        from capture.settle import settle_all  # with all that reads a board

        return settle_all(self.archive, stale, sequence)

    def rebuild_index(self, advance: Callable[[], None] = lambda: None) -> int:
        """Build the index anew from the whole archive; how many documents it holds."""
        sequence = self.archive.catalog.last_sequence()
        count = 0

        def counted() -> Iterator[Document]:
            nonlocal count
            for found in documents(self.archive):
                yield found
                count += 1
                advance()

        self.engine.rebuild(counted(), sequence)
        return count

    def search(self, query: str, limit: int = 10, mode: Mode = "hybrid") -> Results:
        """Raises BadQuery. Call ``refresh`` first to find what was just changed."""
        return self.engine.search(query, limit=limit, mode=mode)

    def use_model(self, name: str | None, advance: Callable[[], None] = lambda: None) -> int:
        """Build the index anew with another model (None: the bundled one); the old one answers until it is there.

        Raises MissingDependency when the model is not to be had; nothing has changed then.
        """
        from index import engines
        from index.static import DEFAULT

        places = self.archive.index_path, self.archive.places.database
        engine = engines.open_engine(*places, name or DEFAULT, self._taught)
        _ = engine.model  # loaded before anything is begun
        self.__dict__["engine"] = engine
        return self.rebuild_index(advance)

    def use_engine(self, name: str, advance: Callable[[], None] = lambda: None) -> tuple[int, Judgement]:
        """Search with another engine: it is built beside the one that answers, both are asked the same of the judged
        set and of this archive, and only if the answers are as good it takes over. How many documents it holds.

        Raises UsageError where it cannot be, IndexFault where its answers are worse; nothing has changed then.
        """
        from index import compare, engines

        places = self.archive.index_path, self.archive.places.database
        other = engines.open_named(name, *places, taught=self._taught)
        with engines.scratch(name, places[1], self.engine.model) as (reference, tried):
            judgement = compare.judge(reference, tried)
        if not judgement.good:
            raise IndexFault(
                f"the answers of {name} are worse: {judgement}", "the engine in use goes on; please report this"
            )
        self.refresh()
        before = self.engine
        asked = compare.own_queries(before)
        self.__dict__["engine"] = other
        try:
            count = self.rebuild_index(advance)
            self.refresh()
            same = compare.agreement(*(compare.found(each, asked) for each in (before, other)))
            engines.choose(name, places[1])
        except BaseException:
            self.__dict__["engine"] = before
            other.close()
            raise
        before.close()
        return count, replace(judgement, same=same)

    def file_name(self, hit: Hit) -> str:
        return self.archive.catalog.photo(hit.photo_id).file_name if hit.photo_id else ""
