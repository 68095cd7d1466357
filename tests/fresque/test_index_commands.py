"""`fresque index use` and what happens when the index was built with another model, through the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.store import Archive
from fresque.cli import cli
from index import static, store
from index.build_model import build
from tests.index.test_model import SMALL

TEXTS = {"garde": "nounou trop chère, faire garder le petit", "car": "covoiturage le soir", "toit": "loyer cher"}


def fresque(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def first(archive: Path, query: str, *options: str) -> str:
    answer = fresque("--archive", archive, "search", query, "--json", *options)
    assert answer.exit_code == 0, answer.output
    hits = json.loads(answer.stdout)["hits"]
    return str(hits[0]["id"]) if hits else ""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    place = tmp_path / "archive"
    assert fresque("init", place).exit_code == 0
    lines = [json.dumps({"id": each, "text": text, "session": None}) for each, text in TEXTS.items()]
    (tmp_path / "texts.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert fresque("--archive", place, "import", tmp_path / "texts.jsonl").exit_code == 0
    assert first(place, "covoiturage") == "car"
    return place


def manifest(archive: Path) -> Path:
    with Archive.open(archive) as opened:
        return store.generations(opened.index_path)[-1] / store.MANIFEST


@pytest.mark.slow
def test_another_model_is_used_until_the_default_is_asked_for_again(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "lexicon" / "concepts.jsonl").write_text(SMALL, encoding="utf-8")
    model = tmp_path / "model"
    build(tmp_path / "lexicon", tmp_path / "meaning.npz").as_sentence_transformer().save(str(model))
    assert fresque("--archive", archive, "index", "use", model).exit_code == 0
    assert json.loads(manifest(archive).read_text())["identity"]["model"] == str(model)
    assert first(archive, "covoiturage") == "car"
    assert first(archive, "nounou", "--mode", "meaning") == "garde"
    shutil.rmtree(model)
    assert first(archive, "covoiturage") == "car"  # by its words
    assert fresque("--archive", archive, "index", "use", tmp_path / "nowhere").exit_code
    assert fresque("--archive", archive, "index", "use").exit_code == 0
    assert json.loads(manifest(archive).read_text())["identity"]["model"] == static.DEFAULT
    assert first(archive, "childcare") == "garde"


def test_an_index_of_an_older_fresque_is_built_anew_by_itself(archive: Path) -> None:
    for field, old in (("revision", "an older one"), ("schema", 1), ("analysis", 0)):
        path = manifest(archive)
        value = json.loads(path.read_text())
        value["identity"][field] = old
        path.write_text(json.dumps(value))
        assert first(archive, "childcare") == "garde"
        assert json.loads(manifest(archive).read_text())["identity"][field] != old


def test_an_archive_teaches_and_forgets(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "lexicon" / "concepts.jsonl").write_text(SMALL, encoding="utf-8")
    monkeypatch.setattr("index.lexicon.lexicon_folder", lambda: tmp_path / "lexicon")
    session = {"session_id": "s1", "title": "Covoiturage au village", "type": "codesign_flash", "date": "2024-05-02"}
    texts = [{"id": f"m{n}", "text": f"le tadou passe le {n}", "session": session} for n in range(2)]
    (tmp_path / "more.jsonl").write_text("\n".join(map(json.dumps, texts)), encoding="utf-8")
    assert fresque("--archive", archive, "import", tmp_path / "more.jsonl").exit_code == 0
    with Archive.open(archive) as opened:
        opened.catalog.save_search(None, "Se passer de voiture", "?q=covoiturage+tadou")
    learned = fresque("--archive", archive, "index", "learn", "--json")
    assert learned.exit_code == 0, learned.output
    said = [set(concept["said"]) for concept in json.loads(learned.stdout)["concepts"]]
    assert {"Se passer de voiture", "covoiturage tadou"} in said
    assert first(archive, "covoiturage") == "car"
    with Archive.open(archive) as opened:
        assert opened.catalog.trained("lexicon") is not None
    assert fresque("--archive", archive, "index", "rebuild").exit_code == 0
    assert fresque("--archive", archive, "index", "learn", "--forget").exit_code == 0
    with Archive.open(archive) as opened:
        assert opened.catalog.trained("lexicon") is None
    assert first(archive, "covoiturage") == "car"
