"""PDF by Typst: the report (A4 or 16:9, tagged as PDF/UA asks) and one board as searchable PDF/A."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from fresque.report import dublin, pictures, stand_ins, tongue, view, xmp
from fresque.report.job import Job
from fresque.report.model import Sheet

BOARD_POINTS = 1190  # longer side of a board's own page: A2, large enough to print on A3


LARGE, LARGE_SIDE = 100, 1000
"""From that many boards on, pictures are taken that small: all of them are held until the file is written."""


def a4(job: Job, place: Path) -> None:
    _report(job, place, wide=False)


def wide(job: Job, place: Path) -> None:
    _report(job, place, wide=True)


def _report(job: Job, place: Path, wide: bool) -> None:
    import pikepdf

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        shelf = stand_ins.Shelf()
        side = pictures.PAGE_SIDE if len(job.report.sheets) <= LARGE else LARGE_SIDE
        for sheet in job.report.sheets:
            picture = partial(pictures.clean_jpeg, job.archive, sheet.board, side)
            (folder / f"{sheet.board.id}.jpg").write_bytes(shelf.put((sheet.width, sheet.height), picture))
            thumb = partial(pictures.thumb_jpeg, job.archive, sheet.board)
            (folder / f"{sheet.board.id}-thumb.jpg").write_bytes(shelf.put((sheet.width, sheet.height), thumb))
            job.advance()
        if job.template.logo:
            shutil.copy(job.template.logo, folder / f"logo{job.template.logo.suffix.lower()}")
        made = folder / "report.pdf"
        _compile(folder, "report.typ", view.report(job) | {"wide": wide}, made, ["ua-1"])
        with pikepdf.open(made) as pdf:
            shelf.put_back(pdf)
            xmp.put(pdf, dublin.of_report(job.report))
            pdf.save(place)


def board(job: Job, sheet: Sheet, place: Path) -> None:
    """PDF/A-2b of one board at the full resolution that is kept."""
    import pikepdf

    language = tongue.of_sheet(sheet, job.report.language)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "board.jpg").write_bytes(pictures.clean_jpeg(job.archive, sheet.board, None))
        data = view.sheet(sheet, job.say, job.template) | {
            "image": "board.jpg",
            "points": BOARD_POINTS,
            "language": language,
            "author": sheet.board.author or job.template.name,
            "description": sheet.rights,
        }
        made = folder / "board.pdf"
        _compile(folder, "board.typ", data, made, ["a-2b"])
        with pikepdf.open(made) as pdf:
            xmp.put(pdf, dublin.of_sheet(sheet, language))
            pdf.save(place)


def _compile(
    folder: Path, source: str, data: dict[str, Any], place: Path, standards: Sequence[Literal["a-2b", "ua-1"]]
) -> None:
    import typst

    (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    main = folder / source
    main.write_bytes((files("fresque.report") / "data" / source).read_bytes())
    typst.compile(str(main), output=str(place), root=str(folder), pdf_standards=list(standards))
