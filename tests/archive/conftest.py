from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.model import Photo, Session
from archive.store import Archive


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty archive, made once; to be copied."""
    path = tmp_path_factory.mktemp("fresh") / "archive"
    Archive.create(path).close()
    return path


@pytest.fixture
def place(fresh: Path, tmp_path: Path) -> Path:
    """The folder of an empty archive of one's own."""
    return Path(shutil.copytree(fresh, tmp_path / "archive"))


@pytest.fixture
def archive(place: Path) -> Iterator[Archive]:
    with Archive.open(place) as opened:
        opened.catalog.add_session(Session("s1", "Parcours usager"))
        opened.catalog.add_session(Session("s2", "Congé parental"))
        yield opened


@pytest.fixture
def photo(archive: Archive) -> Photo:
    """Of session s1, waiting."""
    return archive.catalog.add_photo("s1", archive.blobs.put(b"one photo"), "IMG_1.jpg")[0]
