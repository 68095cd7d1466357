"""What the index is told of the archive: one Document for each board and material."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from archive.errors import NotFound
from archive.model import Board, Change, ChangeKind, Document, Line, Material, Session
from archive.store import Archive
from fresque.terminal import batched

BATCH = 500


def document(archive: Archive, change: Change) -> Document | None:
    """The object behind a change as it is now; None when it is gone or is nothing that is searched."""
    try:
        if change.kind is ChangeKind.BOARD:
            board = archive.catalog.board(change.object_id)
            return None if board.retired else board_document(board, archive.catalog.session(board.session_id))
        if change.kind is ChangeKind.MATERIAL:
            material = archive.catalog.material(change.object_id)
            return material_document(
                material, archive.catalog.session(material.session_id) if material.session_id else None
            )
    except NotFound:
        return None
    return None


def touched(archive: Archive, change: Change) -> list[Change]:
    """A change and what it means for others: a session's title and date are searched with each of its boards."""
    if change.kind is not ChangeKind.SESSION:
        return [change]
    boards = archive.catalog.board_ids(session_id=change.object_id)
    texts = [material.id for material in archive.catalog.materials(session_id=change.object_id)]
    return [
        *(replace(change, kind=ChangeKind.BOARD, object_id=board) for board in boards),
        *(replace(change, kind=ChangeKind.MATERIAL, object_id=text) for text in texts),
        change,
    ]


def documents(archive: Archive) -> Iterator[Document]:
    """Everything that can be found, a few hundred objects at a time."""
    sessions = {session.id: session for session in archive.catalog.sessions()}
    for some in batched(archive.catalog.board_ids(), BATCH):
        for board in archive.catalog.boards_by_id(some).values():
            yield board_document(board, sessions[board.session_id])
    for material in archive.catalog.materials():
        yield material_document(material, sessions.get(material.session_id or ""))


def board_document(board: Board, session: Session) -> Document:
    colours = {str(region.colour) for region in board.regions if region.colour}
    return Document(
        id=board.id,
        kind=ChangeKind.BOARD,
        session_id=session.id,
        session_title=session.title,
        lines=board.lines,
        phase=board.phase.label,
        photo_id=board.views[0].photo_id,
        title=board.caption,
        fields={
            **_session_fields(session),
            "colour": tuple(sorted(colours)),
            "artist": (board.author,) if board.author else (),
            "theme": tuple(dict.fromkeys((*session.themes, *board.themes))),
        },
    )


def material_document(material: Material, session: Session | None) -> Document:
    lines = tuple(Line(text, (), 1.0, "text") for text in material.text.splitlines() if text.strip())
    return Document(
        id=material.id,
        kind=ChangeKind.MATERIAL,
        session_id=material.session_id,
        session_title=session.title if session else "",
        lines=lines,
        phase=material.phase,
        title=material.title,
        fields=_session_fields(session) if session else {},
    )


def _session_fields(session: Session) -> dict[str, tuple[str, ...]]:
    return {
        "session": (session.id,),
        "lab": (session.lab,) if session.lab else (),
        "type": (str(session.kind),),
        "sponsor": tuple(r.name for r in session.requesters),
        "year": (str(session.start.year),) if session.start else (),
        "date": (session.start.isoformat(),) if session.start else (),
        "theme": session.themes,
        "people": tuple(p.name for p in session.people),
    }
