"""A session as a whole, once its photos are read: phases by text, time and neighbours, what was decided, themes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

from archive.errors import NotFound
from archive.model import Board, Decided, Method, Phase, PhaseTag, Photo, Session, Theme, digest_of
from archive.settled import Settlement
from archive.settled_overlay import CARD
from archive.store import Archive
from capture.pipeline import actions, phase
from capture.pipeline.phase import model
from capture.pipeline.phase.tagger import written
from capture.pipeline.session import phases, themes
from capture.pipeline.session.phases import SessionBoard
from capture.pipeline.session.when import Programme

PHASE = "phase"
"""Name under which an archive keeps its own model of phases."""


def settle(archive: Archive, session_id: str) -> list[str]:
    """Settle one session again; ids of the boards about which something new was found. Raises NotFound."""
    session = archive.catalog.session(session_id)
    boards = archive.catalog.boards(session_id=session_id)
    photos = {photo.id: photo for photo in archive.catalog.photos(session_id=session_id)}
    vocabulary = archive.catalog.themes()
    times = [first_seen(board, photos) for board in boards]
    seen = [
        SessionBoard(written(b.regions, b.views[0].homography), at, _known(b))
        for b, at in zip(boards, times, strict=True)
    ]
    programme = Programme(session.start, session.end, session.agenda)
    trained = phase_model(archive)
    tags = phases.settle(seen, programme, session.method, trained)
    found = {
        board.id: Settlement(tag, _decided(board, tag, at, session), _themes(board, vocabulary))
        for board, tag, at in zip(boards, tags, times, strict=True)
    }
    return archive.catalog.settle(found, recipe(trained))


def settle_all(archive: Archive, session_ids: Sequence[str], up_to: int = 0) -> int:
    """Settle sessions; how many boards that touched. ``up_to``: the change that made them stale; one that was destroyed
    since then is left out.

    Raises NotFound for one that was named."""
    touched = 0
    for session_id in session_ids:
        try:
            touched += len(settle(archive, session_id))
        except NotFound:
            if not up_to:
                raise
    archive.catalog.settled_up_to(up_to)
    return touched


def phase_model(archive: Archive) -> bytes | None:
    """The archive's own model; None while it has none, or where it is of features of another version: then the
    shipped one tags, until 'fresque phase train' has made a new one."""
    kept = archive.catalog.trained(PHASE)
    if kept is None:
        return None
    data = archive.blobs.get(kept.blob)
    try:
        model.of(data)
    except ValueError:
        return None
    return data


def recipe(trained: bytes | None = None) -> str:
    """Digest of everything that a settlement comes from besides what the archive holds."""
    versions = {"phase": phase.VERSION, "session": phases.VERSION, "actions": actions.VERSION, "themes": themes.VERSION}
    return digest_of([versions, asdict(phase.Params()), phase.models(trained), phases.digest()])


def _seen(board: Board, at: datetime | None) -> SessionBoard:
    return SessionBoard(written(board.regions, board.views[0].homography), at, _known(board))


def _known(board: Board) -> Phase | None:
    """What a person or a phase card said."""
    return board.phase.label if board.phase.source in ("human", CARD) else None


def first_seen(board: Board, photos: Mapping[str, Photo]) -> datetime | None:
    """When the earliest photo of a board was taken."""
    times = [photo.at for view in board.views if (photo := photos.get(view.photo_id))]
    return min((at for at in times if at), default=None)


def _decided(board: Board, tag: PhaseTag, at: datetime | None, session: Session) -> tuple[Decided, ...]:
    """Of ACT boards, and of those that are likeliest ACT; boards of another method are taken as they come."""
    label = _known(board) or tag.likeliest
    if session.method is Method.ASE and label is not Phase.ACT:
        return ()
    people = [person.name for person in session.people]
    return actions.decided(board.regions, board.views[0].homography, written_on(at, session), people)


def written_on(at: datetime | None, session: Session) -> date:
    """When the board was written: the day of the photo where the session's dates do not say otherwise."""
    first, last = session.start, session.end or session.start
    if at is not None and (first is None or last is None or first <= at.date() <= last):
        return at.date()
    return last or (at.date() if at else date.today())


def _themes(board: Board, vocabulary: Sequence[Theme]) -> tuple[str, ...]:
    return themes.themes_of([line.text for line in board.lines], vocabulary)
