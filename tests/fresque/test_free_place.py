"""Where on a board something goes that was not found there: it takes nothing away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive import geometry
from archive.model import Board, Decided, DecidedKind, Phase, PhaseTag, Recipe, View
from fresque.free_place import place_for
from tests.archive.making import LEFT, box, line, surface

LINES = (line("Karim : clés", box(40, 100, 300, 40)), line("affiches pour le hall", box(40, 200, 300, 40)))


@pytest.fixture
def board() -> Board:
    made = surface(LEFT, *LINES)
    view = View("p", LEFT, 0.9, False, made.homography, 0)
    return Board("b", "s", (view,), 460, 760, made.regions, PhaseTag(Phase.ACT), Recipe(()))


def item(text: str, place: object, **values: object) -> Decided:
    return replace(Decided(DecidedKind.ACTION, text), polygon=place, **values)  # type: ignore[arg-type]


def taken(board: Board, place: object) -> list[str]:
    """Of what would give way to something at that place."""
    return [i.text for i in board.decided if geometry.covered(i.polygon, [place]) >= 0.5]  # type: ignore[list-item]


def test_the_line_that_reads_like_it(board: Board) -> None:
    assert place_for(board, "affiches du hall") == LINES[1].polygon


def test_a_line_that_is_taken_is_left_alone(board: Board) -> None:
    """By something around two lines, too."""
    full = replace(board, decided=(item("affiches", box(30, 90, 320, 160)),))
    place = place_for(full, "affiches du hall")
    assert taken(full, place) == []
    assert geometry.covered(place, [LEFT]) == pytest.approx(1)
    assert geometry.covered(place, [each.polygon for each in LINES]) == 0


def test_what_stands_nowhere_gets_an_empty_spot(board: Board) -> None:
    place = place_for(board, "Xyz 123")
    assert geometry.covered(place, [each.polygon for each in LINES]) == 0
    second = place_for(replace(board, decided=(item("Xyz 123", place),)), "Uvw 456")
    assert taken(replace(board, decided=(item("Xyz 123", place),)), second) == []


def test_a_board_that_is_full_still_has_room(board: Board) -> None:
    full = replace(board, decided=(item("tout", LEFT),))
    assert taken(full, place_for(full, "encore")) == []
