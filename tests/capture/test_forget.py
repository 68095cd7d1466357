"""A name painted over: the readers that read it before do not read it any more, and they read the rest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.backup import backup
from archive.model import Session
from archive.naming import Name
from archive.restore import restore
from archive.store import Archive
from archive.verify import verify
from capture.forget import forget_name
from capture.pipeline import stages
from capture.process import work
from tests.fresque.test_cli import board_photo

OPTIONS = stages.Options(threads=1)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.create(tmp_path / "archive") as made:
        made.catalog.add_session(Session("s", "Une session"))
        data = board_photo(["Plan d'action", "Karim Benali : salle", "Budget 1 400 euros"])
        made.catalog.add_photo("s", made.blobs.put(data), "mur.jpg")
        yield made


def test_a_name_is_gone_from_pixels_and_records_and_the_rest_stays(archive: Archive) -> None:
    assert all(done.error is None for done in work(archive, OPTIONS))
    (board,) = archive.catalog.boards()
    assert "Benali" in board.text, "it can be read before"
    (photo,) = archive.catalog.photos()
    before = set(archive.blobs)
    done = forget_name(archive, Name(["Karim Benali"]), "asked")
    assert (done.painted, done.failed) == ((photo.id,), ())
    assert not before & set(archive.blobs), "the original and every image of it are destroyed"
    assert all(d.error is None for d in work(archive, OPTIONS))
    (after,) = archive.catalog.boards()
    assert after.id == board.id
    for gone in ("Karim", "Benali"):
        assert gone not in after.text
    assert "Plan d'action" in after.text
    assert "Budget 1 400 euros" in after.text
    assert "salle" in after.text
    assert set(after.renditions) == {"straight", "clean", "thumb"}
    assert archive.catalog.find_person(Name(["Karim Benali"])).nothing
    assert verify(archive).clean


def test_a_bag_from_before_does_not_bring_it_back(archive: Archive, tmp_path: Path) -> None:
    """What was painted over is left out; a photo without the name is restored."""
    other = board_photo(["Constats", "file au guichet"])
    kept, _ = archive.catalog.add_photo("s", archive.blobs.put(other), "autre.jpg")
    assert all(done.error is None for done in work(archive, OPTIONS))
    made = backup(archive, tmp_path / "bags")
    done = forget_name(archive, Name(["Karim Benali"]), "asked")
    assert done.remains.holding == (made.bag,)
    with restore(made.bag, tmp_path / "restored") as again:
        assert [photo.id for photo in again.catalog.photos()] == [kept.id]
        assert again.catalog.find_person(Name(["Karim Benali"])).nothing
        assert not set(done.digests) & set(again.blobs)
        assert verify(again).clean
