"""The log of acts by month on PostgreSQL: a year's log is dropped, moved or read without touching the others.

A month has its partition before it begins; what comes for a month that has none lies in ``audit_rest`` until then.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

REST = "audit_rest"
"""Made by the migration that divided the log."""


def missing(connection: sa.Connection) -> list[date]:
    """Of this month and the next, those that have no partition; none where the log is one table."""
    if not _is_divided(connection):
        return []
    first = datetime.now(UTC).date().replace(day=1)
    there = set(connection.execute(sa.text("SELECT inhrelid::regclass::text FROM pg_inherits "
                                           "WHERE inhparent = 'audit'::regclass")).scalars())  # fmt: skip
    return [month for month in (first, _next(first)) if _name(month) not in there]


def provide(connection: sa.Connection, months: Iterable[date]) -> None:
    """A partition for each month; what has come for it before moves there."""
    for month in months:
        begins, ends, name = month.isoformat(), _next(month).isoformat(), _name(month)
        between = f"at >= '{begins} 00:00+00' AND at < '{ends} 00:00+00'"
        for sentence in (
            f"CREATE TABLE {name} (LIKE audit INCLUDING DEFAULTS INCLUDING CONSTRAINTS)",
            f"ALTER TABLE {REST} DISABLE TRIGGER audit_closed",  # nothing is taken away: it moves, in this commit
            f"WITH moved AS (DELETE FROM {REST} WHERE {between} RETURNING *) INSERT INTO {name} SELECT * FROM moved",
            f"ALTER TABLE {REST} ENABLE TRIGGER audit_closed",
            f"ALTER TABLE audit ATTACH PARTITION {name} FOR VALUES FROM ('{begins} 00:00+00') TO ('{ends} 00:00+00')",
        ):
            connection.exec_driver_sql(sentence)


def _is_divided(connection: sa.Connection) -> bool:
    kind = sa.text("SELECT relkind FROM pg_class WHERE oid = to_regclass('audit')")
    return connection.execute(kind).scalar() in ("p", b"p")


def _name(month: date) -> str:
    return f"audit_{month:%Y_%m}"


def _next(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)
