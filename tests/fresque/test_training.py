"""`corrections export`: each confirmed line as a picture that shows it, in the form that training wants."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from archive.errors import NotFound, UsageError
from archive.model import CorrectionField
from archive.store import Archive
from capture.pipeline.read.crops import fit
from capture.pipeline.read.decode import greedy
from capture.pipeline.read.recognise import recognise
from fresque import training
from tests.fresque.test_cli import board_photo, fresque

LINES = ["Plan d'action", "Karim : salle, avant le 15/03", "Budget 1 400 euros"]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with one photo, its second line corrected twice, its third declared empty."""
    place = tmp_path_factory.mktemp("archives") / "a"
    photo = place.parent / "mur.jpg"
    photo.write_bytes(board_photo(LINES))
    assert fresque("init", place).returncode == 0
    assert fresque("session", "add", "s", "--title", "S", archive=place).returncode == 0
    assert fresque("ingest", photo, "--session", "s", archive=place).returncode == 0
    with Archive.open(place) as archive:
        [board] = archive.catalog.boards()
        [photo_id] = [view.photo_id for view in board.views]
        title, karim, budget = board.lines
        correct = archive.catalog.correct
        correct(photo_id, board.id, CorrectionField.TEXT, "Karime : salle", karim.polygon)
        correct(photo_id, board.id, CorrectionField.TEXT, LINES[1], karim.polygon)
        correct(photo_id, board.id, CorrectionField.TEXT, "", budget.polygon)
        correct(photo_id, board.id, CorrectionField.TEXT, "Plan\td'action", title.polygon)
    return place


def test_pictures_show_what_the_list_says(filled: Path, tmp_path: Path) -> None:
    with Archive.open(filled) as archive:
        done = training.export(archive, tmp_path / "lines")
    assert (done.train + done.judge, done.photos, done.unreadable) == (2, 1, ())
    rows = [
        row.split("\t")
        for name in ("rec_gt_train.txt", "rec_gt_val.txt")
        for row in (tmp_path / "lines" / name).read_text(encoding="utf-8").splitlines()
    ]
    assert sorted(text for _, text in rows) == sorted(LINES[:2])
    for name, text in rows:
        picture = cv2.imread(str(tmp_path / "lines" / name))
        assert picture is not None
        ink = np.asarray(picture, int).min(axis=2) < 120
        assert 0.02 < ink.mean() < 0.5
        seen = greedy(recognise(fit(np.asarray(picture, np.uint8))))[0]
        assert seen.replace(" ", "") == text.replace(" ", "")


def test_the_manifest_leads_back_to_the_photo(filled: Path, tmp_path: Path) -> None:
    with Archive.open(filled) as archive:
        training.export(archive, tmp_path / "lines", "s")
        rows = [json.loads(row) for row in (tmp_path / "lines" / "manifest.jsonl").read_text().splitlines()]
        for row in rows:
            photo = archive.catalog.photo(row["photo"])
            assert (photo.session_id, photo.blob) == (row["session"], row["sha256"])
            assert (tmp_path / "lines" / row["image"]).is_file()


def test_a_folder_that_holds_something_is_left_alone(filled: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with Archive.open(filled) as archive, pytest.raises(UsageError, match="not empty"):
        training.export(archive, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_an_unknown_session_is_named(filled: Path, tmp_path: Path) -> None:
    with Archive.open(filled) as archive, pytest.raises(NotFound):
        training.export(archive, tmp_path / "lines", "nobody")


def test_the_command_counts(filled: Path, tmp_path: Path) -> None:
    said = json.loads(fresque("corrections", "export", tmp_path / "lines", "--json", archive=filled).stdout)
    assert said["train"] + said["val"] == 2
