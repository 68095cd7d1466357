"""Photos: a blob in a session. The same bytes in two sessions are two photos, twice in one session they are one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from archive import audit, changes, jobs
from archive.columns import now
from archive.errors import UsageError
from archive.jobs import Lease
from archive.model import ChangeKind, Content, Photo, PhotoState
from archive.records import Records, one
from archive.tables import blobs, photos, refusals, sessions


class PhotoRecords(Records):
    def photo(self, photo_id: str) -> Photo:
        """Raises NotFound."""
        with self.database.read() as connection:
            return photo_of(one(connection, photos, photo_id))

    def photos(
        self, session_id: str | None = None, state: PhotoState | None = None, trashed: bool = False
    ) -> list[Photo]:
        """In the order in which they were added; those in the trash only where they are asked for."""
        query = sa.select(photos).order_by(photos.c.added_at, photos.c.id)
        if not trashed:
            query = query.where(photos.c.trashed_at.is_(None))
        if session_id is not None:
            query = query.where(photos.c.session_id == session_id)
        if state is not None:
            query = query.where(photos.c.state == state.value)
        with self.database.read() as connection:
            return [photo_of(row) for row in connection.execute(query)]

    def shift_clocks(self, photo_ids: Sequence[str], seconds: int, author: str = "") -> None:
        """Say how far a camera's clock was off: ``seconds`` to add, instead of what was said before.

        Raises NotFound.
        """
        with self.database.write() as connection:
            touched = []
            for photo_id in photo_ids:
                one(connection, photos, photo_id)
                touched.append(touch(connection, photo_id, clock_shift=seconds))
                audit.log(connection, audit.Act("shift clock", "photo", photo_id, author, {"seconds": seconds}))
            changes.record(connection, touched)

    def fail_photo(self, photo_id: str, reason: str, lease: Lease | None = None) -> None:
        """A failed record with its reason; it is not tried again by itself. Raises NotFound, LeaseLost."""
        with self.database.write() as connection:
            one(connection, photos, photo_id)
            if lease is not None:
                jobs.check(connection, lease)
            jobs.fail(connection, photo_id, reason)

    def refuse(self, session_id: str, file_name: str, reason: str) -> None:
        """Record a file that could not be taken in. Taking it in later under the same name clears the record."""
        key = {"session_id": session_id, "file_name": file_name}
        with self.database.write() as connection:
            one(connection, sessions, session_id)
            connection.execute(sa.delete(refusals).filter_by(**key))
            connection.execute(sa.insert(refusals).values(**key, reason=reason, refused_at=now()))

    def refused(self, session_id: str | None = None) -> list[tuple[str, str, str]]:
        """Session id, file name and reason of each file that could not be taken in, the oldest first."""
        query = sa.select(refusals).order_by(refusals.c.refused_at, refusals.c.file_name)
        if session_id is not None:
            query = query.where(refusals.c.session_id == session_id)
        with self.database.read() as connection:
            return [(row.session_id, row.file_name, row.reason) for row in connection.execute(query)]


# --- inside a transaction ------------------------------------------------------------------------------------


def keep_blob(connection: sa.Connection, digest: str, algorithm: str = "sha256", size: int | None = None) -> None:
    """Note that these bytes are kept; their size once it is known."""
    here = blobs.c.digest == digest
    row = connection.execute(sa.select(blobs).where(here)).one_or_none()
    if row is None:
        connection.execute(sa.insert(blobs).values(digest=digest, algorithm=algorithm, size=size, added_at=now()))
    elif row.size is None and size is not None:
        connection.execute(sa.update(blobs).where(here).values(size=size))


def forget_refusal(connection: sa.Connection, session_id: str, file_name: str) -> None:
    """A file that is taken in now is no longer one that could not be."""
    refused = (refusals.c.session_id == session_id) & (refusals.c.file_name == file_name)
    connection.execute(sa.delete(refusals).where(refused))


def touch(connection: sa.Connection, photo_id: str, **values: Any) -> changes.Touched:
    """Change columns of a photo; the change to record."""
    here = photos.c.id == photo_id
    connection.execute(sa.update(photos).where(here).values(revision=photos.c.revision + 1, **values))
    revision = connection.execute(sa.select(photos.c.revision).where(here)).scalar_one()
    return changes.Touched(ChangeKind.PHOTO, photo_id, revision)


def move(connection: sa.Connection, photo_id: str, session_id: str) -> changes.Touched:
    """Raises NotFound, and UsageError when the other session has the same bytes already."""
    one(connection, sessions, session_id)
    row = one(connection, photos, photo_id)
    twin = sa.select(photos.c.id).where(
        photos.c.session_id == session_id, photos.c.blob == row.blob, photos.c.id != photo_id
    )
    other = connection.execute(twin).scalar()
    if other is not None:
        raise UsageError(
            f"session '{session_id}' has the same picture as photo {photo_id} already: {other}", "leave it where it is"
        )
    return touch(connection, photo_id, session_id=session_id)


def photo_of(row: sa.Row[Any]) -> Photo:
    return Photo(
        id=row.id,
        session_id=row.session_id,
        blob=row.blob,
        file_name=row.file_name,
        state=PhotoState(row.state),
        uploader=row.uploader,
        taken_at=row.taken_at,
        added_at=row.added_at,
        content=Content(row.content),
        width=row.width,
        height=row.height,
        warnings=tuple(row.warnings),
        error=row.error,
        page=row.page,
        format=row.format,
        fingerprint=row.fingerprint,
        trashed=row.trashed_at is not None,
        clock_shift=row.clock_shift,
        utc_offset=row.utc_offset,
    )


def new_values(photo: Photo) -> dict[str, Any]:
    ahead = photo.taken_at.utcoffset() if photo.taken_at else None
    return {
        "id": photo.id,
        "session_id": photo.session_id,
        "taken_into": photo.session_id,
        "blob": photo.blob,
        "file_name": photo.file_name,
        "uploader": photo.uploader,
        "taken_at": photo.taken_at,
        "added_at": photo.added_at,
        "state": photo.state.value,
        "content": photo.content.value,
        "content_read": photo.content.value,
        "warnings": list(photo.warnings),
        "page": photo.page,
        "format": photo.format,
        "clock_shift": photo.clock_shift,
        "utc_offset": int(ahead.total_seconds()) if ahead else 0,
        "revision": 1,
    }
