"""What an engine of search must do, whatever it is built on: one contract, one suite of tests for all.

``index.engine`` keeps files in a folder (Whoosh and numpy); ``index.postgres`` keeps tables in a database.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol, TypeVar

from archive.errors import IndexFault
from archive.model import Change, ChangeKind, Document
from index.embed import Embedder
from index.lexicon import Concept
from index.search import Allowed, Asked, Mode, Results
from index.similar import Near
from index.vectors import Matrix

T = TypeVar("T")
Load = Callable[[Change], Document | None]
Taught = Callable[[], Sequence[Concept]]
"""Gives what an archive adds to the lexicon of the default model."""


class SearchEngine(Protocol):
    """Safe to search from several threads and processes while another writes. All reading raises IndexFault when the
    index cannot answer, and finds nothing when none was built yet."""

    @property
    def fault(self) -> IndexFault | None:
        """What keeps it from answering, if anything; ``rebuild`` mends it."""

    @property
    def applied_sequence(self) -> int:
        """The place in the feed of changes up to which all is indexed; 0 when empty or at fault."""

    @property
    def count(self) -> int:
        """How many documents can be found."""

    @property
    def model(self) -> Embedder:
        """Raises MissingDependency."""

    def search(
        self,
        query: str,
        limit: int = 10,
        mode: Mode = "hybrid",
        allowed: Allowed | None = None,
        facets: Sequence[str] = (),
    ) -> Results:
        """``allowed`` is given document ids and returns those that the asker may see; hits, total and facets hold no
        others. ``facets`` names fields to count ("phase", "lab", "year" …). Raises BadQuery."""

    def ask(self, text: str, asked: Asked) -> Results:
        """``search`` with all its parameters in one."""

    def document(self, each: str) -> Document:
        """A document as it was indexed. Raises NotFound."""

    def similar(
        self, board: str, limit: int = 10, allowed: Allowed | None = None, sessions: Collection[str] | None = None
    ) -> tuple[Near, ...]:
        """The boards nearest in meaning to one. ``sessions``: as for ``Asked``. Raises NotFound."""

    def same_question(
        self, session: str, limit: int = 5, allowed: Allowed | None = None, sessions: Collection[str] | None = None
    ) -> tuple[Near, ...]:
        """Sessions that worked on the same question as one."""

    def ids(self) -> set[str]:
        """Of all documents that can be found: what ``fresque verify`` holds against the records."""

    def vectors(self, most: int) -> tuple[list[str], Matrix]:
        """Ids and unit vectors, N×D, of all documents; of so many evenly spread ones where there are more."""

    def apply(self, changes: Iterable[Change], load: Load) -> int:
        """Take in changes of boards and materials, in the feed's order, committed batch by batch with the place in
        the feed. ``load`` gives the document as it is now, or None when it is gone. Returns how many documents changed.
        Raises ArchiveBusy when another process writes, IndexFault when the index must be rebuilt first."""

    def rebuild(self, documents: Iterable[Document], sequence: int) -> int:
        """Build anew beside the old one, which answers meanwhile, and put it in its place; how many documents.

        ``sequence`` is the place in the feed at which ``documents`` were read. A rebuild that was stopped goes on from
        its last batch and keeps its own, earlier sequence, so that ``apply`` brings what has changed since."""

    def close(self) -> None:
        """Let go of what is open; it may be used again."""


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def documents_of(changes: Sequence[Change], load: Load) -> tuple[list[Document], set[str]]:
    """What a batch of changes comes to: documents as they are now, and ids that are gone."""
    latest = {c.object_id: c for c in changes if c.kind in (ChangeKind.BOARD, ChangeKind.MATERIAL)}
    loaded = {each: None if change.deleted else load(change) for each, change in latest.items()}
    return [d for d in loaded.values() if d is not None], {each for each, d in loaded.items() if d is None}
