from __future__ import annotations

import pytest
import sqlalchemy as sa

from archive import tables as t
from archive.model import Photo
from archive.store import Archive
from archive.verify import Fault, FaultKind, verify
from tests.archive.making import LEFT, on_sqlite, scan, surface


@pytest.fixture
def image(archive: Archive, photo: Photo) -> str:
    digest = archive.blobs.put(b"straightened").sha256
    archive.catalog.commit_scan(photo.id, scan([surface(LEFT)]), [{"straight": digest}])
    return digest


def change(archive: Archive, statement: sa.Executable) -> None:
    with archive.catalog.database.migration() as connection:
        connection.execute(statement)


def test_a_sound_archive_is_clean(archive: Archive, photo: Photo, image: str) -> None:
    seen: list[tuple[int, int]] = []
    report = verify(archive, lambda done, total: seen.append((done, total)))
    assert (report.clean, report.checked, report.faults, report.unclaimed) == (True, 2, (), ())
    assert seen == [(1, 2), (2, 2)]


@on_sqlite
@pytest.mark.parametrize("which", ["original", "rendition"])
def test_damage_and_loss_are_found_and_say_which_photo(archive: Archive, photo: Photo, image: str, which: str) -> None:
    digest = photo.blob if which == "original" else image
    path = archive.blobs.path(digest)
    assert path is not None
    path.write_bytes(path.read_bytes()[:-1])
    assert verify(archive).faults == (Fault(FaultKind.DAMAGED, digest, ("IMG_1.jpg",)),)
    path.unlink()
    report = verify(archive)
    assert report.faults == (Fault(FaultKind.MISSING, digest, ("IMG_1.jpg",)),)
    assert not report.clean


@on_sqlite
def test_bytes_that_no_record_names_harm_nothing_unless_they_are_damaged(archive: Archive, image: str) -> None:
    digest = archive.blobs.put(b"stored, then killed").sha256
    report = verify(archive)
    assert (report.clean, report.unclaimed) == (True, (digest,))
    path = archive.blobs.path(digest)
    assert path is not None
    path.write_bytes(b"")
    report = verify(archive)
    assert (report.faults, report.unclaimed) == ((Fault(FaultKind.DAMAGED, digest),), ())


def test_a_record_that_is_wrong_is_found(archive: Archive, photo: Photo, image: str) -> None:
    here = t.blobs.c.digest == photo.blob
    change(archive, sa.update(t.blobs).where(here).values(size=3))
    assert verify(archive).faults == (Fault(FaultKind.WRONG_SIZE, photo.blob, ("IMG_1.jpg",)),)
    change(archive, sa.update(t.blobs).where(here).values(size=9, algorithm="blake9"))
    assert verify(archive).faults == (Fault(FaultKind.UNKNOWN_ALGORITHM, photo.blob, ("IMG_1.jpg",)),)
    change(archive, sa.update(t.blobs).where(here).values(algorithm="sha256"))
    change(archive, sa.update(t.boards).values(current=7))
    change(archive, sa.delete(t.jobs))
    board_id = archive.catalog.board_ids()[0]
    assert verify(archive).faults == (
        Fault(FaultKind.NO_RESULT, board_id),
        Fault(FaultKind.NO_JOB, photo.id, ("IMG_1.jpg",)),
    )
