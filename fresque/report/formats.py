"""The formats as a table. To add one: a file with its writer, and a line here."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archive.errors import UsageError
from fresque.iiif import manifest
from fresque.report import (
    alto,
    excalidraw,
    hocr,
    html,
    markdown,
    notes_table,
    pdf,
    powerpoint,
    svg,
    word,
)
from fresque.report.job import Job
from fresque.report.model import Sheet

LOCAL = "http://localhost:8000"
"""Where manifests point to when they are written to a file and no server is named."""


@dataclass(frozen=True)
class Format:
    """``whole`` writes the report into one file or, when ``ending`` is empty, a folder; ``each`` writes one board."""

    name: str
    ending: str
    says: str
    whole: Callable[[Job, Path], None] | None = None
    each: Callable[[Job, Sheet, Path], None] | None = None


def _manifest(job: Job, place: Path) -> None:
    found = manifest.manifest(job, LOCAL)
    place.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")


FORMATS = {
    f.name: f
    for f in (
        Format("pdf", ".pdf", "the visual report, A4, tagged, text behind each board", whole=pdf.a4),
        Format("pdf-wide", "-16-9.pdf", "the same for a screen, 16:9", whole=pdf.wide),
        Format("html", "", "the visual report as a folder for any browser, offline", whole=html.write),
        Format("pptx", ".pptx", "slides; sticky notes as shapes that can be moved", whole=powerpoint.write),
        Format("docx", ".docx", "a document to go on writing in", whole=word.write),
        Format("md", "", "Markdown with its pictures, a folder", whole=markdown.write),
        Format("csv", ".csv", "notes and blocks of text as a table", whole=notes_table.write_csv),
        Format("json", ".json", "everything read, with places and Dublin Core", whole=notes_table.write_json),
        Format("iiif", "-manifest.json", "a IIIF Presentation 3 manifest", whole=_manifest),
        Format("pdfa", ".pdf", "each board as a searchable PDF/A", each=pdf.board),
        Format("svg", ".svg", "each board with notes and text as objects", each=svg.board),
        Format("excalidraw", ".excalidraw", "each board as a scene to go on working in", each=excalidraw.board),
        Format("hocr", ".hocr.html", "each board's text with its places, hOCR", each=hocr.board),
        Format("alto", ".alto.xml", "each board's text with its places, ALTO 4", each=alto.board),
    )
}


def write(job: Job, name: str, place: Path) -> Path:
    """Write the report to ``place``: a file, or a folder for the formats that are one; returns it.

    A single board in a format made for boards is one file. Raises UsageError when the format is not known.
    """
    found = FORMATS.get(name)
    if found is None:
        raise UsageError(f"no format '{name}'", f"there are {', '.join(FORMATS)}")
    if found.whole is not None:
        _folder(place if not found.ending else place.parent)
        found.whole(job, place)
        return place
    assert found.each is not None
    sheets = job.report.sheets
    if len(sheets) == 1 and place.suffix:
        place.parent.mkdir(parents=True, exist_ok=True)
        found.each(job, sheets[0], place)
        return place
    _folder(place)
    for sheet in sheets:
        found.each(job, sheet, place / f"{sheet.board.id}{found.ending}")
        job.advance()
    return place


def default_name(job: Job, name: str) -> str:
    """A file name that says what it is: the session's id, or the query made safe, with the format's ending."""
    format_ = FORMATS[name]
    stem = job.report.session.id if job.report.session else "selection"
    safe = "".join(c if c.isalnum() or c in "-_." else "-" for c in stem).strip("-.")[:60] or "fresque"
    many = format_.each is not None and len(job.report.sheets) != 1
    return f"{safe}-{name}" if many or not format_.ending else f"{safe}{format_.ending}"


def _folder(place: Path) -> None:
    try:
        place.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise UsageError(f"{place} is a file, and a folder is wanted there", "name another with --out") from None
