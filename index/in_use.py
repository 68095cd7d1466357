"""The model an engine answers with: the one that was asked for, else the one that its index was built with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from archive.errors import IndexMismatch, MissingDependency
from index import store
from index.contract import Taught
from index.embed import Embedder, open_model


class ModelInUse:
    def __init__(
        self,
        asked: str | Embedder | None,
        recorded: Callable[[], str | None],
        identity_of: Callable[[Embedder], store.Identity],
        taught: Taught,
        folder: Path | None,
    ) -> None:
        """``asked``: a name or folder for sentence-transformers, an embedder, or None; ``recorded`` gives the name in
        the index, None for a new one; ``taught`` what the archive adds to the default's lexicon, kept in ``folder``."""
        self._asked = asked
        self._recorded = recorded
        self._identity_of = identity_of
        self._taught, self._folder = taught, folder
        self._loaded: Embedder | None = None if asked is None or isinstance(asked, str) else asked

    def get(self) -> Embedder:
        """Loaded when first needed. Raises MissingDependency."""
        if self._loaded is None:
            name = self._asked if isinstance(self._asked, str) else self._recorded()
            self._loaded = open_model(name, self._taught(), self._folder)
        return self._loaded

    def fault(self, built: store.Identity) -> IndexMismatch | None:
        """Why an index built so cannot be asked for meaning; None when it can."""
        loaded = self._loaded
        if loaded is not None and built != self._identity_of(loaded) and loaded is not self._asked:
            self._loaded = None  # another process has chosen another, or taught it, meanwhile
        try:
            store.check(built, self._identity_of(self.get()))
        except IndexMismatch as mismatch:
            return mismatch
        except MissingDependency as missing:
            said = f"the index was built with a model that is not to be had here: {missing}"
            return IndexMismatch(said, missing.hint)
        return None
