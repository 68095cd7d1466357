"""A session's page: what needs a person on top, then its boards by phase and time, and what the day looked like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Response

from archive.errors import IndexFault, NotFound
from archive.model import Board, Content, Decided, Phase, Photo, PhotoState, Session
from fresque.web.api.decided import of_session
from fresque.web.desk import AtDesk, Desk
from fresque.web.forms import decided_form
from fresque.web.pages.cards import card, days
from fresque.web.pages.home import session_choices
from fresque.web.render import PHASE_ORDER, render
from index import analysis

router = APIRouter(include_in_schema=False)
WORDS = 24


@router.get("/sessions/{session_id:key}")
def session_page(session_id: str, desk: AtDesk) -> Response:
    session = desk.session(session_id)
    may_change = desk.rights.changes(session)
    boards = desk.state.boards_of(session.id)
    photos = {p.id: p for p in desk.catalog.photos(session.id) if not p.trashed}
    cards = sorted((card(b, photos) for b in boards), key=lambda c: (c["at"] or "9", c["file_name"]))
    for each in cards:
        each["hour"] = desk.words.hour(each["moment"])
        if not may_change:
            each["checks"] = []  # what waits for a person is told to those who can do it
    stacks = states(desk, session.id, cards)
    with_board = {view.photo_id for b in boards for view in b.views}
    return render(
        desk.request,
        "session.html.j2",
        desk,
        session=session,
        may_change=may_change,
        counts=desk.catalog.counts(session.id),
        to_check=[c for c in cards if c["checks"]],
        why=Counter(why for c in cards for why in c["checks"]).most_common(),
        groups=[(p, [c for c in cards if c["phase"] is p and c["board"].id not in stacks]) for p in PHASE_ORDER],
        failed=[p for p in photos.values() if p.state is PhotoState.FAILED],
        waiting=[p for p in photos.values() if p.state is PhotoState.PENDING],
        others=[p for p in photos.values() if p.id not in with_board and p.state is PhotoState.DONE],
        **decided_of(desk, session, may_change, cards),
        refused=desk.catalog.refused(session.id),
        materials=desk.catalog.materials(session.id),
        same=_same_question(desk, session.id),
        days=days(cards),
        common=frequent(boards),
        figures=figures(boards, photos, desk.catalog.correction_count(session.id)),
        **session_choices(),
    )


def decided_of(desk: Desk, session: Session, may_change: bool, cards: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What was decided, each with the address of its place; what was taken away; names and boards to choose from."""
    found = [shown(row.item, row.board) for row in of_session(desk, session)]
    return {
        "decided": found,
        "removed": away(desk, session.id, {c["board"].id for c in cards}) if may_change else [],
        "owners": owners(session, [each["form"]["owner"] for each in found]) if may_change else [],
        "choices": [(c["board"].id, c["title"][:60]) for c in sorted(cards, key=lambda c: c["phase"] is not Phase.ACT)],
    }


def shown(item: Decided, board: Board) -> dict[str, Any]:
    """Its address lights its place: the outline on the photo, as the board's page reads it behind the #."""
    form = decided_form(item, board)
    place = ",".join(f"{v:g}" for point in form["polygon"] for v in point)
    return {"form": form, "day": item.due, "address": f"/boards/{board.id}#at={place}"}


def away(desk: Desk, session_id: str, boards: Collection[str]) -> list[dict[str, Any]]:
    taken = desk.catalog.taken_away(session_id)
    return [
        {"text": item.text, "correction": by.id, "board": by.board_id} for by, item in taken if by.board_id in boards
    ]


def owners(session: Session, named: Sequence[str]) -> list[str]:
    return sorted({*(person.name for person in session.people), *filter(None, named)}, key=str.casefold)


def _same_question(desk: Desk, session_id: str) -> list[Session]:
    """Sessions that worked on the same question, as far as they may be seen."""
    try:
        engine, rights = desk.app.engine, desk.rights
        near = engine.same_question(session_id, 5, rights.allowed, rights.few) if engine.count else ()
    except (IndexFault, NotFound):
        return []
    return [desk.rights.sessions[each.id] for each in near if each.id in desk.rights.sessions]


@router.get("/sessions/{session_id:key}/edit")
def edit_page(session_id: str, desk: AtDesk) -> Response:
    session = desk.session(session_id, change=True)
    named = desk.catalog.members(session.id)
    known = {a.id: a for a in desk.catalog.accounts()}
    return render(
        desk.request,
        "session_edit.html.j2",
        desk,
        session=session,
        members=[known[i].login for i in named if i in known],
        **session_choices(session),
    )


@router.get("/photos/{photo_id}")
def photo_page(photo_id: str, desk: AtDesk) -> Response:
    """A photo as it came: the way to photos that gave no board."""
    photo = desk.photo(photo_id)
    session = desk.catalog.session(photo.session_id)
    return render(
        desk.request,
        "photo.html.j2",
        desk,
        photo=photo,
        session=session,
        may_change=desk.rights.changes(session),
        boards=[card(b, {photo.id: photo}) for b in desk.catalog.boards(photo_id=photo.id)],
        contents=list(Content),
        faces=desk.catalog.faces(photo.id),
        faces_said=next((c for c in reversed(desk.catalog.corrections(photo_id=photo.id)) if c.field == "faces"), None),
    )


def states(desk: Desk, session_id: str, cards: Sequence[dict[str, Any]]) -> set[str]:
    """Puts the states of one wall behind the card of the one that is shown first (``card["states"]``, by time); the
    ids of those that lie behind."""
    by_id = {each["board"].id: each for each in cards}
    behind: set[str] = set()
    for wall in desk.catalog.walls(session_id):
        there = [by_id[key] for key in wall.boards if key in by_id]
        if not wall.parts and len(there) > 1 and wall.boards[0] in by_id:
            by_id[wall.boards[0]]["states"] = sorted(there, key=lambda c: (c["at"] or "9", c["file_name"]))
            behind |= {each["board"].id for each in there} - {wall.boards[0]}
    return behind


def frequent(boards: Sequence[Board]) -> list[tuple[str, int]]:
    """Words that several boards hold, by the number of boards; as the first board writes them."""
    counts: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for board in boards:
        tokens = {
            t.stem: t.exact
            for t in analysis.tokens(board.text)
            if not t.stop and len(t.exact) > 3 and t.exact.isalpha()
        }
        for stem, exact in tokens.items():
            counts[stem] += 1
            shown.setdefault(stem, exact)
    return [(shown[stem], n) for stem, n in counts.most_common(WORDS) if n > 1]


def figures(boards: Sequence[Board], photos: Mapping[str, Photo], corrections: int) -> dict[str, int]:
    return {
        "photos": len(photos),
        "boards": len(boards),
        "notes": sum(1 for b in boards for r in b.regions if r.kind == "note"),
        "words": sum(len(b.text.split()) for b in boards),
        "corrections": corrections,
    }
