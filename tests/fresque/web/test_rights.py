"""Every route × everyone who may come × every kind of session, as a table; and that nothing leaks beside it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from fastapi import Request

from archive.accounts import Role, Scope
from archive.model import CorrectionField, Visibility
from fresque.web.api import events
from fresque.web.desk import Desk
from fresque.web.exporting import Order
from tests.fresque.coroutines import run
from tests.fresque.web.conftest import SESSIONS, Place, ok

OWN, OTHER = ("own-open", "own-lab", "own-restricted"), ("other-open", "other-lab", "other-restricted")
COLUMNS = (*OWN, *OTHER, "named")

# What is answered: + as asked for, 403 seen but not allowed, 404 not there for this person, 401 nobody is logged in.
#                own:  open  lab  restricted  other: open  lab  restricted  named
SEE = {
    "anonymous":     ("401", "401", "401",          "401", "401", "401",    "401"),
    "reader":        ("+",   "+",   "404",          "+",   "404", "404",    "+"),
    "facilitator":   ("+",   "+",   "404",          "+",   "404", "404",    "+"),
    "token":         ("+",   "+",   "404",          "+",   "404", "404",    "+"),
    "administrator": ("+",   "+",   "+",            "+",   "+",   "+",      "+"),
}  # fmt: skip
SAY = SEE | {
    "token":         ("403", "403", "404",          "403", "404", "404",    "403"),
}  # fmt: skip
CHANGE = {
    "anonymous":     ("401", "401", "401",          "401", "401", "401",    "401"),
    "reader":        ("403", "403", "404",          "403", "404", "404",    "403"),
    "facilitator":   ("+",   "+",   "404",          "403", "404", "404",    "+"),
    "token":         ("403", "403", "404",          "403", "404", "404",    "403"),
    "administrator": ("+",   "+",   "+",            "+",   "+",   "+",      "+"),
}  # fmt: skip

# Routes that belong to no session.          anonymous reader facilitator token administrator
EVERYONE = dict.fromkeys(("anonymous", "reader", "facilitator", "token", "administrator"), "+")
ACCOUNTS = EVERYONE | {"anonymous": "401"}
WRITERS = ACCOUNTS | {"token": "403"}
FACILITATORS = WRITERS | {"reader": "403"}
ADMINISTRATORS = {"anonymous": "401", "reader": "403", "facilitator": "403", "token": "403", "administrator": "+"}


@dataclass(frozen=True)
class Row:
    """``made``: what has to be made first, anew each time; its values fill the path. ``asked``: the status of +."""

    method: str
    path: str
    rule: Any
    asked: int = 200
    body: Any = None
    made: Callable[[Place, str, str], dict[str, str]] = field(default=lambda place, who, session: {})
    after: Callable[[Place, str], object] = field(default=lambda place, session: None)


def restore(place: Place, session: str) -> int:
    return place.app.archive.catalog.untrash([place.photos[session]])


def finish(place: Place, session: str) -> None:
    """Nobody may have more than a few under way."""
    held = place.clients["anonymous"].app.state.exports  # type: ignore[attr-defined]
    for each in list(held._held.values()):
        held.drop(each)


def correction(place: Place, who: str, session: str) -> dict[str, str]:
    made = place.app.archive.catalog.correct(
        place.photos[session], place.boards[session], CorrectionField.PHASE, "ACT", author="x"
    )
    return {"correction_id": made.id}


def own_comment(place: Place, who: str, session: str) -> dict[str, str]:
    account = None if who == "anonymous" else place.account("facilitator" if who == "token" else who)
    made = place.app.archive.catalog.comment(place.boards[session], "vu", who, account)
    return {"comment_id": made.id}


def upload(place: Place, who: str, session: str) -> dict[str, str]:
    parts = place.clients["anonymous"].app.state.parts  # type: ignore[attr-defined]
    viewer = "" if who == "anonymous" else place.account("facilitator" if who == "token" else who)
    opened, _ = parts.open(session, viewer, "x.jpg", 10, uuid.uuid4().hex * 2)
    return {"upload_id": opened.id}


def export(place: Place, who: str, session: str) -> dict[str, str]:
    held = place.clients["anonymous"].app.state.exports  # type: ignore[attr-defined]
    owner = "" if who == "anonymous" else place.account("facilitator" if who == "token" else who)
    made = held.begin(owner, Order("", "json", session, (), frozenset(), None, False))
    made.file, made.state = made.folder / "x.json", "done"
    made.file.write_text("{}")
    return {"export_id": made.id}


def token(place: Place, who: str, session: str) -> dict[str, str]:
    account = place.account({"token": "facilitator", "anonymous": "reader"}.get(who, who))
    return {"token_id": place.app.archive.catalog.add_token(account, "t", [Scope.READ])[0].id}


def search(place: Place, who: str, session: str) -> dict[str, str]:
    account = place.account({"token": "facilitator", "anonymous": "reader"}.get(who, who))
    made, secret = place.app.archive.catalog.save_search(account, "", "?q=partout")
    return {"search_id": made.id, "secret": secret}


def invitation(place: Place, who: str, session: str) -> dict[str, str]:
    return {"secret": place.app.archive.catalog.invite(Role.READER, ["Lille"])}


def named(session: str) -> list[str]:
    """As it is: naming others would change what the next lines of the table say."""
    return ["reader", "facilitator"] if session == "named" else []


API = "/api/v1"
CORNERS = [[20, 20], [480, 20], [480, 780], [25, 780]]
TABLE = (
    Row("GET", f"{API}/sessions/{{session_id}}", SEE),
    Row("GET", f"{API}/sessions/{{session_id}}/boards", SEE),
    Row("GET", f"{API}/sessions/{{session_id}}/photos", SEE),
    Row("GET", f"{API}/sessions/{{session_id}}/decided", SEE),
    Row("GET", f"{API}/sessions/{{session_id}}/decided/file?format=ics", SEE),
    Row("GET", f"{API}/sessions/{{session_id}}/members", CHANGE),
    Row("PUT", f"{API}/sessions/{{session_id}}/members", CHANGE, body=lambda session: {"accounts": named(session)}),
    Row("PATCH", f"{API}/sessions/{{session_id}}", CHANGE, body={"themes": ["accueil"]}),
    Row(
        "POST", f"{API}/sessions/{{session_id}}/uploads", CHANGE, body={"name": "a.jpg", "size": 9, "sha256": "a" * 64}
    ),
    Row("GET", f"{API}/uploads/{{upload_id}}", WRITERS | {"token": "+"}, made=upload),
    Row("PUT", f"{API}/uploads/{{upload_id}}?offset=0", CHANGE, body=b"12345", made=upload),
    Row("GET", f"{API}/photos/{{photo_id}}", SEE),
    Row("GET", f"{API}/photos/{{photo_id}}/picture", SEE),
    Row("GET", f"{API}/photos/{{photo_id}}/original", SEE),
    Row("GET", f"{API}/photos/{{photo_id}}/preview?quad=20,20,480,20,480,780,20,780", SEE),
    Row("POST", f"{API}/photos/{{photo_id}}/corrections", CHANGE, 201, {"field": "content", "value": "board"}),
    Row("GET", f"{API}/photos/{{photo_id}}/faces", CHANGE),
    Row("POST", f"{API}/photos/{{photo_id}}/reading", CHANGE, 202),
    Row("GET", f"{API}/photos/{{photo_id}}/readings", SEE),
    Row("POST", f"{API}/photos/{{photo_id}}/readings/{{number}}", CHANGE, made=lambda *_: {"number": "1"}),
    Row("GET", f"{API}/boards/{{board_id}}", SEE),
    Row("GET", f"{API}/boards/{{board_id}}/pictures/{{name}}", SEE),
    Row("GET", f"{API}/boards/{{board_id}}/corrections", SEE),
    Row("POST", f"{API}/boards/{{board_id}}/corrections", CHANGE, 201, {"field": "corners", "value": CORNERS}),
    Row("POST", f"{API}/boards/{{board_id}}/corrections", CHANGE, 201, {"field": "decided", "value": {"text": "clés"}}),
    Row("DELETE", f"{API}/corrections/{{correction_id}}", CHANGE, made=correction),
    Row("GET", f"{API}/boards/{{board_id}}/history", SEE),
    Row("GET", f"{API}/boards/{{board_id}}/comments", SEE),
    Row("POST", f"{API}/boards/{{board_id}}/comments", SAY, 201, {"text": "vu"}),
    Row("DELETE", f"{API}/comments/{{comment_id}}", SAY, 204, made=own_comment),
    Row("PATCH", f"{API}/boards/{{board_id}}", CHANGE, body={"credit": "x"}),
    Row("POST", f"{API}/boards/{{board_id}}/turn", CHANGE, 202, {"by": 90}),
    Row("POST", f"{API}/boards/{{board_id}}/split", CHANGE, 422, {"quads": []}),
    Row("POST", f"{API}/boards/{{board_id}}/merge", CHANGE, 404, {"boards": ["none"]}),
    Row("POST", f"{API}/boards/{{board_id}}/unmerge", CHANGE, 422),
    Row("POST", f"{API}/boards/{{board_id}}/part", CHANGE, 404),
    Row("POST", f"{API}/boards/{{board_id}}/unpart", CHANGE, 404),
    Row("DELETE", f"{API}/photos/{{photo_id}}", CHANGE, after=restore),
    Row("POST", f"{API}/photos/{{photo_id}}/restore", CHANGE),
    Row("GET", f"{API}/boards/{{board_id}}/similar", SEE),
    Row("GET", f"{API}/sessions/{{session_id}}/export?format=json", SEE),
    Row("GET", f"{API}/boards/{{board_id}}/export?format=svg", SEE),
    Row("POST", f"{API}/exports", SEE, 202, body=lambda session: {"session": session}, after=finish),
    Row("GET", f"{API}/exports/{{export_id}}", SEE, made=export),
    Row("GET", f"{API}/exports/{{export_id}}/file", SEE, made=export),
    Row("DELETE", f"{API}/exports/{{export_id}}", SEE, 204, made=export),
    Row("GET", "/iiif/{session_id}/manifest.json", SEE),
    Row("GET", "/iiif/{session_id}/search", SEE),
    Row("GET", "/iiif/image/{board_id}", SEE, 303),
    Row("GET", "/iiif/image/{board_id}/info.json", SEE),
    Row("GET", "/iiif/image/{board_id}/{region}/{size}/{rotation}/{quality_format}", SEE),
    Row("GET", "/similar/{board_id}", SEE),
    Row("GET", "/sessions/{session_id}", SEE),
    Row("GET", "/sessions/{session_id}/edit", CHANGE),
    Row("GET", "/photos/{photo_id}", SEE),
    Row("GET", "/boards/{board_id}", SEE),
    Row("GET", "/materials/{material_id}", SEE),
    # no session
    Row("GET", f"{API}/sessions", ACCOUNTS),
    Row("POST", f"{API}/sessions", FACILITATORS, 201, {"title": "Nouvelle", "lab": "Nantes"}),
    Row("GET", f"{API}/search?q=partout", ACCOUNTS),
    Row("GET", f"{API}/searches", ACCOUNTS),
    Row("GET", f"{API}/themes", ACCOUNTS),
    Row("POST", f"{API}/themes", FACILITATORS, 201, lambda session: {"name": uuid.uuid4().hex}),
    Row("POST", f"{API}/searches", WRITERS, 201, {"query": "?q=a"}),
    Row("DELETE", f"{API}/searches/{{search_id}}", WRITERS, 204, made=search),
    Row("GET", f"{API}/me", ACCOUNTS),
    Row("POST", f"{API}/me/password", ACCOUNTS | {"token": "403"}, 422, {"old": "wrong", "new": "longer than that"}),
    Row("GET", f"{API}/me/tokens", ACCOUNTS),
    Row("POST", f"{API}/me/tokens", WRITERS, 201, {"name": "n", "scopes": ["read"]}),
    Row("DELETE", f"{API}/me/tokens/{{token_id}}", WRITERS, 204, made=token),
    Row("GET", f"{API}/accounts", ADMINISTRATORS),
    Row("PATCH", f"{API}/accounts/{{account_id}}", ADMINISTRATORS, body={"labs": ["Nantes"]}),
    Row("POST", f"{API}/invitations", ADMINISTRATORS, 201, {"role": "reader"}),
    Row("GET", "/", ACCOUNTS),
    Row("GET", "/search", ACCOUNTS),
    Row("GET", f"{API}/atlas", ACCOUNTS),
    Row("GET", f"{API}/search/export?q=partout", ACCOUNTS),
    Row("GET", "/atlas", ACCOUNTS),
    Row("GET", f"{API}/trash", ACCOUNTS),
    Row("GET", "/trash", ACCOUNTS),
    Row("GET", "/upload", ACCOUNTS),
    Row("GET", "/timeline", ACCOUNTS),
    Row("GET", "/account", ACCOUNTS),
    Row("GET", "/people", ADMINISTRATORS),
    Row("GET", "/feeds/{secret}.atom", EVERYONE, made=search),
    Row("GET", "/invitation/{secret}", EVERYONE, made=invitation),
    Row("GET", "/language/{language}", EVERYONE, 303),
    Row("GET", "/static/{stamp}/{name}", EVERYONE, made=lambda place, who, session: {"name": "style.css"}),
    Row("GET", "/health", EVERYONE),
    Row("GET", "/ready", EVERYONE),
    Row("GET", "/metrics", EVERYONE),  # of this machine; others: test_metrics
)
ELSEWHERE = {
    ("GET", "/login"), ("POST", "/login"), ("POST", "/logout"), ("POST", "/invitation/{secret}"),  # test_accounts
    ("GET", f"{API}/sessions/{{session_id}}/events"),  # below: it does not end
    ("GET", f"{API}/exports/{{export_id}}/events"),  # test_exports: watched to its end
    ("GET", f"{API}/openapi.json"),
    ("GET", "/oidc/begin"), ("GET", "/oidc/return"),  # tests/browser/test_oidc
}  # fmt: skip


def cells() -> list[Any]:
    found = []
    for row in TABLE:
        for who in EVERYONE:
            columns = COLUMNS if isinstance(row.rule[who], tuple) else ("own-open",)
            for number, session in enumerate(columns):
                told = row.rule[who][number] if isinstance(row.rule[who], tuple) else row.rule[who]
                found.append((row, who, session, told))
    return found


def ask(place: Place, row: Row, who: str, session: str) -> int:
    values = {
        "session_id": session, "photo_id": place.photos[session], "board_id": place.boards[session],
        "material_id": f"text-{session}", "account_id": place.account("reader"), "language": "en", "stamp": "x",
        "name": "thumb", "region": "full", "size": "max", "rotation": "0", "quality_format": "default.jpg",
        **row.made(place, who, session),
    }  # fmt: skip
    given = row.body(session) if callable(row.body) else row.body
    body = {"content": given} if isinstance(given, bytes) else {"json": given}
    answer = place.clients[who].request(row.method, row.path.format(**values), **body)
    row.after(place, session)
    if answer.status_code == 303 and answer.headers["location"].startswith("/login"):
        return 401
    return answer.status_code


def test_the_table_holds(place: Place) -> None:
    wrong = []
    for row, who, session, told in cells():
        expected = row.asked if told == "+" else int(told)
        got = ask(place, row, who, session)
        if got != expected:
            wrong.append(f"{row.method} {row.path} as {who} in {session}: {got} instead of {expected}")
    assert not wrong, "\n".join(wrong)
    assert len(cells()) > 900


def test_every_route_is_in_the_table(place: Place) -> None:
    there = paths(place.clients["anonymous"].app.routes)  # type: ignore[attr-defined]
    said = {(row.method, row.path.split("?")[0]) for row in TABLE} | ELSEWHERE
    assert there - said == set(), "routes without a line"
    assert said - there == set(), "lines without a route"


def paths(given: Any, before: str = "") -> set[tuple[str, str]]:
    """Method and path of every route, those of included routers too (FastAPI keeps them as routers)."""
    found: set[tuple[str, str]] = set()
    for each in given:
        if hasattr(each, "original_router"):
            found |= paths(each.original_router.routes, before + each.include_context.prefix)
        else:
            found |= {(m, before + each.path.replace(":key", "")) for m in each.methods or () if m != "HEAD"}
    return found


@pytest.mark.parametrize("who", ["reader", "facilitator", "token", "administrator"])
def test_search_counts_and_facets_hold_only_what_may_be_seen(place: Place, who: str) -> None:
    seen = {s.id for s, told in zip(SESSIONS, SEE[who], strict=True) if told == "+"}
    found = place.clients[who].get(f"{API}/search?q=partout&limit=100").json()
    hits = {hit["session"]["id"] for hit in found["hits"]}
    assert hits == seen
    assert len(found["hits"]) == 2 * len(seen)
    assert found["total"] == 2 * len(seen)
    assert set(found["facets"]["session"]) == seen
    assert sum(found["facets"]["lab"].values()) == 2 * len(seen)
    listed = {s["id"] for s in place.clients[who].get(f"{API}/sessions").json()}
    assert {i for i in listed if i in COLUMNS} == seen


@pytest.mark.parametrize("page", ["/", "/search?q=partout", "/timeline", "/upload", f"{API}/openapi.json"])
def test_no_page_names_a_session_that_may_not_be_seen(place: Place, page: str) -> None:
    html = place.clients["reader"].get(page).text
    for session in SESSIONS:
        if session.id in ("own-restricted", "other-lab", "other-restricted"):
            assert session.title not in html
            assert session.id not in html


def test_an_unknown_id_and_a_hidden_one_are_told_apart_by_nothing(place: Place) -> None:
    reader = place.clients["reader"]
    hidden = reader.get(f"{API}/boards/{place.boards['other-restricted']}")
    unknown = reader.get(f"{API}/boards/0000000000000000")
    assert (hidden.status_code, hidden.json()) == (unknown.status_code, unknown.json())
    near = reader.get(f"{API}/sessions/other-restricte")
    assert "other-restricted" not in near.text


def test_what_is_known_is_not_told_to_those_who_may_not_see_it(place: Place) -> None:
    """Announcing the digest of a photo in a hidden session answers as for an unknown one."""
    hidden = place.app.archive.catalog.photo(place.photos["other-restricted"]).blob
    seen = place.app.archive.catalog.photo(place.photos["other-open"]).blob
    client = place.clients["facilitator"]
    told = client.post(f"{API}/sessions/own-open/uploads", json={"name": "a.jpg", "size": 9, "sha256": hidden}).json()
    assert (told["state"], told["offset"]) == ("open", 0)
    told = client.post(f"{API}/sessions/own-lab/uploads", json={"name": "a.jpg", "size": 9, "sha256": seen}).json()
    assert told["state"] == "added"


def test_a_feed_has_the_rights_of_its_owner_now(place: Place) -> None:
    catalog = place.app.archive.catalog
    _, secret = catalog.save_search(place.account("reader"), "Partout", "?q=partout")
    before = place.clients["anonymous"].get(f"/feeds/{secret}.atom").text
    assert before.count("<entry>") == 8
    catalog.set_members("named", [place.account("facilitator")])
    try:
        assert place.clients["anonymous"].get(f"/feeds/{secret}.atom").text.count("<entry>") == 6
    finally:
        catalog.set_members("named", [place.account("facilitator"), place.account("reader")])
    assert "other-restricted" not in before


def test_reading_a_restricted_session_is_logged(place: Place) -> None:
    board = place.boards["named"]
    place.clients["reader"].get(f"{API}/boards/{board}/history")
    acts = [a for a in place.app.archive.catalog.acts(board) if a.action == "read"]
    assert "Rémi" in {a.actor for a in acts}
    assert not [a for a in place.app.archive.catalog.acts(place.boards["own-open"]) if a.action == "read"]


def test_the_events_of_a_session_are_for_those_who_see_it(place: Place) -> None:
    assert place.clients["reader"].get(f"{API}/sessions/other-lab/events").status_code == 404
    assert place.clients["anonymous"].get(f"{API}/sessions/own-open/events").status_code == 401


def test_no_suggestion_tells_a_word_that_may_not_be_seen(place: Place) -> None:
    """The words of the index are everyone's; a guess that is nearly right must not be set right."""
    guess = f"{API}/search?q=otherrestrictet"
    assert place.clients["administrator"].get(guess).json()["suggestion"] == "otherrestricted"
    assert place.clients["reader"].get(guess).json()["suggestion"] is None
    assert "otherrestricted" not in place.clients["reader"].get("/search?q=otherrestrictet").text
    assert place.clients["reader"].get(f"{API}/search?q=ownopem").json()["suggestion"] == "ownopen"


def test_who_listens_hears_nothing_more_once_it_is_not_theirs_to_see(place: Place) -> None:
    catalog, reader = place.app.archive.catalog, place.clients["reader"]
    session = catalog.session("other-open")

    async def heard() -> list[bool]:
        cookies = "; ".join(f"{c.name}={c.value}" for c in reader.cookies.jar)
        scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "app": reader.app,
                 "headers": [(b"cookie", cookies.encode())]}  # fmt: skip
        stream = events._stream(Desk(Request(scope)), session.id)
        first = await anext(stream, None)
        catalog.update_session(replace(session, visibility=Visibility.RESTRICTED))
        catalog.add_photo(session.id, place.app.archive.blobs.put(b"later"), "later.jpg")
        return [first is not None, await anext(stream, None) is not None]

    try:
        assert run(heard) == [True, False]
    finally:
        catalog.update_session(session)
        catalog.trash([p.id for p in catalog.photos(session.id) if p.file_name == "later.jpg"])


def test_a_session_that_becomes_restricted_is_gone_at_once(place: Place) -> None:
    catalog = place.app.archive.catalog
    session = catalog.session("other-open")
    url = f"{API}/boards/{place.boards['other-open']}/pictures/thumb"
    assert place.clients["reader"].get(url).status_code == 200
    catalog.update_session(replace(session, visibility=Visibility.RESTRICTED))
    try:
        assert place.clients["reader"].get(url).status_code == 404
        found = place.clients["reader"].get(f"{API}/search?q=partout&limit=100").json()
        assert "other-open" not in {hit["session"]["id"] for hit in found["hits"]}
    finally:
        catalog.update_session(session)


def test_what_lies_in_the_trash_of_others_is_not_known(place: Place) -> None:
    catalog, client = place.app.archive.catalog, place.clients["facilitator"]
    photo, _ = catalog.add_photo("other-open", place.app.archive.blobs.put(b"thrown away"), "t.jpg")
    body = {"name": "t.jpg", "size": 11, "sha256": photo.blob}
    catalog.trash([photo.id])
    assert client.post(f"{API}/sessions/own-lab/uploads", json=body).json()["state"] == "open"
    catalog.untrash([photo.id])
    assert client.post(f"{API}/sessions/own-lab/uploads", json=body).json()["state"] == "added"
    catalog.trash([photo.id])


def test_what_lies_in_the_trash_is_out_of_sight(place: Place) -> None:
    photo, board = place.photos["own-lab"], place.boards["own-lab"]
    ok(place.clients["facilitator"].delete(f"{API}/photos/{photo}"))
    try:
        for address in (f"{API}/photos/{photo}", f"{API}/photos/{photo}/original", f"/photos/{photo}"):
            assert place.clients["reader"].get(address).status_code == 404
        found = place.clients["reader"].get(f"{API}/search?q=ownlab&limit=100").json()
        assert board not in {hit["id"] for hit in found["hits"]}
        assert [t["photo"] for t in place.clients["facilitator"].get(f"{API}/trash").json()] == [photo]
        assert place.clients["reader"].get(f"{API}/trash").json() == []
    finally:
        ok(place.clients["facilitator"].post(f"{API}/photos/{photo}/restore"))
    assert place.clients["reader"].get(f"{API}/photos/{photo}").status_code == 200


def test_what_waits_for_a_person_is_told_to_those_who_can_do_it(place: Place) -> None:
    """A reader sees the boards, not what would have to be set right on them."""
    board = place.app.archive.catalog.board(place.boards["own-open"])
    place.app.archive.catalog.correct(place.photos["own-open"], board.id, CorrectionField.PHASE, "unsure")
    assert 'id="check"' in place.clients["facilitator"].get("/sessions/own-open").text
    page = place.clients["reader"].get("/sessions/own-open").text
    assert f'data-board="{board.id}"' in page
    assert 'id="check"' not in page
    assert "chip warn" not in page
