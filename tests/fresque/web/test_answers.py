"""What a person and a program are told when something goes wrong, and where that leads."""

from __future__ import annotations

import ast
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from babel.messages.pofile import read_po
from fastapi.testclient import TestClient

import fresque.web as room
from archive.catalog import Catalog
from capture.pipeline.phase.form import EVIDENCE
from fresque.web.words import Words
from tests.fresque.web.conftest import Place, ok
from tests.fresque.web.sentences import form_of

ROOM = Path(room.__file__).parent
FRENCH = re.compile(r"[éèàêçùâîôÉÀ’]")


def test_an_address_that_was_shared_is_come_back_to_after_the_login(place: Place) -> None:
    shared = "/search?q=guichet+phase%3Aact&lab=Nantes"
    answer = ok(place.clients["anonymous"].get(shared, follow_redirects=False), 303)
    asked = urlsplit(answer.headers["location"])
    assert (asked.path, parse_qs(asked.query)["next"]) == ("/login", [shared])


def test_what_is_not_there_leaves_the_menu(place: Place) -> None:
    for address in ("/nowhere", "/boards/nothing"):
        page = ok(place.clients["reader"].get(address), 404).text
        assert 'href="/search"' in page
        assert "Traceback" not in page
    assert 'href="/search"' not in ok(place.clients["anonymous"].get("/nowhere"), 404).text


def test_a_fault_of_ours_is_told_without_its_words(alone: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(Catalog, "counts_by_session", broken)
    monkeypatch.setattr(Catalog, "photos", broken)
    client = TestClient(
        alone.clients["local"].app, "http://127.0.0.1", raise_server_exceptions=False, client=("127.0.0.1", 1)
    )
    page = client.get("/", headers={"x-request-id": "n-123", "accept-language": "en"})
    assert page.status_code == 500
    assert "Something went wrong on our side." in page.text
    assert "n-123" in page.text
    assert "secret" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    told = client.get("/api/v1/sessions/own-open/photos")
    assert (told.status_code, set(told.json())) == (500, {"error", "hint"})


def test_who_comes_from_elsewhere_gets_a_page(alone: Place) -> None:
    elsewhere = TestClient(alone.clients["local"].app, "http://fresque.example.org", client=("192.0.2.1", 1))
    page = ok(elsewhere.get("/"), 403)
    assert "<h1>Sans compte" in page.text
    assert "/people" not in page.text
    assert ok(elsewhere.get("/api/v1/me"), 403).json()["error"].startswith("Sans compte")


def told() -> set[str]:
    """French sentences in this room's code, with {} for what is filled in."""
    found = set()
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                for given in (*node.args, *(k.value for k in node.keywords)):
                    text = form_of(given)
                    if text and FRENCH.search(text):
                        found.add(text)
    return found


def test_what_this_room_says_in_french_has_its_english() -> None:
    with (ROOM / "data" / "en.po").open("rb") as file:
        known = {(m.id[0] if isinstance(m.id, tuple) else m.id) for m in read_po(file, locale="en") if m.string}
    assert len(told()) > 20
    assert sorted(told() - known) == []
    assert Words("en").said("Compte inconnu : bob.") == "Unknown account: bob."
    assert Words("fr").said("Compte inconnu : bob.") == "Compte inconnu : bob."


def test_a_filter_that_was_picked_is_named_as_it_is_called(alone: Place) -> None:
    page = ok(alone.clients["local"].get("/search?q=partout&session=own-lab&phase=SCAN&session=nobody")).text
    picked = page[page.index('class="picked"') : page.index("</div>", page.index('class="picked"'))]
    assert "Guichet du lab" in picked
    assert "SCAN · Explorer" in picked


def test_the_first_person_invited_administers(alone: Place) -> None:
    client = alone.clients["local"]
    assert "administrer" in ok(client.post("/api/v1/invitations", json={"role": "reader"}), 422).json()["error"]
    ok(client.post("/api/v1/invitations", json={"role": "administrator"}), 201)
    assert '<option value="reader"' not in client.get("/people").text


def test_a_feed_says_when_each_board_came(alone: Place) -> None:
    client = alone.clients["local"]
    made = ok(client.post("/api/v1/searches", json={"title": "t", "query": "?q=partout"}), 201).json()
    feed = client.get(urlsplit(made["feed"]).path).text
    times = re.findall(r"<updated>(.+?)</updated>", feed)
    boards = [alone.app.archive.catalog.history(i)[0].made_at for i in alone.boards.values()]
    first = [datetime.fromisoformat(each) for each in times[1:]]
    assert first == sorted(first, reverse=True)
    assert sum(any(abs(at - told) < timedelta(seconds=5) for at in boards) for told in first) >= len(boards)


def test_evidence_is_told_in_english_too() -> None:
    say = Words("en").said
    for label in filter(None, EVIDENCE.values()):
        assert say(f"{label} : « on signe »").endswith(": “on signe”"), label
    assert say("« guichet »") == "“guichet”"
    assert say("« guchet » (lu pour « guichet »)") == "“guchet” (read for “guichet”)"
    assert say("jour 2, 10:30 : l'agenda en est à FOCUS") == "day 2, 10:30: the agenda is at FOCUS"
    assert Words("fr").said("question : « on signe ? »") == "question : « on signe ? »"
