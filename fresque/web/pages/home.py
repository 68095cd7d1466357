"""The first page, the upload page, timeline and texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Response

from archive.model import Method, Phase, Session, SessionKind, Visibility
from fresque import session_words
from fresque.web.api.mending import trash_of
from fresque.web.desk import AtDesk, Desk
from fresque.web.pages.cards import card, days
from fresque.web.render import PHASE_ORDER, render

router = APIRouter(include_in_schema=False)
FEW = 3
"""Sessions whose days the timeline shows."""

KINDS = {
    SessionKind.CODESIGN_FLASH: "Codesign flash",
    SessionKind.INCUBATION: "Incubation",
    SessionKind.ACCELERATION: "Accélération",
}
METHODS = {Method.ASE: "ASE", Method.OTHER: "Autre méthode"}
VISIBILITIES = {
    Visibility.OPEN: "Ouverte à tous les comptes",
    Visibility.LAB: "Réservée au lab",
    Visibility.RESTRICTED: "Restreinte aux personnes nommées",
}


@router.get("/")
def home(desk: AtDesk) -> Response:
    """Sessions, the latest first."""
    return render(desk.request, "home.html.j2", desk, years=_years(desk), total=len(desk.rights.sessions))


@router.get("/upload")
def upload(desk: AtDesk, session: str = "") -> Response:
    mine = [s for s in reversed(desk.rights.sessions.values()) if desk.rights.changes(s)]
    labs = desk.viewer.labs if not desk.viewer.is_administrator else sorted({s.lab for s in mine if s.lab})
    return render(
        desk.request,
        "upload.html.j2",
        desk,
        sessions=mine,
        chosen=next((s for s in mine if s.id == session), None),
        labs=labs,
        may_begin=desk.viewer.is_facilitator,
        **session_choices(),
    )


def session_choices(session: Session | None = None) -> dict[str, Any]:
    """What a form of a session offers, and what it says already."""
    said = session_words.said(session)
    return {"said": said, "kinds": KINDS, "methods": METHODS, "visibilities": VISIBILITIES}


@router.get("/timeline")
def timeline(desk: AtDesk) -> Response:
    """Sessions along time, a row for each lab; so few that this says little: their days, board by board."""
    dated = [s for s in desk.rights.sessions.values() if s.start]
    undated = [s for s in desk.rights.sessions.values() if not s.start]
    cards = _cards(desk, [*dated[::-1], *undated])
    near = [(s, found) for s in dated[::-1] if (found := _days(desk, s))] if len(dated) <= FEW else []
    chart = _chart(dated) if len(dated) > 1 or not near else None
    return render(desk.request, "timeline.html.j2", desk, chart=chart, near=near, cards=cards)


@router.get("/trash")
def trash(desk: AtDesk) -> Response:
    return render(desk.request, "trash.html.j2", desk, items=trash_of(desk))


@router.get("/materials/{material_id:key}")
def material(material_id: str, desk: AtDesk, q: str = "") -> Response:
    found = desk.material(material_id)
    session = desk.catalog.session(found.session_id) if found.session_id else None
    return render(desk.request, "material.html.j2", desk, material=found, session=session, q=q)


def _days(desk: Desk, session: Session) -> list[dict[str, Any]]:
    boards = desk.state.boards_of(desk.session(session.id).id)
    photos = {p.id: p for p in desk.catalog.photos(session.id) if not p.trashed}
    return days([card(board, photos) for board in boards])


def _years(desk: Desk) -> list[tuple[int | None, list[dict[str, Any]]]]:
    """The latest first, undated sessions before all: they want a date."""
    by_year: dict[int | None, list[Session]] = {}
    for session in reversed(desk.rights.sessions.values()):
        by_year.setdefault(session.start.year if session.start else None, []).append(session)
    return [(year, _cards(desk, found)) for year, found in by_year.items()]


def _cards(desk: Desk, sessions: Sequence[Session]) -> list[dict[str, Any]]:
    numbers = desk.catalog.counts_by_session()
    return [_card(session, *numbers.get(session.id, ({}, {}))) for session in sessions]


def _card(session: Session, photos: Any, boards: Any) -> dict[str, Any]:
    total = sum(boards.values())
    return {
        "session": session,
        "photos": sum(photos.values()),
        "boards": total,
        "unsure": boards.get(Phase.UNSURE, 0),
        "bar": bar([(phase, boards.get(phase, 0)) for phase in PHASE_ORDER]),
    }


def bar(counts: Sequence[tuple[Phase, int]], width: float = 100.0) -> list[tuple[Phase, float, float, int]]:
    """Phase, start, length and number of each part of a bar of that width."""
    total = sum(number for _, number in counts)
    parts, at = [], 0.0
    for phase, number in counts:
        if number:
            length = width * number / total
            parts.append((phase, round(at, 2), round(length, 2), number))
            at += length
    return parts


def _chart(sessions: Sequence[Session]) -> dict[str, Any] | None:
    """Places of sessions on a line of 1,000 units from the first to the last month, a row for each lab."""
    if not sessions:
        return None
    days = [s.start.toordinal() for s in sessions if s.start]
    first, last = min(days) - 20, max(days) + 20
    labs = sorted({s.lab or "–" for s in sessions})
    dots = [
        {
            "session": s,
            "x": round(1000 * (s.start.toordinal() - first) / (last - first), 1),
            "row": labs.index(s.lab or "–"),
        }
        for s in sessions
        if s.start
    ]
    years = range(min(s.start.year for s in sessions if s.start), max(s.start.year for s in sessions if s.start) + 2)
    from datetime import date

    marks = [(y, round(1000 * (date(y, 1, 1).toordinal() - first) / (last - first), 1)) for y in years]
    return {"labs": labs, "dots": dots, "marks": [(y, x) for y, x in marks if 0 <= x <= 1000], "height": 46 * len(labs)}
