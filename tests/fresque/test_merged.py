"""Boards of two photos that a person said are one: everything goes on, though half the lines have no place in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from archive.store import Archive
from fresque.app import App
from fresque.commands.export import FORMATS
from fresque.report import formats, gather
from fresque.report.job import Job
from fresque.settings import Settings
from fresque.web.server import create
from fresque.web.state import Served
from tests.fresque.report.conftest import archive as filled

__all__ = ["filled"]


@pytest.fixture(scope="module")
def app(filled: Archive, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    place = Path(shutil.copytree(filled.path, tmp_path_factory.mktemp("merged") / "archive"))
    with Archive.open(place) as archive:
        first, *others = archive.catalog.board_ids(session_id="ouvert")
        archive.catalog.merge_boards(first, others)
        app = App(archive, Settings(place, None))
        app.refresh()
        yield app


def test_it_is_settled_and_found_by_what_either_photo_says(app: App) -> None:
    (board,) = app.archive.catalog.board_ids(session_id="ouvert")
    for word in ("irritants", "médiateur"):
        assert [hit.id for hit in app.engine.search(word).hits][:1] == [board]
    assert app.behind() == 0


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_written(name: str, app: App, tmp_path: Path) -> None:
    board = app.archive.catalog.board_ids(session_id="ouvert")
    for report in (
        gather.session_report(app.archive, "ouvert", gather.Wanted()),
        gather.boards_report(app.archive, "un", board, gather.Wanted()),
    ):
        job = Job(report, app.archive)
        place = tmp_path / formats.default_name(job, name)
        assert formats.write(job, name, place).exists()


def test_the_pages_show_it(app: App) -> None:
    (board,) = app.archive.catalog.board_ids(session_id="ouvert")
    with TestClient(
        create(app, Served(processing=False)), base_url="http://localhost", client=("127.0.0.1", 50000)
    ) as client:
        for address in (
            f"/boards/{board}",
            f"/api/v1/boards/{board}",
            "/sessions/ouvert",
            "/api/v1/sessions/ouvert/boards",
            "/api/v1/search?q=guichet",
            "/search?q=guichet",
            "/iiif/ouvert/manifest.json",
            "/iiif/ouvert/search?q=guichet",
        ):
            assert client.get(address).status_code == 200, address
