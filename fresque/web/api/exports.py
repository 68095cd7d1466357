"""Downloads: a session's report, a board, or what a search finds, in any of the formats; at once, or as a job."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl

from fastapi import APIRouter, Query, Response
from fastapi.responses import FileResponse, StreamingResponse
from pydantic import ConfigDict, StringConstraints
from starlette.background import BackgroundTask

from archive.audit import Act
from archive.errors import NotFound, UsageError
from fresque.report import formats, gather
from fresque.report.gather import Wanted
from fresque.report.job import Job
from fresque.report.model import Report
from fresque.web import exporting, finding
from fresque.web.api.bodies import Body, Name
from fresque.web.desk import AtDesk, Desk
from fresque.web.exporting import Export, Order
from fresque.web.words import Words

router = APIRouter(tags=["exports"])

Format = Literal[
    "pdf", "pdf-wide", "html", "pptx", "docx", "md", "csv", "json", "iiif", "pdfa", "svg", "excalidraw", "hocr", "alto"
]
Language = Annotated[Literal["fr", "en"] | None, Query(description="of the headings; the session's unless given")]
MOST = 500
"""Boards of one search that are exported at most."""
SECONDS = 0.3
LONGEST = 1800.0


class ExportBody(Body):
    """One of ``session``, ``board`` and ``query``; a query as the search page's address has it, facets with it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"query": "?q=congé parental après:2019&phase=ACT", "format": "docx"}]},
    )
    session: Name | None = None
    board: Name | None = None
    query: Annotated[str, StringConstraints(min_length=1, max_length=2000)] | None = None
    format: Format = "pdf"
    language: Literal["fr", "en"] | None = None
    people: bool = False


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
def export_search(desk: AtDesk, q: str = "", format: Format = "pdf", language: Language = None) -> Response:
    """The boards that a search finds, best first; facets are parameters of their own, as in ``/search``."""
    wish = finding.asked(desk.request.query_params.multi_items())
    wanted = Wanted(language=language, may_see=desk.rights.sees)
    return _answer(desk, gather.boards_report(desk.app.archive, wish.sentence, _found(desk, wish), wanted), format)


# --- as a job ------------------------------------------------------------------------------------------------


@router.post("/exports", status_code=202)
def begin_export(body: ExportBody, desk: AtDesk) -> dict[str, Any]:
    """Begins to write; ``/exports/{id}`` and its events say how far it is, ``/exports/{id}/file`` gives it."""
    if sum(given is not None for given in (body.session, body.board, body.query)) != 1:
        raise UsageError("Nommez une session, un panneau ou une recherche.")
    may = frozenset(desk.rights.sessions)
    title, session, boards = "", None, tuple[str, ...]()
    if body.session is not None:
        session = desk.session(body.session).id
    elif body.board is not None:
        boards = (desk.board(body.board).id,)
        title = boards[0]
    else:
        wish = finding.asked(parse_qsl((body.query or "").lstrip("?")))
        title, boards = wish.sentence, tuple(_found(desk, wish))
        if not boards:
            raise UsageError("Cette recherche ne trouve aucun panneau.")
    order = Order(title, body.format, session, boards, may, body.language, body.people)
    return export_form(_exports(desk).begin(desk.viewer.id or "", order), desk.words)


@router.get("/exports/{export_id}")
def show_export(export_id: str, desk: AtDesk) -> dict[str, Any]:
    return export_form(_mine(desk, export_id), desk.words)


@router.get("/exports/{export_id}/events", response_class=StreamingResponse)
def watch_export(export_id: str, desk: AtDesk) -> StreamingResponse:
    """``event: state`` whenever it has got further; the last one says "done" or "failed"."""
    export = _mine(desk, export_id)
    lines = _stream(export, desk.words)
    return StreamingResponse(lines, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


@router.get("/exports/{export_id}/file", response_class=FileResponse)
def fetch_export(export_id: str, desk: AtDesk) -> Response:
    export = _mine(desk, export_id)
    if export.file is None or not export.file.exists():
        raise NotFound(f"no file of export '{export_id}'")
    for session in sorted(_held(desk, export)):
        _note(desk, session, export.order.format)
    return _file(export.file)


@router.delete("/exports/{export_id}", status_code=204, response_class=Response)
def drop_export(export_id: str, desk: AtDesk) -> Response:
    """End it, or throw its file away."""
    _exports(desk).drop(_mine(desk, export_id))
    return Response(status_code=204)


def export_form(export: Export, words: Words) -> dict[str, Any]:
    return {
        "id": export.id,
        "state": export.state,
        "done": export.done,
        "total": export.total,
        "file": export.file.name if export.file else None,
        "error": words.said(export.error) or None,
    }


async def _stream(export: Export, words: Words) -> AsyncIterator[str]:
    told, since = "", 0.0
    while since < LONGEST:
        state = json.dumps(export_form(export, words))
        if state != told:
            told = state
            yield f"event: state\ndata: {state}\n\n"
        if export.over:
            return
        await asyncio.sleep(SECONDS)
        since += SECONDS


def _exports(desk: Desk) -> exporting.Exports:
    held: exporting.Exports = desk.request.app.state.exports
    return held


def _mine(desk: Desk, export_id: str) -> Export:
    export = _exports(desk).find(export_id, desk.viewer.id or "")
    if not _held(desk, export) <= set(desk.rights.sessions):  # rights may have changed since it was begun
        raise NotFound(f"no export '{export_id}'")
    return export


def _held(desk: Desk, export: Export) -> set[str]:
    """The sessions of which something is in it, as they are now."""
    if export.order.session is not None:
        return {export.order.session}
    return {session for session in desk.catalog.sessions_of(export.order.boards).values() if session}


def _found(desk: Desk, wish: finding.Asked) -> list[str]:
    """Ids of the boards, best first, of those that may be seen."""
    if wish.is_empty:
        return []
    hits = desk.app.engine.search(wish.sentence, MOST, allowed=desk.rights.allowed).hits
    return [hit.id for hit in hits if hit.photo_id]


def _note(desk: Desk, session: str, name: str) -> None:
    desk.state.note(Act("export", "session", session, desk.viewer.name or "local", {"format": name}))


def _answer(desk: Desk, report: Report, name: str) -> Response:
    scratch = Path(tempfile.mkdtemp(prefix="fresque-export-"))
    try:
        job = Job(report, desk.app.archive)
        place = exporting.packed(formats.write(job, name, scratch / formats.default_name(job, name)))
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    for session in report.sessions:
        _note(desk, session.id, name)
    return _file(place, BackgroundTask(shutil.rmtree, scratch, ignore_errors=True))


def _file(place: Path, done: BackgroundTask | None = None) -> Response:
    headers = {"Cache-Control": "private, no-store", "Content-Security-Policy": "sandbox"}
    kind = "application/octet-stream"
    return FileResponse(place, media_type=kind, filename=place.name, headers=headers, background=done)
