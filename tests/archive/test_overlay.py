from __future__ import annotations

from dataclasses import replace
from typing import Any

from archive.model import (
    Board,
    Correction,
    CorrectionField,
    Line,
    Phase,
    Polygon,
    Reading,
    Region,
    RegionKind,
    View,
)
from archive.overlay import lay_over
from tests.archive.making import LEFT, OLD, RIGHT, box, line, surface

FIRST, SECOND, THIRD = box(40, 40, 200, 20), box(40, 80, 200, 20), box(40, 400, 200, 20)


def board(*lines: Line) -> Board:
    seen = surface(LEFT)
    view = View("p", LEFT, 0.4, True, seen.homography, 0)
    note = Region(RegionKind.NOTE, box(30, 30, 300, 100), tuple(lines[:2]))
    text = Region(RegionKind.TEXT, box(30, 390, 300, 50), tuple(lines[2:]))
    return Board("b", "s1", (view,), 460, 760, (note, text), seen.phase, OLD)


def correction(field: CorrectionField, value: Any, anchor: Polygon = ()) -> Correction:
    return Correction("c", "p", "b", field, value, anchor)


def text(value: str, anchor: Polygon) -> Correction:
    return correction(CorrectionField.TEXT, value, anchor)


READ = board(line("enjeus", FIRST), line("besoins", SECOND), line("attentes", THIRD))


def test_nothing_to_lay_over_changes_nothing() -> None:
    assert lay_over(READ, []) == READ


def test_a_corrected_line_stands_in_its_place_and_keeps_the_reading_that_lost() -> None:
    before = replace(line("enjeus", FIRST, 0.6), others=(Reading("enjoué", 0.5),))
    after = lay_over(board(before, line("besoins", SECOND), line("attentes", THIRD)), [text("enjeux", FIRST)])
    assert [found.text for found in after.lines] == ["enjeux", "besoins", "attentes"]
    assert after.lines[0] == Line("enjeux", FIRST, 1.0, "human", (Reading("enjeus", 0.6), Reading("enjoué", 0.5)))


def test_the_later_of_two_corrections_of_a_line_wins() -> None:
    after = lay_over(READ, [text("faux", FIRST), text("enjeux", FIRST)])
    assert [found.text for found in after.lines] == ["enjeux", "besoins", "attentes"]
    assert [other.text for other in after.lines[0].others] == ["enjeus"]


def test_a_line_that_was_read_in_two_parts_is_replaced_whole() -> None:
    halves = board(line("enj", box(40, 40, 95, 20)), line("eus", box(140, 40, 100, 20)), line("attentes", THIRD))
    after = lay_over(halves, [text("enjeux", FIRST)])
    assert [found.text for found in after.lines] == ["enjeux", "attentes"]
    assert {other.text for other in after.lines[0].others} == {"enj", "eus"}


def test_two_corrected_lines_that_were_read_as_one_both_stand() -> None:
    merged = board(line("enjeus besoin", box(40, 40, 200, 60)), line("fin", THIRD))
    after = lay_over(merged, [text("enjeux", FIRST), text("besoins", box(40, 62, 200, 38))])
    assert [found.text for found in after.lines] == ["enjeux", "besoins", "fin"]


def test_a_longer_line_that_only_begins_with_the_correction_is_not_lost() -> None:
    long = board(line("enjeus et tout le reste", box(40, 40, 600, 20)), line("fin", THIRD))
    assert "enjeus et tout le reste" in [found.text for found in lay_over(long, [text("enjeux", FIRST)]).lines]


def test_an_empty_text_takes_a_line_away() -> None:
    assert [found.text for found in lay_over(READ, [text("", SECOND)]).lines] == ["enjeus", "attentes"]


def test_several_corrections_keep_the_reading_order() -> None:
    after = lay_over(READ, [text("C", THIRD), text("A", FIRST), text("B", SECOND)])
    assert [found.text for found in after.lines] == ["A", "B", "C"]


def test_text_where_nothing_was_read_joins_its_note_or_makes_a_region() -> None:
    after = lay_over(READ, [text("oublié", box(40, 105, 200, 20)), text("ailleurs", box(40, 600, 200, 20))])
    assert [found.text for found in after.regions[0].lines] == ["enjeus", "besoins", "oublié"]
    assert after.regions[-1] == Region(
        RegionKind.TEXT, box(40, 600, 200, 20), (Line("ailleurs", box(40, 600, 200, 20), 1.0, "human"),)
    )


def test_a_phase_by_a_person_keeps_the_probabilities_and_says_who() -> None:
    after = lay_over(READ, [correction(CorrectionField.PHASE, "ACT"), correction(CorrectionField.PHASE, "none")])
    assert after.phase == replace(READ.phase, label=Phase.NONE, source="human")


def test_corners_by_a_person_are_certain() -> None:
    after = lay_over(READ, [correction(CorrectionField.CORNERS, [list(p) for p in RIGHT])])
    assert (after.views[0].quad, after.views[0].quad_confidence, after.views[0].whole_photo) == (RIGHT, 1.0, False)
    assert after.views[0].homography == READ.views[0].homography, "the images that exist were made with the old one"
