"""What an archive teaches: which terms belong together, and that search then finds the one by the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from index import taught
from index.contract import SearchEngine, Taught
from index.engine import Engine
from index.lexicon import Concept
from index.postgres.engine import PostgresEngine
from tests.index.boards import WALL, board, ids
from tests.index.conftest import ENGINES
from tests.index.test_model import SMALL


def said(concepts: list[Concept]) -> list[set[str]]:
    return [set(concept.fr) for concept in concepts]


def test_a_correction_brings_what_was_read_to_what_was_meant() -> None:
    pairs = [("atelier Zlfane mardi", "atelier Zéphane mardi"), ("un tout autre texte", "rien de semblable ici")]
    assert {"zephane", "zlfane"} in said(taught.of_corrections(pairs))
    assert taught.of_corrections([("le même", "le même")]) == []


def test_a_theme_has_its_sessions_and_its_own_terms() -> None:
    boards = [
        (("mobilité",), "le ZAC-TAD et le tadou, Karim appelle"),
        (("mobilité",), "tadou en panne, Karim"),
        ((), "budget du matin"),
        (("budget",), "budget du soir, kafou"),
        ((), "kafou"),
    ]
    concepts = taught.of_themes({"mobilité": ["Se déplacer à Redon"]}, boards, {"panne", "budget"}.__contains__)
    assert said(concepts)[1] == {"mobilité", "Se déplacer à Redon", "tadou"}  # no name, nothing known, nothing once
    assert said(concepts)[0] == {"budget"}
    assert len(taught.useful(concepts)) == 1


def test_a_saved_search_has_a_title_that_says_more() -> None:
    concepts = taught.of_searches([("les largués", "illectronisme"), ("vélo", "vélo")])
    assert said(concepts) == [{"les largués", "illectronisme"}]
    assert taught.load(taught.dump(concepts)) == tuple(concepts)


@pytest.fixture(params=ENGINES)
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[Taught], SearchEngine]]:
    """Opens the engine of one place, with what is taught."""
    folder = tmp_path / "index"
    with ExitStack() as kept:
        if request.param == "embedded":
            yield lambda lesson: Engine.open(folder, taught=lesson)
            return
        url = str(kept.enter_context(request.getfixturevalue("servers").own()).database)

        def other(lesson: Taught) -> SearchEngine:
            engine = PostgresEngine(url, taught=lesson, folder=folder)
            kept.callback(engine.close)
            return engine

        yield other


def test_what_was_taught_is_found_and_can_be_forgotten(
    opened: Callable[[Taught], SearchEngine], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "concepts.jsonl").write_text(SMALL, encoding="utf-8")
    monkeypatch.setattr("index.lexicon.lexicon_folder", lambda: tmp_path)
    lesson = tuple(taught.of_searches([("covoiturage au village", "tadou")]))
    walls = (*WALL, board("own", "tadou en service"))
    learned = opened(lambda: lesson)
    learned.rebuild(walls, 1)
    assert learned.fault is None
    assert "own" in ids(learned, "carpooling", mode="meaning")[:2]
    assert [path.suffix for path in (tmp_path / "index").glob("taught-*")] == [".npz"]
    again = opened(tuple)
    assert again.fault is not None  # built with what is no longer taught
    again.rebuild(walls, 2)
    assert "own" not in ids(again, "carpooling", mode="meaning")[:2]
