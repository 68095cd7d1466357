"""An archive of every schema that was ever given out opens, migrates and verifies."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from archive import schema
from archive.blobs import BlobStore
from archive.model import Phase, PhotoState
from archive.store import BLOBS, CATALOG, IDENTITY, Archive
from archive.verify import verify

RELEASED = sorted((Path(__file__).parent / "released").glob("*.sql"))
CONTENTS = [b"photo 0", b"photo 1", b"photo 2", b"straight 0", b"straight 1"]


def test_the_first_schema_is_among_them() -> None:
    assert "0001" in {path.stem for path in RELEASED}


@pytest.mark.parametrize("dump", RELEASED, ids=lambda path: path.stem)
def test_it_opens_migrates_and_verifies(dump: Path, tmp_path: Path) -> None:
    place = tmp_path / "archive"
    place.mkdir()
    (place / IDENTITY).write_text('format = 1\nid = "00000000000000aa"\nmade = "2026-01-01T00:00:00+00:00"\n')
    blobs = BlobStore(str(place / BLOBS))
    for data in CONTENTS:
        blobs.put(data)
    with contextlib.closing(sqlite3.connect(place / CATALOG)) as connection:
        connection.executescript(dump.read_text(encoding="utf-8"))
    with Archive.open(place) as opened:
        assert schema.version(opened.catalog.database) == schema.HEAD
        report = verify(opened)
        assert (report.clean, report.unclaimed) == (True, ())
        photos = opened.catalog.photos()
        assert [p.file_name for p in photos] == ["IMG_0.jpg", "IMG_1.jpg", "IMG_2.jpg"]
        assert [p.state for p in photos] == [PhotoState.DONE, PhotoState.DONE, PhotoState.PENDING]
        assert {b.text for b in opened.catalog.boards()} == {"enjeux", "plan"}
        assert [b.phase.label for b in opened.catalog.boards(photo_id=photos[1].id)] == [Phase.SCAN, Phase.ACT]
        assert opened.catalog.material("m1").title == "CR"
        lease = opened.jobs.lease("w", 60)
        assert lease is not None
        assert lease.photo_id == photos[2].id
    assert (place / f"catalog.before-{schema.HEAD}.sqlite").is_file()
