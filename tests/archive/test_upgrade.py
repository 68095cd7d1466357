"""An upgrade while the archive is in use: processes of the code before go on over the database that was migrated.

The rule: a migration adds. Columns that are added have a default or may be empty; what nobody uses any more goes one
release later. The first test reads the migrations; the second runs the code of the schema before (out of git, skipped
visibly where the history is not there) beside today's.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive.schema import HEAD
from archive.store import Archive
from archive.verify import verify
from tests.archive.making import LEFT, scan, surface
from tests.servers import Servers

ROOT = Path(__file__).parents[2]
BEFORE = "890fd93"
"""The last commit of schema 0035."""

RULE_SINCE = "0040"
TAKES_AWAY = ("drop_table", "drop_column", "drop_constraint", "rename_table", "alter_column")

MAKE = """
import sys
from pathlib import Path
from archive.model import Session
from archive.store import Archive

with Archive.create(Path(sys.argv[1])) as made:
    made.catalog.add_session(Session("s1", "Avant"))
"""

OLD_PROCESS = """
import json, sys
from pathlib import Path
from archive.model import CorrectionField
from archive.schema import HEAD
from archive.store import Archive
from tests.archive.making import LEFT, line, box, scan, surface

assert HEAD == "0035"  # the code of then, not of today
with Archive.open(Path(sys.argv[1])) as archive:
    print(json.dumps("open"), flush=True)
    sys.stdin.readline()
    blob = archive.blobs.put(b"an old process brings it")
    photo, _ = archive.catalog.add_photo("s1", blob, "old.jpg")
    lease = archive.jobs.lease("old", 60)
    seen = scan([surface(LEFT, line("enjeux", box(60, 60, 90, 30)))])
    boards = archive.catalog.commit_scan(lease.photo_id, seen, lease=lease)
    archive.catalog.correct(lease.photo_id, boards[0].id, CorrectionField.PHASE, "ACT", author="Ana")
    seen = sorted(p.file_name for p in archive.catalog.photos())
    print(json.dumps([seen, len(archive.catalog.acts()), archive.catalog.counts().to_do]), flush=True)
"""


def migrations() -> list[Path]:
    folder = ROOT / "archive" / "migrations" / "versions"
    return sorted(p for p in folder.glob("m*.py") if p.name[1:5] >= RULE_SINCE)


def faults(source: str) -> list[str]:
    """What of a migration an older process could not live with."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr in TAKES_AWAY:
            found.append(node.func.attr)
        if node.func.attr == "add_column":
            column = next(a for a in node.args if isinstance(a, ast.Call))
            given = {k.arg: k.value for k in column.keywords}
            nullable = given.get("nullable")
            if isinstance(nullable, ast.Constant) and nullable.value is False and "server_default" not in given:
                found.append("a column that must be filled and has no default")
    return found


def test_migrations_add_and_take_nothing_away() -> None:
    assert migrations()
    for file in migrations():
        assert faults(file.read_text()) == [], file.name


@pytest.mark.parametrize(
    "source",
    [
        'op.drop_column("photos", "uploader")',
        'photos.alter_column("uploader", new_column_name="by")',
        'op.add_column("photos", sa.Column("stars", sa.Integer(), nullable=False))',
    ],
)
def test_what_would_stop_an_older_process_is_seen(source: str) -> None:
    assert faults(source)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code of the schema before."""
    packed = subprocess.run(
        ["git", "-C", str(ROOT), "archive", BEFORE, "archive", "tests/__init__.py", "tests/archive"],
        capture_output=True,
        check=False,
    )
    if packed.returncode:
        pytest.skip(f"the history does not hold {BEFORE}")
    folder = tmp_path_factory.mktemp("before")
    subprocess.run(["tar", "-x", "-C", str(folder)], input=packed.stdout, check=True)
    return folder


@pytest.mark.parametrize("where", ["folder", "servers"])
def test_old_and_new_processes_over_one_migrated_database(
    before: Path, servers: Servers, tmp_path: Path, where: str
) -> None:
    with servers.empty() as places:
        told = {"FRESQUE_DATABASE": places.database, "FRESQUE_BLOBS": places.blobs} if where == "servers" else {}
        environment = os.environ | {name: value for name, value in told.items() if value} | {"PYTHONPATH": str(before)}
        place = tmp_path / "archive"
        subprocess.run([sys.executable, "-c", MAKE, str(place)], env=environment, cwd=before, check=True)
        old = subprocess.Popen(
            [sys.executable, "-c", OLD_PROCESS, str(place)],
            env=environment, cwd=before, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert old.stdin is not None
        assert old.stdout is not None
        with old:
            assert json.loads(old.stdout.readline()) == "open"
            with Archive.open(place, places if where == "servers" else None) as new:  # migrates
                assert HEAD > "0035"
                photo, _ = new.catalog.add_photo("s1", new.blobs.put(b"a new one"), "new.jpg")
                lease = new.jobs.lease("new", 60)
                new.catalog.commit_scan(photo.id, scan([surface(LEFT)]), lease=lease)
                answer, _ = old.communicate("go\n", timeout=60)
                assert old.returncode == 0
                seen, acts, waiting = json.loads(answer)
                assert (seen, waiting) == (["new.jpg", "old.jpg"], 0)
                assert acts > 0
                assert {p.file_name for p in new.catalog.photos()} == {"new.jpg", "old.jpg"}
                assert len(new.catalog.boards()) == 2
                assert verify(new).clean
