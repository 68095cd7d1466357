"""A photo read before: the stages that changed are run, and only they; judged by what was asked of the pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.model import Recipe, Session, StageUse
from archive.store import Archive
from capture import decode
from capture.photo import process_photo
from capture.pipeline import again, load, stages
from capture.sandbox import Sandbox
from tests.fresque.test_cli import board_photo

OPTIONS = stages.Options(threads=1)


def aged(recipe: Recipe, *names: str) -> Recipe:
    """The recipe as it was when these stages were of an earlier version."""
    return Recipe(tuple(replace(s, version=0) if s.name in names else s for s in recipe.stages))


@pytest.mark.parametrize(
    ("names", "stale"),
    [
        ((), again.EVERYTHING),
        (("phase",), {"phase"}),
        (("clean",), {"clean"}),
        (("read",), {"read", "phase"}),
        (("notes",), {"notes", "read", "phase"}),
        (("straighten",), {"straighten", "clean", "notes", "read", "phase"}),
        (("find",), again.EVERYTHING - {"decode", "cards"}),
        (("decode",), again.EVERYTHING),
    ],
)
def test_what_changed_and_what_works_on_it(names: tuple[str, ...], stale: set[str]) -> None:
    today = stages.recipe(OPTIONS)
    assert again.changed(aged(today, *names), today) == stale


def test_an_unknown_stage_means_everything() -> None:
    today = stages.recipe(OPTIONS)
    more = Recipe((*today.stages, StageUse("magic", 1, "x")))
    assert again.changed(more, today) == again.EVERYTHING
    assert again.changed(today, more) == again.EVERYTHING


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.create(tmp_path / "archive") as made:
        made.catalog.add_session(Session("s", "Une session"))
        blob = made.blobs.put(board_photo(["Plan d'action", "Karim : salle, avant le 15/03"]))
        made.catalog.add_photo("s", blob, "mur.jpg")
        yield made


def process(archive: Archive, sandbox: Sandbox) -> None:
    lease = archive.jobs.lease("w", 60)
    assert lease is not None
    assert process_photo(archive, lease, OPTIONS, sandbox).error is None


def test_only_the_changed_stages_run(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """The recipe that is recorded is made older, as if a release had changed one stage since."""
    today = stages.recipe(OPTIONS)
    decoded: list[str] = []
    real = decode.decode

    def counted(data: bytes, sandbox: Sandbox, params: load.Params | None = None, page: int = 0) -> load.Decoded:
        decoded.append("decoded")
        return real(data, sandbox, params, page)

    monkeypatch.setattr(decode, "decode", counted)
    with Sandbox() as sandbox:
        process(archive, sandbox)
        (board,) = archive.catalog.boards()
        (photo,) = archive.catalog.photos()
        ran = {}
        for stage in ("phase", "clean", "read", "find"):
            reading = archive.catalog.current_reading(photo.id)
            assert reading is not None
            older = replace(reading.scan, recipe=aged(today, stage))
            archive.catalog.commit_scan(photo.id, older, reading.renditions)
            archive.jobs.enqueue([photo.id])
            decoded.clear()
            process(archive, sandbox)
            after = archive.catalog.current_reading(photo.id)
            assert after is not None
            ran[stage] = set(after.scan.seconds)
            assert bool(decoded) == (stage != "phase")
            assert after.recipe == today
            assert after.board_ids == (board.id,)
            if stage in ("phase", "clean"):
                assert after.scan.surfaces[0].regions == reading.scan.surfaces[0].regions
            if stage == "phase":
                assert after.renditions == reading.renditions
            assert after.scan.surfaces[0].text == board.text
            assert after.scan.surfaces[0].quad_confidence == reading.scan.surfaces[0].quad_confidence
            shown = archive.catalog.board(board.id)
            assert set(shown.renditions) == {"straight", "clean", "thumb"}
        assert ran["phase"] == {"phase"}
        assert ran["clean"] == {"decode", "clean"}
        assert {"decode", "read", "phase"} <= ran["read"]
        assert {"find", "read"} <= ran["find"]
    assert [r.number for r in archive.catalog.readings(photo.id)] == list(range(9, 0, -1))


def test_a_reading_of_a_turned_board_stays_upright(archive: Archive) -> None:
    """Corners are kept upright: reading there again turns nothing a second time."""
    import io

    from PIL import Image

    turned = Image.open(io.BytesIO(board_photo(["Plan d'action", "Karim : salle", "Budget 1 400"]))).rotate(
        90, expand=True
    )
    buffer = io.BytesIO()
    turned.save(buffer, "JPEG", quality=92)
    outcome = stages.run(buffer.getvalue(), OPTIONS)
    before = outcome.scan
    assert before.surfaces[0].rotation != 0
    stale = again.changed(aged(before.recipe, "read"), before.recipe)
    after = again.run(before, stale, lambda: load.decode(buffer.getvalue()), OPTIONS).scan
    assert after.surfaces[0].text == before.surfaces[0].text
    assert after.surfaces[0].rotation == before.surfaces[0].rotation
    size = (before.surfaces[0].width, before.surfaces[0].height)
    assert (after.surfaces[0].width, after.surfaces[0].height) == pytest.approx(size, abs=2)
