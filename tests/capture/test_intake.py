"""Intake into a real archive: stored first, told apart by content, each fault named."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import UnreadableFile
from archive.model import PhotoState, Session
from archive.store import Archive
from capture import intake
from capture.intake import Taken
from tests.capture.test_load import saved, two_tone


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.create(tmp_path / "archive") as made:
        made.catalog.add_session(Session("s", "Une session"))
        made.catalog.add_session(Session("t", "Une autre"))
        yield made


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "IMG_1.jpg"
    file.write_bytes(saved(two_tone(), "JPEG"))
    return file


def test_bytes_are_kept_as_they_are(archive: Archive, photo: Path) -> None:
    taken = intake.take(archive, "s", photo, uploader="Anne")
    assert taken.taken is Taken.ADDED
    assert taken.photo_id is not None
    kept = archive.catalog.photo(taken.photo_id)
    assert archive.blobs.get(kept.blob) == photo.read_bytes()
    assert (kept.file_name, kept.uploader, kept.state) == ("IMG_1.jpg", "Anne", PhotoState.PENDING)


def test_again_in_one_session_is_known_in_another_it_is_a_photo_of_its_own(archive: Archive, photo: Path) -> None:
    first = intake.take(archive, "s", photo)
    assert intake.take(archive, "s", photo) == intake.Result(photo, Taken.KNOWN, first.photo_id)
    other = intake.take(archive, "t", photo)
    assert other.taken is Taken.ADDED
    assert other.photo_id != first.photo_id
    assert len(list(archive.blobs)) == 1


def test_the_content_decides_not_the_name(archive: Archive, tmp_path: Path) -> None:
    text, picture = tmp_path / "photo.jpg", tmp_path / "notes.txt"
    text.write_text("Compte rendu")
    picture.write_bytes(saved(two_tone(), "PNG"))
    assert intake.take(archive, "s", text).taken is Taken.REFUSED
    assert intake.take(archive, "s", picture).taken is Taken.ADDED
    [(session, name, reason)] = archive.catalog.refused()
    assert (session, name) == ("s", "photo.jpg")
    assert "JPEG" in reason  # what would be taken


def test_folders_are_opened_hidden_files_left_out(tmp_path: Path) -> None:
    (tmp_path / "b" / "c").mkdir(parents=True)
    for name in ("b/2.jpg", "b/c/3.jpg", "1.jpg", ".DS_Store"):
        (tmp_path / name).write_bytes(b"x")
    found = intake.files_in([tmp_path, tmp_path / "nowhere.jpg"])
    assert [str(f.relative_to(tmp_path)) for f in found] == ["1.jpg", "b/2.jpg", "b/c/3.jpg", "nowhere.jpg"]


def test_names_that_are_no_utf8_are_shown() -> None:
    assert intake.printable_name(Path(os.fsdecode(b"caf\xe9.jpg"))) == "caf\\xe9.jpg"
    assert intake.printable_name(Path("été.jpg")) == "été.jpg"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give its rights away and take them back")
def test_no_right_to_read_for_another_user(photo: Path) -> None:
    photo.chmod(0)
    os.seteuid(65534)
    try:
        with pytest.raises(UnreadableFile, match=r"may not be read.*chmod"):
            intake.read_file(photo)
    finally:
        os.seteuid(0)


def test_pipes_and_links_do_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "link.jpg").symlink_to(tmp_path / "gone.jpg")
    with pytest.raises(UnreadableFile, match="not a file"):
        intake.read_file(tmp_path / "pipe.jpg")
    with pytest.raises(UnreadableFile, match="broken link"):
        intake.read_file(tmp_path / "link.jpg")
