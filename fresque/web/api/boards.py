"""Boards over the API: what was read, its pictures, corrections and their undoing, comments, history."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from archive.errors import NotFound, UsageError
from archive.model import Board, CorrectionField
from fresque.free_place import place_for
from fresque.web import pictures
from fresque.web.api.bodies import CommentBody, CorrectionBody
from fresque.web.api.photos import blur
from fresque.web.desk import AtDesk, Desk
from fresque.web.forms import board_form, correction_form

router = APIRouter(tags=["boards"])
OF_BOARDS = (
    CorrectionField.CORNERS,
    CorrectionField.TEXT,
    CorrectionField.PHASE,
    CorrectionField.THEMES,
    CorrectionField.DECIDED,
)


@router.get("/boards/{board_id}")
def show_board(board_id: str, desk: AtDesk) -> dict[str, Any]:
    return _form(desk, desk.board(board_id))


@router.get("/boards/{board_id}/pictures/{name}", response_class=Response)
def show_picture(
    board_id: str, name: str, desk: AtDesk, width: Annotated[int | None, Query(ge=16, le=6000)] = None, v: str = ""
) -> Response:
    """``thumb``, ``clean`` or ``straight``; with ``width`` smaller. ``v`` only makes the address change with the
    picture."""
    board = desk.board(board_id)
    digest = pictures.rendition(board.renditions, name)
    data, kind = pictures.of_board(desk.state, digest, width)
    return pictures.answer(data, kind, f"{digest[:16]}-{width or 0}", desk.request)


@router.get("/boards/{board_id}/corrections")
def corrections_of_board(board_id: str, desk: AtDesk) -> list[dict[str, Any]]:
    """Those that count, the latest first."""
    board = desk.board(board_id)
    return [correction_form(c) for c in reversed(desk.catalog.corrections(board_id=board.id))]


@router.post("/boards/{board_id}/corrections", status_code=201)
def correct_board(board_id: str, body: CorrectionBody, desk: AtDesk) -> dict[str, Any]:
    """What a person changes. ``corners``: four points in photo pixels, clockwise from the upright board's top left;
    the board is then read again. ``text``: the line's true text, with its outline as ``anchor``; an empty one takes
    the line away. ``phase``: SCAN, FOCUS, ACT, unsure or none. ``themes``: ids of all its themes. ``decided``: kind,
    text, owner, due and done of an action, decision or question, with its outline as ``anchor``; without one it gets
    the line that reads like it, else a free spot; null takes it away."""
    board = desk.board(board_id, change=True)
    if body.field not in OF_BOARDS:
        raise UsageError("Cette correction est celle d’une photo, pas d’un panneau.")
    photo = board.views[0].photo_id
    anchor = tuple((spot[0], spot[1]) for spot in body.anchor)
    if body.field is CorrectionField.DECIDED and not anchor and isinstance(body.value, dict):
        anchor = place_for(board, str(body.value.get("text")))
    made = desk.catalog.correct(photo, board.id, body.field, body.value, anchor, desk.name)
    if body.field is CorrectionField.CORNERS:
        desk.app.archive.jobs.enqueue([photo])
    desk.state.keeper.wake()
    return {"correction": correction_form(made), "board": _form(desk, desk.catalog.board(board.id))}


@router.delete("/corrections/{correction_id}")
def withdraw(correction_id: str, desk: AtDesk) -> dict[str, Any]:
    """Take a correction back; what it had covered shows again."""
    correction = desk.catalog.correction(correction_id)
    try:
        desk.photo(correction.photo_id, change=True)
    except NotFound as error:  # which photo it is of is not told either
        raise NotFound(f"no correction '{correction_id}'") from error
    desk.catalog.withdraw(correction_id, desk.name)
    if correction.field is CorrectionField.CORNERS:
        desk.app.archive.jobs.enqueue([correction.photo_id])
    if correction.field is CorrectionField.FACES:
        blur(desk, correction.photo_id)
    desk.state.keeper.wake()
    if correction.board_id is None:
        return {"board": None}
    return {"board": _form(desk, desk.catalog.board(correction.board_id))}


@router.get("/boards/{board_id}/history")
def history(board_id: str, desk: AtDesk) -> list[dict[str, Any]]:
    """What was done to the board and by whom, the latest first."""
    board = desk.board(board_id)
    readings = [
        {
            "at": r.made_at.isoformat(),
            "action": "read",
            "actor": "",
            "detail": {"number": r.number, "current": r.current},
        }
        for r in desk.catalog.history(board.id)
    ]
    acts = [
        {"at": a.at.isoformat() if a.at else "", "action": a.action, "actor": a.actor, "detail": dict(a.detail)}
        for a in desk.catalog.acts(board.id)
        if a.action != "read"
    ]
    return sorted(readings + acts, key=lambda each: str(each["at"]), reverse=True)


@router.get("/boards/{board_id}/comments")
def comments(board_id: str, desk: AtDesk) -> list[dict[str, Any]]:
    board = desk.board(board_id)
    return [_comment(desk, c) for c in desk.catalog.comments(board.id)]


@router.post("/boards/{board_id}/comments", status_code=201)
def comment(board_id: str, body: CommentBody, desk: AtDesk) -> dict[str, Any]:
    """Everyone who sees a board may say something of it."""
    board = desk.board(board_id)
    desk.need_write()
    return _comment(desk, desk.catalog.comment(board.id, body.text, desk.name, desk.viewer.id))


@router.delete("/comments/{comment_id}", status_code=204, response_class=Response)
def withdraw_comment(comment_id: str, desk: AtDesk) -> Response:
    """One's own, or any for an administrator."""
    found = desk.catalog.comment_by_id(comment_id)
    desk.board(found.board_id)
    desk.need_write()
    desk.rights.need(found.account_id == desk.viewer.id or desk.viewer.is_administrator)
    desk.catalog.withdraw_comment(comment_id, desk.name)
    return Response(status_code=204)


def _form(desk: Desk, board: Board) -> dict[str, Any]:
    session = desk.catalog.session(board.session_id)
    return board_form(board, desk.rights.changes(session)) | {"session_title": session.title}


def _comment(desk: Desk, made: Any) -> dict[str, Any]:
    mine = made.account_id == desk.viewer.id or desk.viewer.is_administrator
    return {
        "id": made.id,
        "author": made.author,
        "text": made.text,
        "made_at": made.made_at.isoformat(),
        "may_withdraw": mine,
    }
