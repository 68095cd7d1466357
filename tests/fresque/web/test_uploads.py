from __future__ import annotations

import hashlib
import io
import zipfile
from typing import Any

import pytest
from fastapi.testclient import TestClient

from archive.model import PhotoState
from tests.fresque.web.conftest import Place, ok, picture

API = "/api/v1"


def announce(client: TestClient, data: bytes, name: str = "a.jpg", session: str = "own-open") -> Any:
    body = {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    return client.post(f"{API}/sessions/{session}/uploads", json=body)


def send(client: TestClient, data: bytes, name: str = "a.jpg", session: str = "own-open") -> dict[str, Any]:
    """As the page does, 4,000 bytes at a time."""
    told: dict[str, Any] = ok(announce(client, data, name, session)).json()
    while told["state"] == "open":
        offset = int(str(told["offset"]))
        piece = data[offset : offset + 4000]
        told = ok(client.put(f"{API}/uploads/{told['upload']}?offset={offset}", content=piece)).json()
    return told


def test_a_photo_sent_in_pieces_waits_to_be_read(alone: Place) -> None:
    client, data = alone.clients["local"], picture((1, 2, 3))
    told = send(client, data, "IMG 1 été.jpg")
    assert told["state"] == "added"
    photo = alone.app.archive.catalog.photo(str(told["photo"]))
    assert (photo.file_name, photo.state, photo.session_id) == ("IMG 1 été.jpg", PhotoState.PENDING, "own-open")
    assert alone.app.archive.blobs.get(photo.blob) == data
    assert ok(announce(client, data)).json() == {"state": "known", "photo": photo.id}
    assert not list((alone.app.archive.path / "uploads").glob("*.part"))


def test_a_broken_upload_goes_on_where_it_was(alone: Place) -> None:
    client, data = alone.clients["local"], picture((4, 5, 6))
    told = announce(client, data).json()
    ok(client.put(f"{API}/uploads/{told['upload']}?offset=0", content=data[:1500]))
    again = announce(client, data).json()
    assert (again["upload"], again["offset"]) == (told["upload"], 1500)
    assert client.get(f"{API}/uploads/{told['upload']}").json()["offset"] == 1500
    wrong = client.put(f"{API}/uploads/{told['upload']}?offset=0", content=data)
    assert wrong.status_code == 409
    done = ok(client.put(f"{API}/uploads/{told['upload']}?offset=1500", content=data[1500:])).json()
    assert done["state"] == "added"


def test_bytes_are_counted_as_they_come(alone: Place) -> None:
    client, data = alone.clients["local"], picture((7, 8, 9))
    told = announce(client, data).json()
    more = client.put(f"{API}/uploads/{told['upload']}?offset=0", content=data + b"x")
    assert more.status_code == 422
    assert client.get(f"{API}/uploads/{told['upload']}").json()["offset"] == 0


def test_bytes_that_are_not_those_promised_are_refused(alone: Place) -> None:
    client, data = alone.clients["local"], picture((9, 9, 9))
    told = announce(client, data).json()
    other = data[:-1] + bytes([data[-1] ^ 1])
    assert client.put(f"{API}/uploads/{told['upload']}?offset=0", content=other).status_code == 422
    assert announce(client, data).json()["offset"] == 0


@pytest.mark.parametrize(
    ("data", "reason"), [(b"<svg onload=alert(1)>", ""), (b"GIF89a", ""), (picture((1, 1, 1))[:300], "copiez")]
)
def test_type_is_by_content_and_what_is_no_photo_is_named(alone: Place, data: bytes, reason: str) -> None:
    told = send(alone.clients["local"], data, "photo.jpg")
    assert told["state"] == "refused"
    assert reason in str(told["reason"])
    assert ("own-open", "photo.jpg") in {(s, n) for s, n, _ in alone.app.archive.catalog.refused()}


@pytest.mark.parametrize("size", [0, 2**39, -1])
def test_sizes_that_cannot_be(alone: Place, size: int) -> None:
    body = {"name": "a", "size": size, "sha256": "a" * 64}
    assert alone.clients["local"].post(f"{API}/sessions/own-open/uploads", json=body).status_code == 422


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b\\c", "..", "x" * 300, "nul\0"])
def test_paths_are_never_built_from_names(alone: Place, name: str) -> None:
    before = {p for p in alone.app.archive.path.parent.rglob("*") if p.is_file()}
    told = send(alone.clients["local"], picture((len(name), 3, 3)), name)
    assert told["state"] == "added"
    made = {p for p in alone.app.archive.path.parent.rglob("*") if p.is_file()} - before
    assert all({"blobs", "index"} & {*p.parts} or "catalog.sqlite" in p.name for p in made), made


@pytest.mark.parametrize("key", ["../catalog.sqlite", "a" * 64, "%2e%2e", "A" * 64])
def test_uploads_that_are_not_there(alone: Place, key: str) -> None:
    assert alone.clients["local"].get(f"{API}/uploads/{key}").status_code == 404


def test_a_zip_brings_its_photos(alone: Place) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("jour 1/IMG_1.jpg", picture((11, 22, 33)))
        file.writestr("jour 1/IMG_2.jpg", picture((33, 22, 11)))
    told = send(alone.clients["local"], packed.getvalue(), "photos.zip")
    assert told["state"] == "added"
    assert len(told["photos"]) == 2


def test_a_request_that_is_no_upload_stays_small(alone: Place) -> None:
    huge = alone.clients["local"].post(f"{API}/searches", content=b" " * 1_100_000)
    assert huge.status_code == 413
