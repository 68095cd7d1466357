"""Photos, materials and sessions destroyed: records, earlier results, corrections and bytes, with tombstones that stop
them from coming back. What an audit needs, that and when and by whom, stays."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from archive import audit, changes, copies, doomed, prune, rows, sqlite, tombstones, trained, walls
from archive import boards as board_records
from archive import tables as t
from archive.bag import manifest
from archive.errors import FresqueError
from archive.model import ChangeKind
from archive.records import chunks, one
from archive.remains import Remains, remains
from archive.store import CATALOG, Archive

MADE_OF_IT = (copies.CACHE, "models")
"""Folders of an archive that hold what was computed from its records."""


@dataclass(frozen=True)
class Forgotten:
    """What went. ``digests`` are those of the bytes; ``remains`` says where copies still lie."""

    photos: tuple[str, ...]
    boards: tuple[str, ...]
    materials: tuple[str, ...]
    digests: tuple[str, ...]
    remains: Remains


def forget_photos(archive: Archive, photo_ids: Sequence[str], reason: str, author: str = "") -> Forgotten:
    """Raises NotFound."""
    with archive.catalog.database.write() as connection:
        for photo_id in photo_ids:
            one(connection, t.photos, photo_id)
            audit.log(connection, audit.Act("forget", "photo", photo_id, author, {"reason": reason}))
        gone = _destroy(connection, photo_ids, [], reason)
    return _finished(archive, gone)


def forget_materials(archive: Archive, material_ids: Sequence[str], reason: str, author: str = "") -> Forgotten:
    """Raises NotFound."""
    with archive.catalog.database.write() as connection:
        for material_id in material_ids:
            one(connection, t.materials, material_id)
            audit.log(connection, audit.Act("forget", "material", material_id, author, {"reason": reason}))
        gone = _destroy(connection, [], material_ids, reason)
    return _finished(archive, gone)


def forget_session(archive: Archive, session_id: str, reason: str, author: str = "") -> Forgotten:
    """With everything that is in it or was taken into it. Raises NotFound."""
    with archive.catalog.database.write() as connection:
        one(connection, t.sessions, session_id)
        here = (t.photos.c.session_id == session_id) | (t.photos.c.taken_into == session_id)
        photos = list(connection.execute(sa.select(t.photos.c.id).where(here)).scalars())
        mine = sa.select(t.materials.c.id).where(t.materials.c.session_id == session_id)
        materials = list(connection.execute(mine).scalars())
        gone = _destroy(connection, photos, materials, reason)
        for table in reversed(rows.tables()):
            if "session_id" in table.c and table.name not in ("photos", "materials", "boards", "backups"):
                connection.execute(sa.delete(table).where(table.c.session_id == session_id))
        session = one(connection, t.sessions, session_id)
        connection.execute(sa.delete(t.sessions).where(t.sessions.c.id == session_id))
        changes.record(connection, [changes.Touched(ChangeKind.SESSION, session_id, session.revision + 1, True)])
        tombstones.set_up(connection, "session", [session_id], reason)
        audit.log(connection, audit.Act("forget", "session", session_id, author, {"reason": reason}))
    return _finished(archive, gone)


def bury(archive: Archive, wanted: Mapping[str, Iterable[str]]) -> None:
    """Destroy what tombstones (kind → digests or ids) speak of, if it is here: after a restore from an old backup."""
    digests, photos = set(wanted.get("blob", ())), set(wanted.get("photo", ()))
    materials, sessions = set(wanted.get("material", ())), set(wanted.get("session", ()))
    with archive.catalog.database.read() as connection:
        for row in connection.execute(sa.select(t.photos.c.id, t.photos.c.blob)):
            if row.blob in digests:
                photos.add(row.id)
        for row in connection.execute(sa.select(t.materials.c.id, t.materials.c.blob)):
            if row.blob in digests:
                materials.add(row.id)
        there = {
            table.name: set(connection.execute(sa.select(table.c.id)).scalars())
            for table in (t.photos, t.materials, t.sessions)
        }
    for session_id in sorted(sessions & there["sessions"]):
        forget_session(archive, session_id, "destroyed before")
    photos, materials = photos & there["photos"], materials & there["materials"]
    with archive.catalog.database.write() as connection:
        gone = _destroy(connection, sorted(photos), sorted(materials), "destroyed before")
        for kind, keys in wanted.items():
            tombstones.set_up(connection, kind, keys, "destroyed before")
    _finished(archive, gone)


def scrub(archive: Archive) -> list[str]:
    """Take what was deleted out of the catalogue's file itself; and what was made of it, which can be made again or
    was kept by migrations: copies of the catalogue, caches, trained models. The names of what went."""
    gone = sorted(archive.path.glob(f"{CATALOG.removesuffix('.sqlite')}.before-*"))
    for copy in gone:
        copy.unlink()
    for made in (archive.path / name for name in MADE_OF_IT):
        if made.is_dir():
            shutil.rmtree(made)
            gone.append(made)
    database = archive.catalog.database
    if database.engine.dialect.name == "sqlite":
        sqlite.scrub(database.engine)
    return [each.name for each in gone]


@dataclass(frozen=True)
class _Gone:
    photos: tuple[str, ...]
    boards: tuple[str, ...]
    materials: tuple[str, ...]
    digests: tuple[str, ...]


def _destroy(connection: sa.Connection, photo_ids: Sequence[str], material_ids: Sequence[str], reason: str) -> _Gone:
    photos, materials = list(dict.fromkeys(photo_ids)), list(dict.fromkeys(material_ids))
    boards = _boards_of(connection, photos)
    touched = [
        *_touched(connection, t.boards, ChangeKind.BOARD, boards),
        *_touched(connection, t.photos, ChangeKind.PHOTO, photos),
        *_touched(connection, t.materials, ChangeKind.MATERIAL, materials),
    ]
    before = set(connection.execute(sa.select(t.blobs.c.digest)).scalars())
    apart = walls.take_down_all(connection, photos) - set(boards)  # a joined picture shows what goes
    for some in chunks(boards):
        heirs = t.boards.c.replaced_by.in_(some)
        connection.execute(sa.update(t.boards).where(heirs).values(replaced_by=None))
    for column, ids in (("board_id", boards), ("photo_id", photos), ("material_id", materials)):
        _delete_all(connection, column, ids)
    for table, ids in ((t.boards, boards), (t.photos, photos), (t.materials, materials)):
        for some in chunks(ids):
            connection.execute(sa.delete(table).where(table.c.id.in_(some)))
    trained.let_go(connection, boards)
    doomed.doom_unused(connection)
    digests = sorted(before - set(connection.execute(sa.select(t.blobs.c.digest)).scalars()))
    for kind, keys in (("photo", photos), ("board", boards), ("material", materials), ("blob", digests)):
        tombstones.set_up(connection, kind, keys, reason)
    touched += board_records.refresh(connection, sorted(apart))[1]
    changes.record(connection, touched)
    return _Gone(tuple(photos), tuple(boards), tuple(materials), tuple(digests))


def _boards_of(connection: sa.Connection, photos: Sequence[str]) -> list[str]:
    """Boards that were never seen in any other photo."""
    seen: set[str] = set()
    for some in chunks(list(photos)):
        seen |= set(connection.execute(sa.select(t.views.c.board_id).where(t.views.c.photo_id.in_(some))).scalars())
    elsewhere: set[str] = set()
    for some in chunks(sorted(seen)):
        other = t.views.c.board_id.in_(some) & t.views.c.photo_id.not_in(photos)
        elsewhere |= set(connection.execute(sa.select(t.views.c.board_id).where(other)).scalars())
    return sorted(seen - elsewhere)


def _delete_all(connection: sa.Connection, column: str, ids: Sequence[str]) -> None:
    """From every table that names them, whichever room it belongs to."""
    for table in reversed(rows.tables()):
        if column in table.c:
            for some in chunks(list(ids)):
                connection.execute(sa.delete(table).where(table.c[column].in_(some)))


def _touched(connection: sa.Connection, table: sa.Table, kind: ChangeKind, ids: Sequence[str]) -> list[changes.Touched]:
    found = []
    for some in chunks(list(ids)):
        query = sa.select(table.c.id, table.c.revision).where(table.c.id.in_(some))
        found += [changes.Touched(kind, row.id, row.revision + 1, True) for row in connection.execute(query)]
    return found


def _finished(archive: Archive, gone: _Gone) -> Forgotten:
    prune.finish(archive)
    copies.sweep(archive.catalog.database, archive.path)
    left = remains(archive, gone.digests)
    tell_backups(archive, left)
    return Forgotten(gone.photos, gone.boards, gone.materials, gone.digests, left)


def tell_backups(archive: Archive, left: Remains) -> None:
    """Tombstones beside every bag that can be reached: a restore from it respects them."""
    from archive.backup import write_tombstones

    for folder in {bag.parent for bag in left.looked_into}:
        try:
            manifest(next(bag for bag in left.looked_into if bag.parent == folder))
            write_tombstones(archive, folder)
        except (OSError, FresqueError):  # a backup that may not be written stays as it is; ``left`` names it
            continue
