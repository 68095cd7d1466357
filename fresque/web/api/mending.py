"""Setting boards right as a whole over the API: described, turned, taken apart, joined, put into the trash and out."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from archive.model import ChangeKind, CorrectionField, Quad
from capture.walls import look_over
from fresque.web.api.bodies import Body, Name, Short, Spot
from fresque.web.desk import AtDesk, Desk
from fresque.web.forms import board_form, correction_form

router = APIRouter(tags=["boards"])
Corners = Annotated[list[Spot], Field(min_length=4, max_length=4)]


class DescriptionBody(Body):
    """``artist``: who drew it, an outside author often; ``permitted_uses`` is what they allow."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"caption": "Fresque du mercredi", "artist": "R. Castaing"}]}
    )
    caption: Short | None = None
    artist: Short | None = None
    credit: Short | None = None
    permitted_uses: Short | None = None


class MergeBody(Body):
    boards: Annotated[list[Name], Field(min_length=1, max_length=20)]


class SplitBody(Body):
    """Either the corners of each part, or ``beside`` or ``below``: two halves, whose corners can be moved then."""

    quads: Annotated[tuple[Corners, ...], Field(max_length=12)] = ()
    halves: Literal["beside", "below"] | None = None


class TurnBody(Body):
    by: Literal[90, 180, 270]


@router.patch("/boards/{board_id}")
def describe(board_id: str, body: DescriptionBody, desk: AtDesk) -> dict[str, Any]:
    board = desk.board(board_id, change=True)
    given = {name: text for name, text in body.model_dump(exclude_unset=True).items() if text is not None}
    made = desk.catalog.describe_board(board.id, desk.name, **given) if given else board
    desk.state.keeper.wake()
    return board_form(made, True)


@router.post("/boards/{board_id}/merge")
def merge(board_id: str, body: MergeBody, desk: AtDesk) -> dict[str, Any]:
    """Say that the others are the same surface: they show as part of this board. Undone by ``unmerge``."""
    board = desk.board(board_id, change=True)
    others = [desk.board(each, change=True).id for each in body.boards]
    made = desk.catalog.merge_boards(board.id, others, desk.name)
    desk.state.keeper.wake()
    return board_form(made, True)


@router.post("/boards/{board_id}/unmerge")
def unmerge(board_id: str, desk: AtDesk) -> dict[str, Any]:
    board = desk.board(board_id, change=True)
    made = desk.catalog.unmerge_board(board.id, desk.name)
    desk.state.keeper.wake()
    return board_form(made, True)


@router.post("/boards/{board_id}/part")
def part(board_id: str, desk: AtDesk) -> dict[str, Any]:
    """It is no state and no part of the wall in which it was recognised; undone by ``unpart``."""
    board = desk.board(board_id, change=True)
    desk.catalog.part(board.id, desk.name)
    desk.state.keeper.wake()
    return board_form(desk.catalog.board(board.id), True)


@router.post("/boards/{board_id}/unpart")
def unpart(board_id: str, desk: AtDesk) -> dict[str, Any]:
    """Take that back, and look for the walls of its session again."""
    board = desk.board(board_id, change=True)
    desk.catalog.unpart(board.id, desk.name)
    look_over(desk.app.archive, board.session_id)
    desk.state.keeper.wake()
    return board_form(desk.catalog.board(board.id), True)


@router.post("/boards/{board_id}/split", status_code=202)
def split(board_id: str, body: SplitBody, desk: AtDesk) -> list[dict[str, Any]]:
    """One board is several: the first part keeps it, the others are found by the reading that follows. Withdrawing the
    corrections that come back undoes it."""
    board = desk.board(board_id, change=True)
    quads = [_quad(corners) for corners in body.quads] or (
        halves(board.views[0].quad, body.halves) if body.halves else []
    )
    made = desk.catalog.split_board(board.id, quads, desk.name)
    desk.state.keeper.wake()
    return [correction_form(each) for each in made]


@router.post("/boards/{board_id}/turn", status_code=202)
def turn(board_id: str, body: TurnBody, desk: AtDesk) -> dict[str, Any]:
    """Clockwise, by corners that begin at another one; the board is read again."""
    board = desk.board(board_id, change=True)
    k, quad = body.by // 90, board.views[0].quad
    value = [list(quad[(n - k) % 4]) for n in range(4)]
    photo = board.views[0].photo_id
    made = desk.catalog.correct(photo, board.id, CorrectionField.CORNERS, value, author=desk.name)
    desk.app.archive.jobs.enqueue([photo])
    desk.state.keeper.wake()
    return correction_form(made)


# --- the trash -----------------------------------------------------------------------------------------------


@router.get("/trash")
def list_trash(desk: AtDesk) -> list[dict[str, Any]]:
    """What you could take out again, the latest first."""
    return trash_of(desk)


@router.delete("/photos/{photo_id}")
def trash_photo(photo_id: str, desk: AtDesk) -> dict[str, int]:
    """Out of sight, with its boards; nothing is destroyed."""
    count = desk.catalog.trash([desk.photo(photo_id, change=True).id], desk.name)
    desk.state.keeper.wake()
    return {"trashed": count}


@router.post("/photos/{photo_id}/restore")
def restore_photo(photo_id: str, desk: AtDesk) -> dict[str, int]:
    count = desk.catalog.untrash([desk.photo(photo_id, change=True).id], desk.name)
    desk.state.keeper.wake()
    return {"restored": count}


def trash_of(desk: Desk) -> list[dict[str, Any]]:
    found = []
    for each in desk.catalog.trashed():
        session = desk.rights.sessions.get(each.session_id or "")
        if session is not None and desk.rights.changes(session) and each.kind is ChangeKind.PHOTO:
            found.append({"photo": each.id, "file_name": each.name, "session": session.id, "at": each.at.isoformat()})
    return found


def halves(quad: Quad, way: str) -> list[Quad]:
    """The two halves of a quad: left and right, or upper and lower."""

    def middle(a: int, b: int) -> tuple[float, float]:
        return ((quad[a][0] + quad[b][0]) / 2, (quad[a][1] + quad[b][1]) / 2)

    if way == "beside":
        top, bottom = middle(0, 1), middle(3, 2)
        return [(quad[0], top, bottom, quad[3]), (top, quad[1], quad[2], bottom)]
    left, right = middle(0, 3), middle(1, 2)
    return [(quad[0], quad[1], right, left), (left, right, quad[2], quad[3])]


def _quad(corners: list[Any]) -> Quad:
    a, b, c, d = ((float(x), float(y)) for x, y in corners)
    return (a, b, c, d)
