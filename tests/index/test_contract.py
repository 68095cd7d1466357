"""What every engine must do: follow the feed, be rebuilt while it answers, survive a stop, let one write at a time."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from archive.errors import ArchiveBusy, BadQuery, IndexMismatch, NotFound
from archive.model import Change, ChangeKind, Document
from index import analysis
from index.contract import SearchEngine
from index.search import Asked, Mode
from tests.index.boards import KNOWN, WALL, board, changes, giving, ids, load
from tests.index.conftest import EngineOf, Open, Places


@pytest.fixture
def engine(opened: Open) -> SearchEngine:
    engine = opened()
    engine.apply(changes(WALL), load)
    return engine


def test_an_empty_index_answers_with_nothing(opened: Open) -> None:
    engine = opened()
    assert (engine.applied_sequence, engine.count, engine.fault) == (0, 0, None)
    assert engine.search("budget").hits == ()
    assert engine.vectors(10)[0] == []
    with pytest.raises(BadQuery):
        engine.search("...")


def test_changes_are_found_and_counted(engine: SearchEngine) -> None:
    assert (engine.applied_sequence, engine.count) == (5, 5)
    assert engine.ids() == set(KNOWN)
    assert ids(engine, "covoiturage")[0] == "bus"


def test_a_correction_is_found_and_the_old_text_gone(engine: SearchEngine) -> None:
    corrected = board("bus", "trottinettes en libre service")
    assert engine.apply([Change(6, ChangeKind.BOARD, "bus", 2)], lambda change: corrected) == 1
    assert ids(engine, "trottinettes")[0] == "bus"
    assert ids(engine, "covoiturage", mode="text") == []
    assert (engine.applied_sequence, engine.count) == (6, 5)
    assert engine.document("bus") == corrected


@pytest.mark.parametrize("deleted", [True, False])
def test_a_deletion_is_gone_at_once(engine: SearchEngine, deleted: bool) -> None:
    assert engine.apply([Change(6, ChangeKind.BOARD, "bus", 2, deleted)], lambda change: None) == 1
    assert ids(engine, "covoiturage", mode="text") == []
    assert "bus" not in ids(engine, "rural transport")
    assert engine.count == 4
    assert engine.apply([Change(7, ChangeKind.BOARD, "bus", 3, deleted)], lambda change: None) == 0
    with pytest.raises(NotFound):
        engine.document("bus")


def test_the_last_change_of_a_batch_counts(engine: SearchEngine) -> None:
    feed = [Change(6, ChangeKind.BOARD, "bus", 2, True), Change(7, ChangeKind.BOARD, "bus", 3)]
    engine.apply(feed, load)
    assert ids(engine, "covoiturage")[0] == "bus"
    assert engine.applied_sequence == 7


def test_changes_of_sessions_only_move_the_sequence_on(engine: SearchEngine) -> None:
    assert engine.apply([Change(9, ChangeKind.SESSION, "s1", 2)], load) == 0
    assert (engine.applied_sequence, engine.count) == (9, 5)


def test_applying_again_changes_nothing(engine: SearchEngine) -> None:
    before = engine.search("covoiturage").hits
    engine.apply(changes(WALL), load)
    assert engine.count == 5
    assert engine.search("covoiturage").hits == before


def test_reopened_it_is_the_same(engine: SearchEngine, opened: Open) -> None:
    again = opened()
    again.apply([Change(8, ChangeKind.SESSION, "s1", 2)], load)
    assert engine.applied_sequence == again.applied_sequence == 8
    assert again.search("illectronisme").hits == engine.search("illectronisme").hits


def test_changed_bit_by_bit_it_answers_as_if_built_at_once(engine: SearchEngine, engine_of: EngineOf) -> None:
    """Statistics are kept with each change; those of a fresh build must be the same."""
    for n in range(6):
        engine.apply([Change(6 + n, ChangeKind.BOARD, "new", n)], giving(board("new", f"covoiturage {n}", "budget")))
    engine.apply([Change(20, ChangeKind.BOARD, "vote", 2, True)], load)
    last = board("new", "covoiturage 5", "budget")
    fresh = engine_of(*(document for document in WALL if document.id != "vote"), last)
    for query in ("covoiturage", "budget bilan", "covoiturrage", "rural transport", "phase:scan nounou"):
        one, other = engine.search(query), fresh.search(query)
        assert [hit.id for hit in one.hits] == [hit.id for hit in other.hits]
        assert [hit.score for hit in one.hits] == pytest.approx([hit.score for hit in other.hits], abs=0.1)


def test_a_change_is_found_within_a_second(engine: SearchEngine, opened: Open) -> None:
    reader = opened()
    ids(reader, "covoiturage")
    began = time.process_time(), time.perf_counter()
    engine.apply([Change(6, ChangeKind.BOARD, "new", 1)], lambda change: board("new", "trottinettes"))
    assert ids(reader, "trottinettes", mode="text") == ["new"]
    assert min(time.process_time() - began[0], time.perf_counter() - began[1]) < 1.0


def test_rebuilt_while_the_old_one_answers(engine: SearchEngine, opened: Open) -> None:
    reader, answers = opened(), []

    def documents() -> Iterator[Document]:
        for n, document in enumerate(WALL[:3]):
            answers.append(ids(reader, "covoiturage")[0])
            yield document if n else board("digital", "trottinettes")

    assert engine.rebuild(documents(), 42) == 3
    assert answers == ["bus"] * 3
    assert ids(reader, "covoiturage", mode="text") == []
    assert ids(reader, "trottinettes", mode="text") == ["digital"]
    assert (reader.applied_sequence, reader.count) == (42, 3)


def test_a_rebuild_that_fails_leaves_the_old_one(engine: SearchEngine, opened: Open) -> None:
    def documents() -> Iterator[Document]:
        yield WALL[0]
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        engine.rebuild(documents(), 42)
    again = opened()
    assert (again.applied_sequence, again.fault) == (5, None)
    assert ids(again, "covoiturage")[0] == "bus"
    assert again.rebuild(WALL, 43) == 5
    assert again.applied_sequence == 43


def test_a_rebuild_that_was_stopped_goes_on(
    engine: SearchEngine, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    for door in ("index.engine", "index.postgres.engine"):
        monkeypatch.setattr(f"{door}.REBUILD_BATCH", 2)

    def documents(stop: bool) -> Iterator[Document]:
        for n, document in enumerate(WALL):
            if stop and n == 4:
                raise KeyboardInterrupt
            yield document

    with pytest.raises(KeyboardInterrupt):
        engine.rebuild(documents(True), 42)
    assert ids(engine, "covoiturage")[0] == "bus"  # the old one answers
    again = opened()
    assert again.rebuild(documents(False), 50) == 5
    assert again.applied_sequence == 42  # what changed since the first start is still to come
    assert {each for query in ("budget", "covoiturage") for each in ids(again, query, mode="text")} == {"plan", "bus"}


def test_another_analysis_or_model_asks_for_a_rebuild(
    engine: SearchEngine, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis, "VERSION", 999)
    other = opened()
    assert isinstance(other.fault, IndexMismatch)
    assert "fresque index rebuild" in str(other.fault)
    assert other.applied_sequence == 0
    with pytest.raises(IndexMismatch):
        other.search("budget")
    with pytest.raises(IndexMismatch):
        other.apply(changes(WALL), load)
    other.rebuild(WALL, 5)
    assert ids(other, "budget")[0] == "plan"


def test_one_writes_and_the_others_are_told(engine: SearchEngine, opened: Open) -> None:
    other = opened()

    def documents() -> Iterator[Document]:
        with pytest.raises(ArchiveBusy):
            other.apply(changes(WALL), load)
        with pytest.raises(ArchiveBusy):
            other.rebuild(WALL, 1)
        assert ids(other, "covoiturage")[0] == "bus"
        yield from WALL

    assert engine.rebuild(documents(), 7) == 5
    assert other.apply([Change(8, ChangeKind.BOARD, "bus", 1, True)], load) == 1


def test_searches_run_while_changes_are_applied(engine: SearchEngine, opened: Open) -> None:
    failures: list[BaseException] = []
    stop = threading.Event()
    reader = opened()

    def reading() -> None:
        try:
            while not stop.is_set():
                assert ids(reader, "covoiturage")[0] == "bus"
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=reading) for _ in range(2)]
    for thread in threads:
        thread.start()
    for n in range(6):
        engine.apply([Change(6 + n, ChangeKind.BOARD, f"n{n}", 1)], lambda c: board(c.object_id, "autre sujet"))
    engine.rebuild((*WALL, board("more", "autre sujet")), 20)
    engine.rebuild((*WALL, board("more", "autre sujet")), 21)
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []


def test_vectors_are_of_unit_length_and_evenly_fewer(engine: SearchEngine) -> None:
    every, vectors = engine.vectors(100)
    assert set(every) == set(KNOWN)
    # kept in a byte a number: half a step of each of 448 numbers comes to some thousandths of the length
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(5), abs=5e-3)
    few, some = engine.vectors(2)
    assert (len(few), some.shape) == (2, (2, engine.model.dimension))


def test_what_is_like_a_board_and_a_session(engine_of: EngineOf) -> None:
    garde = [
        board(f"g{n}", "nounou trop chère", "place en crèche", "garde d'enfants", session="Garde") for n in range(2)
    ]
    engine = engine_of(*garde, *WALL)
    near = engine.similar("creche", 5)
    assert {each.id for each in near[:2]} == {"g0", "g1"}
    assert near[0].score >= near[1].score > 0.35
    assert engine.similar("creche", 5, allowed=lambda found: set(found) - {"g0", "g1"})[:1] != near[:1]
    with pytest.raises(NotFound):
        engine.similar("nobody")


CROWD = 2100
"""More than any list of candidates holds."""


@pytest.fixture(scope="module")
def crowded(places: Places) -> SearchEngine:
    """One board of a session of its own among many that answer better."""
    from dataclasses import replace

    many = [board(f"b{n}", "budget bilan du car", f"covoiturage {n % 7}", session="Autre") for n in range(CROWD)]
    only = replace(board("only", "le bus du village, budget compris"), session_id="mine")
    return places.engine_of(*many, only)


@pytest.mark.parametrize("sessions", [None, frozenset({"mine"})], ids=["rights alone", "sessions known"])
@pytest.mark.parametrize(
    ("query", "mode"), [("budget bilan", "hybrid"), ("budget", "text"), ("argent", "hybrid"), ("carpooling", "meaning")]
)
def test_who_may_see_one_board_among_many_better_ones_finds_it(
    crowded: SearchEngine, query: str, mode: Mode, sessions: frozenset[str] | None
) -> None:
    asked_of: list[str] = []

    def allowed(found: Sequence[str]) -> set[str]:
        asked_of.extend(found)
        return set(found) & {"only"}

    found = crowded.ask(query, Asked(10, mode, allowed, ("session",), sessions=sessions))
    assert [hit.id for hit in found.hits] == ["only"]
    assert (found.total, found.facets) == (1, {"session": {"mine": 1}})
    assert sessions is None or len(asked_of) < 10  # rights are asked of what may be seen, not of all


def test_sessions_never_open_what_rights_close(crowded: SearchEngine) -> None:
    found = crowded.ask("budget", Asked(10, allowed=lambda ids: set(), sessions=frozenset({"mine"})))
    assert (found.hits, found.total) == ((), 0)


def test_what_is_like_a_board_among_what_may_be_seen(engine_of: EngineOf) -> None:
    from dataclasses import replace

    many = [board(f"b{n}", "covoiturage le soir", "lignes de car") for n in range(300)]
    only = replace(board("only", "lignes de car supprimées", "trottinettes"), session_id="mine")
    engine = engine_of(*many, only)

    def allowed(found: Sequence[str]) -> set[str]:
        return set(found) & {"only"}

    assert [near.id for near in engine.similar("b0", 5, allowed, frozenset({"mine"}))] == ["only"]
    assert [near.id for near in engine.same_question("s1", 5, allowed, frozenset({"mine"}))] == ["mine"]


QUERIES = (
    "budget",
    "illec*",
    '"trop cher"',
    "perdus OR nounou",
    "-guichet",
    "phase:scan",
    "couleur:jaune",
    "après:2018",
)


WORDS = "budget bilan guichet nounou perdus écran illectronisme car covoiturage trop cher mairie idées l'usager"


@pytest.fixture(scope="module")
def made_up(places: Places) -> tuple[SearchEngine, SearchEngine]:
    """This engine and the other kind over the same two hundred boards of few words: many matches, many ties."""
    from index.engine import Engine

    rng = random.Random(3)
    said = WORDS.split()
    boards = [
        board(
            f"b{n}", " ".join(rng.choices(said, k=4)), " ".join(rng.choices(said, k=3)),
            session=rng.choice(("Mobilité", "Garde", "")), colour=rng.choice(("yellow|blue", "pink", "")),
            year=rng.choice(("2017", "2019", "")), confidence=rng.uniform(0.4, 1),
        )
        for n in range(200)
    ]  # fmt: skip
    reference = Engine.temporary()
    reference.rebuild(boards, 1)
    return places.engine_of(*boards), reference


def test_a_beginning_finds_every_board_that_holds_it(made_up: tuple[SearchEngine, SearchEngine]) -> None:
    engine, reference = made_up
    whole = {hit.id for hit in reference.search("illectronisme", limit=300, mode="text").hits}
    assert len(whole) > 20
    for mode in ("text", "hybrid"):
        found = engine.search("illec*", limit=300, mode=mode)
        assert whole <= {hit.id for hit in found.hits}
        assert found.total == len(found.hits)


@pytest.mark.parametrize("seed", range(12))
def test_any_filter_finds_what_the_reference_finds(made_up: tuple[SearchEngine, SearchEngine], seed: int) -> None:
    engine, reference = made_up
    rng = random.Random(seed)
    for _ in range(4):
        parts = rng.sample(QUERIES, rng.randint(1, 3))
        query = rng.choice((" ", " AND ", " OR ")).join(parts)
        query = f"NOT ({query})" if rng.random() < 0.2 else query
        found, expected = (each.search(query, limit=300, mode="text") for each in made_up)
        assert {hit.id for hit in found.hits} == {hit.id for hit in expected.hits}, query
        assert found.total == expected.total
        one, other = (each.search(query, limit=1, facets=("phase", "colour", "year")) for each in (engine, reference))
        if len(expected.hits) < 100:
            assert one.facets == other.facets, query


@pytest.mark.parametrize("seed", range(3))
def test_no_text_breaks_it(made_up: tuple[SearchEngine, SearchEngine], seed: int) -> None:
    engine, _ = made_up
    rng = random.Random(seed)
    letters = "aeé'’\"«»()*:-&|!<>\\%_ \t@.0123456789œ😀ß\u202eAND OR NOT phase:act couleur:"
    for _ in range(60):
        query = "".join(rng.choices(letters, k=rng.randint(1, 40)))
        try:
            engine.search(query, facets=("phase",))
        except BadQuery:
            continue
