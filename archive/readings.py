"""Every reading of a photo, kept until it is pruned: which boards it gave, by which recipe; the way back to one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from archive import anchors, audit, boards, changes, corrected, documents, matching, photos, recipes
from archive import tables as t
from archive.columns import now
from archive.errors import NotFound
from archive.model import Content, CorrectionField, Recipe, Scan, Surface
from archive.records import Records, chunks, one

VANISHED = "vanished"
"""Why a board was retired: a reading did not find it. Such a board comes back when a later one does."""


@dataclass(frozen=True)
class KeptReading:
    """``board_ids`` and ``renditions`` (name → SHA-256) are those of ``scan.surfaces``, in order."""

    photo_id: str
    number: int
    made_at: datetime
    current: bool
    scan: Scan
    board_ids: tuple[str, ...]
    renditions: tuple[Mapping[str, str], ...]

    @property
    def recipe(self) -> Recipe:
        return self.scan.recipe


class ReadingRecords(Records):
    def readings(self, photo_id: str) -> list[KeptReading]:
        """The latest first. Raises NotFound."""
        with self.database.read() as connection:
            one(connection, t.photos, photo_id)
            query = sa.select(t.readings).where(t.readings.c.photo_id == photo_id)
            rows = connection.execute(query.order_by(t.readings.c.number.desc())).all()
            return [_reading(connection, row) for row in rows]

    def current_reading(self, photo_id: str) -> KeptReading | None:
        """As it was read, uncorrected; None for a photo that was never read. Raises NotFound."""
        with self.database.read() as connection:
            return current(connection, photo_id)

    def bring_back(self, photo_id: str, number: int | None = None, author: str = "") -> KeptReading:
        """Make an earlier reading the one that counts, by default the one before the current. Corrections find their
        place on it; the later reading is kept too. Raises NotFound."""
        with self.database.write() as connection:
            photo = one(connection, t.photos, photo_id)
            found = _row(connection, photo_id, number) if number is not None else _before(connection, photo)
            if found is None:
                raise NotFound(f"photo {photo_id} has no such earlier reading", "'fresque readings' lists those kept")
            reading = _reading(connection, found)
            touched = _Return(connection, photo, reading).make()
            act = audit.Act("bring back", "photo", photo_id, author, {"reading": reading.number})
            audit.log(connection, act)
            changes.record(connection, touched)
        return reading

    def read_since(self, moment: datetime, session_id: str | None = None) -> list[str]:
        """Photos whose current reading was made then or later and has one before it."""
        earlier = sa.exists().where(
            sa.and_(t.readings.c.photo_id == t.photos.c.id, t.readings.c.number < t.photos.c.reading)
        )
        here = t.readings.alias()
        query = (
            sa.select(t.photos.c.id)
            .join(here, sa.and_(here.c.photo_id == t.photos.c.id, here.c.number == t.photos.c.reading))
            .where(here.c.made_at >= moment, earlier)
            .order_by(t.photos.c.added_at, t.photos.c.id)
        )
        if session_id is not None:
            query = query.where(t.photos.c.session_id == session_id)
        with self.database.read() as connection:
            return list(connection.execute(query).scalars())

    def seconds_by_stage(self) -> dict[str, float]:
        """Mean of the latest thousand readings in which a stage ran; for estimates."""
        query = sa.select(t.readings.c.seconds).order_by(t.readings.c.made_at.desc()).limit(1000)
        taken: dict[str, list[float]] = {}
        with self.database.read() as connection:
            for seconds in connection.execute(query).scalars():
                for stage, value in seconds.items():
                    taken.setdefault(stage, []).append(float(value))
        return {stage: sum(values) / len(values) for stage, values in taken.items()}

    def recipes_of(self, photo_ids: Sequence[str]) -> dict[str, Recipe]:
        """Photo id → the recipe of its current reading."""
        found: dict[str, str] = {}
        with self.database.read() as connection:
            for some in chunks(photo_ids):
                query = sa.select(t.photos.c.id, t.photos.c.recipe).where(t.photos.c.id.in_(some))
                found |= {row.id: row.recipe for row in connection.execute(query) if row.recipe}
            known = recipes.load(connection, found.values())
        return {photo: known[digest] for photo, digest in found.items()}


# --- inside a transaction ------------------------------------------------------------------------------------


def keep(connection: sa.Connection, photo_id: str, scan: Scan, recipe: str, results: Sequence[tuple[str, int]]) -> int:
    """Note what a reading gave; its number."""
    last = sa.select(sa.func.max(t.readings.c.number)).where(t.readings.c.photo_id == photo_id)
    number = int(connection.execute(last).scalar() or 0) + 1
    connection.execute(
        sa.insert(t.readings).values(
            photo_id=photo_id,
            number=number,
            recipe=recipe,
            boards=[list(pair) for pair in results],
            content=scan.content.value,
            width=scan.width,
            height=scan.height,
            warnings=list(scan.warnings),
            seconds=dict(scan.seconds),
            made_at=now(),
        )
    )
    return number


def places(board_ids: Sequence[str], surfaces: Sequence[Surface]) -> list[anchors.Place]:
    return [
        anchors.Place(board_id, surface.quad, tuple(line.polygon for line in surface.lines))
        for board_id, surface in zip(board_ids, surfaces, strict=True)
    ]


def anchor_corrections(connection: sa.Connection, photo_id: str, found: Sequence[anchors.Place]) -> None:
    """Find each correction of the photo its place again, or mark it orphaned."""
    query = corrected.standing().where(t.corrections.c.photo_id == photo_id)
    for row in connection.execute(query).all():
        place = anchors.anchor(corrected.correction_of(row), row.added, found)
        here = t.corrections.c.number == row.number
        values = {"board_id": place.board_id, "orphaned": place.orphaned}
        connection.execute(sa.update(t.corrections).where(here).values(**values))


def retire(connection: sa.Connection, quads: Mapping[str, Any], board_ids: Sequence[str], scan: Scan) -> None:
    """Retire boards (id → quad) that a reading did not find, each with a link to what now covers most of it."""
    for board_id, quad in quads.items():
        heir = matching.most_overlapping(quad, [surface.quad for surface in scan.surfaces])
        link = {"retired": VANISHED, "replaced_by": None if heir is None else board_ids[heir]}
        connection.execute(sa.update(t.boards).where(t.boards.c.id == board_id).values(**link))


def current(connection: sa.Connection, photo_id: str) -> KeptReading | None:
    """The reading that counts; None for a photo that was never read. Raises NotFound."""
    row = _row(connection, photo_id, one(connection, t.photos, photo_id).reading)
    return None if row is None else _reading(connection, row)


class _Return:
    """The steps back to an earlier reading, which share its connection and photo."""

    def __init__(self, connection: sa.Connection, photo: sa.Row[Any], reading: KeptReading) -> None:
        self._connection = connection
        self._photo = photo
        self._reading = reading

    def make(self) -> list[changes.Touched]:
        reading, scan = self._reading, self._reading.scan
        seen = boards.load(self._connection, boards.ids(self._connection, None, self._photo.id, True), raw=True)
        gone = {b.id: b.views[0].quad for b in seen if not b.retired and b.id not in reading.board_ids}
        for board_id, number in _results(self._connection, reading):
            here = t.boards.c.id == board_id
            self._connection.execute(sa.update(t.boards).where(here).values(current=number))
            back = {"retired": None, "replaced_by": None}
            self._connection.execute(sa.update(t.boards).where(here, t.boards.c.retired == VANISHED).values(**back))
        retire(self._connection, gone, reading.board_ids, scan)
        anchor_corrections(self._connection, self._photo.id, places(reading.board_ids, scan.surfaces))
        touched = boards.refresh(self._connection, [*reading.board_ids, *gone])[1]
        return [*touched, self._photo_as_it_was()]

    def _photo_as_it_was(self) -> changes.Touched:
        scan = self._reading.scan
        by_hand = corrected.latest(self._connection, self._photo.id, CorrectionField.CONTENT)
        return photos.touch(
            self._connection,
            self._photo.id,
            reading=self._reading.number,
            recipe=scan.recipe.digest,
            content=by_hand or scan.content.value,
            content_read=scan.content.value,
            width=scan.width,
            height=scan.height,
            warnings=list(scan.warnings),
        )


def _row(connection: sa.Connection, photo_id: str, number: int | None) -> sa.Row[Any] | None:
    here = (t.readings.c.photo_id == photo_id) & (t.readings.c.number == number)
    return connection.execute(sa.select(t.readings).where(here)).one_or_none()


def _before(connection: sa.Connection, photo: sa.Row[Any]) -> sa.Row[Any] | None:
    earlier = (t.readings.c.photo_id == photo.id) & (t.readings.c.number < (photo.reading or 0))
    query = sa.select(t.readings).where(earlier).order_by(t.readings.c.number.desc()).limit(1)
    return connection.execute(query).one_or_none()


def _results(connection: sa.Connection, reading: KeptReading) -> list[tuple[str, int]]:
    row = _row(connection, reading.photo_id, reading.number)
    return [(str(board_id), int(number)) for board_id, number in row.boards] if row is not None else []


def _reading(connection: sa.Connection, row: sa.Row[Any]) -> KeptReading:
    current = connection.execute(sa.select(t.photos.c.reading).where(t.photos.c.id == row.photo_id)).scalar()
    surfaces, images = [], []
    for board_id, number in row.boards:
        surfaces.append(_surface(connection, row.photo_id, board_id, number))
        here = (t.renditions.c.board_id == board_id) & (t.renditions.c.number == number)
        images.append({r.name: r.blob for r in connection.execute(sa.select(t.renditions).where(here))})
    scan = Scan(
        width=row.width,
        height=row.height,
        content=Content(row.content),
        surfaces=tuple(surfaces),
        recipe=recipes.load(connection, [row.recipe])[row.recipe],
        warnings=tuple(row.warnings),
        seconds=row.seconds,
    )
    ids = tuple(str(board_id) for board_id, _ in row.boards)
    return KeptReading(row.photo_id, row.number, row.made_at, row.number == current, scan, ids, tuple(images))


def _surface(connection: sa.Connection, photo_id: str, board_id: str, number: int) -> Surface:
    seen = (t.views.c.board_id == t.results.c.board_id) & (t.views.c.number == t.results.c.number)
    query = (
        sa.select(t.results, t.views)
        .join(t.views, seen)
        .where(t.results.c.board_id == board_id, t.results.c.number == number, t.views.c.photo_id == photo_id)
    )
    row = connection.execute(query).one()
    return Surface(
        quad=documents.quad(row.quad),
        quad_confidence=row.quad_confidence,
        whole_photo=row.whole_photo,
        width=row.width,
        height=row.height,
        rotation=row.rotation,
        homography=documents.homography(row.homography),
        regions=documents.regions(row.regions),
        phase=documents.tag(row.phase),
    )
