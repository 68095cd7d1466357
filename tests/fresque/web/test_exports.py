"""Downloads and IIIF over HTTP: the right bytes, and nothing for those who may not see."""

from __future__ import annotations

import json
import shutil
import threading
import zipfile
from collections.abc import Iterator
from io import BytesIO

import numpy as np
import pypdfium2
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from archive.accounts import Account, Role, Scope
from archive.store import Archive
from fresque.app import App
from fresque.commands.export import FORMATS
from fresque.settings import Settings
from fresque.web.server import create
from tests.fresque.report.conftest import SECRET
from tests.fresque.report.conftest import archive as filled

__all__ = ["filled"]


@pytest.fixture
def client(filled: Archive) -> Iterator[TestClient]:
    app = App(filled, Settings.from_environment(str(filled.path)))
    with TestClient(create(app), base_url="http://localhost", client=("127.0.0.1", 50000)) as made:
        yield made


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_downloaded(name: str, client: TestClient) -> None:
    answer = client.get("/api/v1/sessions/ouvert/export", params={"format": name})
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    starts = {"pdf": b"%PDF", "pdf-wide": b"%PDF", "csv": b"\xef\xbb\xbf", "json": b"{", "iiif": b"{"}
    assert answer.content.startswith(starts.get(name, b"PK"))


def test_a_folder_comes_as_a_zip_and_a_board_as_a_file(client: TestClient, filled: Archive) -> None:
    html = client.get("/api/v1/sessions/ouvert/export", params={"format": "html"}).content
    assert "index.html" in zipfile.ZipFile(BytesIO(html)).namelist()
    board = filled.catalog.board_ids(session_id="ouvert")[1]
    svg = client.get(f"/api/v1/boards/{board}/export", params={"format": "svg"})
    assert b"guichet unique" in svg.content


def test_boards_of_a_search_are_exported(client: TestClient) -> None:
    found = client.get("/api/v1/search/export", params={"q": "guichet unique", "format": "csv"})
    assert "guichet unique" in found.content.decode("utf-8-sig")


def test_the_image_api_gives_the_pixels_that_were_asked(client: TestClient, filled: Archive) -> None:
    board = filled.catalog.board_ids(session_id="ouvert")[0]
    info = client.get(f"/iiif/image/{board}/info.json").json()
    assert (info["width"], info["height"], info["profile"]) == (800, 600, "level1")
    assert info["id"] == f"http://localhost/iiif/image/{board}"
    black = client.get(f"/iiif/image/{board}/110,110,80,80/40,/90/default.png")
    pixels = np.asarray(Image.open(BytesIO(black.content)))
    assert pixels.shape == (40, 40, 3)
    assert pixels.max() < 16
    assert client.get(f"/iiif/image/{board}/full/9000,/0/default.jpg").status_code == 422
    assert client.get(f"/iiif/image/{board}", follow_redirects=False).headers["location"].endswith("/info.json")


def test_a_manifest_points_to_images_that_are_there(client: TestClient) -> None:
    manifest = client.get("/iiif/ouvert/manifest.json").json()
    body = manifest["items"][0]["items"][0]["items"][0]["body"]
    assert client.get(body["id"]).headers["content-type"] == "image/jpeg"
    found = client.get("/iiif/ouvert/search", params={"q": "médiateur"}).json()
    assert found["within"]["total"] == 1


def test_without_accounts_no_other_site_may_read(client: TestClient) -> None:
    assert "access-control-allow-origin" not in client.get("/iiif/ouvert/manifest.json").headers


@pytest.fixture(scope="module")
def guarded(filled: Archive, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, dict[str, str]]]:
    """The archive with accounts, and the header of a reader of another lab."""
    place = shutil.copytree(filled.path, tmp_path_factory.mktemp("guarded") / "archive")
    with Archive.open(place) as archive:
        catalog = archive.catalog
        catalog.add_account(Account("admin", "ana", "Ana", Role.ADMINISTRATOR))
        bob = catalog.add_account(Account("bob", "bob", "Bob", Role.READER, ("Lyon",)))
        secret = catalog.add_token(bob.id, "test", [Scope.READ])[1]
        app = App(archive, Settings.from_environment(str(place)))
        with TestClient(create(app), base_url="http://localhost", client=("127.0.0.1", 50000)) as made:
            yield made, {"Authorization": f"Bearer {secret}"}


def test_an_export_is_watched_to_its_end_and_fetched(client: TestClient) -> None:
    """Written by a process of its own; what a search finds by word and facet is what is in it."""
    csrf = {"x-csrf-token": "c" * 43}
    client.cookies.set("fresque_csrf", "c" * 43)
    asked = {"query": "?q=guichet+unique&session=ouvert", "format": "csv"}
    client.app.state.exports._turns = turn = threading.Semaphore(0)  # type: ignore[attr-defined]
    begun = client.post("/api/v1/exports", json=asked, headers=csrf)
    assert begun.status_code == 202, begun.text
    export = begun.json()["id"]
    assert client.get(f"/api/v1/exports/{export}/file").status_code == 404, "not written yet"
    turn.release()
    told = client.get(f"/api/v1/exports/{export}/events").text  # ends when it is written
    states = [json.loads(line[6:]) for line in told.splitlines() if line.startswith("data: ")]
    assert states[-1]["state"] == "done", states
    assert states[-1]["done"] == states[-1]["total"] > 0
    file = client.get(f"/api/v1/exports/{export}/file")
    assert "guichet unique" in file.content.decode("utf-8-sig")
    assert file.headers["content-disposition"].endswith('.csv"')
    assert client.delete(f"/api/v1/exports/{export}", headers=csrf).status_code == 204
    assert client.get(f"/api/v1/exports/{export}").status_code == 404
    nothing = client.post("/api/v1/exports", json={"query": "?q=xyzzyqq&phase=ACT", "format": "csv"}, headers=csrf)
    assert nothing.status_code == 422


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_restricted_leaves_by_any_format(
    name: str, filled: Archive, guarded: tuple[TestClient, dict[str, str]]
) -> None:
    """For a reader of another lab it is as if it were not there, by session, by board and by search."""
    client, bob = guarded
    secret = filled.catalog.board_ids(session_id="secret")[0]
    for address in (
        f"/api/v1/sessions/secret/export?format={name}",
        f"/api/v1/boards/{secret}/export?format={name}",
        "/iiif/secret/manifest.json",
        "/iiif/secret/search?q=confidentiel",
        f"/iiif/image/{secret}/info.json",
        f"/iiif/image/{secret}/full/max/0/default.jpg",
    ):
        assert client.get(address, headers=bob).status_code == 404
        assert client.get(address, follow_redirects=False).status_code in (303, 401)
    found = client.get(f"/api/v1/search/export?q=confidentiel&format={name}", headers=bob)
    assert found.status_code == 200
    assert SECRET not in _text(found.content)
    assert client.get(f"/api/v1/sessions/ouvert/export?format={name}", headers=bob).status_code == 200


def test_the_search_for_a_secret_would_be_seen(filled: Archive, client: TestClient) -> None:
    """The same look at the same downloads does find it for the person who may see it."""
    for name in ("pdf", "html", "pptx", "csv", "json"):
        assert SECRET in _text(client.get(f"/api/v1/search/export?q=confidentiel&format={name}").content)


def _text(data: bytes) -> str:
    """Of a PDF, of a zip's files, or of the file itself."""
    if data.startswith(b"%PDF"):
        document = pypdfium2.PdfDocument(data)
        text = " ".join(page.get_textpage().get_text_range() for page in document)
        document.close()
        return " ".join(text.split())
    if data.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(data)) as found:
            return "".join(found.read(name).decode("utf-8", "replace") for name in found.namelist())
    return data.decode("utf-8", "replace")
