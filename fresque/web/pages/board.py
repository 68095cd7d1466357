"""A board's page: its pictures over each other, what was read beside them, and everything that can be set right."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from archive.model import Board, Content, Phase, Session
from fresque.steps import step_of
from fresque.titles import title
from fresque.web.desk import AtDesk, Desk
from fresque.web.forms import board_form, boxes_on_board
from fresque.web.pages.cards import card, checks
from fresque.web.pages.session import away, owners, shown
from fresque.web.render import PHASE_ORDER, render
from index.search import Asked

router = APIRouter(include_in_schema=False)


@router.get("/boards/{board_id}")
def board_page(board_id: str, desk: AtDesk, q: str = "") -> Response:
    board = desk.board(board_id)
    session = desk.catalog.session(board.session_id)
    may_change = desk.rights.changes(session)
    before, after = neighbours(desk, board)
    photo = desk.catalog.photo(board.views[0].photo_id)
    lit = lit_places(desk, board, q)
    return render(
        desk.request,
        "board.html.j2",
        desk,
        board=board,
        session=session,
        photo=photo,
        title=title(board),
        checks=checks(board),
        may_change=may_change,
        step=step_of(board.phase),
        faces=desk.catalog.faces(photo.id),
        vocabulary=desk.catalog.themes() if may_change else [],
        wall=_wall(desk, board),
        before=before,
        after=after,
        q=q,
        decided=[shown(each, board) for each in board.decided],
        removed=away(desk, session.id, {board.id}) if may_change else [],
        owners=owners(session, [each.owner for each in board.decided]) if may_change else [],
        form=board_form(board, may_change)
        | {"lit": lit[0], "lit_photo": lit[1], "photo_size": [photo.width, photo.height]},
        beside=_beside(desk, board) if may_change else [],
        comments=desk.catalog.comments(board.id),
        readings=desk.catalog.readings(photo.id) if may_change else [],
        corrections=list(reversed(desk.catalog.corrections(board_id=board.id))),
        contents=list(Content),
        sessions=_targets(desk, session) if may_change else [],
        probabilities=[
            (p, board.phase.probabilities.get(p.value, 0.0))
            for p in PHASE_ORDER
            if p.value in board.phase.probabilities
        ],
    )


def lit_places(desk: Desk, board: Board, query: str) -> tuple[Any, Any]:
    """What a search matched on this board: places on the straightened board, and in the photo."""
    if not query.strip():
        return [], []
    results = desk.app.engine.ask(query[:2000], Asked(1, only=(board.id,)))
    boxes = next((hit.boxes for hit in results.hits if hit.id == board.id), ())
    return boxes_on_board(board, boxes), [[[round(x, 1), round(y, 1)] for x, y in box] for box in boxes]


def neighbours(desk: Desk, board: Board) -> tuple[str | None, str | None]:
    """The boards before and after it, in the order of the session's page."""
    boards = desk.catalog.board_order(board.session_id)
    order = sorted(boards, key=lambda row: (PHASE_ORDER.index(Phase(row[1])), row[2], row[0]))
    ids = [row[0] for row in order]
    if board.id not in ids:
        return None, None
    here = ids.index(board.id)
    return (ids[here - 1] if here else None), (ids[here + 1] if here + 1 < len(ids) else None)


def _wall(desk: Desk, board: Board) -> list[dict[str, Any]]:
    """Cards of the states of its wall, itself among them, by time; empty when it is in none."""
    here = [w for w in desk.catalog.walls(board.session_id) if not w.parts and board.id in w.boards]
    if not here:
        return []
    boards = desk.catalog.boards_by_id(here[0].boards)
    shown = [each for each in boards.values() if not each.retired]
    photos = {p.id: p for p in desk.catalog.photos(board.session_id) if not p.trashed}
    cards = [card(each, photos) for each in shown if each.views[0].photo_id in photos]
    return sorted(cards, key=lambda c: (c["at"] or "9", c["file_name"])) if len(cards) > 1 else []


def _beside(desk: Desk, board: Board) -> list[tuple[str, str]]:
    """Id and title of the session's other boards: what it may be merged with."""
    others = [each for each in desk.state.boards_of(board.session_id) if each.id != board.id]
    return [(each.id, title(each)[:60]) for each in others]


def _targets(desk: Desk, session: Session) -> list[Session]:
    return [s for s in desk.rights.sessions.values() if s.id != session.id and desk.rights.changes(s)]
