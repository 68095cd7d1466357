"""The map of all boards, and what is like one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from archive.errors import NotFound
from archive.model import ChangeKind, Hit
from fresque.titles import title
from fresque.web import atlas, finding
from fresque.web.desk import AtDesk, Desk
from fresque.web.forms import pictures

router = APIRouter(tags=["search"])
LIKE = 0.25
"""Cosine under which two boards are not called alike."""


@router.get("/atlas")
def show_atlas(desk: AtDesk) -> dict[str, Any]:
    """Boards that you may see with their places in a square of 1,000, near is alike; parts of it named by words."""
    drawn = atlas.atlas(desk.app.engine, desk.state.cache) if desk.app.engine.count else None
    if drawn is None:
        return {"boards": [], "themes": []}
    allowed = desk.rights.allowed(drawn.ids)
    rows = [n for n, key in enumerate(drawn.ids) if key in allowed]
    boards = desk.catalog.boards_by_id([drawn.ids[n] for n in rows])
    rows = [n for n in rows if drawn.ids[n] in boards]
    sessions = desk.rights.sessions
    items = []
    for n in rows:
        board = boards[drawn.ids[n]]
        session = sessions[board.session_id]
        items.append(
            {
                "id": board.id,
                "x": round(float(drawn.places[n][0]), 1),
                "y": round(float(drawn.places[n][1]), 1),
                "title": title(board),
                "thumb": pictures(board).get("thumb"),
                "phase": board.phase.label.value,
                "type": session.kind.value,
                "lab": session.lab,
                "year": str(session.start.year) if session.start else "",
                "session": session.title,
            }
        )
    texts = [boards[drawn.ids[n]].text for n in rows]
    return {"boards": items, "themes": atlas.themes(drawn.places[rows], texts)}


@router.get("/boards/{board_id}/similar")
def show_similar(
    board_id: str, desk: AtDesk, limit: Annotated[int, Query(ge=1, le=60)] = finding.PAGE
) -> list[dict[str, Any]]:
    """Boards and texts nearest in meaning, the most alike first."""
    return list(similar(desk, desk.board(board_id).id, limit))


def similar(desk: Desk, board_id: str, limit: int) -> tuple[dict[str, Any], ...]:
    if not desk.app.engine.count:
        return ()
    try:
        near = desk.app.engine.similar(board_id, limit, desk.rights.allowed, desk.rights.few)
    except NotFound:  # read a moment ago, not indexed yet
        return ()
    picked = [(each.id, each.score) for each in near if each.score >= LIKE]
    boards = desk.state.boards([key for key, _ in picked])
    hits = []
    for key, score in picked:
        board = boards.get(key)
        material = desk.catalog.material(key) if board is None else None
        text = board.text if board else (material.text if material else "")
        hits.append(
            Hit(
                id=key,
                kind=ChangeKind.BOARD if board else ChangeKind.MATERIAL,
                score=score,
                why={"similar": score},
                snippet=" ".join(text.split())[:180],
                boxes=(),
                photo_id=board.views[0].photo_id if board else None,
                session_id=board.session_id if board else (material.session_id if material else None),
                phase=board.phase.label if board else (material.phase if material else None),
            )
        )
    return finding.hit_forms(desk, hits, boards, finding.Asked())
