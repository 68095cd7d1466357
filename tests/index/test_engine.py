"""The engine's contract: follow changes, survive crashes and damage, never make a reader wait."""

from __future__ import annotations

import multiprocessing
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from archive.errors import ArchiveBusy, IndexFault, IndexMismatch, MissingDependency
from archive.model import Change, ChangeKind, Document
from index import segment, static, store, writer
from index.engine import Engine
from index.fulltext import FullText
from index.prepare import Prepared, prepare
from index.segment import Segment
from tests.index.boards import WALL, board, changes, giving, ids, load


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = Engine.open(tmp_path / "index")
    engine.apply(changes(WALL), load)
    return engine


def test_another_engine_sees_what_was_committed(engine: Engine) -> None:
    reader = Engine.open(engine.folder)
    assert ids(reader, "trottinettes", mode="text") == []
    engine.apply([Change(6, ChangeKind.BOARD, "new", 1)], lambda change: board("new", "trottinettes"))
    assert ids(reader, "trottinettes", mode="text") == ["new"]


def test_many_small_changes_are_merged(engine: Engine) -> None:
    for n in range(30):
        fresh = board(f"n{n % 20}", f"mot{n} commun")
        engine.apply([Change(6 + n, ChangeKind.BOARD, fresh.id, n)], giving(fresh))
    assert len(engine.snapshot.segments) < 10
    assert engine.count == 25
    assert ids(engine, "mot29", mode="text") == ["n9"]
    assert ids(engine, "mot9", mode="text") == []
    assert len(ids(engine, "commun", mode="text", limit=50)) == 20


def test_a_rebuild_that_was_stopped_goes_on(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.engine.REBUILD_BATCH", 2)
    taken: list[str] = []

    def preparing(document: Document) -> Prepared:
        taken.append(document.id)
        return prepare(document)

    def documents(stop: bool) -> Iterator[Document]:
        for n, document in enumerate(WALL):
            if stop and n == 4:
                raise KeyboardInterrupt
            yield document

    with pytest.raises(KeyboardInterrupt):
        engine.rebuild(documents(True), 42)
    assert ids(engine, "covoiturage")[0] == "bus"  # the old one answers
    again = Engine.open(engine.folder)
    monkeypatch.setattr(writer, "prepare", preparing)
    assert again.rebuild(documents(False), 50) == 5
    assert taken == [WALL[4].id]
    assert again.applied_sequence == 42  # what changed since the first start is still to come
    assert {each for query in ("budget", "covoiturage") for each in ids(again, query, mode="text")} == {"plan", "bus"}
    assert not list(again.folder.glob(f"gen-*/{store.UNFINISHED}"))


def test_merges_stay_small(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many large segments a rebuild leaves, one change after it merges few documents."""
    merged: list[int] = []
    merge = segment.merge

    def counting(parts: Sequence[Segment], kept: Sequence[NDArray[np.bool_]]) -> Segment:
        merged.append(sum(part.count for part in parts))
        return merge(parts, kept)

    monkeypatch.setattr("index.engine.REBUILD_BATCH", 600)
    monkeypatch.setattr(segment, "merge", counting)
    engine.rebuild((board(f"n{n}", f"mot{n}") for n in range(600 * 10)), 9)
    for n in range(20):
        fresh = board(f"n{n}", "autre chose")
        engine.apply([Change(10 + n, ChangeKind.BOARD, fresh.id, n)], giving(fresh))
    assert len(engine.snapshot.segments) <= 10 + 2 * writer.FEW
    assert max(merged) <= writer.FEW * writer.TIERS[-1]
    assert len(ids(engine, "autre chose", mode="text", limit=50)) == 20


def test_a_crash_before_the_manifest_leaves_the_state_before(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "write_manifest", crash)
    with pytest.raises(KeyboardInterrupt):
        engine.apply([Change(6, ChangeKind.BOARD, "bus", 2)], lambda change: board("bus", "trottinettes"))
    monkeypatch.undo()
    again = Engine.open(engine.folder)
    assert (again.applied_sequence, again.count, again.fault) == (5, 5, None)
    assert ids(again, "trottinettes", mode="text") == []
    again.apply([Change(6, ChangeKind.BOARD, "bus", 2)], lambda change: board("bus", "trottinettes en ville"))
    assert ids(again, "trottinettes", mode="text") == ["bus"]
    assert ids(again, "covoiturage", mode="text") == []


def test_an_unfinished_generation_is_not_used(engine: Engine) -> None:
    unfinished = engine.folder / "gen-0002"
    shutil.copytree(engine.folder / "gen-0001", unfinished)
    (unfinished / store.MANIFEST).unlink()
    assert Engine.open(engine.folder).applied_sequence == 5


def _damaged(folder: Path) -> list[Path]:
    generation = store.generations(folder)[-1]
    segments = sorted(generation.glob("seg-*/*"))
    text = sorted((generation / store.TEXT).glob("*"))
    return [*segments, *[path for path in text if path.suffix in (".toc", ".seg")], generation / store.VOCABULARY]


@pytest.mark.parametrize("how", ["truncated", "gone", "garbage"])
def test_damage_is_detected_and_mended(engine: Engine, how: str, tmp_path: Path) -> None:
    for path in _damaged(engine.folder):
        copy = tmp_path / "copy"
        shutil.copytree(engine.folder, copy)
        victim = copy / path.relative_to(engine.folder)
        if how == "gone":
            victim.unlink()
        else:
            victim.write_bytes(victim.read_bytes()[:7] if how == "truncated" else b"\x00garbage" * 9)
        hurt = Engine.open(copy, engine.model)
        try:
            harmless = ids(hurt, "covoiturage")[:1] == ["bus"] and ids(hurt, '"trop cher"') == ["bus"]
        except IndexFault:
            harmless = False
        if not harmless:
            assert hurt.fault is not None, path.name
            assert hurt.fault.hint
            assert hurt.applied_sequence == 0
        hurt.rebuild(WALL, 8)
        assert hurt.fault is None
        assert ids(hurt, "covoiturage")[0] == "bus"
        shutil.rmtree(copy)


def test_a_damaged_manifest_is_a_fault(engine: Engine) -> None:
    (store.generations(engine.folder)[-1] / store.MANIFEST).write_text("{")
    hurt = Engine.open(engine.folder)
    with pytest.raises(IndexFault):
        hurt.search("budget")
    with pytest.raises(IndexFault):
        hurt.apply(changes(WALL), load)
    hurt.rebuild(WALL, 1)
    assert ids(hurt, "budget")[0] == "plan"


class Other:
    """An embedder that is never asked for anything but its name."""

    name, revision, dimension = "other", "1", 3

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.ones((len(texts), 3), np.float32)

    def query(self, text: str) -> NDArray[np.float32]:
        return np.ones(3, np.float32)


def test_with_another_model_words_and_letters_answer_until_it_is_rebuilt(engine: Engine) -> None:
    other = Engine.open(engine.folder, Other())
    assert isinstance(other.fault, IndexMismatch)
    assert "model" in other.fault.message
    assert ids(other, "illectronisme")[0] == "digital"
    assert ids(other, "illectronirme")[0] == "digital"
    assert set(other.search("nounou").hits[0].why) <= {"text", "ngrams"}
    with pytest.raises(IndexMismatch):
        other.search("nounou", mode="meaning")
    with pytest.raises(IndexMismatch):
        other.apply(changes(WALL), load)
    assert other.applied_sequence == 0
    other.rebuild(WALL, 5)
    assert other.search("nounou", mode="meaning").hits


def test_a_model_chosen_elsewhere_is_taken_up(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = {"other": Other()}
    monkeypatch.setattr("index.in_use.open_model", lambda name, *_: opened[name])
    Engine.open(engine.folder, opened["other"]).rebuild(WALL, 7)
    assert ids(engine, "covoiturage")[0] == "bus"
    assert engine.fault is None
    assert engine.model.name == "other"


def test_a_model_that_is_gone_leaves_the_words(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str, *_: object) -> None:
        raise MissingDependency(f"no model {name}", "bring it back")

    monkeypatch.setattr("index.in_use.open_model", missing)
    bare = Engine.open(engine.folder)
    assert isinstance(bare.fault, IndexMismatch)
    assert bare.fault.hint == "bring it back"
    assert ids(bare, "covoiturage")[0] == "bus"


def _hold(folder: str, pipe: Connection) -> None:
    with store.writing(Path(folder)):
        pipe.send("held")
        pipe.recv()


def test_a_second_writer_is_told_and_readers_go_on(engine: Engine) -> None:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    holder = context.Process(target=_hold, args=(str(engine.folder), theirs))
    holder.start()
    try:
        assert ours.recv() == "held"
        with pytest.raises(ArchiveBusy):
            engine.apply(changes(WALL), load)
        with pytest.raises(ArchiveBusy):
            engine.rebuild(WALL, 1)
        assert ids(engine, "covoiturage")[0] == "bus"
        holder.kill()
        holder.join()
        assert engine.apply([Change(6, ChangeKind.BOARD, "bus", 2, True)], load) == 1
    finally:
        holder.kill()
        holder.join()


def test_a_second_writer_of_the_full_text_is_told(tmp_path: Path) -> None:
    text = FullText.create(tmp_path / "text")

    def bags() -> Iterator[tuple[int, dict[str, float]]]:
        with pytest.raises(ArchiveBusy):
            FullText.open(tmp_path / "text").write([(2, {"b": 1.0})], ())
        yield 1, {"a": 1.0}

    text.write(bags(), ())
    assert len(text.view().postings("a")[0]) == 1


def test_the_default_path_never_imports_torch(tmp_path: Path) -> None:
    code = (
        "import sys; from index.engine import Engine; from tests.index.boards import WALL, engine_of, ids\n"
        "assert ids(engine_of(*WALL), 'gens perdus')\n"
        "assert not {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(static.__file__).parent.parent)


def test_who_may_see_little_is_shown_his_best(tmp_path: Path) -> None:
    """One board among hundreds that answer better, and only that one may be seen."""
    crowd = [board(f"n{n}", "nounou trop chère", f"crèche {n}") for n in range(700)]
    engine = Engine.open(tmp_path)
    engine.rebuild([board("mine", "mode de garde"), *crowd], 1)
    found = engine.search("childcare too expensive", allowed=lambda ids: {"mine"} & set(ids))
    assert [hit.id for hit in found.hits] == ["mine"]
