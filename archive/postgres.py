"""All that is particular to PostgreSQL.

A read sees one moment (REPEATABLE READ). Writers take turns by one advisory lock, held until the commit, so that the
code which is right on SQLite is right here; what takes from the queue locks single rows instead (SKIP LOCKED).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from archive.errors import ArchiveBusy, ArchiveError, FresqueError

NAME = "postgresql"
READS = "fresque_reads"
ALONE = "fresque_alone"
"""Execution options of a connection: it only reads; it writes while no other writer does."""

BUSY_SECONDS = 60
_TURN = 0x66726573717565  # "fresque": the number of the advisory lock


_PATIENT = {
    "connect_timeout": 20,
    "keepalives_idle": 20,
    "keepalives_interval": 10,
    "keepalives_count": 6,
    "tcp_user_timeout": 120_000,
}
"""libpq's, in seconds and milliseconds: a link that is cut for half a minute is waited for, one that is gone is told
within two minutes instead of a quarter of an hour."""


def settings(url: str) -> dict[str, Any]:
    """Of an engine; what the URL says itself counts more. A connection is tried before it is used again, for the
    server may have been started anew."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != NAME:
        return {}
    return {"pool_pre_ping": True, "connect_args": {k: v for k, v in _PATIENT.items() if k not in parsed.query}}


def tune(engine: sa.Engine) -> None:
    event.listen(engine, "begin", _on_begin)


def _on_begin(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    if options.get(READS, False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")
    if options.get(ALONE, False):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN})")


def number_on(connection: sa.Connection, table: sa.Table) -> None:
    """After rows were put in with their numbers: the next one is given the next number."""
    column = table.autoincrement_column
    if column is None or column.autoincrement is False:
        return
    sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
    found = connection.execute(sa.select(sequence)).scalar()
    if found is None:
        return
    last = sa.select(sa.func.coalesce(sa.func.max(column), 0)).scalar_subquery()
    connection.execute(sa.select(sa.func.setval(found, last + 1, sa.false())))


_BY_STATE = {
    "55P03": ArchiveBusy("the catalogue is locked"),
    "40001": ArchiveBusy("the catalogue is being written"),
    "40P01": ArchiveBusy("the catalogue is being written"),
    "53100": ArchiveError("the database's disk is full", "make room; nothing that was recorded is lost"),
    "53300": ArchiveBusy("the database has too many connections"),
    "25006": ArchiveError("the catalogue may not be written", "the database is read-only"),
    "42501": ArchiveError("the catalogue may not be written", "give the database's user the right to"),
    "28P01": ArchiveError("the database refuses the password", "correct FRESQUE_DATABASE"),
    "28000": ArchiveError("the database refuses the user", "correct FRESQUE_DATABASE"),
    "3D000": ArchiveError("there is no such database", "make it, or correct FRESQUE_DATABASE"),
    "57P01": ArchiveBusy("the database is being stopped"),
    "57P03": ArchiveBusy("the database is starting"),
}
_SILENT = ArchiveBusy("the database does not answer", "check FRESQUE_DATABASE, and that the server runs")


def explained(error: BaseException | None) -> FresqueError | None:
    """A driver's error in words for a person; None for a fault that is ours."""
    if error is None or type(error).__module__.split(".")[0] != "psycopg":
        return None
    state = getattr(error, "sqlstate", None)
    known = _BY_STATE.get(state or "") or (_SILENT if state is None and _lost(error) else None)
    return None if known is None else type(known)(known.message, known.hint)


def _lost(error: BaseException) -> bool:
    """No state and an operational error: there was no server to give one."""
    return any(kind.__name__ == "OperationalError" for kind in type(error).__mro__)
