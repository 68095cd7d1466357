"""All that is particular to an object store (S3 and what speaks like it).

A put is conditional (nothing that is there is written over by it) and carries its SHA-256, which the store compares;
large objects go in parts. Where the bucket has object lock, originals are locked in governance mode for as many days
as FRESQUE_BLOBS_LOCK_DAYS says: a mistake or a stolen key destroys nothing, while ``forget``, whose key may bypass
governance, still can. A bucket that keeps versions keeps what is deleted: removing means every version.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from archive.errors import ArchiveBusy, ArchiveError, UsageError

LOCK_DAYS = "FRESQUE_BLOBS_LOCK_DAYS"
PART = 16 * 2**20
"""Bytes; what is twice as large goes in parts."""

_NETWORK = ("botocore", "aiobotocore", "aiohttp", "urllib3", "asyncio")


class Objects:
    """``filesystem``: fsspec's; other than S3's it is only written to and read."""

    def __init__(self, filesystem: Any, place: str) -> None:
        self._fs = filesystem
        self._place = place
        protocol = filesystem.protocol if isinstance(filesystem.protocol, tuple) else (filesystem.protocol,)
        self._is_s3 = "s3" in protocol

    def put(self, name: str, data: bytes, original: bool, replace: bool) -> None:
        """An object appears whole or not at all. ``replace``: what is there is damaged."""
        if not self._is_s3:
            self._fs.pipe_file(name, data)
            return
        more = self._lock() if original else {}
        if len(data) < 2 * PART:
            more["ChecksumAlgorithm"] = "SHA256"  # reckoned by the client, compared by the store
        try:
            self._fs.pipe_file(name, data, chunksize=PART, mode="overwrite" if replace else "create", **more)
        except FileExistsError:  # another process has put the same bytes meanwhile
            return
        except FileNotFoundError as error:
            bucket = self._place.split("/", 1)[0]
            raise ArchiveError(f"there is no bucket {bucket}", "make it, or correct FRESQUE_BLOBS") from error

    def remove(self, name: str) -> None:
        if not self._is_s3:
            self._fs.rm_file(name)
            return
        bucket, _, key = name.partition("/")
        bypass = {"BypassGovernanceRetention": True} if self._locks else {}
        for version in self._versions(bucket, key):
            self._fs.call_s3("delete_object", Bucket=bucket, Key=key, VersionId=version, **bypass)
        self._fs.invalidate_cache()

    def reachable(self) -> bool:
        """Whether the bucket answers: a prefix is there only once something lies in it."""
        self._fs.invalidate_cache()
        return bool(self._fs.exists(self._place.split("/", 1)[0]))

    def _versions(self, bucket: str, key: str) -> list[str]:
        """Of one object, the marks of its deletions too; "null" in a bucket that keeps none."""
        found: list[str] = []
        more: dict[str, str] = {}
        while True:
            page = self._fs.call_s3("list_object_versions", Bucket=bucket, Prefix=key, **more)
            entries = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
            found += [entry["VersionId"] for entry in entries if entry["Key"] == key]
            if not page.get("IsTruncated"):
                return found
            more = {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page["NextVersionIdMarker"]}

    def _lock(self) -> dict[str, Any]:
        days = _lock_days()
        if not days:
            return {}
        if not self._locks:
            raise ArchiveError(
                f"the bucket of {self._place} has no object lock", f"make one that has, or unset {LOCK_DAYS}"
            )
        until = datetime.now(UTC) + timedelta(days=days)
        return {"ObjectLockMode": "GOVERNANCE", "ObjectLockRetainUntilDate": until}

    @cached_property
    def _locks(self) -> bool:
        """Whether the bucket has object lock."""
        try:
            told = self._fs.call_s3("get_object_lock_configuration", Bucket=self._place.split("/", 1)[0])
        except OSError:  # the store knows no such thing, or the bucket has none
            return False
        return bool(told.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled") == "Enabled")


def _lock_days() -> int:
    text = os.environ.get(LOCK_DAYS, "")
    if text and not text.isdigit():
        raise UsageError(f"{LOCK_DAYS}={text!r} is no number of days", "correct it or unset it")
    return int(text or 0)


_PASSING = (errno.EBUSY, errno.EREMOTEIO)
"""What s3fs makes of answers that mean «later»."""


@contextmanager
def answering(place: str) -> Iterator[None]:
    """What a store's client raises, in words for a person. FileNotFoundError is left to the caller, and so is what a
    local disk says."""
    try:
        yield
    except (FileNotFoundError, FileExistsError):
        raise
    except Exception as error:
        cause = error.__cause__ or error
        if not isinstance(error, TimeoutError) and type(cause).__module__.split(".")[0] not in _NETWORK:
            raise
        answered = getattr(cause, "response", None) is not None
        if answered and not (isinstance(error, OSError) and error.errno in _PASSING):
            raise ArchiveError(f"the store refuses {place}: {error}", "check its keys and what they may do") from error
        hint = "check FRESQUE_BLOBS and the network; nothing is lost"
        raise ArchiveBusy(f"the store of {place} does not answer", hint) from error
