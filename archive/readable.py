"""An archive's sessions as JSON for a person who has no Fresque: what was photographed, read, said and by whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from archive.catalog import Catalog
from archive.model import Board, Correction, Material, Photo, Session


def sessions(catalog: Catalog, session_id: str | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
    """File name without suffix → what it says."""
    chosen = catalog.sessions() if session_id is None else [catalog.session(session_id)]
    for number, session in enumerate(chosen, start=1):
        slug = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in session.id)[:80]
        yield f"{number:04}-{slug}", _session(catalog, session)


def _session(catalog: Catalog, session: Session) -> dict[str, Any]:
    photos = catalog.photos(session_id=session.id, trashed=True)
    names = {photo.id: photo.file_name for photo in photos}
    boards = catalog.boards(session_id=session.id)
    return {
        "session": _plain(asdict(session)),
        "photos": [_photo(photo) for photo in photos],
        "boards": [_board(board, names) for board in boards],
        "corrections": [_correction(c) for photo in photos for c in catalog.corrections(photo_id=photo.id)],
        "materials": [_material(m) for m in catalog.materials(session.id)],
    }


def _photo(photo: Photo) -> dict[str, Any]:
    return {
        "id": photo.id,
        "file_name": photo.file_name,
        "bytes": f"data/blobs/{photo.blob[:2]}/{photo.blob[2:4]}/{photo.blob}",
        "format": photo.format,
        "page": photo.page,
        "uploader": photo.uploader,
        "taken_at": str(photo.taken_at) if photo.taken_at else None,
        "content": str(photo.content),
    }


def _board(board: Board, names: dict[str, str]) -> dict[str, Any]:
    return {
        "id": board.id,
        "photos": [names.get(view.photo_id, view.photo_id) for view in board.views],
        "corners": [[list(point) for point in view.quad] for view in board.views],
        "phase": str(board.phase.label),
        "phase_said_by": board.phase.source,
        "text": board.text.split("\n"),
        "author": board.author,
        "credit": board.credit,
        "permitted_uses": board.permitted_uses,
        "caption": board.caption,
        "images": {n: f"data/blobs/{d[:2]}/{d[2:4]}/{d}" for n, d in board.renditions.items()},
    }


def _correction(correction: Correction) -> dict[str, Any]:
    return dict(_plain(asdict(correction)))


def _material(material: Material) -> dict[str, Any]:
    return dict(_plain(asdict(material)))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value if isinstance(value, int | float | bool | None) else str(value)
