"""An archive of many photos answers at once, and takes no more memory for being large.

Seconds are of processor (user and system), so that what the machine does beside does not decide.
"""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from archive import tables as t
from archive.model import Session
from archive.store import Archive
from capture.intake import Intake
from fresque.app import App
from fresque.settings import Settings
from tests.archive.making import LEFT, box, line, scan, surface


@dataclass(frozen=True)
class Ran:
    said: str
    seconds: float
    megabytes: float


def small_photo(number: int) -> bytes:
    """A picture of its own, as small as can be: what is measured are records."""
    image = Image.new("RGB", (24, 16), (number % 251, number // 251 % 251, 40))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def build(place: Path, folder: Path, count: int) -> None:
    """``count`` photos of one session, with their files in a folder, each read, and an index of all.

    The first is taken in and read as ever; the others are rows like its own, for 20,000 commits take half an hour.
    """
    folder.mkdir()
    with Archive.create(place) as archive:
        archive.catalog.add_session(Session("s", "Une session"))
        (folder / "IMG_00000.png").write_bytes(small_photo(0))
        with Intake(archive, "s") as intake:
            (first,) = intake.take(folder / "IMG_00000.png")
        assert first.photo_id is not None
        archive.catalog.commit_scan(first.photo_id, scan([surface(LEFT, line("panneau 0 enjeux", PLACE))]))
        with archive.catalog.database.write() as connection:
            rows = {table: dict(connection.execute(sa.select(table)).one()._mapping) for table in COPIED}
            for number in range(1, count):
                data = small_photo(number)
                (folder / f"IMG_{number:05}.png").write_bytes(data)
                _like_the_first(connection, rows, number, archive.blobs.put(data).sha256)
        app = App(archive, Settings(place, None))
        app.rebuild_index()
        app.refresh()  # settles what its sessions say as a whole, once
    assert fresque(place, "process").said  # looks once for boards that are one wall


PLACE = box(60, 60, 200, 30)
COPIED = (t.blobs, t.photos, t.jobs, t.boards, t.results, t.views, t.readings)


def _like_the_first(connection: sa.Connection, rows: dict[sa.Table, dict[str, Any]], number: int, digest: str) -> None:
    photo, board = f"photo{number:011}", f"board{number:011}"
    name = f"IMG_{number:05}.png"
    text = json.dumps(rows[t.results]["regions"]).replace("panneau 0 ", f"panneau {number} ")
    changed: dict[sa.Table, dict[str, Any]] = {
        t.blobs: {"digest": digest},
        t.photos: {"id": photo, "blob": digest, "file_name": name},
        t.jobs: {"photo_id": photo},
        t.boards: {"id": board},
        t.results: {"board_id": board, "regions": json.loads(text)},
        t.views: {"board_id": board, "photo_id": photo},
        t.readings: {"photo_id": photo, "boards": [[board, 1]]},
    }
    for table, values in changed.items():
        connection.execute(sa.insert(table).values(**rows[table] | values))


def fresque(place: Path, *arguments: str | Path) -> Ran:
    code = (
        "import sys; from fresque.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit as end: code = end.code\n"
        # not ru_maxrss: that begins at what the process that started this one holds
        "status = dict(line.split(':', 1) for line in open('/proc/self/status'))\n"
        "print(status['VmHWM'].split()[0], file=sys.stderr); sys.exit(code)"
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-c", code, "--archive", str(place), *map(str, arguments)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert ran.returncode == 0, ran.stderr
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Ran(ran.stdout, seconds, int(ran.stderr.split()[-1]) / 1024)


def commands(place: Path, folder: Path) -> dict[str, Ran]:
    return {
        "status": fresque(place, "status"),
        "ingest known": fresque(place, "ingest", folder, "--session", "s", "--no-process"),
        "verify --sample": fresque(place, "verify", "--sample", "0.02"),
        "process nothing": fresque(place, "process"),
    }


def test_a_known_folder_adds_nothing_and_a_small_archive_answers(tmp_path: Path) -> None:
    build(tmp_path / "archive", tmp_path / "photos", 60)
    ran = commands(tmp_path / "archive", tmp_path / "photos")
    assert "60 photos, 60 boards" in ran["status"].said
    assert "0 photos taken in, 60 were there already" in ran["ingest known"].said
    assert "0 faults" in ran["verify --sample"].said
    assert "Nothing waits" in ran["process nothing"].said


@pytest.mark.soak
@pytest.mark.timeout(3000)
def test_twenty_thousand_photos(tmp_path: Path) -> None:
    few, many = tmp_path / "few", tmp_path / "many"
    for place, count in ((few, 1000), (many, 20_000)):
        place.mkdir()
        build(place / "archive", place / "photos", count)
    small, large = (commands(place / "archive", place / "photos") for place in (few, many))
    for name, ran in large.items():
        sys.stdout.write(
            f"{name}: {ran.seconds:.2f} s, {ran.megabytes:.0f} MB (1,000 photos: {small[name].megabytes:.0f} MB)\n"
        )
    for name, ran in large.items():
        assert ran.seconds < 2.0, name
        assert ran.megabytes < small[name].megabytes + 60, name
