"""How the days of a session lie on the pages of its report."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest

from fresque.report import pdf
from fresque.report.job import Job

TITLE = "Panneau numéro"


@pytest.mark.parametrize(("boards", "pages"), [(24, 1), (40, 2)])
def test_no_page_is_left_with_a_row_alone(job: Job, tmp_path: Path, boards: int, pages: int) -> None:
    """With pictures of the usual size the last page of these would hold four or five."""
    first = job.report.sheets[0]
    sheets = tuple(
        replace(
            first,
            board=replace(first.board, id=f"b{n:03d}"),
            title=f"{TITLE} {n} dont le titre tient sur deux lignes",
            at=datetime(2025, 11, 4 + n * 3 // boards, 9, n % 60, tzinfo=UTC),
        )
        for n in range(boards)
    )
    days = replace(job.template, sections=("timeline",))
    pdf.a4(Job(replace(job.report, sheets=sheets), job.archive, days), tmp_path / "days.pdf")
    with pypdfium2.PdfDocument(tmp_path / "days.pdf") as made:
        held = [page.get_textpage().get_text_range().count(TITLE) for page in made]
    assert sum(held) == boards
    assert len(held) == pages
    assert min(held) > 4
