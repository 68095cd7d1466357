"""Bytes in an object store, seen from its own side by boto3. The store is moto's emulator: it shows that the calls are
right, and that they are refused where S3 refuses them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from archive.blobs import BlobStore
from archive.errors import ArchiveBusy, ArchiveError, DamagedBlob, NotFound, UsageError
from archive.nearby import Nearby
from archive.objects import PART, Objects
from tests.servers import Servers

BUCKET = "locked"


@pytest.fixture
def s3(servers: Servers) -> Iterator[Any]:
    """A bucket with object lock, which keeps versions."""
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET, ObjectLockEnabledForBucket=True)
    yield client
    boto3.resource("s3").Bucket(BUCKET).object_versions.delete(BypassGovernanceRetention=True)
    client.delete_bucket(Bucket=BUCKET)


@pytest.fixture
def store(s3: Any, monkeypatch: pytest.MonkeyPatch) -> BlobStore:
    monkeypatch.setenv("FRESQUE_BLOBS_LOCK_DAYS", "30")
    return BlobStore(f"s3://{BUCKET}/lab")


def key(digest: str) -> str:
    return f"lab/{digest[:2]}/{digest[2:4]}/{digest}"


def versions(s3: Any, digest: str) -> list[Any]:
    told = s3.list_object_versions(Bucket=BUCKET, Prefix=key(digest))
    return [*told.get("Versions", []), *told.get("DeleteMarkers", [])]


def test_an_original_is_locked_and_forget_can_still_destroy_it(store: BlobStore, s3: Any) -> None:
    digest = store.put(b"an original", original=True).sha256
    (version,) = versions(s3, digest)
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(Bucket=BUCKET, Key=key(digest), VersionId=version["VersionId"])
    s3.delete_object(Bucket=BUCKET, Key=key(digest))  # by mistake: only hidden
    s3.put_object(Bucket=BUCKET, Key=key(digest), Body=b"an original")
    assert len(versions(s3, digest)) == 3
    assert store.remove(digest)
    assert versions(s3, digest) == [], "every version is gone, not only hidden"
    with pytest.raises(NotFound):
        store.get(digest)
    assert not store.remove(digest)


def test_what_can_be_made_again_is_not_locked(store: BlobStore, s3: Any) -> None:
    digest = store.put(b"a rendition").sha256
    (version,) = versions(s3, digest)
    s3.delete_object(Bucket=BUCKET, Key=key(digest), VersionId=version["VersionId"])
    assert not store.has(digest)


def test_a_bucket_without_lock_is_told(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRESQUE_BLOBS_LOCK_DAYS", "30")
    open_store = BlobStore("s3://fresque/nolock")
    with pytest.raises(ArchiveError, match="no object lock"):
        open_store.put(b"an original", original=True)
    monkeypatch.setenv("FRESQUE_BLOBS_LOCK_DAYS", "many")
    with pytest.raises(UsageError, match="no number of days"):
        open_store.put(b"an original", original=True)


def test_a_put_writes_over_nothing(store: BlobStore, s3: Any) -> None:
    """Two processes that put the same bytes at once: the second finds them there."""
    digest = store.put(b"the same bytes").sha256
    Objects(store._fs, f"{BUCKET}/lab").put(f"{BUCKET}/{key(digest)}", b"the same bytes", False, replace=False)
    assert len(versions(s3, digest)) == 1


def test_the_store_compares_the_digest(store: BlobStore, s3: Any) -> None:
    digest = store.put(b"summed").sha256
    told = s3.head_object(Bucket=BUCKET, Key=key(digest), ChecksumMode="ENABLED")
    assert told["ChecksumSHA256"]


def test_large_objects_go_in_parts(store: BlobStore, s3: Any) -> None:
    data = os.urandom(2 * PART + 12345)
    digest = store.put(data, original=True).sha256
    assert s3.head_object(Bucket=BUCKET, Key=key(digest))["ETag"].strip('"').endswith("-3")
    assert store.get(digest) == data
    assert not s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads")


def test_damage_is_seen_on_reading_and_mended(store: BlobStore, s3: Any) -> None:
    digest = store.put(b"sound").sha256
    s3.put_object(Bucket=BUCKET, Key=key(digest), Body=b"spoil")
    with pytest.raises(DamagedBlob):
        store.get(digest)
    store.put(b"sound", mend=True)
    assert store.get(digest) == b"sound"


def test_a_bucket_that_is_not_there_is_told(servers: Servers) -> None:
    with pytest.raises(ArchiveError, match="no bucket"):
        BlobStore("s3://no-such-bucket-here/x").put(b"x")


def test_a_store_that_does_not_answer_is_told(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = BlobStore("s3://fresque/x")
    silent._fs = silent._objects._fs = type(silent._fs)(
        endpoint_url="http://127.0.0.1:1", skip_instance_cache=True, config_kwargs={"retries": {"max_attempts": 0}}
    )
    silent._fs.retries = 1
    with pytest.raises(ArchiveBusy, match="does not answer"):
        silent.get("a" * 64)
    with pytest.raises(ArchiveBusy, match="does not answer"):
        silent.put(b"x")


# --- copies nearby -------------------------------------------------------------------------------------------


def test_copies_are_used_bounded_and_checked(servers: Servers, tmp_path: Path) -> None:
    store = BlobStore("s3://fresque/near", Nearby(tmp_path / "near", most=1000))
    digests = [store.put(bytes([n]) * 200).sha256 for n in range(8)]
    for n, digest in enumerate(digests):
        assert store.get(digest) == bytes([n]) * 200
        time.sleep(0.01)
    assert sum(f.stat().st_size for f in (tmp_path / "near").iterdir()) <= 1000
    assert (tmp_path / "near" / digests[-1]).exists(), "what was used last is kept"
    assert not (tmp_path / "near" / digests[0]).exists()
    (tmp_path / "near" / digests[-1]).write_bytes(b"spoilt")
    assert store.get(digests[-1]) == bytes([7]) * 200, "a spoilt copy is fetched anew"
    store.remove(digests[-1])
    assert not (tmp_path / "near" / digests[-1]).exists()
    with pytest.raises(NotFound):
        store.get(digests[-1])


def test_a_copy_lives_a_day(servers: Servers, tmp_path: Path) -> None:
    """What another machine has destroyed is gone here by then."""
    mine = BlobStore("s3://fresque/day", Nearby(tmp_path / "near"))
    digest = mine.put(b"forgotten elsewhere").sha256
    mine.get(digest)
    BlobStore("s3://fresque/day").remove(digest)
    assert mine.get(digest) == b"forgotten elsewhere"
    two_days_ago = time.time() - 48 * 3600
    os.utime(tmp_path / "near" / digest, (time.time(), two_days_ago))
    assert mine.sweep() == 1
    with pytest.raises(NotFound):
        mine.get(digest)


def test_verify_reads_the_store_and_not_the_copy(servers: Servers, tmp_path: Path) -> None:
    store = BlobStore("s3://fresque/check", Nearby(tmp_path / "near"))
    digest = store.put(b"sound").sha256
    store.get(digest)
    boto3.client("s3").put_object(Bucket="fresque", Key=key(digest).replace("lab", "check"), Body=b"spoil")
    assert store.get(digest) == b"sound"
    with pytest.raises(DamagedBlob):
        store.check(digest)
