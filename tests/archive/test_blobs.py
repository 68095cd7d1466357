from __future__ import annotations

import fcntl
import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import durable
from archive.blobs import BlobStore
from archive.errors import ArchiveError, DamagedBlob, NotFound


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    return BlobStore(
        str(tmp_path / "blobs") if request.param == "folder" else f"memory://{tmp_path.name}-{id(request)}"
    )


def test_what_is_put_is_got(store: BlobStore) -> None:
    blob = store.put(b"photo")
    assert blob.sha256 == hashlib.sha256(b"photo").hexdigest()
    assert (blob.size, blob.algorithm) == (5, "sha256")
    assert store.get(blob.sha256) == b"photo"
    assert store.open(blob.sha256).read() == b"photo"
    assert store.has(blob.sha256)
    assert store.size(blob.sha256) == 5


def test_putting_twice_is_putting_once(store: BlobStore) -> None:
    assert store.put(b"photo") == store.put(b"photo")
    assert list(store) == [hashlib.sha256(b"photo").hexdigest()]


def test_no_bytes_are_a_blob_too(store: BlobStore) -> None:
    assert store.get(store.put(b"").sha256) == b""


def test_all_are_listed_in_order_and_nothing_else(store: BlobStore, tmp_path: Path) -> None:
    digests = sorted(store.put(bytes([n])).sha256 for n in range(50))
    if (tmp_path / "blobs").exists():
        (tmp_path / "blobs" / "README").write_text("mine")
        (tmp_path / "blobs" / digests[0][:2] / digests[0][2:4] / "Thumbs.db").write_text("")
    assert list(store) == digests


def test_an_empty_store_lists_nothing(store: BlobStore) -> None:
    assert list(store) == []


@pytest.mark.parametrize("name", ["0" * 64, "../../etc/passwd", "", "A" * 64])
def test_what_is_not_there_is_not_found(store: BlobStore, name: str) -> None:
    with pytest.raises(NotFound):
        store.get(name)
    with pytest.raises(NotFound):
        store.size(name)


@given(data=st.binary(min_size=1, max_size=200), at=st.integers(min_value=0), bit=st.integers(0, 7))
def test_one_flipped_bit_is_noticed(tmp_path_factory: pytest.TempPathFactory, data: bytes, at: int, bit: int) -> None:
    store = BlobStore(str(tmp_path_factory.mktemp("blobs")))
    digest = store.put(data).sha256
    spoilt = bytearray(data)
    spoilt[at % len(data)] ^= 1 << bit
    path = store.path(digest)
    assert path is not None
    path.write_bytes(spoilt)
    with pytest.raises(DamagedBlob) as caught:
        store.get(digest)
    assert digest in str(caught.value)


@pytest.mark.parametrize("damage", [b"", b"phot", b"PHOTO", b"photo and more"])
def test_putting_the_good_bytes_again_mends_a_damaged_copy(tmp_path: Path, damage: bytes) -> None:
    store = BlobStore(str(tmp_path))
    digest = store.put(b"photo").sha256
    path = store.path(digest)
    assert path is not None
    path.write_bytes(damage)
    store.put(b"photo")
    assert store.get(digest) == b"photo"


def test_a_write_that_fails_leaves_nothing_under_the_final_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = BlobStore(str(tmp_path / "blobs"))

    def no_space(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(ArchiveError, match="the disk is full"):
        store.put(b"photo")
    monkeypatch.undo()
    assert list(store) == []
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_file_and_folder_are_flushed_before_put_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[str] = []
    fsync = os.fsync

    def note(descriptor: int) -> None:
        flushed.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    store = BlobStore(str(tmp_path / "blobs"))
    digest = store.put(b"photo").sha256
    path = store.path(digest)
    assert path is not None
    folders = [str(path.parent), str(path.parent.parent), str(path.parent.parent.parent)]
    assert set(folders) <= set(flushed)
    written = [name for name in flushed if Path(name).name.startswith(digest)]
    assert written
    assert flushed.index(written[0]) < len(flushed) - 1 - flushed[::-1].index(folders[0]), "the folder comes last"


def test_a_sweep_removes_what_the_dead_left_and_spares_the_living(tmp_path: Path) -> None:
    store = BlobStore(str(tmp_path))
    kept = store.put(b"photo").sha256
    temporary = tmp_path / durable.TEMPORARY
    for name, half in (("dead", b"half"), ("empty", b""), ("alive", b"half"), ("just-made", b"")):
        (temporary / name).write_bytes(half)
    os.utime(temporary / "empty", (0, 0))
    with (temporary / "alive").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert store.sweep() == 2
    assert sorted(p.name for p in temporary.iterdir()) == ["alive", "just-made"], "no byte yet: perhaps not yet locked"
    assert store.get(kept) == b"photo"


def test_a_sweep_of_a_store_that_has_written_nothing(tmp_path: Path) -> None:
    assert BlobStore(str(tmp_path / "none")).sweep() == 0
