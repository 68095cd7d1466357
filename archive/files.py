"""A file taken in: its photos and its text in one commit, so that a batch that stops has a file whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from archive import audit, changes, jobs, materials, photos, tombstones
from archive import tables as t
from archive.columns import now
from archive.ids import new_id
from archive.model import Blob, ChangeKind, Material, Photo
from archive.records import Records, one


@dataclass(frozen=True)
class NewFile:
    """``pages`` become photos: (0,) for a picture, numbers from 1 for those of a document that hold no text; ``text``
    is what the file says itself."""

    blob: Blob
    file_name: str
    format: str = ""
    pages: Sequence[int] = (0,)
    text: str = ""
    uploader: str = ""
    taken_at: datetime | None = None


@dataclass(frozen=True)
class Kept:
    """Ids; ``added`` is False when these bytes were in the session already."""

    photos: tuple[str, ...]
    material: str | None
    added: bool


class FileRecords(Records):
    def add_file(self, session_id: str, file: NewFile) -> Kept:
        """Photos wait to be processed. Store the bytes first. Raises NotFound (session), Forgotten."""
        with self.database.write() as connection:
            one(connection, t.sessions, session_id)
            tombstones.check(connection, file.blob.sha256)
            known = _known(connection, session_id, file.blob.sha256)
            if known is not None:
                return known
            photos.keep_blob(connection, file.blob.sha256, file.blob.algorithm, file.blob.size)
            touched: list[changes.Touched] = []
            added = [_photo(connection, session_id, file, page, touched) for page in file.pages]
            material = _material(connection, session_id, file, touched) if file.text else None
            photos.forget_refusal(connection, session_id, file.file_name)
            changes.record(connection, touched)
        return Kept(tuple(added), material, True)

    def add_photo(
        self, session_id: str, blob: Blob, file_name: str, uploader: str = "", taken_at: datetime | None = None
    ) -> tuple[Photo, bool]:
        """The photo of these bytes in this session, and whether it is new. Raises NotFound (session), Forgotten."""
        kept = self.add_file(session_id, NewFile(blob, file_name, uploader=uploader, taken_at=taken_at))
        with self.database.read() as connection:
            return photos.photo_of(one(connection, t.photos, kept.photos[0])), kept.added

    def known_blobs(self, session_id: str) -> dict[str, str]:
        """Digest → id of a photo or a material, of all that a session holds. Raises NotFound."""
        with self.database.read() as connection:
            one(connection, t.sessions, session_id)
            found: dict[str, str] = {}
            for table in (t.materials, t.photos):
                query = sa.select(table.c.blob, table.c.id).where(table.c.session_id == session_id)
                rows: Any = connection.execute(query.where(table.c.blob.is_not(None)))
                found |= {row.blob: row.id for row in rows}
        return found


def _known(connection: sa.Connection, session_id: str, digest: str) -> Kept | None:
    def ids(table: sa.Table) -> list[str]:
        query = sa.select(table.c.id).where(table.c.session_id == session_id, table.c.blob == digest)
        return list(connection.execute(query.order_by(table.c.id)).scalars())

    photo_ids, material_ids = ids(t.photos), ids(t.materials)
    if not photo_ids and not material_ids:
        return None
    return Kept(tuple(photo_ids), material_ids[0] if material_ids else None, False)


def _photo(connection: sa.Connection, session_id: str, file: NewFile, page: int, touched: list[changes.Touched]) -> str:
    photo = Photo(
        new_id(),
        session_id,
        file.blob.sha256,
        file.file_name,
        uploader=file.uploader,
        taken_at=file.taken_at,
        added_at=now(),
        page=page,
        format=file.format,
    )
    connection.execute(sa.insert(t.photos).values(**photos.new_values(photo)))
    jobs.enqueue(connection, [photo.id])
    audit.log(connection, audit.Act("add", "photo", photo.id, file.uploader))
    touched.append(changes.Touched(ChangeKind.PHOTO, photo.id, 1))
    return photo.id


def _material(connection: sa.Connection, session_id: str, file: NewFile, touched: list[changes.Touched]) -> str:
    title = file.file_name.rsplit(".", 1)[0]
    material = Material(
        new_id(), session_id, file.text, title, blob=file.blob.sha256, file_name=file.file_name, format=file.format
    )
    touched += [touch for touch in [materials.put(connection, material)] if touch is not None]
    audit.log(connection, audit.Act("add", "material", material.id, file.uploader))
    return material.id
