"""A small archive whose boards, notes and words are known: an open session with three boards, a restricted one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from archive.model import (
    Colour,
    Decided,
    DecidedKind,
    Organisation,
    Person,
    Phase,
    Reading,
    Region,
    RegionKind,
    Session,
    Surface,
    Visibility,
)
from archive.settled import Settlement
from archive.store import Archive
from fresque.report import gather
from fresque.report.job import Job
from tests.archive.making import box, line, scan, surface

SIZE = (800, 600)
"""Of every board's image, in pixels."""

MARKUP = "<b>&amp; *gras* #1</b>"
SHIFT = (100.0, 50.0)
"""Boards lie that far from the photo's corner: places in the photo are not places on the board."""


def picture(hue: tuple[int, int, int], size: tuple[int, int] = SIZE) -> bytes:
    """A plain board with a black square at (100, 100) to (200, 200)."""
    pixels = np.full((size[1], size[0], 3), hue, np.uint8)
    pixels[100:200, 100:200] = 0
    out = BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=92)
    return out.getvalue()


def placed(made: Surface) -> Surface:
    """The surface with a homography that shifts, as if cut out of a larger photo."""
    shift = ((1.0, 0.0, SHIFT[0]), (0.0, 1.0, SHIFT[1]), (0.0, 0.0, 1.0))
    return replace(made, width=SIZE[0], height=SIZE[1], homography=shift)


def in_photo(x: float, y: float, width: float, height: float) -> tuple[tuple[float, float], ...]:
    return box(x + SHIFT[0], y + SHIFT[1], width, height)


def note(text: str, place: tuple[float, float], colour: Colour, group: int | None) -> Region:
    x, y = place
    written = line(text, in_photo(x + 10, y + 40, 100, 30))
    return Region(RegionKind.NOTE, in_photo(x, y, 120, 120), (written,), colour, group)


QUAD = box(100, 50, 800, 600)


DECIDED = (
    Decided(DecidedKind.ACTION, "appeler la mairie", "Karim", date(2025, 12, 1)),
    Decided(DecidedKind.DECISION, "un guichet par commune"),
    Decided(DecidedKind.QUESTION, "qui paie ?"),
)


def boards() -> list[Surface]:
    text = placed(
        surface(
            QUAD,
            line("Irritants des usagers", in_photo(50, 40, 400, 50), 0.95),
            line(MARKUP, in_photo(50, 120, 300, 40), 0.9),
            line("peut-être illisible", in_photo(50, 200, 300, 40), 0.2),
        )
    )
    walls = placed(surface(QUAD, line("Idées", in_photo(300, 20, 200, 40)), phase=Phase.FOCUS))
    walls = replace(
        walls,
        regions=(
            *walls.regions,
            note("guichet unique", (50, 100), Colour.YELLOW, 1),
            note("=SOMME(A1)", (200, 100), Colour.PINK, 1),
            note("médiateur", (500, 300), Colour.BLUE, None),
        ),
    )
    first = line("Plan d’action", in_photo(60, 60, 300, 50))
    act = placed(surface(QUAD, replace(first, others=(Reading("Plan daction", 0.3),)), phase=Phase.ACT))
    return [text, walls, act]


SECRET = "Opération Mirage"
SECRET_BOARD = placed(
    surface(QUAD, line("confidentiel", in_photo(60, 60, 300, 50)), line(SECRET, in_photo(60, 160, 300, 50)))
)


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.create(tmp_path_factory.mktemp("report") / "archive") as made:
        made.catalog.add_session(
            Session(
                "ouvert",
                "Congé parental : mieux partir",
                lab="Nantes",
                start=date(2025, 11, 4),
                end=date(2025, 11, 6),
                themes=("parentalité",),
                requesters=(Organisation("Caisse d’allocations"),),
                people=(Person("Amina Diallo", "facilitator"),),
            )
        )
        made.catalog.add_session(Session("secret", "Réorganisation", visibility=Visibility.RESTRICTED))
        for number, board in enumerate(boards()):
            _take(made, "ouvert", number, board)
        _take(made, "secret", 9, SECRET_BOARD)
        act = made.catalog.board(made.catalog.board_ids(session_id="ouvert")[2])
        made.catalog.settle({act.id: Settlement(act.phase, DECIDED)}, "test")
        yield made


def _take(archive: Archive, session_id: str, number: int, board: Surface) -> None:
    blob = archive.blobs.put(f"photo {number}".encode())
    taken = datetime(2025, 11, 4 + number % 3, 10 + number, 30, tzinfo=UTC)
    photo, _ = archive.catalog.add_photo(session_id, blob, f"IMG_{number}.jpg", taken_at=taken)
    image = archive.blobs.put(picture((250 - number, 250, 240))).sha256
    images = {"straight": image, "clean": image, "thumb": archive.blobs.put(_webp(number)).sha256}
    archive.catalog.commit_scan(photo.id, scan([board]), [images])


def _webp(number: int) -> bytes:
    out = BytesIO()
    Image.new("RGB", (160, 120), (200, 200, 10 * number)).save(out, "WEBP")
    return out.getvalue()


@pytest.fixture(scope="session")
def job(archive: Archive) -> Job:
    return Job(gather.session_report(archive, "ouvert", gather.Wanted(people=True)), archive)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"
