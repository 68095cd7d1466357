"""The search page, the feeds of searches that are kept, and the atlas."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request, Response

from archive.errors import IndexFault, NotFound
from archive.ids import given_at
from fresque.titles import title
from fresque.web import finding
from fresque.web.api.atlas import similar
from fresque.web.desk import AtDesk, Desk, state_of
from fresque.web.render import render
from fresque.web.rights import Rights
from fresque.web.viewer import LOCAL, Viewer

router = APIRouter(include_in_schema=False)
IN_FEED = 50  # entries, the newest of what is found
FACET_WORDS = {
    "phase": "Phase",
    "lab": "Lab",
    "type": "Dispositif",
    "year": "Année",
    "theme": "Thème",
    "colour": "Couleur des notes",
    "sponsor": "Commanditaire",
    "session": "Session",
}


@router.get("/search")
def search_page(desk: AtDesk, limit: int = finding.PAGE, part: bool = False) -> Response:
    """The whole page, or with ``part`` only what changes as one types."""
    wish = finding.asked(desk.request.query_params.multi_items(), limit)
    try:
        found = finding.find(desk, wish)
    except IndexFault as fault:
        found = finding.Found(0, 0.0, (), {}, problem=fault.message, hint=fault.hint)
    name = "results.html.j2" if part else "search.html.j2"
    return render(
        desk.request,
        name,
        desk,
        wish=wish,
        found=found,
        facet_words=FACET_WORDS,
        why_words=finding.WHY,
        page=finding.PAGE,
        most=finding.MOST,
        saved=[] if part else desk.catalog.saved_searches(desk.viewer.id),
    )


@router.get("/similar/{board_id}")
def similar_page(board_id: str, desk: AtDesk) -> Response:
    board = desk.board(board_id)
    hits = similar(desk, board.id, finding.PAGE)
    session = desk.catalog.session(board.session_id)
    return render(
        desk.request, "similar.html.j2", desk, board=board, title=title(board), hits=hits, session=session,
        why_words=finding.WHY,
    )  # fmt: skip


@router.get("/atlas")
def atlas_page(desk: AtDesk) -> Response:
    return render(desk.request, "atlas.html.j2", desk)


@router.get("/feeds/{secret}.atom")
def feed(secret: str, request: Request) -> Response:
    """What a kept search finds, the newest first, with the rights its owner has now. The address is the key to it."""
    state = state_of(request)
    search = state.catalog.saved_search_of_feed(secret)
    if search is None:
        raise NotFound("no feed")
    viewer = LOCAL
    if search.account_id is not None:
        account = state.catalog.account(search.account_id)
        if not account.active:
            raise NotFound("no feed")
        viewer = Viewer(account)
    elif state.with_accounts():  # kept before there were accounts: nobody's
        raise NotFound("no feed")
    return Response(_atom(_desk_of(request, viewer), search), media_type="application/atom+xml")


def _desk_of(request: Request, viewer: Viewer) -> Desk:
    desk = Desk.__new__(Desk)
    desk.request, desk.state, desk.viewer = request, state_of(request), viewer
    desk.rights = Rights(desk.catalog, viewer)
    return desk


def _atom(desk: Desk, search: Any) -> str:
    from urllib.parse import parse_qsl

    wish = finding.asked(parse_qsl(search.query.lstrip("?")), finding.MOST)
    found = finding.find(desk, wish)
    base = desk.state.served.address
    dated = [(given_at(hit["id"]) or search.made_at, hit) for hit in found.hits]
    newest = sorted(dated, key=lambda pair: pair[0], reverse=True)[:IN_FEED]
    entries = "".join(_entry(base, at, hit) for at, hit in newest)
    updated = max([search.made_at, *(at for at, _ in newest)])
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>urn:fresque:search:{search.id}</id><title>{_xml(search.title)}</title>"
        f"<updated>{updated.isoformat()}</updated><author><name>Fresque</name></author>"
        f'<link rel="alternate" href="{_xml(base)}/search{_xml(search.query)}"/>{entries}</feed>'
    )


def _entry(base: str, at: datetime, hit: Any) -> str:
    title = hit["title"] or hit["id"]
    summary = "".join(piece for piece, _ in hit["snippet"])
    session = hit["session"]["title"] if hit["session"] else ""
    return (
        f"<entry><id>urn:fresque:{hit['kind']}:{_xml(hit['id'])}</id><title>{_xml(title)}</title>"
        f"<updated>{at.isoformat()}</updated>"
        f'<link href="{_xml(base + hit["address"])}"/><summary>{_xml(session)} – {_xml(summary)}</summary></entry>'
    )


def _xml(text: str) -> str:
    """Escaped, without the control characters that XML cannot hold."""
    kept = "".join(
        c for c in text if c in "\t\n\r" or (ord(c) >= 32 and not 0xD800 <= ord(c) <= 0xDFFF and ord(c) < 0xFFFE)
    )
    return escape(kept, {'"': "&quot;"})
