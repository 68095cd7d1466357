"""Backup, loss, restore, merge: judged by the bagit tool itself, by every row and every byte."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from archive import bag, rows
from archive import tables as t
from archive.backup import backup, bags
from archive.errors import ArchiveError, ArchiveExists, DamagedBag, DamagedBlob
from archive.forget import forget_photos
from archive.mend import mend
from archive.merge import merge
from archive.model import Correction, CorrectionField, Material, Phase, Session
from archive.restore import rehearse, restore
from archive.store import Archive
from archive.verify import verify
from tests.archive.making import LEFT, RIGHT, box, line, on_sqlite, scan, surface

TITLE = box(60, 60, 200, 30)


def fill(archive: Archive, session: str, count: int, mark: str = "") -> list[Correction]:
    """Photos with boards, renditions and a correction each."""
    made = []
    for n in range(count):
        blob = archive.blobs.put(f"{mark} photo {n}".encode())
        photo, _ = archive.catalog.add_photo(session, blob, f"{mark}{n}.jpg", "Ana")
        image = archive.blobs.put(f"{mark} straight {n}".encode()).sha256
        boards = archive.catalog.commit_scan(
            photo.id, scan([surface(LEFT, line("enjeus", TITLE)), surface(RIGHT)]), [{"straight": image}, {}]
        )
        made.append(archive.catalog.correct(photo.id, boards[0].id, CorrectionField.TEXT, "enjeux", TITLE, "Ana"))
        made.append(archive.catalog.correct(photo.id, boards[1].id, CorrectionField.PHASE, "ACT"))
    return made


@pytest.fixture
def full(archive: Archive) -> Archive:
    fill(archive, "s1", 3)
    archive.catalog.put_material(Material("m1", "s1", "Compte rendu de l'atelier", "CR"))
    archive.catalog.refuse("s2", "film.mov", "not a picture")
    return archive


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Archive]:
    """Another lab's archive, with a session that shares its id with one of ours."""
    with Archive.create(tmp_path / "other") as made:
        made.catalog.add_session(Session("s1", "Un autre atelier", lab="Brest"))
        fill(made, "s1", 2, "brest")
        yield made


def everything(archive: Archive) -> dict[str, bytes]:
    with archive.catalog.database.read() as connection:
        found = {name: rows.as_lines(each) for name, each in rows.dump(connection)}
    return found | {digest: archive.blobs.get(digest) for digest in archive.blobs}


def test_after_the_loss_of_all_it_comes_back_to_the_bit(full: Archive, tmp_path: Path) -> None:
    made = backup(full, tmp_path / "bags")
    before, identity = everything(full), full.id
    full.close()
    shutil.rmtree(full.path)
    with restore(made.bag, tmp_path / "back") as back:
        after = everything(back)
        for name in ("audit", "backups"):  # the backup itself was noted after it was written
            assert before.pop(name).startswith(after.pop(name))
        assert after == before
        assert back.id == identity
        assert verify(back).clean
        assert [b.text for b in back.catalog.boards(session_id="s1")] == ["enjeux", ""] * 3


def test_the_bagit_tool_finds_nothing_wrong_and_sees_a_flipped_bit(full: Archive, tmp_path: Path) -> None:
    made = backup(full, tmp_path / "bags")
    command = [sys.executable, "-m", "bagit", "--validate", str(made.bag)]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    file = next(f for f in sorted((made.bag / "data" / "blobs").rglob("*")) if f.is_file())
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    assert subprocess.run(command, capture_output=True).returncode != 0
    with pytest.raises(DamagedBag):
        restore(made.bag, tmp_path / "back")
    assert not (tmp_path / "back" / "fresque.toml").exists()


def test_the_next_backup_copies_only_what_is_new(full: Archive, tmp_path: Path) -> None:
    first = backup(full, tmp_path / "bags")
    assert (first.files, first.copied, first.shared) == (6, 6, 0)
    fill(full, "s2", 1, "new")
    second = backup(full, tmp_path / "bags")
    assert (second.files, second.copied, second.shared) == (8, 2, 6)
    assert bags(tmp_path / "bags") == sorted([first.bag, second.bag])
    shutil.rmtree(first.bag)
    bag.validate(second.bag)
    assert rehearse(second.bag, full).passed


def test_what_it_says_can_be_read_without_us(full: Archive, tmp_path: Path) -> None:
    made = backup(full, tmp_path / "bags")
    (file,) = (made.bag / "data" / "sessions").glob("*s1.json")
    said = json.loads(file.read_text(encoding="utf-8"))
    assert said["session"]["title"] == "Parcours usager"
    assert [photo["file_name"] for photo in said["photos"]] == ["0.jpg", "1.jpg", "2.jpg"]
    assert (made.bag / said["photos"][0]["bytes"]).read_bytes() == b" photo 0"
    assert said["boards"][0]["text"] == ["enjeux"]
    assert said["corrections"][0]["author"] == "Ana"
    assert said["materials"][0]["text"] == "Compte rendu de l'atelier"


def test_a_rehearsal_tells_what_has_changed_since(full: Archive, tmp_path: Path) -> None:
    made = backup(full, tmp_path / "bags")
    assert rehearse(made.bag, full).passed
    full.catalog.put_material(Material("m2", "s1", "ajouté depuis"))
    found = rehearse(made.bag, full)
    assert found.compared
    assert "table materials" in found.differences
    fill(full, "s2", 1, "new")
    assert any(difference.startswith("blob") for difference in rehearse(made.bag, full).differences)


def test_restore_takes_an_empty_place_only(full: Archive, tmp_path: Path) -> None:
    made = backup(full, tmp_path / "bags")
    with pytest.raises(ArchiveExists):
        restore(made.bag, full.path)
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "letter.txt").write_text("x")
    with pytest.raises(ArchiveError, match="empty"):
        restore(made.bag, tmp_path / "used")


def test_one_session_leaves_with_all_that_is_its_own(full: Archive, tmp_path: Path) -> None:
    fill(full, "s2", 1, "two")
    made = backup(full, tmp_path / "bags", "s2")
    with restore(made.bag, tmp_path / "back") as back:
        assert [s.id for s in back.catalog.sessions()] == ["s2"]
        assert [p.file_name for p in back.catalog.photos()] == ["two0.jpg"]
        assert [b.text for b in back.catalog.boards()] == ["enjeux", ""]
        assert len(list(back.blobs)) == 2
        assert verify(back).clean


# --- merge ---------------------------------------------------------------------------------------------------


def test_another_lab_comes_in_with_identities_and_corrections(full: Archive, other: Archive, tmp_path: Path) -> None:
    ours = everything(full)
    theirs = {b.id: (b.text, b.phase.label) for b in other.catalog.boards()}
    found = merge(full, backup(other, tmp_path / "bags").bag)
    assert (found.sessions, found.photos, found.boards, found.corrections) == (1, 2, 4, 4)
    renamed = found.renamed["s1"]
    assert full.catalog.session(renamed).lab == "Brest"
    assert {b.id: (b.text, b.phase.label) for b in full.catalog.boards(session_id=renamed)} == theirs
    assert full.catalog.session("s1").title == "Parcours usager"
    assert verify(full).clean
    kept = everything(full)
    for name in ("photos", "boards", "results", "corrections"):
        assert set(ours[name].splitlines()) <= set(kept[name].splitlines()), "what was here is as it was"
    again = merge(full, backup(other, tmp_path / "bags").bag)
    assert (again.sessions, again.photos, again.boards, again.corrections) == (0, 0, 0, 0)


def test_two_copies_that_went_apart_keep_the_corrections_of_both(full: Archive, tmp_path: Path) -> None:
    made = backup(full, tmp_path / "bags")
    with restore(made.bag, tmp_path / "laptop") as laptop:
        board, *_ = laptop.catalog.boards(session_id="s1")
        photo = board.views[0].photo_id
        laptop.catalog.correct(photo, board.id, CorrectionField.PHASE, "FOCUS", author="Léa")
        full.catalog.correct(photo, board.id, CorrectionField.TEXT, "les enjeux", TITLE, author="Ana")
        taken_back = full.catalog.corrections(board_id=board.id)[0]
        laptop.catalog.withdraw(taken_back.id)
        fill(laptop, "s2", 1, "road")
        found = merge(full, backup(laptop, tmp_path / "bags2").bag)
    assert (found.sessions, found.photos, found.corrections) == (0, 1, 3)
    shown = full.catalog.board(board.id)
    assert (shown.text, shown.phase.label) == ("les enjeux", Phase.FOCUS)
    assert taken_back.id not in {c.id for c in full.catalog.corrections()}
    assert verify(full).clean


def test_the_same_pictures_taken_in_twice_are_one_photo_with_both_corrections(full: Archive, tmp_path: Path) -> None:
    """Both labs copied the same card into the same session."""
    with full.catalog.database.read() as connection:
        added = connection.execute(sa.select(t.sessions.c.added_at).where(t.sessions.c.id == "s1")).scalar_one()
    with Archive.create(tmp_path / "twin") as twin:
        twin.catalog.add_session(Session("s1", "Parcours usager"))
        with twin.catalog.database.write() as connection:
            connection.execute(sa.update(t.sessions).values(added_at=added))
        fill(twin, "s1", 3)
        board = twin.catalog.boards()[0]
        place = box(60, 400, 200, 30)
        twin.catalog.correct(board.views[0].photo_id, board.id, CorrectionField.TEXT, "vu aussi", place)
        found = merge(full, backup(twin, tmp_path / "bags").bag)
    assert (found.photos, found.boards, found.corrections) == (0, 0, 7)
    assert len(full.catalog.photos()) == 3
    assert full.catalog.boards(session_id="s1")[0].text == "enjeux\nvu aussi"
    assert full.catalog.corrections(orphaned=True) == []


def test_what_was_destroyed_comes_back_by_neither_way(full: Archive, other: Archive, tmp_path: Path) -> None:
    old = backup(full, tmp_path / "bags")
    gone = full.catalog.photos()[0]
    said = forget_photos(full, [gone.id], "asked by the person")
    assert said.remains.holding == (old.bag,), "and it says where it still lies"
    assert not full.blobs.has(gone.blob)
    found = merge(full, old.bag)
    assert (found.photos, found.refused) == (0, 1)
    with restore(old.bag, tmp_path / "back") as back:
        assert gone.id not in {p.id for p in back.catalog.photos()}
        assert not back.blobs.has(gone.blob)
        assert verify(back).clean
    second = backup(full, tmp_path / "bags")
    assert gone.blob not in set(bag.manifest(second.bag).values())
    assert verify(full).clean


# --- mending -------------------------------------------------------------------------------------------------


@on_sqlite
def test_damage_is_mended_from_a_backup_or_made_again_or_said(full: Archive, tmp_path: Path) -> None:
    first, second, third = full.catalog.photos()
    backup(full, tmp_path / "bags")
    images = [b.renditions["straight"] for b in full.catalog.boards() if b.renditions]
    for digest in (first.blob, images[0]):
        path = full.blobs.path(digest)
        assert path is not None
        path.write_bytes(b"rot")
    report = verify(full)
    assert len(report.faults) == 2
    assert all(each.done and "bags" in each.how for each in mend(full, report))
    assert verify(full).clean
    shutil.rmtree(tmp_path / "bags")
    for digest in (second.blob, images[1]):
        path = full.blobs.path(digest)
        assert path is not None
        path.unlink()
    told = {each.fault.subject: each for each in mend(full, verify(full))}
    assert not told[second.blob].done
    assert "backup" in told[second.blob].how
    assert told[images[1]].done
    assert full.catalog.counts().to_do == 1, "its images are made again"
    assert [f.subject for f in verify(full).faults] == [second.blob]
    assert third.id


@on_sqlite
def test_a_backup_of_damaged_bytes_is_refused(full: Archive, tmp_path: Path) -> None:
    path = full.blobs.path(full.catalog.photos()[0].blob)
    assert path is not None
    path.write_bytes(b"rot")
    with pytest.raises(DamagedBlob):
        backup(full, tmp_path / "bags")
    assert bags(tmp_path / "bags") == []


@on_sqlite
def test_a_sample_reads_that_share_and_misses_no_loss(full: Archive) -> None:
    assert verify(full, sample=0.5).checked == 3
    path = full.blobs.path(full.catalog.photos()[0].blob)
    assert path is not None
    path.unlink()
    assert len(verify(full, sample=0.0).faults) == 1
