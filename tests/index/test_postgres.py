"""What is particular to the engine on PostgreSQL: it survives kills, clears what it replaced, asks for few details."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import IndexFault, UsageError
from archive.model import Change, ChangeKind, Document
from index import compare, engines
from index.embed import Embedder
from index.engine import Engine
from index.postgres import candidates
from index.postgres.engine import PostgresEngine
from tests.index.boards import WALL, board, ids
from tests.servers import Servers

ROOT = Path(__file__).resolve().parents[2]
BOARDS = 90


@pytest.fixture
def url(servers: Servers) -> Iterator[str]:
    with servers.own() as places:
        yield str(places.database)


@pytest.fixture
def engine(url: str, model: Embedder) -> Iterator[PostgresEngine]:
    made = PostgresEngine(url, model)
    yield made
    made.server.close()


def schemas(engine: PostgresEngine) -> list[str]:
    with engine.server.reading() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'fresque%' ORDER BY 1")
        return [str(row[0]) for row in cursor.fetchall()]


def made_up(count: int) -> list[Document]:
    return [board(f"n{n:03}", f"mot{n} commun", "covoiturage") for n in range(count)]


def killed_after(url: str, work: str, lines: int) -> None:
    """Run a writer in a process of its own, and kill it once it has said so many lines: there it waits for that."""
    code = (
        "import sys; from index.postgres import engine as door\n"
        "from archive.model import Change, ChangeKind\n"
        "from tests.index.test_postgres import made_up, BOARDS\n"
        "door.REBUILD_BATCH = 20\n"
        f"engine, left = door.PostgresEngine({url!r}), {lines}\n"
        "def say(word):\n"
        "    global left\n"
        "    print(word, flush=True)\n"
        "    left -= 1\n"
        "    if not left: sys.stdin.read()\n"
        "def said():\n"
        "    for document in made_up(BOARDS):\n"
        "        say(document.id)\n"
        "        yield document\n"
        "    say('all')\n"
        f"{work}\n"
        "print('done', flush=True)\n"
    )
    command, pipe = [sys.executable, "-c", code], subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        for number, _ in enumerate(process.stdout, start=1):
            if number == lines:
                process.send_signal(signal.SIGKILL)
        process.wait()
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("lines", [30, BOARDS + 1])
def test_a_rebuild_that_was_killed_goes_on_beside_the_old_one(engine: PostgresEngine, url: str, lines: int) -> None:
    engine.rebuild(WALL, 5)
    killed_after(url, "engine.rebuild(said(), 50)", lines)
    assert ids(engine, "covoiturage")[0] == "bus"
    assert engine.applied_sequence == 5
    assert engine.rebuild(made_up(BOARDS), 60) == BOARDS
    assert engine.applied_sequence in (50, 60)  # what changed since the first start is still to come
    assert len(ids(engine, "covoiturage", limit=200, mode="text")) == BOARDS
    assert len(schemas(engine)) == 2


def test_changes_of_a_process_that_was_killed_are_whole_batches(engine: PostgresEngine, url: str) -> None:
    engine.rebuild(WALL, 5)
    feed = "[Change(6 + n, ChangeKind.BOARD, d.id, 1) for n, d in enumerate(made_up(BOARDS))]"
    work = (
        "door.BATCH = 10\n"
        "known = {d.id: d for d in made_up(BOARDS)}\n"
        "def load(change):\n"
        "    say(change.sequence)\n"
        "    return known[change.object_id]\n"
        f"engine.apply({feed}, load)"
    )
    killed_after(url, work, 35)
    reached = engine.applied_sequence
    assert reached == 35
    assert engine.count == len(engine.ids()) == 5 + reached - 5
    known = {document.id: document for document in made_up(BOARDS)}
    left = [Change(6 + n, ChangeKind.BOARD, each, 1) for n, each in enumerate(known) if 6 + n > reached]
    engine.apply(left, lambda change: known[change.object_id])
    assert engine.ids() == {*known, *(document.id for document in WALL)}


def test_replaced_generations_go(engine: PostgresEngine) -> None:
    for sequence in range(3):
        engine.rebuild(WALL, sequence)
    assert schemas(engine) == ["fresque_index", "fresque_index_3"]
    engine.remove()
    assert schemas(engine) == []
    assert (engine.count, engine.fault) == (0, None)


def test_a_damaged_index_is_a_fault_and_rebuilt(engine: PostgresEngine) -> None:
    engine.rebuild(WALL, 5)
    with engine.server.writing() as cursor:
        cursor.execute("DROP TABLE fresque_index_1.details")
    with pytest.raises(IndexFault):
        engine.search("budget")
    engine.rebuild(WALL, 6)
    assert ids(engine, "budget")[0] == "plan"


def test_a_database_that_does_not_answer_is_told(model: Embedder) -> None:
    nowhere = PostgresEngine("postgresql+psycopg://nobody@127.0.0.1:9/none", model)
    assert isinstance(nowhere.fault, IndexFault)
    assert "FRESQUE_DATABASE" in nowhere.fault.hint
    assert nowhere.applied_sequence == 0


def test_common_words_visit_few_documents_and_rare_ones_are_kept(
    engine: PostgresEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More documents hold the common words than are visited; those that hold the rare one too are found."""
    monkeypatch.setattr(candidates, "COUNTED", 20)
    monkeypatch.setattr(candidates, "CLOSE", 10)
    engine.rebuild((*made_up(60), board("rare", "commun covoiturage", "trottinette")), 1)
    for mode in ("hybrid", "text"):
        assert ids(engine, "commun covoiturage trottinette", mode=mode)[0] == "rare"
        assert ids(engine, "trottinette commun", mode=mode)[0] == "rare"
    found = engine.search("commun", limit=5)
    assert 20 <= found.total <= 61
    assert len(found.hits) == 5


def test_who_may_see_little_is_shown_his_best(engine: PostgresEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "CLOSE", 4)
    engine.rebuild(made_up(60), 1)
    mine = {"n050", "n059"}
    assert set(ids(engine, "covoiturage", limit=3, allowed=lambda found: mine & set(found))) == mine


def test_only_some_documents_are_looked_at(engine: PostgresEngine) -> None:
    engine.rebuild((*WALL, *made_up(30)), 1)
    from index.search import Asked

    assert [hit.id for hit in engine.ask("budget", Asked(5, only=("bus", "nobody"))).hits] == ["bus"]


def test_engines_are_chosen_in_the_database(url: str, tmp_path: Path, model: Embedder) -> None:
    def opened() -> type:
        engine = engines.open_engine(tmp_path, url, model)
        engine.close()
        return type(engine)

    assert opened() is Engine
    engines.choose("postgresql", url)
    assert opened() is PostgresEngine
    engines.choose("embedded", url)
    assert opened() is Engine
    with pytest.raises(UsageError):
        engines.open_named("postgresql", tmp_path, None)


def test_a_comparison_sees_worse_answers() -> None:
    assert compare.agreement([["a", "b"]], [["a", "c"]]) == 0.5
    assert not compare.Judgement((0.74, 0.64), (0.71, 0.64), 0.9).good
    assert compare.Judgement((0.74, 0.64), (0.73, 0.65), 0.9).good
