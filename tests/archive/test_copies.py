"""Two machines with one database and one object store: what one destroys, the other keeps no copy of."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive import copies
from archive.database import Database
from archive.errors import NotFound
from archive.forget import forget_photos
from archive.store import Archive
from tests.servers import Servers


@pytest.fixture
def machines(servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Archive, Archive]]:
    monkeypatch.setattr(copies, "LOOK", 0.1)
    with (
        servers.own() as place,
        Archive.open(servers.folder(tmp_path / "one"), place) as one,
        Archive.open(servers.folder(tmp_path / "two"), place) as two,
    ):
        yield one, two


def test_a_photo_destroyed_elsewhere_leaves_no_copy_here(machines: tuple[Archive, Archive]) -> None:
    one, two = machines
    kept, _ = one.catalog.add_photo("s1", one.blobs.put(b"stays"), "IMG_1.jpg")
    gone, _ = one.catalog.add_photo("s1", one.blobs.put(b"by request"), "IMG_2.jpg")
    for machine in machines:
        for photo in (kept, gone):
            machine.blobs.get(photo.blob)
            picture = machine.path / copies.CACHE / photo.blob[:2] / f"{photo.blob}-0-320.webp"
            picture.parent.mkdir(parents=True, exist_ok=True)
            picture.write_bytes(b"a smaller one")
    assert len(_held(two, gone.blob)) == 2
    forget_photos(one, [gone.id], "asked")
    assert _held(one, gone.blob) == [], "at once where it was asked for"
    _wait(lambda: not _held(two, gone.blob))
    with pytest.raises(NotFound):
        two.blobs.get(gone.blob)
    assert len(_held(one, kept.blob)) == len(_held(two, kept.blob)) == 2, "the other photo's copies stay"


def test_a_machine_that_was_off_catches_up(machines: tuple[Archive, Archive], servers: Servers) -> None:
    one, two = machines
    photo, _ = one.catalog.add_photo("s1", one.blobs.put(b"by request"), "IMG_1.jpg")
    two.blobs.get(photo.blob)
    unfinished = two.path / copies.NEARBY / ".0123"
    unfinished.write_bytes(b"by requ")
    os.utime(unfinished, (0, 0))
    two.close()
    forget_photos(one, [photo.id], "asked")
    assert _held(two, photo.blob), "nobody is there to remove it"
    with Archive.open(two.path, two.places):
        _wait(lambda: not _held(two, photo.blob) and not unfinished.exists())


def test_a_command_that_starts_soon_after_does_not_look_through_the_folders_again(
    machines: tuple[Archive, Archive], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = machines
    mark = two.path / copies.NEARBY / copies.SWEPT
    _wait(mark.is_file)
    two.close()
    swept: list[Path] = []

    def note(_: Database, place: Path) -> int:
        swept.append(place)
        return 0

    monkeypatch.setattr(copies, "sweep", note)
    with Archive.open(two.path, two.places) as again:
        photo, _ = one.catalog.add_photo("s1", one.blobs.put(b"by request"), "IMG_1.jpg")
        time.sleep(0.5)
        assert two.path not in swept, "nothing was destroyed since"
        forget_photos(one, [photo.id], "asked")
        _wait(lambda: two.path in swept)
        assert again.path == two.path
    for spoilt in ("", "[]", '{"destroyed": 1}', f'{{"destroyed": 1, "at": {time.time() + 9999}}}'):
        mark.write_text(spoilt)
        swept.clear()
        with Archive.open(two.path, two.places):
            _wait(lambda: two.path in swept)


def _held(machine: Archive, digest: str) -> list[Path]:
    folders = (machine.path / copies.NEARBY, machine.path / copies.CACHE)
    return [file for folder in folders for file in folder.rglob(f"{digest}*")]


def _wait(until: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not until():
        assert time.monotonic() < end
        time.sleep(0.05)
