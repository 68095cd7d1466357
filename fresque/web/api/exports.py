"""Downloads: a session's report, a board, or what a search finds, in any of the formats."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from archive.audit import Act
from fresque.report import formats, gather
from fresque.report.gather import Wanted
from fresque.report.job import Job
from fresque.report.model import Report
from fresque.web.desk import AtDesk, Desk

router = APIRouter(tags=["exports"])

Format = Literal[
    "pdf", "pdf-wide", "html", "pptx", "docx", "md", "csv", "json", "iiif", "pdfa", "svg", "excalidraw", "hocr", "alto"
]
Language = Annotated[Literal["fr", "en"] | None, Query(description="of the headings; the session's unless given")]
MOST = 500
"""Boards of one search that are exported at most."""


@router.get("/sessions/{session_id:key}/export", response_class=FileResponse)
def export_session(
    session_id: str, desk: AtDesk, format: Format = "pdf", language: Language = None, people: bool = False
) -> Response:
    """A file; the formats that are folders come as a zip."""
    session = desk.session(session_id)
    wanted = Wanted(people, language, desk.rights.sees)
    return _answer(desk, gather.session_report(desk.app.archive, session.id, wanted), format)


@router.get("/boards/{board_id:key}/export", response_class=FileResponse)
def export_board(board_id: str, desk: AtDesk, format: Format = "svg", language: Language = None) -> Response:
    board = desk.board(board_id)
    wanted = Wanted(language=language, may_see=desk.rights.sees)
    return _answer(desk, gather.boards_report(desk.app.archive, board.id, [board.id], wanted), format)


@router.get("/search/export", response_class=FileResponse)
def export_search(desk: AtDesk, q: str, format: Format = "pdf", language: Language = None) -> Response:
    """The boards that a search finds, best first."""
    hits = desk.app.search(q, MOST).hits
    wanted = Wanted(language=language, may_see=desk.rights.sees)
    ids = [hit.id for hit in hits if hit.photo_id]
    return _answer(desk, gather.boards_report(desk.app.archive, q, ids, wanted), format)


def _answer(desk: Desk, report: Report, name: str) -> Response:
    scratch = Path(tempfile.mkdtemp(prefix="fresque-export-"))
    try:
        job = Job(report, desk.app.archive)
        place = formats.write(job, name, scratch / formats.default_name(job, name))
        if place.is_dir():
            place = Path(shutil.make_archive(str(place), "zip", place))
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    for session in report.sessions:
        desk.state.note(Act("export", "session", session.id, desk.viewer.name or "local", {"format": name}))
    headers = {"Cache-Control": "private, no-store", "Content-Security-Policy": "sandbox"}
    done = BackgroundTask(shutil.rmtree, scratch, ignore_errors=True)
    kind = "application/octet-stream"
    return FileResponse(place, media_type=kind, filename=place.name, headers=headers, background=done)
