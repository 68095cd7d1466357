"""The commit of a scan: boards, recipe, corrections, feed and queue in one transaction, or nothing at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from archive import boards, changes, corrected, documents, jobs, matching, photos, readings, recipes
from archive import tables as t
from archive.columns import now
from archive.errors import UsageError
from archive.ids import new_id
from archive.jobs import Lease
from archive.joined import JOINED
from archive.merged import MERGED
from archive.model import Board, CorrectionField, PhotoState, Quad, Scan, Surface
from archive.readings import VANISHED
from archive.records import Records, one


@dataclass(frozen=True)
class Known:
    """A board of the photo before the reading, with its corners as corrected."""

    id: str
    quad: Quad
    retired: str | None


class CommitRecords(Records):
    def commit_scan(
        self,
        photo_id: str,
        scan: Scan,
        renditions: Sequence[Mapping[str, str]] = (),
        lease: Lease | None = None,
        fingerprint: str | None = None,
    ) -> list[Board]:
        """Record what the pipeline made of a photo; its live boards, in the order of ``scan.surfaces``.

        A surface that covers an old board of the photo (IoU ≥ 0.5) becomes its next result: id, corrections and
        earlier results stay. An old board that is not found again is retired with a link to what now covers most of
        it. ``renditions`` holds, for each surface, name → SHA-256 of a blob that is stored already.
        Raises NotFound, LeaseLost when ``lease`` has been taken over.
        """
        images = list(renditions) or [{} for _ in scan.surfaces]
        if len(images) != len(scan.surfaces):
            raise UsageError(f"{len(images)} sets of renditions for {len(scan.surfaces)} boards", "one for each board")
        with self.database.write() as connection:
            photo = one(connection, t.photos, photo_id)
            if lease is not None:
                jobs.check(connection, lease)
            commit = _Commit(connection, photo, scan, fingerprint)
            board_ids = commit.keep_surfaces(images)
            retired = commit.retire(board_ids)
            commit.anchor_corrections(board_ids)
            live, touched = boards.refresh(connection, board_ids)
            touched += boards.refresh(connection, retired)[1]
            touched.append(commit.finish_photo())
            jobs.complete(connection, photo_id)
            changes.record(connection, touched)
        by_id = {board.id: board for board in live}
        return [by_id[i] for i in board_ids]


class _Commit:
    """The steps of one commit, which share its connection, photo and scan."""

    def __init__(self, connection: sa.Connection, photo: sa.Row[Any], scan: Scan, fingerprint: str | None) -> None:
        self._connection = connection
        self._photo = photo
        self._scan = scan
        self._fingerprint = fingerprint or photo.fingerprint
        self._recipe = recipes.ensure(connection, scan.recipe)
        self._known = _known_boards(connection, photo.id)
        self._results: list[tuple[str, int]] = []

    def keep_surfaces(self, images: Sequence[Mapping[str, str]]) -> list[str]:
        """A result for each surface, of the old board it is or of a new one; the boards' ids in order."""
        old = self._matched()
        fresh = iter(sorted(new_id() for _ in self._scan.surfaces))  # in order, as boards are listed by id
        board_ids = [old.get(n) or next(fresh) for n in range(len(self._scan.surfaces))]
        for n, (board_id, surface) in enumerate(zip(board_ids, self._scan.surfaces, strict=True)):
            number = self._next_result(board_id) if n in old else self._new_board(board_id)
            self._results.append((board_id, number))
            self._keep_result(board_id, number, surface)
            self._keep_renditions(board_id, number, images[n])
        return board_ids

    def _matched(self) -> dict[int, str]:
        """Index of a surface → id of the old board it is: live and merged ones first, then those that had vanished."""
        found: dict[int, str] = {}
        for vanished in (False, True):
            old = [k for k in self._known if (k.retired == VANISHED) is vanished]
            rest = [n for n in range(len(self._scan.surfaces)) if n not in found]
            quads = [self._scan.surfaces[n].quad for n in rest]
            pairs = matching.match([k.quad for k in old], quads, (self._scan.width, self._scan.height))
            found |= {rest[n]: old[o].id for n, o in pairs.items()}
        return found

    def _new_board(self, board_id: str) -> int:
        self._connection.execute(
            sa.insert(t.boards).values(
                id=board_id,
                session_id=self._photo.session_id,
                current=1,
                revision=0,
                phase="",
                quad_confidence=0.0,
                whole_photo=False,
                author="",
                credit="",
                permitted_uses="",
                caption="",
                added_at=now(),
            )
        )
        return 1

    def _next_result(self, board_id: str) -> int:
        last = sa.select(sa.func.max(t.results.c.number)).where(t.results.c.board_id == board_id)
        number = int(self._connection.execute(last).scalar_one()) + 1
        here = t.boards.c.id == board_id
        self._connection.execute(sa.update(t.boards).where(here).values(current=number))
        back = {"retired": None, "replaced_by": None}  # one that is merged or joined stays so
        self._connection.execute(sa.update(t.boards).where(here, t.boards.c.retired == VANISHED).values(**back))
        return number

    def _keep_result(self, board_id: str, number: int, surface: Surface) -> None:
        self._connection.execute(
            sa.insert(t.results).values(
                board_id=board_id,
                number=number,
                recipe=self._recipe,
                width=surface.width,
                height=surface.height,
                regions=documents.regions_json(surface.regions),
                phase=documents.tag_json(surface.phase),
                made_at=now(),
            )
        )
        self._connection.execute(
            sa.insert(t.views).values(
                board_id=board_id,
                number=number,
                photo_id=self._photo.id,
                quad=documents.points_json(surface.quad),
                quad_confidence=float(surface.quad_confidence),
                whole_photo=surface.whole_photo,
                homography=documents.homography_json(surface.homography),
                rotation=surface.rotation,
            )
        )

    def _keep_renditions(self, board_id: str, number: int, images: Mapping[str, str]) -> None:
        for name, digest in images.items():
            photos.keep_blob(self._connection, digest)
            row = {"board_id": board_id, "number": number, "name": name, "blob": digest}
            self._connection.execute(sa.insert(t.renditions).values(**row))

    def retire(self, board_ids: Sequence[str]) -> list[str]:
        """Retire live boards that found no partner, each with a link to what now covers most of it."""
        gone = {k.id: k.quad for k in self._known if k.retired is None and k.id not in board_ids}
        readings.retire(self._connection, gone, board_ids, self._scan)
        return list(gone)

    def anchor_corrections(self, board_ids: Sequence[str]) -> None:
        found = readings.places(board_ids, self._scan.surfaces)
        readings.anchor_corrections(self._connection, self._photo.id, found)

    def finish_photo(self) -> changes.Touched:
        scan = self._scan
        corrected_content = corrected.latest(self._connection, self._photo.id, CorrectionField.CONTENT)
        return photos.touch(
            self._connection,
            self._photo.id,
            state=PhotoState.DONE.value,
            content=corrected_content or scan.content.value,
            content_read=scan.content.value,
            width=scan.width,
            height=scan.height,
            warnings=list(scan.warnings),
            error=None,
            recipe=self._recipe,
            reading=readings.keep(self._connection, self._photo.id, scan, self._recipe, self._results),
            fingerprint=self._fingerprint,
        )


def _known_boards(connection: sa.Connection, photo_id: str) -> list[Known]:
    found = boards.load(connection, boards.ids(connection, None, photo_id, include_retired=True), merged=False)
    query = sa.select(t.boards.c.id, t.boards.c.retired).where(t.boards.c.id.in_([b.id for b in found]))
    kept = {row.id: row.retired for row in connection.execute(query)}
    return [
        Known(board.id, next(v.quad for v in board.views if v.photo_id == photo_id), kept[board.id])
        for board in found
        if kept[board.id] in (None, VANISHED, MERGED, JOINED)
    ]
