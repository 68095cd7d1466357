"""What waits to be processed. The queue is the catalogue: a photo and its job are written in one commit.

A worker holds a photo by a lease. A lease that ends is taken by the next worker; the first one's result is then
refused. A photo that stops its workers again and again fails for good, with a reason. A clock that jumps, either way,
delays nothing for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from archive.changes import Touched, record
from archive.columns import now
from archive.database import Database
from archive.errors import LeaseLost
from archive.ids import new_id
from archive.model import ChangeKind, PhotoState
from archive.records import Records, chunks, one
from archive.tables import jobs, photos

CLOCK_SLACK = timedelta(minutes=1)
"""A job that was changed later than so far in the future was changed before the clock was set back."""


class JobState(StrEnum):
    WAITING = "waiting"
    LEASED = "leased"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Rules:
    """``attempts`` in all; after the first failure a photo waits ``backoff`` seconds, then twice as long each time."""

    attempts: int = 3
    backoff: float = 30.0


@dataclass(frozen=True)
class Lease:
    """The right to process one photo until ``until``; ``token`` proves it. ``attempt`` counts from 1. ``deaths``: how
    many workers have died with it in their hands, whatever killed them."""

    photo_id: str
    token: str
    worker: str
    until: datetime
    attempt: int
    deaths: int = 0


@dataclass(frozen=True)
class Failure:
    photo_id: str
    session_id: str
    file_name: str
    reason: str
    attempts: int
    at: datetime


class Jobs(Records):
    def __init__(self, database: Database, rules: Rules | None = None) -> None:
        super().__init__(database)
        self._rules = rules or Rules()

    def enqueue(self, photo_ids: Iterable[str]) -> int:
        """Have photos processed (again), now; how many were not waiting or in work already.

        Raises NotFound.
        """
        with self.database.write() as connection:
            return enqueue(connection, list(photo_ids))

    def lease(self, worker: str, seconds: float) -> Lease | None:
        """The photo that has waited longest, or None when nothing is due."""
        with self.database.write(alone=False) as connection:
            while (row := _next_due(connection)) is not None:
                if row.attempts < self._rules.attempts:
                    return take(connection, row.photo_id, row.attempts, row.deaths, worker, seconds)
                fail(connection, row.photo_id, f"its worker stopped {row.attempts} times while processing it")
        return None

    def renew(self, lease: Lease, seconds: float) -> Lease:
        """Hold it longer, from now. Raises LeaseLost."""
        until = now() + timedelta(seconds=seconds)
        with self.database.write() as connection:
            check(connection, lease)
            _set(connection, lease.photo_id, due=until)
        return replace(lease, until=until)

    def release(self, lease: Lease) -> None:
        """Give a photo back undone, as in a clean stop; it counts as no attempt. A lost lease is left as it is."""
        with self.database.write() as connection:
            if holds(connection, lease):
                _set(
                    connection,
                    lease.photo_id,
                    state=JobState.WAITING,
                    attempts=lease.attempt - 1,
                    due=now(),
                    token=None,
                    worker=None,
                )

    def release_dead(self, is_dead: Callable[[str], bool]) -> int:
        """Give back at once what workers hold that ``is_dead`` knows to be gone; how many photos. They go to the end
        of the queue, so that one that kills its worker does not stop the rest. It counts as no attempt, for the worker
        may have been killed by anything; but it is counted, so that such a photo can be tried apart."""
        held = sa.select(jobs).where(jobs.c.state == JobState.LEASED)
        with self.database.write() as connection:
            dead = [row for row in connection.execute(held) if is_dead(row.worker)]
            for row in dead:
                left = {"state": JobState.WAITING, "attempts": row.attempts - 1, "deaths": row.deaths + 1, "due": now()}
                _set(connection, row.photo_id, token=None, worker=None, **left)
        return len(dead)

    def fail(self, lease: Lease, reason: str, retry: bool = True) -> bool:
        """Record a failed attempt; True when the photo will be tried again.

        Without ``retry``, or after the last attempt, the photo becomes a failed record. A lease that is lost says
        nothing any more: its photo is left to the worker that has it.
        """
        with self.database.write() as connection:
            if not holds(connection, lease):
                return True
            if not retry or lease.attempt >= self._rules.attempts:
                fail(connection, lease.photo_id, reason)
                return False
            due = now() + timedelta(seconds=self._rules.backoff * 2 ** (lease.attempt - 1))
            _set(connection, lease.photo_id, state=JobState.WAITING, due=due, token=None, worker=None, reason=reason)
        return True

    def failures(self, session_id: str | None = None) -> list[Failure]:
        """What has failed for good, the latest first."""
        query = (
            sa.select(jobs, photos.c.session_id, photos.c.file_name)
            .join(photos, photos.c.id == jobs.c.photo_id)
            .where(jobs.c.state == JobState.FAILED)
            .order_by(jobs.c.changed_at.desc(), jobs.c.photo_id)
        )
        if session_id is not None:
            query = query.where(photos.c.session_id == session_id)
        with self.database.read() as connection:
            return [
                Failure(r.photo_id, r.session_id, r.file_name, r.reason or "", r.attempts, r.changed_at)
                for r in connection.execute(query)
            ]

    def retry(self, photo_ids: Iterable[str] | None = None) -> int:
        """Have failed photos tried again, all of them unless some are named; how many."""
        with self.database.write() as connection:
            failed = connection.execute(sa.select(jobs.c.photo_id).where(jobs.c.state == JobState.FAILED)).scalars()
            wanted = None if photo_ids is None else set(photo_ids)
            return enqueue(connection, [i for i in failed if wanted is None or i in wanted])

    def next_due(self) -> datetime | None:
        """When the next photo may be leased, or a lease ends; None when nothing waits or is in work."""
        query = sa.select(sa.func.min(jobs.c.due)).where(jobs.c.state.in_([JobState.WAITING, JobState.LEASED]))
        with self.database.read() as connection:
            return connection.execute(query).scalar()


# --- inside a transaction ------------------------------------------------------------------------------------


def enqueue(connection: sa.Connection, photo_ids: Sequence[str]) -> int:
    """What is waiting or in work stays as it is; the rest waits from now, with all its attempts before it.

    Raises NotFound.
    """
    added = 0
    for some in chunks(list(dict.fromkeys(photo_ids))):
        states = {
            row.photo_id: row.state
            for row in connection.execute(sa.select(jobs.c.photo_id, jobs.c.state).where(jobs.c.photo_id.in_(some)))
        }
        again = [i for i, state in states.items() if state in (JobState.DONE, JobState.FAILED)]
        fresh = [i for i in some if i not in states]
        values = {
            "state": JobState.WAITING,
            "attempts": 0,
            "deaths": 0,
            "due": now(),
            "reason": None,
            "changed_at": now(),
        }
        if again:
            connection.execute(sa.update(jobs).where(jobs.c.photo_id.in_(again)).values(**values))
            _forget_failures(connection, again)
        if fresh:
            for photo_id in fresh:
                one(connection, photos, photo_id)
            connection.execute(sa.insert(jobs), [{"photo_id": i, **values} for i in fresh])
        added += len(again) + len(fresh)
    return added


def holds(connection: sa.Connection, lease: Lease) -> bool:
    mine = (jobs.c.photo_id == lease.photo_id) & (jobs.c.token == lease.token) & (jobs.c.state == JobState.LEASED)
    return connection.execute(sa.select(jobs.c.photo_id).where(mine)).first() is not None


def check(connection: sa.Connection, lease: Lease) -> None:
    """Raise LeaseLost unless the lease is still the one that holds its photo."""
    if not holds(connection, lease):
        raise LeaseLost(f"the lease of worker {lease.worker} on photo {lease.photo_id} has ended")


def complete(connection: sa.Connection, photo_id: str) -> None:
    _set(connection, photo_id, state=JobState.DONE, deaths=0, token=None, worker=None, reason=None)


def fail(connection: sa.Connection, photo_id: str, reason: str) -> None:
    """For good. A photo that has boards from an earlier reading keeps them and stays done, with the reason shown."""
    _set(connection, photo_id, state=JobState.FAILED, token=None, worker=None, reason=reason)
    state = sa.case((photos.c.recipe.is_(None), PhotoState.FAILED.value), else_=photos.c.state)
    _set_photos(connection, [photo_id], state=state, error=reason)


def _forget_failures(connection: sa.Connection, photo_ids: Sequence[str]) -> None:
    failed = (photos.c.id.in_(photo_ids)) & (photos.c.error.is_not(None))
    ids = connection.execute(sa.select(photos.c.id).where(failed)).scalars().all()
    state = sa.case((photos.c.state == PhotoState.FAILED.value, PhotoState.PENDING.value), else_=photos.c.state)
    _set_photos(connection, ids, state=state, error=None)


def _set_photos(connection: sa.Connection, photo_ids: Sequence[str], **values: Any) -> None:
    if not photo_ids:
        return
    these = photos.c.id.in_(photo_ids)
    connection.execute(sa.update(photos).where(these).values(revision=photos.c.revision + 1, **values))
    rows = connection.execute(sa.select(photos.c.id, photos.c.revision).where(these)).all()
    record(connection, [Touched(ChangeKind.PHOTO, row.id, row.revision) for row in rows])


def _next_due(connection: sa.Connection) -> sa.Row[Any] | None:
    set_back = jobs.c.changed_at > now() + CLOCK_SLACK
    due = jobs.c.due <= now()
    for state, ready in (
        (JobState.LEASED, due | set_back),  # what a dead worker left comes first
        (JobState.WAITING, due | set_back | (jobs.c.attempts == 0)),
    ):
        query = (
            sa.select(jobs)
            .where(jobs.c.state == state, ready)
            .order_by(jobs.c.due, jobs.c.photo_id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = connection.execute(query).one_or_none()
        if row is not None:
            return row
    return None


def take(connection: sa.Connection, photo_id: str, attempts: int, deaths: int, worker: str, seconds: float) -> Lease:
    """Hold a photo after ``attempts`` earlier ones."""
    until = now() + timedelta(seconds=seconds)
    lease = Lease(photo_id, new_id(), worker, until, attempts + 1, deaths)
    _set(
        connection,
        lease.photo_id,
        state=JobState.LEASED,
        attempts=lease.attempt,
        deaths=deaths,
        due=lease.until,
        token=lease.token,
        worker=worker,
    )
    return lease


def _set(connection: sa.Connection, photo_id: str, **values: Any) -> None:
    here = jobs.c.photo_id == photo_id
    connection.execute(sa.update(jobs).where(here).values(changed_at=now(), **values))
