"""Bags signed by labs: judged by minisign itself where it is here, and tampered with in every way."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import bagit
import pytest

from archive import signature
from archive.backup import backup
from archive.bag import TAG_MANIFEST, validate
from archive.errors import ArchiveError, DamagedBag, NotFound, Untrusted, UsageError
from archive.merge import merge
from archive.model import Session
from archive.signature import Key
from archive.store import Archive
from tests.archive.test_backup import fill


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    signature.make_key(tmp_path / "key")
    return tmp_path / "key"


@pytest.fixture
def public(secret: Path) -> Key:
    return signature.public_of(signature.secret_key(secret))


@pytest.fixture
def brest(tmp_path: Path) -> Iterator[Archive]:
    with Archive.create(tmp_path / "brest") as made:
        made.catalog.add_session(Session("rade", "La rade", lab="Brest"))
        fill(made, "rade", 2, "brest")
        yield made


def test_what_a_known_lab_has_signed_comes_in(
    archive: Archive, brest: Archive, secret: Path, public: Key, tmp_path: Path
) -> None:
    archive.catalog.add_signer("Brest", public, "Ada")
    made = backup(brest, tmp_path / "bags", "rade", key=secret)
    bagit.Bag(str(made.bag)).validate()
    found = merge(archive, made.bag, "Ada")
    assert (found.sessions, found.photos) == (1, 2)
    act = next(act for act in archive.catalog.acts() if act.action == "merge")
    assert act.detail["signed_by"] == "Brest"


def test_what_nobody_known_has_signed_stays_out(
    archive: Archive, brest: Archive, secret: Path, public: Key, tmp_path: Path
) -> None:
    unsigned = backup(brest, tmp_path / "bags").bag
    other = tmp_path / "other"
    archive.catalog.add_signer("Brest", public)
    signature.make_key(other)
    for bag in (unsigned, backup(brest, tmp_path / "bags", key=other).bag):
        with pytest.raises(Untrusted, match="nobody"):
            merge(archive, bag)
        assert [s.id for s in archive.catalog.sessions()] == ["s1", "s2"]
    assert merge(archive, unsigned, unsigned=True).photos == 2


def test_a_lab_brings_its_own_sessions_only(
    archive: Archive, brest: Archive, secret: Path, public: Key, tmp_path: Path
) -> None:
    brest.catalog.add_session(Session("loire", "La Loire", lab="Nantes"))
    archive.catalog.add_signer("Brest", public)
    whole = backup(brest, tmp_path / "bags", key=secret).bag
    with pytest.raises(Untrusted, match="loire"):
        merge(archive, whole)
    assert merge(archive, backup(brest, tmp_path / "bags", "rade", key=secret).bag).sessions == 1
    archive.catalog.add_signer("", public)
    assert merge(archive, whole).sessions == 1


@pytest.fixture(scope="module")
def signed_bag(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Key]:
    """A bag, another one of the same archive a moment later, and the key that signed both."""
    folder = tmp_path_factory.mktemp("signed")
    key = signature.make_key(folder / "key")
    with Archive.create(folder / "archive") as made:
        made.catalog.add_session(Session("rade", "La rade", lab="Brest"))
        fill(made, "rade", 2, "brest")
        one = backup(made, folder / "bags", "rade", key=folder / "key").bag
        made.catalog.update_session(replace(made.catalog.session("rade"), title="La rade et le port"))
        return one, backup(made, folder / "bags", "rade", key=folder / "key").bag, key


@pytest.mark.parametrize("what", ["payload", "manifest", "info", "tags", "signature", "comment", "of another bag"])
def test_what_was_changed_after_it_was_signed_is_seen(
    signed_bag: tuple[Path, Path, Key], tmp_path: Path, what: str
) -> None:
    """Whoever changes a bag can make its manifests right again; the signature they cannot."""
    bag, later, key = signed_bag
    copy = Path(shutil.copytree(bag, tmp_path / "copy"))
    signed = copy / signature.FILE
    match what:
        case "payload":
            records = copy / "data" / "records" / "sessions.jsonl"
            records.write_text(records.read_text().replace("La rade", "Le port"))
            bagit.Bag(str(copy)).save(manifests=True)
        case "manifest":
            (copy / "data" / "more.txt").write_text("more")
            bagit.Bag(str(copy)).save(manifests=True)
        case "info":
            made = bagit.Bag(str(copy))
            made.info["External-Identifier"] = "another"
            made.save()
        case "tags":
            file = copy / TAG_MANIFEST
            file.write_text("".join(sorted(file.read_text().splitlines(True), reverse=True)))
        case "signature":
            lines = signed.read_text().splitlines(True)
            head = lines[1]
            signed.write_text(
                "".join([lines[0], head[:40] + ("A" if head[40] != "A" else "B") + head[41:], *lines[2:]])
            )
        case "comment":
            signed.write_text(signed.read_text().replace("trusted comment: archive", "trusted comment: Archive"))
        case "of another bag":
            shutil.copy(later / signature.FILE, signed)
    if what != "tags":
        validate(copy)  # as bags go it is sound
    with pytest.raises(DamagedBag):
        signature.signer(copy, [key])
    assert signature.signer(bag, [key]) is not None


@pytest.mark.skipif(shutil.which("minisign") is None, reason="minisign is not here")
def test_minisign_agrees(brest: Archive, secret: Path, public: Key, tmp_path: Path) -> None:
    bag = backup(brest, tmp_path / "bags", key=secret).bag
    command = ["minisign", "-V", "-m", str(bag / TAG_MANIFEST), "-P", public.text]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert f"archive {brest.id}" in told.stdout
    (bag / TAG_MANIFEST).write_text("another")
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


def test_keys_are_kept_from_others(secret: Path, public: Key, archive: Archive, tmp_path: Path) -> None:
    assert secret.stat().st_mode & 0o077 == 0
    with pytest.raises(ArchiveError, match="exists"):
        signature.make_key(secret)
    for text in ("", "RWQ", "x" * 56, public.text[:-2]):
        with pytest.raises(UsageError, match="no public key"):
            archive.catalog.add_signer("Brest", Key(text))
    (tmp_path / "no").write_text("no key")
    with pytest.raises(UsageError, match="no secret key"):
        signature.secret_key(tmp_path / "no")
    archive.catalog.add_signer("Brest", public)
    archive.catalog.remove_signer(public)
    with pytest.raises(NotFound):
        archive.catalog.remove_signer(public)
