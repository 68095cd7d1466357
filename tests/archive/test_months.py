"""The log by month on PostgreSQL: what is written lands in its month, and nothing is lost on the way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from archive import months
from archive.audit import Act, log
from archive.database import Database
from archive.places import Places
from archive.schema import HEAD, migrations, prepare, upgrade
from archive.store import Archive
from tests.servers import Servers

on_servers = pytest.mark.parametrize("archive", ["servers"], indirect=True)


def lies_in(database: Database) -> dict[str, list[str]]:
    with database.read() as connection:
        rows = connection.execute(sa.text("SELECT tableoid::regclass::text, action FROM audit ORDER BY number")).all()
    found: dict[str, list[str]] = {}
    for table, action in rows:
        found.setdefault(table, []).append(action)
    return found


@on_servers
def test_an_act_lies_in_its_month(archive: Archive) -> None:
    today = datetime.now(UTC)
    archive.catalog.record_act(Act("seen", "board", "b1"))
    assert "seen" in lies_in(archive.catalog.database)[f"audit_{today:%Y_%m}"]
    with archive.catalog.database.write() as connection:
        log(connection, Act("old", "board", "b1", at=today - timedelta(days=400)))
    assert lies_in(archive.catalog.database)[months.REST] == ["old"]
    assert [act.action for act in archive.catalog.acts("b1")] == ["old", "seen"]


@on_servers
def test_a_month_that_was_not_foreseen_gets_its_own_later(archive: Archive) -> None:
    database = archive.catalog.database
    with database.write() as connection:
        for day in (datetime(2031, 1, 31, 23, 59, 59, tzinfo=UTC), datetime(2031, 2, 1, tzinfo=UTC)):
            log(connection, Act(f"{day:%m}", "board", "b1", at=day))
        months.provide(connection, [date(2031, 1, 1)])
    found = lies_in(database)
    assert (found["audit_2031_01"], found[months.REST]) == (["01"], ["02"])


@on_servers
def test_this_month_and_the_next_are_there_when_an_archive_is_opened(archive: Archive) -> None:
    database = archive.catalog.database
    with database.read() as connection:
        assert months.missing(connection) == []
    first = datetime.now(UTC).date().replace(day=1)
    with database.write() as connection:
        connection.exec_driver_sql(f"DROP TABLE audit_{first:%Y_%m}")
        assert months.missing(connection) == [first]
    prepare(database, archive.path)
    with database.read() as connection:
        assert months.missing(connection) == []


def test_a_log_that_is_one_table_is_divided_with_all_it_holds(servers: Servers, tmp_path: Path) -> None:
    """A database of the schema before."""
    with servers.empty() as places:
        assert isinstance(places, Places)
        database = Database(places.database or "")
        with migrations() as folder:
            upgrade(database, folder, "0035")
            with database.write() as connection:
                for number, month in enumerate((1, 1, 2, 11)):
                    log(connection, Act(f"act {number}", "board", "b", at=datetime(2026, month, 3, tzinfo=UTC)))
            upgrade(database, folder)
        found = lies_in(database)
        assert found["audit_2026_01"] == ["act 0", "act 1"]
        assert found["audit_2026_02"] == ["act 2"]
        with database.write() as connection:
            log(connection, Act("act 4", "board", "b"))
            numbers = connection.execute(sa.text("SELECT number FROM audit ORDER BY number")).scalars().all()
        assert len(set(numbers)) == 5
        assert HEAD >= "0040"
        database.close()
