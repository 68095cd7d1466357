"""Photos that a scheduler hands out by name, where ``jobs.lease`` lets each worker take the next.

A run names itself in every lease that its workers take. The scheduler runs a task again only when it has lost the
worker that had it, so a task may take over what its own run holds; the token of the new lease fences the old worker
off, should it live after all: whoever holds the lease commits.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from archive import jobs
from archive.columns import now
from archive.database import Database
from archive.jobs import CLOCK_SLACK, JobState, Lease, Rules
from archive.records import Records
from archive.tables import jobs as table

SEPARATOR = "@"
"""Between the run and the worker in a lease's ``worker``."""


class Handed(Records):
    def __init__(self, database: Database, rules: Rules | None = None) -> None:
        super().__init__(database)
        self._rules = rules or Rules()

    def due(self, limit: int, run: str, but: Collection[str] = ()) -> list[str]:
        """Photos that may be processed now, those that have waited longest first: what waits, what was held too long,
        and what ``run`` holds, which its task has lost; without those in ``but``, which are handed out already."""
        set_back = table.c.changed_at > now() + CLOCK_SLACK
        ready = sa.or_(
            (table.c.state == JobState.WAITING) & ((table.c.due <= now()) | set_back | (table.c.attempts == 0)),
            (table.c.state == JobState.LEASED) & ((table.c.due <= now()) | set_back | _of(run)),
        )
        query = sa.select(table.c.photo_id).where(ready).order_by(table.c.due, table.c.photo_id).limit(limit + len(but))
        with self.database.read() as connection:
            found = connection.execute(query).scalars().all()
        return [photo_id for photo_id in found if photo_id not in but][:limit]

    def next_due(self, run: str) -> datetime | None:
        """When something that waits, or that ``run`` holds, is due; None when there is no such thing."""
        ours = (table.c.state == JobState.WAITING) | ((table.c.state == JobState.LEASED) & _of(run))
        with self.database.read() as connection:
            return connection.execute(sa.select(sa.func.min(table.c.due)).where(ours)).scalar()

    def take(self, photo_id: str, run: str, worker: str, seconds: float) -> Lease | None:
        """The lease of one photo; None when it is done, has failed, or is another's. What the same run held before is
        taken over: it counts as no attempt, but as the death of a worker."""
        query = sa.select(table).where(table.c.photo_id == photo_id).with_for_update()
        with self.database.write(alone=False) as connection:
            row = connection.execute(query).one_or_none()
            if row is None or row.state not in (JobState.WAITING, JobState.LEASED):
                return None
            lost = row.state == JobState.LEASED and row.worker.startswith(run + SEPARATOR)
            if row.state == JobState.LEASED and not lost and row.due > now():
                return None
            attempts = row.attempts - lost
            if attempts >= self._rules.attempts:
                jobs.fail(connection, photo_id, f"its worker stopped {attempts} times while processing it")
                return None
            return jobs.take(connection, photo_id, attempts, row.deaths + lost, f"{run}{SEPARATOR}{worker}", seconds)


def _of(run: str) -> sa.ColumnElement[bool]:
    return table.c.worker.startswith(run + SEPARATOR, autoescape=True)
