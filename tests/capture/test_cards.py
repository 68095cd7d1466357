"""Marker cards: printed, photographed, and read back exactly; never seen where there are none."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytest
from numpy.typing import NDArray

from archive.model import Phase, Session
from bench import photos
from capture.pipeline import cards, load
from capture.pipeline.frame import Frame
from fresque import cards as printing

EVAL = Path(__file__).parents[2].parent / "shared" / "eval"
SESSION = Session("conge-parental", "Le congé parental")
DPI = 100


@pytest.fixture(scope="module")
def pages() -> list[NDArray[np.uint8]]:
    """The printed pages, as a printer would see them."""
    document = pypdfium2.PdfDocument(printing.pdf(SESSION))
    return [np.asarray(page.render(scale=DPI / 72).to_numpy(), np.uint8)[..., :3] for page in document]


def on_board(pages: list[NDArray[np.uint8]], width: int = 1800, height: int = 1200) -> NDArray[np.uint8]:
    """A board with the four corner cards, cut out of the printed page, in its corners, and the FOCUS card on it."""
    picture = np.full((height, width, 3), (240, 243, 244), np.uint8)
    millimetre = DPI / 25.4
    marker, margin = printing.MARKER * millimetre, cards.MARGIN * printing.MARKER * millimetre
    found = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cards.DICTIONARY)).detectMarkers(pages[0])
    side = round(marker + 2 * margin)
    at = {10: (0, 0), 11: (width - side, 0), 12: (width - side, height - side), 13: (0, height - side)}
    for name, corners in zip(np.ravel(found[1]).tolist(), found[0], strict=True):
        x, y = np.reshape(corners, (4, 2))[0]
        left, top = round(float(x) - margin), round(float(y) - margin)
        u, v = at[int(name)]
        picture[v : v + side, u : u + side] = pages[0][top : top + side, left : left + side]
    card = pages[2][30:480, 40:700]
    picture[400 : 400 + card.shape[0], 500 : 500 + card.shape[1]] = card
    return picture


def photographed(board: NDArray[np.uint8], turn: int = 0) -> tuple[Frame, NDArray[np.float64]]:
    """Obliquely, from a wall, with blur and noise; and the board's true corners in the photo."""
    h, w = board.shape[:2]
    outline = np.array([[-0.5, -0.5], [w - 0.5, -0.5], [w - 0.5, h - 0.5], [-0.5, h - 0.5]], np.float32)
    seen = np.array([[350, 420], [2900, 260], [3050, 2240], [300, 2050]], np.float32)
    way = cv2.getPerspectiveTransform(outline, seen)
    photo = np.full((2500, 3400, 3), (150, 160, 165), np.uint8)
    cv2.warpPerspective(board, way, (3400, 2500), photo, cv2.INTER_AREA, cv2.BORDER_TRANSPARENT)
    photo = np.asarray(cv2.GaussianBlur(photo, (0, 0), 1.2), np.uint8)
    grain = np.random.default_rng(1).normal(0, 4, photo.shape)
    frame = Frame(np.asarray(np.clip(photo * np.linspace(0.5, 0.95, 3400)[None, :, None] + grain, 0, 255), np.uint8))
    turned = frame.turned(turn)
    back = turned.points_from_photo(seen.astype(np.float64))
    return Frame(turned.pixels), back


@pytest.mark.parametrize("turn", [0, 90, 180])
def test_corners_session_and_phase_are_read_exactly(pages: list[NDArray[np.uint8]], turn: int) -> None:
    frame, corners = photographed(on_board(pages), turn)
    found = cards.find_cards(frame)
    assert found.quad is not None
    assert np.abs(np.array(found.quad) - corners).max() < 4  # of 3400; the cards are cut to half a pixel of the page
    assert (found.session, found.phase) == ("conge-parental", Phase.FOCUS)


def test_a_missing_corner_card_leaves_the_corners_open(pages: list[NDArray[np.uint8]]) -> None:
    board = on_board(pages)
    board[:350, :350] = 240
    found = cards.find_cards(photographed(board)[0])
    assert found.quad is None
    assert found.phase is Phase.FOCUS


def test_messages_survive_any_session_name() -> None:
    for name in ("é è&=; 1", "x" * 90):
        grid = printing.code(cards.message(name, Phase.ACT))
        big = cv2.resize(grid, None, fx=6, fy=6, interpolation=cv2.INTER_NEAREST)
        assert cv2.QRCodeDetector().detectAndDecode(big)[0] == cards.message(name, Phase.ACT)


@pytest.mark.skipif(not EVAL.exists(), reason="the evaluation photos are not here")
def test_no_card_is_seen_where_there_is_none() -> None:
    for folder in (EVAL / "rendered", EVAL / "real"):
        for truth in photos.truths(folder)[::8]:
            frame = load.decode((folder / truth["photo"]).read_bytes()).frame
            assert cards.find_cards(frame) == cards.Cards(), truth["photo"]
