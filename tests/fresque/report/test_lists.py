"""Lists keep their structure in what is exported."""

from __future__ import annotations

from fresque.report import view
from fresque.report.markdown import _row
from fresque.report.model import Box, PlacedLine, PlacedRegion


def line(text: str, sure: float = 0.9) -> PlacedLine:
    words = tuple((word, sure) for word in text.split())
    return PlacedLine(text, ((0, 0), (1, 0), (1, 1)), Box(0, 0, 1, 1), words, sure, sure < 0.5)


def region(*lines: PlacedLine) -> PlacedRegion:
    return PlacedRegion(lines, ((0, 0), (1, 0), (1, 1)), Box(0, 0, 1, 1), False, None, None)


def test_items_are_rows_with_their_sign_apart() -> None:
    rows = view._rows(
        region(line("À faire"), line("☐ réserver"), line("la salle", 0.1), line("=> badges"), line("✓imprimer"))
    )
    assert [(row["sign"], " ".join(p["text"] for p in row["parts"])) for row in rows] == [
        ("", "À faire"),
        ("☐", "réserver la salle"),
        ("→", "badges"),
        ("✓", "imprimer"),
    ]
    assert [p["doubtful"] for p in rows[1]["parts"]] == [False, True]


def test_markdown_writes_lists_and_boxes() -> None:
    rows = view._rows(region(line("1) Ouvrir"), line("2) Former"), line("☐ réserver"), line("- café"), line("- thé")))
    assert [_row(row) for row in rows] == [
        "- 1\\) Ouvrir",
        "- 2\\) Former",
        "- [ ] réserver",
        "- café",
        "- thé",
    ]
