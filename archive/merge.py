"""A bag of another lab, or of a laptop that was on the road, merged into this archive.

Identities are random and never collide, so that what is here already is known by its id; nothing here is replaced.
Corrections of both sides are kept and find their place. What was destroyed here does not come back.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from archive import audit, bag, boards, changes, corrected, matching, readings, signers, tombstones
from archive import tables as t
from archive.backup import blob_name
from archive.columns import now
from archive.database import Database
from archive.errors import DamagedBag
from archive.jobs import JobState
from archive.joined import JOINED
from archive.model import ChangeKind, CorrectionField
from archive.restore import restore_records
from archive.store import Archive

Row = dict[str, Any]


@dataclass
class Merged:
    """How many of each came in. ``renamed``: sessions whose id was another session's here, with their new id.
    ``refused``: photos that were destroyed here."""

    sessions: int = 0
    photos: int = 0
    boards: int = 0
    corrections: int = 0
    materials: int = 0
    refused: int = 0
    renamed: dict[str, str] = field(default_factory=dict)


def merge(archive: Archive, place: Path, author: str = "", unsigned: bool = False) -> Merged:
    """Take in what a bag holds and this archive lacks. An archive that knows signers takes in what they have signed
    only, unless ``unsigned``. Raises DamagedBag, ArchiveTooNew, Untrusted."""
    bag.validate(place)
    origin = bag.info(place).get("External-Identifier", "?")
    with tempfile.TemporaryDirectory(prefix="fresque-merge-") as scratch:
        theirs = restore_records(place, Path(scratch))
        try:
            lab = "" if unsigned else signers.admit(archive.catalog.signers(), place, theirs)
            _store_bytes(archive, place, theirs)
            with theirs.read() as source, archive.catalog.database.write() as target:
                found = _Merge(source, target, origin).run()
                detail = {"bag": str(place), "from": origin, "signed_by": lab, "photos": found.photos}
                audit.log(target, audit.Act("merge", "archive", archive.id, author, detail))
        finally:
            theirs.close()
    return found


def _store_bytes(archive: Archive, place: Path, theirs: Database) -> None:
    """Bytes first, as always; without those that were destroyed here."""
    with archive.catalog.database.read() as connection:
        buried = tombstones.known(connection)
    with theirs.read() as connection:
        digests = list(connection.execute(sa.select(t.blobs.c.digest)).scalars())
    for digest in digests:
        if digest not in buried:
            data = (place / "data" / blob_name(digest)).read_bytes()
            if archive.blobs.put(data).sha256 != digest:
                raise DamagedBag(f"{blob_name(digest)} holds other bytes than its name says")


class _Merge:
    """One merge: rows of ``source`` that ``target`` lacks, with the ids that had to change."""

    def __init__(self, source: sa.Connection, target: sa.Connection, origin: str) -> None:
        self._source = source
        self._target = target
        self._origin = origin
        self._buried = tombstones.known(target)
        self._sessions: dict[str, str] = {}
        self._photos: dict[str, str] = {}
        self._boards: dict[str, str] = {}  # of a photo that both took in: theirs → ours
        self._new_photos: set[str] = set()
        self._new_boards: set[str] = set()
        self._touched: list[changes.Touched] = []
        self._found = Merged()

    def run(self) -> Merged:
        for name in ("projects", "themes"):
            table = t.metadata.tables[name]
            self._add(table, [row for row in self._rows(table) if row["id"] not in self._ids(table)])
        self._merge_sessions()
        self._add_recipes()
        self._merge_photos()
        self._merge_boards()
        self._merge_materials()
        self._merge_corrections()
        self._merge_said()
        self._settle_down()
        return self._found

    # --- rows ---

    def _rows(self, table: sa.Table) -> Iterator[Row]:
        for row in self._source.execute(sa.select(table).order_by(*table.primary_key.columns)):
            yield dict(row._mapping)

    def _ids(self, table: sa.Table) -> set[str]:
        return set(self._target.execute(sa.select(table.c.id)).scalars())

    def _add(self, table: sa.Table, rows: Sequence[Row]) -> None:
        if rows:
            self._target.execute(sa.insert(table), list(rows))

    # --- the nouns ---

    def _merge_sessions(self) -> None:
        """The same id is the same session when it was added at the same moment; else the other lab's is renamed."""
        ours = {row.id: row.added_at for row in self._target.execute(sa.select(t.sessions.c.id, t.sessions.c.added_at))}
        for row in self._rows(t.sessions):
            key = row["id"]
            if key in self._buried:
                continue
            if key in ours and ours[key] != row["added_at"]:
                key = self._other_id(key, row["added_at"], ours)
                self._found.renamed[row["id"]] = key
            self._sessions[row["id"]] = key
            if key not in ours:
                self._add(t.sessions, [row | {"id": key}])
                self._touched.append(changes.Touched(ChangeKind.SESSION, key, row["revision"]))
                self._found.sessions += 1

    def _other_id(self, key: str, added_at: Any, ours: dict[str, Any]) -> str:
        """The same each time, so that merging twice adds nothing."""
        short = f"{key}-{self._origin[-4:]}"
        return short if ours.get(short, added_at) == added_at else f"{key}-{self._origin}"

    def _add_recipes(self) -> None:
        known = set(self._target.execute(sa.select(t.recipes.c.digest)).scalars())
        self._add(t.recipes, [row for row in self._rows(t.recipes) if row["digest"] not in known])
        self._add(t.recipe_stages, [row for row in self._rows(t.recipe_stages) if row["recipe"] not in known])
        blobs = set(self._target.execute(sa.select(t.blobs.c.digest)).scalars()) | self._buried.keys()
        self._add(t.blobs, [row for row in self._rows(t.blobs) if row["digest"] not in blobs])

    def _merge_photos(self) -> None:
        mine = self._target.execute(sa.select(t.photos.c.id, t.photos.c.session_id, t.photos.c.blob, t.photos.c.page))
        here = {(row.session_id, row.blob, row.page): row.id for row in mine}
        ids, states = set(here.values()), {row["photo_id"]: row for row in self._rows(t.jobs)}
        for row in self._rows(t.photos):
            key, session = row["id"], self._sessions.get(row["session_id"])
            if session is None or key in self._buried or row["blob"] in self._buried:
                self._found.refused += 1
                continue
            twin = key if key in ids else here.get((session, row["blob"], row["page"]))
            self._photos[key] = twin or key
            if twin is None:
                into = self._sessions.get(row["taken_into"], session)
                self._add(t.photos, [row | {"session_id": session, "taken_into": into}])
                self._add(t.jobs, [_at_rest(states[key])] if key in states else [])
                self._new_photos.add(key)
                self._touched.append(changes.Touched(ChangeKind.PHOTO, key, row["revision"]))
        self._found.photos = len(self._new_photos)
        self._add(t.readings, [row for row in self._rows(t.readings) if row["photo_id"] in self._new_photos])

    def _merge_boards(self) -> None:
        """Those of new photos, with all their results; a photo that both have keeps the boards it has here."""
        seen: dict[str, set[str]] = {}
        for row in self._rows(t.views):
            seen.setdefault(row["board_id"], set()).add(row["photo_id"])
        known = self._ids(t.boards) | self._buried.keys()
        fresh = [row for row in self._rows(t.boards) if row["id"] not in known and self._comes(seen.get(row["id"]))]
        self._new_boards = {row["id"] for row in fresh}
        for row in fresh:
            if row["retired"] == JOINED:  # whether boards are parts of one is found out again here
                row |= {"retired": None, "replaced_by": None}
        moved = [row | {"session_id": self._sessions[row["session_id"]], "replaced_by": None} for row in fresh]
        self._add(t.boards, moved)
        for row in fresh:
            if row["replaced_by"] in self._new_boards | known:
                here = t.boards.c.id == row["id"]
                self._target.execute(sa.update(t.boards).where(here).values(replaced_by=row["replaced_by"]))
        for table in (t.results, t.views, t.renditions):
            self._add(table, [row for row in self._rows(table) if row["board_id"] in self._new_boards])
        self._found.boards = len(self._new_boards)
        for theirs, ours in self._photos.items():
            if theirs != ours:
                self._match_boards(theirs, ours)

    def _match_boards(self, theirs: str, ours: str) -> None:
        """Which board is which in a photo that both have under ids of their own: by overlap, as after a reading."""
        there, here = readings.current(self._source, theirs), readings.current(self._target, ours)
        if there is None or here is None:
            return
        quads = [[surface.quad for surface in reading.scan.surfaces] for reading in (here, there)]
        pairs = matching.match(quads[0], quads[1], (here.scan.width, here.scan.height))
        self._boards |= {there.board_ids[n]: here.board_ids[o] for n, o in pairs.items()}

    def _comes(self, photos: set[str] | None) -> bool:
        return bool(photos) and photos is not None and photos <= self._new_photos

    def _merge_materials(self) -> None:
        known = self._ids(t.materials) | self._buried.keys()
        for row in self._rows(t.materials):
            session = self._sessions.get(row["session_id"]) if row["session_id"] else None
            if row["id"] in known or row["blob"] in self._buried or (row["session_id"] and session is None):
                continue
            self._add(t.materials, [row | {"session_id": session}])
            self._touched.append(changes.Touched(ChangeKind.MATERIAL, row["id"], row["revision"]))
            self._found.materials += 1

    def _merge_corrections(self) -> None:
        """In the order in which they were made there; taken back where either side took them back."""
        mine = {row.id: row for row in self._target.execute(sa.select(t.corrections))}
        there = self._ids(t.boards)
        for row in self._rows(t.corrections):
            photo = self._photos.get(row["photo_id"])
            if photo is None:
                continue
            if row["id"] in mine:
                if row["withdrawn_at"] is not None and mine[row["id"]].withdrawn_at is None:
                    here = t.corrections.c.id == row["id"]
                    values = {"withdrawn_at": row["withdrawn_at"]}
                    self._target.execute(sa.update(t.corrections).where(here).values(**values))
                continue
            value = row["value"]
            if row["field"] == CorrectionField.SESSION.value:
                value = self._sessions.get(value, value)
            board = self._boards.get(row["board_id"], row["board_id"])
            board = board if board in there else None
            del row["number"]
            self._add(t.corrections, [row | {"photo_id": photo, "board_id": board, "value": value}])
            self._found.corrections += 1

    def _merge_said(self) -> None:
        """What is said of boards besides: comments, what their session settles. Accounts stay in their house."""
        for name in ("comments", "settled"):
            table = t.metadata.tables[name]
            key = table.c.id if "id" in table.c else table.c.board_id
            known, there = set(self._target.execute(sa.select(key)).scalars()), self._ids(t.boards)
            for row in self._rows(table):
                if row[key.name] not in known and row["board_id"] in there:
                    self._add(table, [row | ({"account_id": None} if "account_id" in table.c else {})])

    def _settle_down(self) -> None:
        """Corrections find their place on what counts here; lists and the index are told."""
        affected = set(self._new_boards)
        for photo_id in sorted(set(self._photos.values())):
            row = self._target.execute(sa.select(t.photos).where(t.photos.c.id == photo_id)).one()
            reading = readings.current(self._target, photo_id)
            if reading is not None:
                places = readings.places(reading.board_ids, reading.scan.surfaces)
                readings.anchor_corrections(self._target, photo_id, places)
                affected |= set(reading.board_ids)
            content = corrected.latest(self._target, photo_id, CorrectionField.CONTENT) or row.content_read
            if content != row.content:
                self._target.execute(sa.update(t.photos).where(t.photos.c.id == photo_id).values(content=content))
        self._touched += boards.refresh(self._target, sorted(affected))[1]
        changes.record(self._target, self._touched)


def _at_rest(job: Row) -> Row:
    """A job that nobody holds here."""
    state = JobState.WAITING if job["state"] == JobState.LEASED else job["state"]
    return job | {"state": state, "token": None, "worker": None, "due": now(), "deaths": 0}
