"""A person's name taken out of an archive's records; and where it stands in which photo, for its pixels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from archive import audit, boards, changes, documents, doomed, jobs, naming, photos, rows, tombstones, trained, walls
from archive import tables as t
from archive.model import Blob, ChangeKind, Polygon
from archive.naming import Name
from archive.records import Records


@dataclass(frozen=True)
class Places:
    """Where a name stands. ``polygons``: photo id → parts of the photo, in photo pixels. ``texts``: ids of materials.
    ``records``: tables that hold it besides, with how many rows."""

    polygons: Mapping[str, tuple[Polygon, ...]]
    texts: tuple[str, ...]
    records: Mapping[str, int]

    @property
    def nothing(self) -> bool:
        return not (self.polygons or self.texts or self.records)


class PersonRecords(Records):
    def find_person(self, name: Name) -> Places:
        """In every reading that is kept, in the readings that lost, in corrections, texts and descriptions."""
        found: dict[str, list[Polygon]] = defaultdict(list)
        with self.database.read() as connection:
            for photo_id, readings, polygon in _lines(connection):
                text = name.fullest(readings)
                found[photo_id] += [naming.part(polygon, text, span) for span in name.spans(text)]
            texts = [row.id for row in connection.execute(sa.select(t.materials)) if _in(name, row)]
            records = {
                table.name: count
                for table, columns in _written().items()
                if (count := sum(_in(name, row, columns) for row in connection.execute(sa.select(table))))
            }
        return Places({k: tuple(v) for k, v in found.items() if v}, tuple(texts), records)

    def forget_person(self, name: Name, painted: Mapping[str, Blob], reason: str, author: str = "") -> list[str]:
        """Take a name out of every record, in one commit. ``painted``: photo id → the bytes, stored already, that
        replace the photo's. Earlier readings of these photos and their images are let go, and they wait to be read
        again. The digests of the bytes that nothing names any more, for ``prune.finish``.
        """
        with self.database.write() as connection:
            before = set(connection.execute(sa.select(t.blobs.c.digest)).scalars())
            apart = walls.take_down_all(connection, list(painted))
            touched = [_repaint(connection, photo_id, blob) for photo_id, blob in painted.items()]
            _let_go_earlier(connection, list(painted))
            for table, columns in _written().items():
                _clean(connection, table, columns, name)
            touched += _clean_materials(connection, name)
            seen = sorted({i for p in painted for i in boards.ids(connection, None, p, include_retired=True)})
            touched += boards.refresh(connection, sorted({*seen, *apart}))[1]
            jobs.enqueue(connection, list(painted))
            trained.let_go(connection, seen)
            doomed.doom_unused(connection)
            gone = sorted(before - set(connection.execute(sa.select(t.blobs.c.digest)).scalars()))
            tombstones.set_up(connection, "blob", gone, reason)
            detail = {"reason": reason, "photos": list(painted)}
            audit.log(connection, audit.Act("forget", "person", "", author, detail))
            changes.record(connection, touched)
        return gone


def _lines(connection: sa.Connection) -> list[tuple[str, tuple[str, ...], Polygon]]:
    """Photo, readings (the one that won first) and place of each line of every result, and of each correction of
    text."""
    seen = (t.views.c.board_id == t.results.c.board_id) & (t.views.c.number == t.results.c.number)
    query = sa.select(t.views.c.photo_id, t.results.c.regions).join(t.results, seen)
    found = []
    for row in connection.execute(query):
        for region in documents.regions(row.regions):
            for line in region.lines:
                found.append((row.photo_id, (line.text, *(o.text for o in line.others)), line.polygon))
    for row in connection.execute(sa.select(t.corrections)):
        if isinstance(row.value, str):
            found.append((row.photo_id, (row.value,), documents.polygon(row.anchor)))
    return found


def _written() -> Mapping[sa.Table, Sequence[str]]:
    """Tables and their columns in which people or readers have written; photos, blobs and the log hold none, and the
    log is never changed: it holds no text."""
    rows.know_all()
    named = {
        "results": ("regions", "phase"),
        "corrections": ("value",),
        "boards": ("caption", "author", "credit", "permitted_uses"),
        "photos": ("file_name", "uploader", "error", "warnings"),
        "sessions": ("title", "requesters", "partners", "people"),
        "refusals": ("file_name", "reason"),
        "comments": ("text", "author"),
        "settled": ("phase", "decided"),
        "themes": ("name", "words"),
        "saved_searches": ("title", "query"),
    }
    return {t.metadata.tables[table]: columns for table, columns in named.items() if table in t.metadata.tables}


def _in(name: Name, row: sa.Row[Any], columns: Sequence[str] = ("text", "title", "file_name")) -> bool:
    values = row._mapping
    return any(name.clean(values[column]) != values[column] for column in columns)


def _clean(connection: sa.Connection, table: sa.Table, columns: Sequence[str], name: Name) -> None:
    keys = list(table.primary_key.columns)
    for row in connection.execute(sa.select(table)).all():
        values = row._mapping
        clean = {c: name.clean(values[c]) for c in columns if name.clean(values[c]) != values[c]}
        if clean:
            if "revision" in table.c:
                clean["revision"] = values["revision"] + 1
            here = sa.and_(*(key == values[key.name] for key in keys))
            connection.execute(sa.update(table).where(here).values(**clean))


def _clean_materials(connection: sa.Connection, name: Name) -> list[changes.Touched]:
    """The file that a text was read from holds the name as well: it goes."""
    touched = []
    for row in connection.execute(sa.select(t.materials)).all():
        if not _in(name, row):
            continue
        values = {column: name.without(getattr(row, column)) for column in ("text", "title", "file_name")}
        here = t.materials.c.id == row.id
        connection.execute(sa.update(t.materials).where(here).values(**values, blob=None, revision=row.revision + 1))
        touched.append(changes.Touched(ChangeKind.MATERIAL, row.id, row.revision + 1))
    return touched


def _repaint(connection: sa.Connection, photo_id: str, blob: Blob) -> changes.Touched:
    photos.keep_blob(connection, blob.sha256, blob.algorithm, blob.size)
    return photos.touch(connection, photo_id, blob=blob.sha256, page=0, format="JPEG", fingerprint=None)


def _let_go_earlier(connection: sa.Connection, photo_ids: Sequence[str]) -> None:
    """Results that are not current, and every image, of the boards of some photos."""
    for photo_id in photo_ids:
        photo = connection.execute(sa.select(t.photos).where(t.photos.c.id == photo_id)).one()
        old = (t.readings.c.photo_id == photo_id) & (t.readings.c.number != photo.reading)
        connection.execute(sa.delete(t.readings).where(old))
        for board_id in boards.ids(connection, None, photo_id, include_retired=True):
            current = connection.execute(sa.select(t.boards.c.current).where(t.boards.c.id == board_id)).scalar_one()
            connection.execute(sa.delete(t.renditions).where(t.renditions.c.board_id == board_id))
            for table in (t.views, t.results):
                gone = (table.c.board_id == board_id) & (table.c.number != current)
                connection.execute(sa.delete(table).where(gone))
