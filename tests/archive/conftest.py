from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import places
from archive.model import Photo, Session
from archive.store import Archive
from tests.servers import Servers


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with two sessions and nothing else, made once; to be copied."""
    path = tmp_path_factory.mktemp("fresh") / "archive"
    with Archive.create(path) as made:
        made.catalog.add_session(Session("s1", "Parcours usager"))
        made.catalog.add_session(Session("s2", "Congé parental"))
    return path


@pytest.fixture
def place(fresh: Path, tmp_path: Path) -> Path:
    """The folder of such an archive of one's own."""
    return Path(shutil.copytree(fresh, tmp_path / "archive"))


@pytest.fixture(params=["folder", "servers"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    """The same contract twice: SQLite and a folder; PostgreSQL and S3 (an emulator of it)."""
    if request.param == "servers":
        found: Servers = request.getfixturevalue("servers")
        with found.own() as own, Archive.open(found.folder(tmp_path / "archive"), own) as opened:
            yield opened
        return
    place: Path = request.getfixturevalue("place")
    with Archive.open(place) as opened:
        yield opened


@pytest.fixture
def told(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """The processes that a test starts know where the archive's records and bytes are."""
    for name, place in ((places.DATABASE, archive.places.database), (places.BLOBS, archive.places.blobs)):
        if place is not None:
            monkeypatch.setenv(name, place)


@pytest.fixture
def photo(archive: Archive) -> Photo:
    """Of session s1, waiting."""
    return archive.catalog.add_photo("s1", archive.blobs.put(b"one photo"), "IMG_1.jpg")[0]
