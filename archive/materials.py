"""What a session left that is not a photo."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from archive import changes, photos
from archive.columns import now, storable
from archive.model import ChangeKind, Material, Phase
from archive.records import Records, one
from archive.tables import materials, sessions


class MaterialRecords(Records):
    def put_material(self, material: Material) -> bool:
        """Add it, or replace the one of that id; False when it was there as it is. Raises NotFound (session)."""
        return self.put_materials([material]) == 1

    def put_materials(self, several: Iterable[Material]) -> int:
        """Many in one commit; how many were new or different."""
        with self.database.write() as connection:
            touched = [t for material in several if (t := put(connection, material)) is not None]
            changes.record(connection, touched)
        return len(touched)

    def material(self, material_id: str) -> Material:
        """Raises NotFound."""
        with self.database.read() as connection:
            return _material(one(connection, materials, material_id))

    def materials(self, session_id: str | None = None) -> list[Material]:
        """In the order in which they were added."""
        here = materials.c.trashed_at.is_(None)
        query = sa.select(materials).where(here).order_by(materials.c.added_at, materials.c.id)
        if session_id is not None:
            query = query.where(materials.c.session_id == session_id)
        with self.database.read() as connection:
            return [_material(row) for row in connection.execute(query)]


def put(connection: sa.Connection, material: Material) -> changes.Touched | None:
    if material.session_id is not None:
        one(connection, sessions, material.session_id)
    here = materials.c.id == material.id
    row = connection.execute(sa.select(materials).where(here)).one_or_none()
    values = {
        "session_id": material.session_id,
        "title": storable(material.title),
        "text": storable(material.text),
        "phase": material.phase.value if material.phase else None,
        "blob": material.blob,
        "file_name": storable(material.file_name),
        "format": material.format,
    }
    if material.blob is not None:
        photos.keep_blob(connection, material.blob)
    if row is None:
        first = {"id": material.id, "revision": 1, "added_at": now()}
        connection.execute(sa.insert(materials).values(**first, **values))
        return changes.Touched(ChangeKind.MATERIAL, material.id, 1)
    if all(getattr(row, name) == value for name, value in values.items()):
        return None
    connection.execute(sa.update(materials).where(here).values(revision=row.revision + 1, **values))
    return changes.Touched(ChangeKind.MATERIAL, material.id, row.revision + 1)


def _material(row: sa.Row[Any]) -> Material:
    return Material(
        id=row.id,
        session_id=row.session_id,
        text=row.text,
        title=row.title,
        phase=Phase(row.phase) if row.phase else None,
        blob=row.blob,
        file_name=row.file_name,
        format=row.format,
    )
