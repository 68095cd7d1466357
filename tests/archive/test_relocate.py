"""From a laptop to servers and back: every row, every byte and every answer as it was."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive.errors import ArchiveError, ArchiveExists, ArchiveMoved
from archive.model import CorrectionField, Material
from archive.places import Places
from archive.relocate import relocate
from archive.store import IDENTITY, Archive
from archive.verify import verify
from fresque.app import App
from fresque.settings import Settings
from tests.archive.making import LEFT, box, line, on_sqlite, scan, surface
from tests.archive.test_backup import everything, fill
from tests.servers import Servers

pytestmark = on_sqlite
QUERIES = ("enjeux", "compte rendu", "phase:act", "perdus devant l'atelier", "enjeus")


def filled(archive: Archive) -> Archive:
    """With all that a database may put out of order: merged boards, a retired one, corrections taken back."""
    made = fill(archive, "s1", 3)
    boards = archive.catalog.boards(session_id="s1")
    archive.catalog.merge_boards(boards[0].id, [boards[1].id])
    archive.catalog.commit_scan(
        boards[2].views[0].photo_id, scan([surface(LEFT, line("enjeux \U0001f5fa", box(60, 60, 200, 30)))])
    )
    archive.catalog.withdraw(made[-1].id, "Ana")
    archive.catalog.put_material(Material("m1", "s1", "Compte rendu de l'atelier d’œuvre", "CR"))
    archive.catalog.refuse("s2", "film.mov", "not a picture")
    return archive


def answers(archive: Archive) -> list[list[tuple[str, float, str]]]:
    app = App(archive, Settings(archive.path, None))
    app.rebuild_index()
    return [[(hit.id, hit.score, hit.snippet) for hit in app.search(query).hits] for query in QUERIES]


@pytest.mark.slow
def test_to_servers_and_back_to_the_bit(archive: Archive, servers: Servers, tmp_path: Path) -> None:
    filled(archive)
    before, told = everything(archive), answers(archive)
    assert any(told)
    with servers.empty() as places:
        relocate(archive, tmp_path / "server", places)
        with pytest.raises(ArchiveMoved, match="server"):
            Archive.open(archive.path)
        with Archive.open(tmp_path / "server", places) as there:
            assert everything(there) == before
            assert verify(there).clean
            assert answers(there) == told
            relocate(there, tmp_path / "back", Places())
    with Archive.open(tmp_path / "back") as back:
        assert everything(back) == before
        assert back.id == archive.id
        assert verify(back).clean
        assert answers(back) == told
        goes_on(back)


def test_what_is_moved_goes_on_being_written(archive: Archive, servers: Servers, tmp_path: Path) -> None:
    filled(archive)
    with servers.empty() as places:
        relocate(archive, tmp_path / "server", places)
        with Archive.open(tmp_path / "server", places) as there:
            goes_on(there)


def goes_on(archive: Archive) -> None:
    """Numbers that the database gives go on where they were."""
    photo = archive.catalog.photos(session_id="s1")[-1]
    board = archive.catalog.boards(photo_id=photo.id)[0]
    acts = len(archive.catalog.acts(limit=1000))
    made = archive.catalog.correct(photo.id, board.id, CorrectionField.PHASE, "FOCUS", author="Bo")
    assert archive.catalog.corrections(photo_id=photo.id)[-1].id == made.id
    assert len(archive.catalog.acts(limit=1000)) > acts


def test_a_move_that_was_stopped_goes_on(archive: Archive, servers: Servers, tmp_path: Path) -> None:
    filled(archive)
    before = everything(archive)

    def stop(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with servers.empty() as places:
        with pytest.raises(KeyboardInterrupt):
            relocate(archive, tmp_path / "server", places, stop)
        assert archive.catalog.sessions(), "the old place is as it was"
        relocate(archive, tmp_path / "server", places)
        (tmp_path / "server" / IDENTITY).unlink()  # killed between the records and the identity
        unmark(archive)
        relocate(archive, tmp_path / "server", places)
        with Archive.open(tmp_path / "server", places) as there:
            assert everything(there) == before


def unmark(archive: Archive) -> None:
    file = archive.path / IDENTITY
    file.write_text("".join(x for x in file.read_text().splitlines(True) if not x.startswith("moved")))


def test_another_archive_is_never_written_over(archive: Archive, servers: Servers, tmp_path: Path) -> None:
    with servers.own() as taken:
        with pytest.raises(ArchiveExists, match="another archive"):
            relocate(filled(archive), tmp_path / "server", taken)
        with Archive.open(servers.folder(tmp_path / "theirs"), taken) as theirs:
            assert [s.id for s in theirs.catalog.sessions()] == ["s1", "s2"]
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.odt").write_bytes(b"x")
    with pytest.raises(ArchiveError, match="not empty"):
        relocate(archive, tmp_path / "full", Places())
    Archive.open(archive.path).close()


@pytest.mark.slow
def test_one_command_each_way(archive: Archive, servers: Servers, tmp_path: Path) -> None:
    app = App(filled(archive), Settings(archive.path, None))
    while app.settle():  # which is a change itself
        pass
    before = everything(archive)
    with servers.empty() as places:
        assert places.database
        assert places.blobs
        there = {"FRESQUE_TO_DATABASE": places.database, "FRESQUE_TO_BLOBS": places.blobs}
        assert faults(command(archive.path, "relocate", str(tmp_path / "server"), **there)) == 0
        here = {"FRESQUE_DATABASE": places.database, "FRESQUE_BLOBS": places.blobs}
        assert faults(command(tmp_path / "server", "relocate", str(tmp_path / "back"), **here)) == 0
    with Archive.open(tmp_path / "back") as back:
        assert everything(back) == before


def command(place: Path, *arguments: str, **environment: str) -> dict[str, int]:
    ended = subprocess.run(
        [sys.executable, "-m", "fresque", "--archive", str(place), *arguments, "--json"],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    found: dict[str, int] = json.loads(ended.stdout)
    return found


def faults(told: dict[str, int]) -> int:
    assert told["records"] > 20
    assert told["blobs"] == 6
    return told["faults"]
