"""Every field of a session can be filled in all three ways: by a file, by flags, on the pages; with the same result."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.errors import UsageError
from archive.model import AgendaItem, Method, Organisation, Person, Phase, Session, SessionKind, Visibility
from archive.store import Archive
from fresque.cli import cli
from fresque.session_file import session_from_toml
from tests.fresque.web.conftest import Place
from tests.fresque.web.test_uploads import send

FULL = Session(
    id="plein",
    title="Le guichet « unique »",
    kind=SessionKind.INCUBATION,
    method=Method.OTHER,
    lab="Lille",
    project_id="guichet",
    requesters=(Organisation("CNAF", "partner"), Organisation("DITP")),
    partners=(Organisation("Ville de Lens", "outside"),),
    start=date(2024, 3, 5),
    end=date(2024, 3, 6),
    themes=("famille", "accueil"),
    people=(Person("Anne Petit", "facilitator"), Person("Karim", "participant")),
    agenda=(
        AgendaItem(Phase.SCAN, datetime(2024, 3, 5, 9, 30, tzinfo=UTC)),
        AgendaItem(Phase.ACT, datetime(2024, 3, 6, 14, 0, tzinfo=UTC)),
    ),
    languages=("fr", "de"),
    visibility=Visibility.LAB,
    retention_until=date(2034, 3, 6),
    legal_basis="public task",
)
FILE = """
session_id = "plein"
title = "Le guichet « unique »"
kind = "incubation"
method = "other"
lab = "Lille"
project = "guichet"
requesters = [{name = "CNAF", kind = "partner"}, "DITP"]
partners = ["Ville de Lens=outside"]
start = 2024-03-05
end = 2024-03-06
themes = ["famille", "accueil"]
people = [{name = "Anne Petit", role = "facilitator"}, "Karim"]
agenda = [{phase = "SCAN", begins = 2024-03-05T09:30:00}, "2024-03-06 14:00 ACT"]
languages = ["fr", "de"]
visibility = "lab"
retention_until = 2034-03-06
legal_basis = "public task"
"""
FLAGS = [
    "--title", FULL.title, "--kind", "incubation", "--method", "other", "--lab", "Lille", "--project", "guichet",
    "--requester", "CNAF=partner", "--requester", "DITP", "--partner", "Ville de Lens=outside", "--start", "2024-03-05",
    "--end", "2024-03-06", "--theme", "famille", "--theme", "accueil", "--person", "Anne Petit=facilitator",
    "--person", "Karim", "--agenda", "2024-03-05 09:30 SCAN", "--agenda", "2024-03-06 14:00 ACT", "--language", "fr",
    "--language", "de", "--visibility", "lab", "--retention-until", "2034-03-06", "--legal-basis", "public task",
]  # fmt: skip
FORM = {
    "title": FULL.title, "kind": "incubation", "method": "other", "lab": "Lille", "project": "guichet",
    "requesters": ["CNAF=partner", "DITP"], "partners": ["Ville de Lens=outside"], "start": "2024-03-05",
    "end": "2024-03-06", "themes": ["famille", "accueil"], "people": ["Anne Petit=facilitator", "Karim"],
    "agenda": ["2024-03-06 14:00 ACT", "2024-03-05 09:30 SCAN"], "languages": ["fr", "de"], "visibility": "lab",
    "retention_until": "2034-03-06", "legal_basis": "public task",
}  # fmt: skip


def test_the_session_of_this_test_leaves_no_field_as_it_comes() -> None:
    plain = Session("plein", "")
    assert [f.name for f in fields(Session) if getattr(FULL, f.name) == getattr(plain, f.name)] == ["id"]


def test_by_a_file(tmp_path: Path) -> None:
    path = tmp_path / "session.toml"
    path.write_text(FILE, encoding="utf-8")
    assert session_from_toml(path) == FULL


def test_a_file_without_an_id_is_of_the_session_that_is_named(tmp_path: Path) -> None:
    path = tmp_path / "session.toml"
    path.write_text(FILE.replace('session_id = "plein"', "").replace("begins =", "at ="), encoding="utf-8-sig")
    assert session_from_toml(path, "plein") == FULL


@pytest.mark.parametrize(
    "wrong", ['agenda = [{phase = "SCAN"}]', 'people = [{role = "user"}]', 'agenda = ["demain"]', "title = ", "end = 3"]
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "session.toml"
    path.write_text(f'session_id = "s"\n{wrong}\n', encoding="utf-8")
    with pytest.raises(UsageError):
        session_from_toml(path)


def test_among_the_photos_of_a_folder_on_the_page(alone: Place) -> None:
    """It fills what is open, all but the lab and who may see it, which were chosen where the session was made."""
    web = alone.clients["local"]
    web.post("/api/v1/sessions", json={"id": "plein", "title": FULL.title, "themes": ["dit ici"]})
    before = alone.app.archive.catalog.session("plein")
    told = send(web, FILE.encode(), "session.toml", "plein")
    assert (told["state"], told["photos"]) == ("added", [])
    assert alone.app.archive.catalog.session("plein") == replace(
        FULL, lab=before.lab, visibility=before.visibility, themes=("dit ici",)
    )
    refused = send(web, b"title = ", "session.toml", "plein")
    assert refused["state"] == "refused"
    assert "session.toml" in refused["reason"]


@pytest.mark.parametrize("verb", ["add", "edit"])
def test_by_flags(tmp_path: Path, verb: str) -> None:
    with Archive.create(tmp_path / "archive") as archive:
        if verb == "edit":
            archive.catalog.add_session(Session("plein", "Provisoire"))
    said = CliRunner().invoke(cli, ["--archive", str(tmp_path / "archive"), "session", verb, "plein", *FLAGS])
    assert said.exit_code == 0, said.output
    with Archive.open(tmp_path / "archive") as archive:
        assert archive.catalog.session("plein") == FULL
        assert [project.id for project in archive.catalog.projects()] == ["guichet"]


def test_on_the_pages(alone: Place) -> None:
    """The form has a field for each, holds what is known, and what it sends changes nothing else."""
    web = alone.clients["local"]
    made = web.post("/api/v1/sessions", json={"id": "plein", **FORM})
    assert made.status_code == 201, made.text
    assert alone.app.archive.catalog.session("plein") == FULL
    page = web.get("/sessions/plein/edit").text
    inputs = set(re.findall(r'<(?:input|select|textarea)[^>]* name="([a-z_]+)"', page))
    assert inputs >= {"project" if f.name == "project_id" else f.name for f in fields(Session) if f.name != "id"}
    for told in ("CNAF=partner ; DITP", "Anne Petit=facilitator\nKarim", "2024-03-05 09:30 SCAN\n", "2034-03-06"):
        assert told in page
    asked = web.get("/api/v1/sessions/plein").json()
    again = web.patch("/api/v1/sessions/plein", json={name: asked[name] for name in FORM})
    assert again.status_code == 200, again.text
    assert alone.app.archive.catalog.session("plein") == FULL
    emptied: dict[str, object] = {"project": "", "people": [], "agenda": [], "retention_until": None, "legal_basis": ""}
    assert web.patch("/api/v1/sessions/plein", json=emptied).status_code == 200
    assert alone.app.archive.catalog.session("plein") == replace(
        FULL, project_id=None, people=(), agenda=(), retention_until=None, legal_basis=""
    )


def test_a_line_that_is_none_is_said_in_french(alone: Place) -> None:
    web = alone.clients["local"]
    web.post("/api/v1/sessions", json={"id": "plein", "title": "Plein"})
    refused = web.patch("/api/v1/sessions/plein", json={"agenda": ["demain SCAN"]}, headers={"accept-language": "fr"})
    assert refused.status_code == 422
    assert "n’est pas une ligne d’agenda" in refused.text
