"""The contract of search is tested on both engines: files in a folder, and PostgreSQL with pgvector."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from archive.model import Document
from index.contract import SearchEngine
from index.embed import Embedder, open_model
from index.engine import Engine
from index.postgres.engine import PostgresEngine

Open = Callable[[], SearchEngine]
"""Opens the engine of one place again, as another process would."""
EngineOf = Callable[..., SearchEngine]
ENGINES = ("embedded", "postgresql")


@pytest.fixture(scope="session")
def model() -> Embedder:
    return open_model()


class Places:
    """Gives places to build an index in; gone when it is closed."""

    def __init__(self, kind: str, folder: Path, request: pytest.FixtureRequest) -> None:
        self._kind, self._folder, self._request = kind, folder, request
        self._kept = ExitStack()
        self._count = 0

    def fresh(self) -> Open:
        self._count += 1
        model: Embedder = self._request.getfixturevalue("model")
        if self._kind == "embedded":
            folder = self._folder / f"index-{self._count}"
            return lambda: Engine.open(folder, model)
        places = self._kept.enter_context(self._request.getfixturevalue("servers").own())
        return lambda: self._opened(str(places.database), model)

    def _opened(self, url: str, model: Embedder) -> SearchEngine:
        engine = PostgresEngine(url, model)
        self._kept.callback(engine.server.close)
        return engine

    def engine_of(self, *documents: Document) -> SearchEngine:
        engine = self.fresh()()
        engine.rebuild(documents, 1)
        return engine

    def close(self) -> None:
        self._kept.close()


@pytest.fixture(scope="module", params=ENGINES)
def places(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    made = Places(request.param, tmp_path_factory.mktemp("index"), request)
    yield made
    made.close()


@pytest.fixture
def opened(places: Places) -> Open:
    """A new place's ``open``."""
    return places.fresh()


@pytest.fixture
def engine_of(places: Places) -> EngineOf:
    """Builds an engine of its own from documents."""
    return places.engine_of
