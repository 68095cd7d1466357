"""The API's JSON: what a session, a photo, a board and a hit look like to a program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archive.model import Board, Correction, Decided, Homography, Photo, Polygon, Session
from fresque import contract


def session_form(session: Session, may_change: bool) -> dict[str, Any]:
    return {
        "id": session.id,
        "title": session.title,
        "kind": session.kind.value,
        "method": session.method.value,
        "lab": session.lab,
        "project": session.project_id,
        "requesters": [{"name": r.name, "kind": r.kind} for r in session.requesters],
        "partners": [{"name": p.name, "kind": p.kind} for p in session.partners],
        "start": session.start.isoformat() if session.start else None,
        "end": session.end.isoformat() if session.end else None,
        "themes": list(session.themes),
        "people": [{"name": p.name, "role": p.role} for p in session.people],
        "agenda": [{"phase": a.phase.value, "begins": a.begins.isoformat()} for a in session.agenda],
        "languages": list(session.languages),
        "visibility": session.visibility.value,
        "retention_until": session.retention_until.isoformat() if session.retention_until else None,
        "legal_basis": session.legal_basis,
        "may_change": may_change,
    }


def photo_form(photo: Photo) -> dict[str, Any]:
    return {
        "id": photo.id,
        "session": photo.session_id,
        "sha256": photo.blob,
        "file_name": photo.file_name,
        "state": photo.state.value,
        "content": photo.content.value,
        "taken_at": photo.taken_at.isoformat() if photo.taken_at else None,
        "width": photo.width,
        "height": photo.height,
        "warnings": list(photo.warnings),
        "error": photo.error,
    }


def board_form(board: Board, may_change: bool) -> dict[str, Any]:
    """Polygons in photo pixels; ``place`` is the same in pixels of the straightened board."""
    view = board.views[0]
    to_board = inverse(view.homography)
    regions = []
    for region in board.regions:
        form = contract.region_object(region)
        form["place"] = placed(to_board, region.polygon)
        for line, made in zip(region.lines, form["lines"], strict=True):
            made["place"] = placed(to_board, line.polygon)
            made["doubtful"] = line.doubtful
            made["words"] = [[word, doubtful] for word, doubtful in line.doubtful_words()]
        regions.append(form)
    return {
        "id": board.id,
        "session": board.session_id,
        "revision": board.revision,
        "retired": board.retired,
        "replaced_by": board.replaced_by,
        "caption": board.caption,
        "themes": list(board.themes),
        "author": board.author,
        "credit": board.credit,
        "width": board.width,
        "height": board.height,
        "views": [
            {
                "photo": v.photo_id,
                "quad": [[round(x, 1), round(y, 1)] for x, y in v.quad],
                "quad_confidence": round(v.quad_confidence, 4),
                "whole_photo": v.whole_photo,
                "rotation": v.rotation,
            }
            for v in board.views
        ],
        "phase": contract.phase_object(board.phase) | {"source": board.phase.source},
        "regions": regions,
        "decided": [decided_form(item, board) for item in board.decided],
        "text": board.text,
        "pictures": pictures(board),
        "may_change": may_change,
    }


def decided_form(item: Decided, board: Board) -> dict[str, Any]:
    """``polygon`` in pixels of the board's first photo: the anchor of a correction; ``place`` on the straightened
    board."""
    return {
        "board": board.id,
        "kind": item.kind.value,
        "text": item.text,
        "owner": item.owner,
        "due": item.due.isoformat() if item.due else None,
        "due_text": item.due_text,
        "done": item.done,
        "source": item.source,
        "said_by": item.said_by,
        "polygon": [[round(x, 1), round(y, 1)] for x, y in item.polygon],
        "place": placed(inverse(board.views[0].homography), item.polygon),
    }


def pictures(board: Board) -> dict[str, str]:
    """Name → address; the digest in it changes with the picture, so that a browser may keep it."""
    found = {
        name: f"/api/v1/boards/{board.id}/pictures/{name}?v={digest[:16]}"
        for name, digest in sorted(board.renditions.items())
    }
    return found | {"photo": f"/api/v1/photos/{board.views[0].photo_id}/picture"}


def correction_form(correction: Correction) -> dict[str, Any]:
    return {
        "id": correction.id,
        "photo": correction.photo_id,
        "board": correction.board_id,
        "field": correction.field.value,
        "value": correction.value,
        "anchor": [[round(x, 1), round(y, 1)] for x, y in correction.anchor],
        "author": correction.author,
        "made_at": correction.made_at.isoformat() if correction.made_at else None,
        "orphaned": correction.orphaned,
    }


# --- geometry ------------------------------------------------------------------------------------------------


def inverse(matrix: Homography) -> Homography:
    """Photo pixels → board pixels, up to scale (the adjugate: a homography needs no division)."""
    (a, b, c), (d, e, f), (g, h, i) = matrix
    return (
        (e * i - f * h, c * h - b * i, b * f - c * e),
        (f * g - d * i, a * i - c * g, c * d - a * f),
        (d * h - e * g, b * g - a * h, a * e - b * d),
    )


def placed(matrix: Homography, polygon: Polygon) -> list[list[float]]:
    """Points through a homography; those it sends to infinity are left out."""
    found = []
    for x, y in polygon:
        u, v, w = (row[0] * x + row[1] * y + row[2] for row in matrix)
        if abs(w) > 1e-12:
            found.append([round(u / w, 1), round(v / w, 1)])
    return found


def boxes_on_board(board: Board, boxes: Sequence[Polygon]) -> list[list[list[float]]]:
    matrix = inverse(board.views[0].homography)
    return [placed(matrix, box) for box in boxes]


def totals(counts: Mapping[Any, int]) -> dict[str, int]:
    return {str(key.value if hasattr(key, "value") else key): number for key, number in counts.items() if number}
