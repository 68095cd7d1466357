"""An archive of two labs with every kind of session, and clients for everyone who may come to it."""

from __future__ import annotations

import io
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from archive.accounts import Account, Role, Scope
from archive.model import Material, Session, Visibility
from archive.store import Archive
from fresque.app import App
from fresque.settings import Settings
from fresque.web.desk import CSRF_COOKIE, LOGIN_COOKIE
from fresque.web.server import create
from fresque.web.state import Served
from tests.archive import making

CSRF = "c" * 43
SESSIONS = (
    Session("own-open", "Guichet ouvert", lab="Nantes", visibility=Visibility.OPEN),
    Session("own-lab", "Guichet du lab", lab="Nantes", visibility=Visibility.LAB),
    Session("own-restricted", "Guichet restreint", lab="Nantes", visibility=Visibility.RESTRICTED),
    Session("other-open", "Navette ouverte", lab="Lille", visibility=Visibility.OPEN),
    Session("other-lab", "Navette du lab", lab="Lille", visibility=Visibility.LAB),
    Session("other-restricted", "Navette restreinte", lab="Lille", visibility=Visibility.RESTRICTED),
    Session("named", "Navette nommée", lab="Lille", visibility=Visibility.RESTRICTED),
)
PEOPLE = (
    Account("", "reader", "Rémi", Role.READER, ("Nantes",)),
    Account("", "facilitator", "Fatou", Role.FACILITATOR, ("Nantes",)),
    Account("", "administrator", "Ada", Role.ADMINISTRATOR),
)


def picture(colour: tuple[int, int, int], kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", making.SIZE, colour).save(out, kind)
    return out.getvalue()


@dataclass
class Place:
    """A served archive; ``clients`` by login, and "anonymous" and "token" (the facilitator's, to read)."""

    app: App
    clients: dict[str, TestClient]
    boards: dict[str, str] = field(default_factory=dict)  # session → its board
    photos: dict[str, str] = field(default_factory=dict)

    def account(self, login: str) -> str:
        found = self.app.archive.catalog.account_by(login=login)
        assert found is not None
        return found.id


def fill(archive: Archive) -> tuple[dict[str, str], dict[str, str]]:
    """A board and a text in each session; one word, «partout», is on every board, one on that board alone."""
    boards, photos = {}, {}
    for number, session in enumerate(SESSIONS):
        archive.catalog.add_session(session)
        blob = archive.blobs.put(picture((20 * number, 90, 120)))
        photo, _ = archive.catalog.add_photo(session.id, blob, f"IMG_{number}.jpg")
        lines = [making.line(f"partout {session.id.replace('-', '')}", making.box(60, 60, 300, 40))]
        lines.append(making.line("<script>alert(1)</script> & <b>gras</b>", making.box(60, 140, 300, 40), 0.3))
        images = {"straight": archive.blobs.put(picture((200, 200, 20 * number))).sha256}
        images["thumb"] = archive.blobs.put(picture((10, 20 * number, 200), "WEBP")).sha256
        [board] = archive.catalog.commit_scan(photo.id, making.scan([making.surface(making.LEFT, *lines)]), [images])
        archive.catalog.put_material(Material(f"text-{session.id}", session.id, "partout dans le compte rendu"))
        boards[session.id], photos[session.id] = board.id, photo.id
    return boards, photos


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str], dict[str, str]]:
    path = tmp_path_factory.mktemp("web") / "archive"
    with Archive.create(path) as archive:
        boards, photos = fill(archive)
        App(archive, Settings(path, None)).refresh()
    return path, boards, photos


def client_of(place: TestClient, login_secret: str | None = None, token: str | None = None) -> TestClient:
    """A browser of its own on the same server."""
    made = TestClient(place.app, base_url="http://127.0.0.1", client=("127.0.0.1", 50000), follow_redirects=False)
    made.cookies.set(CSRF_COOKIE, CSRF)
    made.headers["x-csrf-token"] = CSRF
    if login_secret:
        made.cookies.set(LOGIN_COOKIE, login_secret)
    if token:
        made.headers["authorization"] = f"Bearer {token}"
        del made.headers["x-csrf-token"]
    return made


def opened(path: Path, target: Path) -> App:
    shutil.copytree(path, target)
    return App(Archive.open(target), Settings(target, None))


@pytest.fixture
def alone(filled: tuple[Path, dict[str, str], dict[str, str]], tmp_path: Path) -> Iterator[Place]:
    """The same archive without accounts, at this machine."""
    with opened(filled[0], tmp_path / "archive") as app:
        web = TestClient(
            create(app, Served(processing=False)), base_url="http://127.0.0.1", client=("127.0.0.1", 50000)
        )
        with web:
            yield Place(app, {"local": client_of(web), "raw": web}, dict(filled[1]), dict(filled[2]))


@pytest.fixture(scope="module")
def place(
    filled: tuple[Path, dict[str, str], dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    with opened(filled[0], tmp_path_factory.mktemp("place") / "archive") as app:
        catalog = app.archive.catalog
        made = {p.login: catalog.add_account(p) for p in reversed(PEOPLE)}
        catalog.set_members("named", [made["reader"].id, made["facilitator"].id])
        _, secret = catalog.add_token(made["facilitator"].id, "lire", [Scope.READ])
        web = TestClient(
            create(app, Served(processing=False)), base_url="http://127.0.0.1", client=("127.0.0.1", 50000)
        )
        with web:
            # rights are what is asked here; test_exports writes files
            web.app.state.exports._turns = threading.Semaphore(0)  # type: ignore[attr-defined]
            clients = {login: client_of(web, catalog.log_in(account.id)) for login, account in made.items()}
            clients |= {"anonymous": client_of(web), "token": client_of(web, token=secret)}
            yield Place(app, clients, dict(filled[1]), dict(filled[2]))


def ok(response: Any, *codes: int) -> Any:
    assert response.status_code in (codes or (200, 201, 202, 204)), (response.status_code, response.text[:500])
    return response
