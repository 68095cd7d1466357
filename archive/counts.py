"""How much there is of what: a handful of grouped queries, quick however large the archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from archive.jobs import JobState
from archive.model import Content, Phase, PhotoState
from archive.records import Records
from archive.tables import boards, corrections, jobs, materials, photos, refusals, sessions, views

DOUBTFUL_QUAD = 0.5
DOUBTFUL_TEXT = 0.5


@dataclass(frozen=True)
class Counts:
    """``boards``: live ones by phase, as corrected. ``doubtful``: live ones kept as a whole photo, or with corners or
    text of low confidence; not of photos of something else, which need no corners. ``waiting`` includes those that
    wait to be tried again."""

    photos: Mapping[PhotoState, int]
    boards: Mapping[Phase, int]
    doubtful: int
    retired: int
    waiting: int
    in_work: int
    failed: int
    refused: int
    orphaned: int
    materials: int

    @property
    def to_do(self) -> int:
        """Photos that are not processed yet: waiting, or in work."""
        return self.waiting + self.in_work


class CountRecords(Records):
    def counts(self, session_id: str | None = None) -> Counts:
        """Of the archive, or of one session."""
        with self.database.read() as connection:
            return _counts(connection, session_id)

    def counts_by_session(self) -> dict[str, tuple[Mapping[PhotoState, int], Mapping[Phase, int]]]:
        """Session id → photos by state and live boards by phase; every session has its entry."""
        by_photo = (
            sa.select(photos.c.session_id, photos.c.state, sa.func.count())
            .where(photos.c.trashed_at.is_(None))
            .group_by(photos.c.session_id, photos.c.state)
        )
        by_board = (
            sa.select(boards.c.session_id, boards.c.phase, sa.func.count())
            .where(boards.c.retired.is_(None))
            .group_by(boards.c.session_id, boards.c.phase)
        )
        with self.database.read() as connection:
            found: dict[str, tuple[dict[PhotoState, int], dict[Phase, int]]] = {
                i: ({}, {}) for i in connection.execute(sa.select(sessions.c.id).order_by(sessions.c.id)).scalars()
            }
            for session, state, number in connection.execute(by_photo):
                found[session][0][PhotoState(state)] = number
            for session, phase, number in connection.execute(by_board):
                found[session][1][Phase(phase)] = number
        return dict(found)


def _counts(connection: sa.Connection, session_id: str | None) -> Counts:
    def grouped(column: sa.Column[Any], query: sa.Select[Any], session: sa.Column[Any]) -> dict[str, int]:
        if session_id is not None:
            query = query.where(session == session_id)
        query = query.add_columns(column, sa.func.count()).group_by(column)
        return {row[0]: row[1] for row in connection.execute(query)}

    jobs_of_photos = sa.select().join_from(jobs, photos, photos.c.id == jobs.c.photo_id)
    orphans = sa.select().join_from(corrections, photos, photos.c.id == corrections.c.photo_id)
    orphans = orphans.where(corrections.c.orphaned, corrections.c.withdrawn_at.is_(None))
    live = sa.select().where(boards.c.retired.is_(None))
    of_boards = sa.select(views.c.board_id).join_from(views, photos).where(photos.c.content == Content.BOARD.value)
    doubtful = live.where(
        boards.c.id.in_(of_boards),
        boards.c.whole_photo
        | (boards.c.quad_confidence < DOUBTFUL_QUAD)
        | (sa.func.coalesce(boards.c.confidence, 1.0) < DOUBTFUL_TEXT),
    )
    work = grouped(jobs.c.state, jobs_of_photos, photos.c.session_id)
    there = sa.select().where(photos.c.trashed_at.is_(None))
    texts = sa.select().where(materials.c.trashed_at.is_(None))
    return Counts(
        photos={PhotoState(k): n for k, n in grouped(photos.c.state, there, photos.c.session_id).items()},
        boards={Phase(k): n for k, n in grouped(boards.c.phase, live, boards.c.session_id).items()},
        doubtful=sum(grouped(boards.c.session_id, doubtful, boards.c.session_id).values()),
        retired=sum(
            grouped(boards.c.session_id, sa.select().where(boards.c.retired.is_not(None)), boards.c.session_id).values()
        ),
        waiting=work.get(JobState.WAITING, 0),
        in_work=work.get(JobState.LEASED, 0),
        failed=work.get(JobState.FAILED, 0),
        refused=sum(grouped(refusals.c.session_id, sa.select(), refusals.c.session_id).values()),
        orphaned=sum(grouped(photos.c.session_id, orphans, photos.c.session_id).values()),
        materials=sum(grouped(materials.c.session_id, texts, materials.c.session_id).values()),
    )
