"""Word by python-docx: a report that a person goes on writing in."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from fresque.report import pictures, view
from fresque.report.job import Job
from fresque.report.model import Action, Sheet

PICTURE = 16.0  # cm, width between the margins
TALLEST = 17.0  # cm


def write(job: Job, place: Path) -> None:
    from docx import Document
    from docx.shared import Cm, Pt

    document = Document()
    document.core_properties.title = job.report.title
    document.core_properties.author = job.template.name or "Fresque"
    document.core_properties.language = job.report.language
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.5)
    document.styles["Normal"].font.name = "Calibri"
    document.styles["Normal"].font.size = Pt(10.5)
    if job.template.logo:
        document.add_picture(str(job.template.logo), height=Cm(1.6))
    document.add_heading(job.report.title, 0)
    document.add_paragraph(job.report.subtitle, style="Subtitle")
    if job.template.purpose:
        document.add_paragraph(job.template.purpose)
    for phase, sheets in job.report.by_phase():
        document.add_heading(job.say.phase(phase), 1)
        for sheet in sheets:
            _board(document, job, sheet)
            job.advance()
    _list(document, job.say["decisions"], job.report.decisions)
    _actions(document, job)
    _list(document, job.say["questions"], job.report.questions)
    if job.report.people:
        document.add_heading(job.say["people"], 1)
        document.add_paragraph(", ".join(job.report.people))
    document.save(str(place))


def _board(document: Any, job: Job, sheet: Sheet) -> None:
    from docx.shared import Cm, Pt

    shown = view.sheet(sheet, job.say, job.template)
    document.add_heading(shown["title"], 2)
    scale = min(PICTURE / sheet.width, TALLEST / sheet.height)
    image = BytesIO(pictures.clean_jpeg(job.archive, sheet.board))
    picture = document.add_picture(image, width=Cm(sheet.width * scale))
    picture._inline.docPr.set("descr", shown["alt"])
    small = document.add_paragraph().add_run(" · ".join(x for x in (shown["meta"], shown["rights"]) if x))
    small.font.size, small.italic = Pt(8.5), True
    paragraph = document.add_paragraph()
    plain = [row for row in shown["rows"] if not row["note"]]
    for n, row in enumerate(plain):
        if row["sign"]:
            paragraph.add_run(row["sign"] + " ")
        for m, part in enumerate(row["parts"]):
            if m:
                paragraph.add_run(" ")
            run = paragraph.add_run(part["text"])
            if part["doubtful"]:
                _dotted(run)
        if n + 1 < len(plain):
            run.add_break()
    for cluster in shown["clusters"]:
        document.add_paragraph(cluster["label"], style="Heading 3")
        for note in cluster["notes"]:
            document.add_paragraph(note["text"].replace("\n", " "), style="List Bullet")


def _dotted(run: Any) -> None:
    from docx.enum.text import WD_UNDERLINE

    run.font.underline = WD_UNDERLINE.DOTTED


def _list(document: Any, title: str, rows: tuple[Action, ...]) -> None:
    if rows:
        document.add_heading(title, 1)
        for row in rows:
            document.add_paragraph(row.text, style="List Bullet")


def _actions(document: Any, job: Job) -> None:
    if not job.report.actions:
        return
    document.add_heading(job.say["actions"], 1)
    table = document.add_table(rows=1, cols=3, style="Light Grid Accent 1")
    for cell, name in zip(table.rows[0].cells, ("owner", "action", "due"), strict=True):
        cell.text = job.say[name]
    for action in job.report.actions:
        for cell, value in zip(table.add_row().cells, (action.owner, action.text, action.due), strict=True):
            cell.text = value
