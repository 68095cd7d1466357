"""`fresque index use postgresql`: built beside, compared, switched; every process of the archive agrees."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive import places
from archive.errors import IndexFault, UsageError
from archive.model import Material, Session
from fresque.app import App
from fresque.cli import cli
from index import compare, judged
from index.compare import Judgement
from index.engine import Engine
from index.postgres.engine import PostgresEngine
from tests.servers import Servers

TEXTS = {
    "m1": "illectronisme des aînés\nguichet fermé le lundi",
    "m2": "covoiturage le soir\npermis trop cher",
    "m3": "place en crèche introuvable\nnounou trop chère",
}


@pytest.fixture
def folder(servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An archive whose records are on PostgreSQL, searched in its folder so far."""
    with servers.own() as own:
        monkeypatch.setenv(places.DATABASE, str(own.database))
        monkeypatch.setenv(places.BLOBS, str(own.blobs))
        folder = str(servers.folder(tmp_path / "archive"))
        with App.open(folder) as app:
            app.import_materials([(None, Material(each, "s1", text)) for each, text in TEXTS.items()])
            app.refresh()
            assert isinstance(app.engine, Engine)
        yield folder


def run(folder: str, *words: str) -> str:
    result = CliRunner().invoke(cli, ["--archive", folder, *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def first(folder: str, query: str) -> str:
    return str(json.loads(run(folder, "search", query, "--json"))["hits"][0]["id"])


def test_it_is_compared_then_switched_and_back(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    few = judged.queries()[::20]
    monkeypatch.setattr(compare, "queries", lambda: few * 3)
    told = json.loads(run(folder, "index", "use", "postgresql", "--json").splitlines()[-1])
    assert told["indexed"] == 3
    assert told["same"] >= 0.9
    assert all(mine >= theirs - 0.02 > 0.3 for mine, theirs in zip(told["other"], told["reference"], strict=True))
    with App.open(folder) as app:
        assert isinstance(app.engine, PostgresEngine)
        app.archive.catalog.add_session(Session("s9", "Mobilité rurale"))
        app.import_materials([(None, Material("m4", "s9", "trottinettes en libre service"))])
    assert first(folder, "trottinettes") == "m4"
    assert first(folder, "personnes âgées exclues du numérique") == "m1"
    run(folder, "verify")
    assert "postgresql, 4 boards and texts, 0 changes" in run_doctor(folder)
    run(folder, "index", "use", "embedded")
    with App.open(folder) as app:
        assert isinstance(app.engine, Engine)
    assert first(folder, "trottinettes") == "m4"


def run_doctor(folder: str) -> str:
    """Other checks may fail where a test runs."""
    checks = json.loads(CliRunner().invoke(cli, ["--archive", folder, "doctor", "--json"]).output.splitlines()[0])
    return next(str(check["found"]) for check in checks if check["name"] == "search")


def test_worse_answers_switch_nothing(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "judge", lambda *_: Judgement((0.74, 0.64), (0.70, 0.64), 0.8))
    with App.open(folder) as app, pytest.raises(IndexFault, match="worse"):
        app.use_engine("postgresql")
    with App.open(folder) as app:
        assert isinstance(app.engine, Engine)


def test_without_a_database_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(places.DATABASE, raising=False)
    monkeypatch.delenv(places.BLOBS, raising=False)
    folder = str(tmp_path / "plain")
    CliRunner().invoke(cli, ["init", folder], catch_exceptions=False)
    result = CliRunner().invoke(cli, ["--archive", folder, "index", "use", "postgresql"])
    assert isinstance(result.exception, UsageError)
    assert "FRESQUE_DATABASE" in result.exception.hint
