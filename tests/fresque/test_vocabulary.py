"""A snapshot of the archive's words: taken on request, the same until the next, named in the recipe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.model import Organisation, Person, Session
from archive.store import Archive
from capture.pipeline import stages
from fresque import vocabulary
from fresque.app import App
from fresque.settings import Settings


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    archive = Archive.create(tmp_path / "a")
    session = Session(
        "s", "Le congé  parental", lab="Nantes", requesters=(Organisation("CNAF"),), themes=("famille",),
        people=(Person("Amina Benali", "facilitator"),),
    )  # fmt: skip
    archive.catalog.add_session(session)
    with App(archive, Settings(tmp_path / "a", None)) as opened:
        yield opened


def test_titles_organisations_and_themes_but_no_names_of_people(app: App) -> None:
    taken = vocabulary.take(app.archive)
    assert taken.texts == ("CNAF", "Le congé parental", "Nantes", "famille")
    assert vocabulary.in_use(app.archive) == taken


def test_it_stays_as_it_was_taken_and_the_recipe_names_it(app: App) -> None:
    without = stages.recipe(app.options()).digest
    vocabulary.take(app.archive)
    taken = stages.recipe(app.options()).digest
    assert taken != without
    app.archive.catalog.add_session(Session("t", "Un autre titre"))
    assert stages.recipe(app.options()).digest == taken
    vocabulary.take(app.archive)
    assert stages.recipe(app.options()).digest != taken


def test_dropped_it_is_as_if_it_had_never_been(app: App) -> None:
    without = stages.recipe(app.options()).digest
    vocabulary.take(app.archive)
    assert vocabulary.drop(app.archive)
    assert stages.recipe(app.options()).digest == without
    assert vocabulary.in_use(app.archive) is None
    assert not vocabulary.drop(app.archive)


def test_reading_is_told(app: App) -> None:
    vocabulary.take(app.archive)
    assert "CNAF" in app.options().read.ppocr.vocabulary
