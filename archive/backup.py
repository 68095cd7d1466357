"""Backup: a bag of the whole archive or of one session. Each is complete; what an earlier one beside it holds already
is shared by hard links, so that the next costs only what is new."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from archive import audit, durable, readable, rows, schema, signature
from archive import tables as t
from archive.bag import BagWriter, info, manifest
from archive.columns import now
from archive.errors import ArchiveError, DamagedBag
from archive.ids import new_id
from archive.store import IDENTITY, Archive

HALF = ".half"
TOMBSTONES = "tombstones.jsonl"
"""Beside the bags: what must not come back from any of them, however old."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Backup:
    """``copied`` files were new, ``shared`` lie in an earlier bag too."""

    bag: Path
    files: int
    copied: int
    shared: int


def backup(
    archive: Archive,
    folder: Path,
    session_id: str | None = None,
    progress: Progress = lambda done, total: None,
    key: Path | None = None,
) -> Backup:
    """A new bag in ``folder``, which is made when it is not there; whole when it has its name, else not there.
    ``key``: the file of the secret key that signs it.

    Raises NotFound (session), DamagedBlob, ArchiveError.
    """
    if session_id is not None:
        archive.catalog.session(session_id)
    identity = new_id()
    try:
        durable.make_folder(folder)
        _sweep(folder)
        half = folder / f"{HALF}-{identity}"
        made = _write(archive, half, folder, session_id, progress)
        if key is not None:
            told = f"archive {archive.id}, {datetime.now(UTC):%Y-%m-%d}"
            signed = signature.sign(half, signature.secret_key(key), told)
            durable.write(half / signature.FILE, signed, folder / durable.TEMPORARY)
        stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%S")
        bag = folder / f"{stamp}-{session_slug(session_id)}{identity[-6:]}"
        half.rename(bag)
        durable.flush_folder(folder)
    except OSError as error:
        raise ArchiveError(f"{folder}: {error.strerror or error}", "make room there, or give another place") from error
    with archive.catalog.database.write() as connection:
        row = {"id": identity, "path": str(bag.absolute()), "session_id": session_id, "made_at": now()}
        connection.execute(sa.insert(t.backups).values(**row))
        audit.log(connection, audit.Act("backup", "archive", session_id or archive.id, detail={"bag": str(bag)}))
    write_tombstones(archive, folder)
    return Backup(bag, *made)


def bags(folder: Path) -> list[Path]:
    """The bags in a folder, the oldest first."""
    found = (entry for entry in folder.iterdir() if entry.is_dir() and (entry / "bagit.txt").is_file())
    return sorted(entry for entry in found if not entry.name.startswith(HALF))


def write_tombstones(archive: Archive, folder: Path) -> None:
    """Beside the bags, what was destroyed since they were made."""
    with archive.catalog.database.read() as connection:
        lines = rows.as_lines(dict(row._mapping) for row in connection.execute(sa.select(t.tombstones)))
    if lines or (folder / TOMBSTONES).exists():
        old = (folder / TOMBSTONES).read_bytes() if (folder / TOMBSTONES).exists() else b""
        merged = dict.fromkeys(old.splitlines() + lines.splitlines())
        durable.write(folder / TOMBSTONES, b"".join(line + b"\n" for line in merged), folder / durable.TEMPORARY)


def _write(
    archive: Archive, half: Path, folder: Path, session_id: str | None, progress: Progress
) -> tuple[int, int, int]:
    writer = BagWriter(half)
    earlier = _earlier(folder)
    with archive.catalog.database.read() as connection:  # one moment, however long it takes
        digests = []
        for name, found in rows.dump(connection, session_id):
            kept = list(found)
            writer.add(f"records/{name}.jsonl", rows.as_lines(kept))
            if name == "blobs":
                digests = [str(row["digest"]) for row in kept]
    for name, described in readable.sessions(archive.catalog, session_id):
        text = json.dumps(described, ensure_ascii=False, indent=1)
        writer.add(f"sessions/{name}.json", text.encode())
    writer.add(IDENTITY, (archive.path / IDENTITY).read_bytes())
    shared = 0
    for number, digest in enumerate(digests, start=1):
        name = blob_name(digest)
        source = earlier.get(digest)
        if source is not None and writer.link(name, source, digest):
            shared += 1
        else:
            writer.add(name, archive.blobs.get(digest))
        progress(number, len(digests))
    writer.finish(_info(archive, session_id))
    return len(digests), len(digests) - shared, shared


def blob_name(digest: str) -> str:
    return f"blobs/{digest[:2]}/{digest[2:4]}/{digest}"


def session_slug(session_id: str | None) -> str:
    return "" if session_id is None else re.sub(r"[^A-Za-z0-9._-]+", "_", session_id)[:60] + "-"


def _info(archive: Archive, session_id: str | None) -> Mapping[str, str]:
    found = {
        "Source-Organization": "Fresque",
        "External-Identifier": archive.id,
        "Fresque-Schema": schema.HEAD,
        "External-Description": f"session {session_id}" if session_id else "the whole archive",
    }
    return found | ({"Fresque-Session": session_id} if session_id else {})


def _earlier(folder: Path) -> dict[str, Path]:
    """Digest → file of the latest bag that holds it. A bag that is damaged shares nothing."""
    found: dict[str, Path] = {}
    for bag in bags(folder):
        try:
            names: dict[str, Any] = manifest(bag)
            info(bag)
        except DamagedBag:
            continue
        for name, digest in names.items():
            file = bag / "data" / name
            if name.startswith("blobs/"):
                found[digest] = file
    return found


def _sweep(folder: Path) -> None:
    """What a backup that was killed left behind."""
    for entry in folder.glob(f"{HALF}-*"):
        shutil.rmtree(entry, ignore_errors=True)
