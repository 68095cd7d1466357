from __future__ import annotations

import ast
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql

import archive as room
from archive import schema, sqlite
from archive.database import Database
from archive.errors import ArchiveError, ArchiveTooNew
from archive.model import Session
from archive.store import CATALOG, Archive
from archive.tables import metadata
from tests.archive.making import on_sqlite

ROOM = Path(room.__file__).parent

LATER = f"""
import sqlalchemy as sa
from alembic import op

revision = "9000"
down_revision = "{schema.HEAD}"

def upgrade() -> None:
    with op.batch_alter_table("photos") as photos:
        photos.add_column(sa.Column("stars", sa.Integer))
        photos.alter_column("uploader", new_column_name="taken_by")
"""


@on_sqlite
def test_migrations_from_nothing_give_the_tables_of_the_code(archive: Archive) -> None:
    with archive.catalog.database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_a_difference_would_be_noticed(archive: Archive) -> None:
    with archive.catalog.database.write() as connection:
        connection.execute(sa.text("ALTER TABLE photos ADD COLUMN stars INTEGER"))
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) != []


def test_the_code_names_the_newest_migration() -> None:
    with schema.migrations() as folder:
        assert ScriptDirectory(str(folder)).get_current_head() == schema.HEAD


def test_migrations_depend_on_no_code_that_may_change() -> None:
    for path in sorted((ROOM / "migrations" / "versions").glob("m*.py")):
        imported = {
            name.name if isinstance(node, ast.Import) else node.module
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in node.names
        }
        assert imported <= {"__future__", "json", "sqlalchemy", "alembic"}


def test_a_catalogue_of_a_later_version_is_left_alone(place: Path) -> None:
    with sqlite3.connect(place / CATALOG) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(ArchiveTooNew, match="9999") as caught:
        Archive.open(place)
    assert "install" in caught.value.hint


@on_sqlite
def test_an_archive_of_an_earlier_version_is_copied_then_migrated(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo, _ = archive.catalog.add_photo("s1", archive.blobs.put(b"wall"), "wall.jpg", "Ana")
    archive.close()
    later = tmp_path / "migrations"
    shutil.copytree(ROOM / "migrations", later)
    (later / "versions" / "m9000_stars.py").write_text(LATER)
    before = schema.HEAD
    monkeypatch.setattr(schema, "HEAD", "9000")
    database = Database(sqlite.url(archive.path / CATALOG))
    with monkeypatch.context() as patched:
        patched.setattr(schema, "create", lambda database: schema.upgrade(database, later))
        schema.prepare(database, archive.path)
    assert schema.version(database) == "9000"
    with database.read() as connection:
        assert connection.execute(sa.text("SELECT id, taken_by, stars FROM photos")).all() == [(photo.id, "Ana", None)]
        assert connection.execute(sa.text("PRAGMA foreign_keys")).scalar() == 1, "checked again after the migration"
    kept = Database(sqlite.url(archive.path / "catalog.before-9000.sqlite"))
    assert schema.version(kept) == before
    with kept.read() as connection:
        assert connection.execute(sa.text("SELECT uploader FROM photos")).scalar() == "Ana"
    database.close()
    kept.close()


@on_sqlite
def test_a_migration_that_fails_changes_nothing(archive: Archive, tmp_path: Path) -> None:
    archive.close()
    later = tmp_path / "migrations"
    shutil.copytree(ROOM / "migrations", later)
    (later / "versions" / "m9000_stars.py").write_text(f"{LATER}    raise RuntimeError('half way')\n")
    database = Database(sqlite.url(archive.path / CATALOG))
    with pytest.raises(RuntimeError, match="half way"):
        schema.upgrade(database, later)
    database.close()
    with Archive.open(archive.path) as again:
        assert again.catalog.session("s1") == Session("s1", "Parcours usager")
        with again.catalog.database.read() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []


@on_sqlite
def test_rows_that_a_migration_would_orphan_stop_it(archive: Archive) -> None:
    archive.catalog.add_photo("s1", archive.blobs.put(b"wall"), "wall.jpg")
    with pytest.raises(ArchiveError, match="photos"), archive.catalog.database.migration() as connection:
        connection.execute(sa.text("DELETE FROM blobs"))
    assert len(archive.catalog.photos()) == 1
    with archive.catalog.database.read() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM blobs")).scalar() == 1


def test_opening_imports_no_migration_tool(place: Path) -> None:
    code = (
        "import sys, pathlib; from archive.store import Archive; Archive.open(pathlib.Path(sys.argv[1])).close();"
        "print([m for m in ('alembic', 'shapely', 'scipy', 'numpy') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(place)], capture_output=True, text=True, cwd=ROOM.parent)
    assert ran.stdout.strip() == "[]", ran.stderr


def test_the_tables_can_be_made_on_postgresql() -> None:
    for table in metadata.sorted_tables:
        made = str(sa.schema.CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
        assert "DATETIME" not in made
        assert made.count("TIMESTAMP WITHOUT TIME ZONE") == 0


def test_only_one_file_speaks_sqlite() -> None:
    for path in ROOM.glob("*.py"):
        spoken = path.read_text().upper()
        assert path.name == "sqlite.py" or not any(word in spoken for word in ("PRAGMA", "BEGIN IMMEDIATE", "VACUUM"))
