"""What was decided, in the order in which it is wanted, as a table and as a calendar."""

from __future__ import annotations

import csv
import io

from archive.model import Board, Decided, DecidedKind, Phase, PhaseTag, Recipe, View
from fresque.decided import Row, as_calendar, as_csv, by_urgency
from tests.archive.making import LEFT, surface


def test_what_is_done_comes_last_among_the_actions() -> None:
    made = surface(LEFT)
    view = View("p", LEFT, 0.9, False, made.homography, 0)
    board = Board("b", "s", (view,), 460, 760, made.regions, PhaseTag(Phase.ACT), Recipe(()))
    items = [
        Decided(DecidedKind.ACTION, "a", polygon=LEFT, done=True),
        Decided(DecidedKind.DECISION, "b"),
        Decided(DecidedKind.ACTION, "c", polygon=LEFT),
    ]
    rows = [Row("s", board, "x.jpg", n, each) for n, each in enumerate(items, 1)]
    assert [row.item.text for row in sorted(rows, key=by_urgency)] == ["c", "a", "b"]
    first, *_ = csv.DictReader(io.StringIO(as_csv(rows).decode("utf-8-sig")), delimiter=";")
    assert first["done"] == "yes"
    calendar = as_calendar(rows, "T").decode()
    assert calendar.count("BEGIN:VTODO") == 2
    assert calendar.count("STATUS:COMPLETED") == 1
