"""All originals of a session as one zip, without the place of shooting; written to a file as it comes."""

from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path, PurePath
from typing import BinaryIO

from archive import audit
from archive.place import without_place
from archive.store import Archive


def write_zip(archive: Archive, session_id: str, target: BinaryIO | Path, actor: str = "") -> int:
    """Photos and the files of texts under the names they came with; of a document once. How many files.

    Raises NotFound, DamagedBlob.
    """
    archive.catalog.session(session_id)
    files = [(photo.blob, photo.file_name) for photo in archive.catalog.photos(session_id=session_id)]
    files += [(m.blob, m.file_name) for m in archive.catalog.materials(session_id) if m.blob]
    names: Counter[str] = Counter()
    written: set[str] = set()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as made:  # photos do not shrink
        for digest, name in files:
            if digest not in written:
                written.add(digest)
                made.writestr(_unique(name, names), without_place(archive.blobs.get(digest)))
    with archive.catalog.database.write() as connection:
        audit.log(connection, audit.Act("export", "session", session_id, actor, {"files": len(written)}))
    return len(written)


def _unique(name: str, taken: Counter[str]) -> str:
    plain = PurePath(name.replace("\\", "/")).name or "photo"
    taken[plain] += 1
    if taken[plain] == 1:
        return plain
    return f"{PurePath(plain).stem}-{taken[plain]}{PurePath(plain).suffix}"
