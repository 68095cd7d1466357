from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from archive.accounts import Account, Role, Scope
from archive.errors import UsageError
from archive.store import Archive
from fresque.web import passwords
from fresque.web.faults import TooMany
from fresque.web.limits import Limits, Rate
from fresque.web.pages.people import local
from tests.fresque.web.conftest import CSRF, Place, client_of, ok

API = "/api/v1"


def log_in(client: TestClient, login: str, password: str, csrf: str = CSRF) -> int:
    form = {"login": login, "password": password, "csrf": csrf}
    return client.post("/login", data=form).status_code


@pytest.fixture
def person(place: Place) -> Account:
    """Anew for each test; the password is «correct horse battery»."""
    login = f"p{datetime.now(UTC).timestamp()}"
    made = Account("", login, "Paul", Role.READER, ("Nantes",), password=passwords.hashed("correct horse battery"))
    return place.app.archive.catalog.add_account(made)


def test_logging_in_and_out(place: Place, person: Account) -> None:
    client = client_of(place.clients["anonymous"])
    assert client.get("/").status_code == 303
    assert log_in(client, person.login.upper(), "correct horse battery") == 303
    assert client.get("/").status_code == 200
    cookie = next(c for c in client.cookies.jar if c.name == "fresque_login")
    assert "HttpOnly" in cookie._rest  # type: ignore[attr-defined]
    assert client.post("/logout", data={"csrf": CSRF}).status_code == 303
    client.cookies.set("fresque_login", str(cookie.value))  # who kept the cookie is out as well
    assert client.get("/").status_code == 303


def test_a_wrong_password_and_an_unknown_login_answer_alike(place: Place, person: Account) -> None:
    client = client_of(place.clients["anonymous"])
    answers = [
        client.post("/login", data={"login": login, "password": "wrong", "csrf": CSRF})
        for login in (person.login, "none")
    ]
    assert [a.status_code for a in answers] == [401, 401]
    plain = [a.text.replace(person.login, "X").replace('value="none"', 'value="X"') for a in answers]
    assert plain[0] == plain[1]


def test_guessing_is_slowed_down(place: Place, person: Account) -> None:
    client = client_of(place.clients["anonymous"])
    told = [log_in(client, person.login, f"guess {n}") for n in range(9)]
    assert told[-1] == 429
    assert told[0] == 401


def test_limits_fill_again_with_time() -> None:
    clock = [0.0]
    limits = Limits(lambda: clock[0])
    limits.take("x", "a", Rate(1, 60))
    with pytest.raises(TooMany):
        limits.take("x", "a", Rate(1, 60))
    limits.take("x", "b", Rate(1, 60))
    clock[0] = 1.5
    limits.take("x", "a", Rate(1, 60))


def test_a_form_of_another_site_is_refused(place: Place, person: Account) -> None:
    client = client_of(place.clients["anonymous"])
    assert log_in(client, person.login, "correct horse battery", csrf="") == 403
    assert log_in(client, person.login, "correct horse battery", csrf="d" * 43) == 403
    administrator = place.clients["administrator"]
    body = {"json": {"role": "reader"}}
    assert administrator.post(f"{API}/invitations", headers={"x-csrf-token": "no"}, **body).status_code == 403  # type: ignore[arg-type]
    foreign = administrator.post(f"{API}/invitations", headers={"origin": "https://evil.example"}, **body)  # type: ignore[arg-type]
    assert foreign.status_code == 403


def test_a_new_password_ends_every_other_login(place: Place, person: Account) -> None:
    catalog = place.app.archive.catalog
    here, there = (client_of(place.clients["anonymous"], catalog.log_in(person.id)) for _ in range(2))
    body = {"old": "correct horse battery", "new": "another horse battery"}
    ok(here.post(f"{API}/me/password", json=body), 204)
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 303
    assert not passwords.matches(catalog.account(person.id).password, "correct horse battery")
    short = here.post(f"{API}/me/password", json={"old": "another horse battery", "new": "short"})
    assert short.status_code == 422


def test_a_closed_account_is_out_at_once(place: Place, person: Account) -> None:
    catalog = place.app.archive.catalog
    client = client_of(place.clients["anonymous"], catalog.log_in(person.id))
    _, secret = catalog.add_token(person.id, "t", [Scope.READ])
    program = client_of(place.clients["anonymous"], token=secret)
    assert program.get(f"{API}/me").json()["account"]["login"] == person.login
    ok(place.clients["administrator"].patch(f"{API}/accounts/{person.id}", json={"active": False}))
    assert client.get("/").status_code == 303
    assert program.get(f"{API}/me").status_code == 401


def test_tokens_end_and_are_revoked(place: Place, person: Account) -> None:
    catalog = place.app.archive.catalog
    _, old = catalog.add_token(person.id, "old", [Scope.READ], datetime.now(UTC) - timedelta(seconds=1))
    assert client_of(place.clients["anonymous"], token=old).get(f"{API}/me").status_code == 401
    mine = client_of(place.clients["anonymous"], catalog.log_in(person.id))
    made = mine.post(f"{API}/me/tokens", json={"name": "n", "scopes": ["read"]}).json()
    program = client_of(place.clients["anonymous"], token=made["secret"])
    assert program.get(f"{API}/me").status_code == 200
    assert program.post(f"{API}/me/tokens", json={"name": "n", "scopes": ["write"]}).status_code == 403
    ok(mine.delete(f"{API}/me/tokens/{made['id']}"), 204)
    assert program.get(f"{API}/me").status_code == 401


def test_an_invitation_makes_one_account(place: Place) -> None:
    told = place.clients["administrator"].post(f"{API}/invitations", json={"role": "facilitator", "labs": ["Lille"]})
    path = "/invitation/" + told.json()["address"].rpartition("/")[2]
    client = client_of(place.clients["anonymous"])
    assert "Animation" in client.get(path).text
    form = {"login": "nina", "name": "Nina", "password": "a long password", "csrf": CSRF}
    assert client.post(path, data=form | {"password": "short"}).status_code == 422
    assert client.post(path, data=form).status_code == 303
    assert client.get(f"{API}/me").json()["account"] | {"id": ""} == {
        "id": "", "login": "nina", "name": "Nina", "role": "facilitator", "labs": ["Lille"], "active": True,
        "by_provider": False,
    }  # fmt: skip
    assert client_of(place.clients["anonymous"]).post(path, data=form | {"login": "two"}).status_code == 404


def test_the_last_administrator_stays(place: Place) -> None:
    client = place.clients["administrator"]
    for change in ({"role": "reader"}, {"active": False}):
        assert client.patch(f"{API}/accounts/{place.account('administrator')}", json=change).status_code == 422
    assert client.get("/people").status_code == 200


@pytest.mark.parametrize("login", ["", " ", "a b", "a\nb", "x" * 201])
def test_logins_that_cannot_be_typed_are_refused(archive: Archive, login: str) -> None:
    with pytest.raises(UsageError):
        archive.catalog.add_account(Account("", login, "", Role.ADMINISTRATOR))
    archive.catalog.add_account(Account("", "Ana@lab.fr", "", Role.ADMINISTRATOR))
    with pytest.raises(UsageError, match="taken"):
        archive.catalog.add_account(Account("", "ana@LAB.fr", "", Role.READER))


@pytest.fixture
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return Archive.create(tmp_path_factory.mktemp("accounts") / "archive")


def test_no_secret_is_kept_in_clear(place: Place, person: Account) -> None:
    catalog = place.app.archive.catalog
    secrets = [catalog.log_in(person.id), catalog.add_token(person.id, "t", [Scope.READ])[1]]
    secrets += [catalog.invite(Role.READER, []), catalog.save_search(person.id, "", "?q=a")[1], "correct horse battery"]
    held = b"".join(f.read_bytes() for f in place.app.archive.path.glob("catalog.sqlite*"))
    assert all(secret.encode() not in held for secret in secrets)


@pytest.mark.parametrize(
    "address", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "/a\nb"]
)
def test_a_login_leads_nowhere_else(place: Place, person: Account, address: str) -> None:
    assert local(address) == "/"
    client = client_of(place.clients["anonymous"], place.app.archive.catalog.log_in(person.id))
    assert client.get("/login", params={"next": address}).headers["location"] == "/"
    assert local("/search?q=été&phase=ACT").startswith("/search?q=")


# --- without accounts ---


def test_without_accounts_only_this_machine_is_served(alone: Place) -> None:
    raw = alone.clients["raw"]
    assert raw.get("/").status_code == 200
    assert raw.get("/", headers={"host": "fresque.evil.example"}).status_code == 403
    assert raw.get("/", headers={"x-forwarded-for": "10.0.0.9"}).status_code == 403
    away = TestClient(raw.app, base_url="http://127.0.0.1", client=("10.0.0.9", 50000))
    assert away.get("/").status_code == 403


def test_the_first_account_closes_the_open_door(alone: Place) -> None:
    client = alone.clients["local"]
    assert client.get(f"{API}/me").json()["account"] is None
    alone.app.archive.catalog.add_account(Account("", "ada", "", Role.ADMINISTRATOR))
    assert client.get(f"{API}/me").status_code == 401
    assert re.match("/login", client.get("/").headers["location"])
