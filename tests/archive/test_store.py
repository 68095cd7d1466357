from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

import pytest

from archive import sqlite
from archive.database import Database
from archive.errors import ArchiveBusy, ArchiveError, ArchiveExists, ArchiveMissing, ArchiveTooNew
from archive.model import Session
from archive.store import CATALOG, IDENTITY, Archive, Places
from tests.archive.making import on_sqlite


def test_a_new_archive_is_empty_and_has_an_identity_of_its_own(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "deep" / "one") as one, Archive.create(tmp_path / "two") as two:
        assert (one.catalog.sessions(), list(one.blobs), one.catalog.last_sequence()) == ([], [], 0)
        assert one.id != two.id
        one.catalog.add_session(Session("s1", "x"))
    with Archive.open(tmp_path / "deep" / "one") as again:
        assert again.id == one.id
        assert again.catalog.session("s1").title == "x"
        assert again.index_path.parent == again.path


def test_an_archive_is_made_in_an_empty_folder_only(place: Path, tmp_path: Path) -> None:
    with pytest.raises(ArchiveExists):
        Archive.create(place)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "IMG_1.jpg").write_bytes(b"x")
    with pytest.raises(ArchiveError, match="not empty"):
        Archive.create(tmp_path / "full")
    with pytest.raises(ArchiveError, match="is a file"):
        Archive.create(tmp_path / "full" / "IMG_1.jpg")
    (tmp_path / "empty").mkdir()
    Archive.create(tmp_path / "empty").close()


def test_what_a_crash_left_half_made_is_no_archive_and_can_be_made_again(place: Path) -> None:
    (place / IDENTITY).unlink()
    with pytest.raises(ArchiveMissing) as caught:
        Archive.open(place)
    assert "fresque init" in str(caught.value)
    Archive.create(place).close()
    Archive.open(place).close()


def test_no_archive_there(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(ArchiveMissing, match=str(path)):
            Archive.open(path)


def test_a_later_format_is_left_alone(place: Path) -> None:
    (place / IDENTITY).write_text('format = 99\nid = "x"\n')
    with pytest.raises(ArchiveTooNew, match="99"):
        Archive.open(place)


@pytest.mark.parametrize("text", ["", "format = 1", "format = [", "format = 'new'\nid = 'x'"])
def test_a_damaged_identity_is_said(place: Path, text: str) -> None:
    (place / IDENTITY).write_text(text)
    with pytest.raises(ArchiveError, match=IDENTITY):
        Archive.open(place)


def test_a_lost_catalogue_is_never_replaced_by_an_empty_one(place: Path) -> None:
    (place / CATALOG).write_bytes(b"")
    with pytest.raises(ArchiveError, match="no tables"):
        Archive.open(place)
    (place / CATALOG).unlink()
    with pytest.raises(ArchiveError, match="lost"):
        Archive.open(place)
    (place / CATALOG).write_bytes(b"not a database, but long enough to look like one" * 100)
    with pytest.raises(ArchiveError, match="no database"):
        Archive.open(place)


def test_opening_is_quick(place: Path) -> None:
    Archive.open(place).close()
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        with Archive.open(place) as archive:
            archive.catalog.last_sequence()
        taken.append(time.perf_counter() - start)
    assert min(taken) < 0.05


@on_sqlite
def test_a_lock_that_lasts_is_named(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    holder = sqlite3.connect(archive.path / CATALOG, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    assert archive.catalog.session("s1").title == "Parcours usager", "readers do not wait"
    with pytest.raises(ArchiveBusy):
        archive.catalog.add_session(Session("s9", "x"))
    holder.execute("ROLLBACK")
    holder.close()
    archive.catalog.add_session(Session("s9", "x"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_catalogue_that_may_not_be_written_is_said(archive: Archive) -> None:
    (archive.path / CATALOG).chmod(0o400)
    with pytest.raises(ArchiveError, match="may not be written"):
        archive.catalog.add_session(Session("s9", "x"))


@on_sqlite
def test_a_commit_is_on_the_disk_when_it_returns(archive: Archive) -> None:
    with archive.catalog.database.read() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_records_and_bytes_may_be_elsewhere(tmp_path: Path) -> None:
    places = Places(f"sqlite:///{tmp_path / 'elsewhere.sqlite'}", "memory://elsewhere")
    with Archive.create(tmp_path / "a", places) as archive:
        archive.catalog.add_session(Session("s1", "x"))
        digest = archive.blobs.put(b"photo").sha256
    with Archive.open(tmp_path / "a", places) as archive:
        assert archive.catalog.session("s1").title == "x"
        assert archive.blobs.get(digest) == b"photo"
    assert not (tmp_path / "a" / CATALOG).exists()


def test_a_child_process_opens_connections_of_its_own(place: Path) -> None:
    database = Database(f"sqlite:///{place / CATALOG}")
    with database.read():
        pass
    before = database.engine.pool
    child = os.fork()
    if child == 0:
        os._exit(0 if database.engine.pool is not before else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert database.engine.pool is before
    database.close()
