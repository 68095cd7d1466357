"""Figures for those who run an archive: a handful of numbers, quick however large it is, and nothing of its content."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from archive import tables as t
from archive.columns import now
from archive.jobs import JobState
from archive.records import Records

LATEST = 1000
QUANTILES = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Figures:
    """``oldest``: seconds for which the first of those that wait has waited. ``confidence``: quantile → the
    readers' confidence in the latest thousand boards."""

    queue: dict[str, float]
    oldest: float
    photos: dict[str, float]
    boards: dict[str, float]
    confidence: dict[str, float]


class FigureRecords(Records):
    def figures(self) -> Figures:
        with self.database.read() as connection:
            waiting = sa.select(sa.func.min(t.jobs.c.changed_at)).where(t.jobs.c.state == JobState.WAITING)
            first = connection.execute(waiting).scalar()
            found = {state.value: 0.0 for state in JobState} | _grouped(connection, t.jobs.c.state)
            return Figures(
                queue={state: found[state] for state in found if state != JobState.DONE},
                oldest=max(0.0, (now() - first).total_seconds()) if first else 0.0,
                photos=_grouped(connection, t.photos.c.state, t.photos.c.trashed_at.is_(None)),
                boards=_grouped(connection, t.boards.c.phase, t.boards.c.retired.is_(None)),
                confidence=_confidence(connection),
            )


def _grouped(
    connection: sa.Connection, column: sa.Column[str], condition: sa.ColumnElement[bool] | None = None
) -> dict[str, float]:
    query = sa.select(column, sa.func.count()).group_by(column)
    query = query if condition is None else query.where(condition)
    return {str(key): float(count) for key, count in connection.execute(query)}


def _confidence(connection: sa.Connection) -> dict[str, float]:
    """Boards are numbered in the order in which they were found."""
    query = sa.select(t.boards.c.confidence).where(t.boards.c.confidence.is_not(None), t.boards.c.retired.is_(None))
    values = sorted(connection.execute(query.order_by(t.boards.c.id.desc()).limit(LATEST)).scalars())
    return {str(q): float(values[min(len(values) - 1, int(q * len(values)))]) for q in QUANTILES} if values else {}
