"""Actions, decisions and open questions of a session over the API: listed with their places, and as files."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Response

from archive.model import Session
from fresque.decided import Row, as_calendar, as_csv, by_urgency, rows
from fresque.web.desk import AtDesk, Desk
from fresque.web.forms import decided_form

router = APIRouter(tags=["sessions"])
TYPES = {"csv": "text/csv; charset=utf-8", "ics": "text/calendar; charset=utf-8"}


@router.get("/sessions/{session_id:key}/decided")
def list_decided(session_id: str, desk: AtDesk) -> dict[str, list[dict[str, Any]]]:
    """Actions first, by date; with the board and the place of each. ``removed``: what people took away, and the
    correction that brings it back when it is withdrawn. They are set right by corrections of the board."""
    session = desk.session(session_id)
    names = {board.id: board for board in desk.state.boards_of(session.id)}
    removed = desk.catalog.taken_away(session.id) if desk.rights.changes(session) else []
    return {
        "items": [decided_form(row.item, row.board) for row in of_session(desk, session)],
        "removed": [
            decided_form(item, names[c.board_id]) | {"correction": c.id} for c, item in removed if c.board_id in names
        ],
    }


@router.get("/sessions/{session_id:key}/decided/file", response_class=Response)
def decided_file(session_id: str, desk: AtDesk, format: Literal["csv", "ics"] = "csv") -> Response:
    """All of them as a table, or the actions as a calendar."""
    session = desk.session(session_id)
    found = of_session(desk, session)
    data = as_csv(found) if format == "csv" else as_calendar(found, session.title)
    name = f'attachment; filename="actions.{format}"'
    return Response(data, media_type=TYPES[format], headers={"Content-Disposition": name})


def of_session(desk: Desk, session: Session) -> list[Row]:
    photos = {p.id: p for p in desk.catalog.photos(session_id=session.id)}
    return sorted(rows(desk.state.boards_of(session.id), photos, session), key=by_urgency)
