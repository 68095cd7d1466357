"""After a session was destroyed everything goes on: what is left is settled, indexed and found."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from archive.errors import NotFound
from archive.forget import forget_session
from archive.store import Archive
from capture.settle import settle_all
from fresque.app import App
from fresque.settings import Settings
from tests.fresque.report.conftest import archive as filled

__all__ = ["filled"]


@pytest.mark.parametrize("indexed", [False, True])
def test_the_rest_is_settled_and_found(filled: Archive, tmp_path: Path, indexed: bool) -> None:
    place = Path(shutil.copytree(filled.path, tmp_path / "archive"))
    with Archive.open(place) as archive:
        app = App(archive, Settings(place, None))
        if indexed:
            app.refresh()
        forget_session(archive, "secret", "asked")
        assert archive.catalog.stale_sessions()[0] in ([], ["ouvert"])
        app.refresh()
        assert app.behind() == 0
        assert app.engine.search("confidentiel", mode="text").hits == ()
        assert app.engine.search("médiateur").hits
        with pytest.raises(NotFound):
            settle_all(archive, ["secret"])
        assert settle_all(archive, ["secret"], archive.catalog.last_sequence()) == 0, "destroyed since it was listed"
