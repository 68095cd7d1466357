"""From the archive to a report: which boards, in which order, under which right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from archive.errors import NotFound
from archive.model import Board, DecidedKind, Photo, Region, RegionKind, Session, Visibility
from archive.store import Archive
from capture.pipeline.frame import apply_homography
from fresque.report.model import Action, Box, PlacedLine, PlacedRegion, Report, Sheet
from fresque.report.words import words
from fresque.titles import title

MaySee = Callable[[Session], bool]


def unrestricted(session: Session) -> bool:
    """What leaves without being asked for: restricted sessions stay."""
    return session.visibility is not Visibility.RESTRICTED


@dataclass(frozen=True)
class Wanted:
    """What to put in: ``people`` names the participants, ``phases`` empty means all."""

    people: bool = False
    language: str | None = None  # of the headings; the session's first language unless given
    may_see: MaySee = unrestricted


def session_report(archive: Archive, session_id: str, wanted: Wanted) -> Report:
    """A whole session. Raises NotFound, also for one that must not be seen: nobody learns that it exists."""
    session = archive.catalog.session(session_id)
    if not wanted.may_see(session):
        raise NotFound(f"no session '{session_id}'", "it may be restricted: ask for it with --restricted")
    boards = archive.catalog.boards(session_id=session_id)
    shown = session if wanted.people else replace(session, people=())
    return _report(archive, shown.title, (shown,), boards, wanted)


def boards_report(archive: Archive, title: str, board_ids: Sequence[str], wanted: Wanted) -> Report:
    """Boards of any sessions, in the given order; those of sessions that must not be seen are left out."""
    found = archive.catalog.boards_by_id(board_ids)
    boards = [found[i] for i in board_ids if i in found and not found[i].retired]
    known = {s.id: s for s in archive.catalog.sessions()}
    boards = [b for b in boards if wanted.may_see(known[b.session_id])]
    sessions = [known[i] for i in dict.fromkeys(b.session_id for b in boards)]
    if not wanted.people:
        sessions = [replace(s, people=()) for s in sessions]
    return _report(archive, title, sessions, boards, wanted, keep_order=True)


def _report(
    archive: Archive,
    title: str,
    sessions: Sequence[Session],
    boards: Iterable[Board],
    wanted: Wanted,
    keep_order: bool = False,
) -> Report:
    photos = {p.id: p for s in sessions for p in archive.catalog.photos(session_id=s.id)}
    boards = list(boards)
    if bare := [board.id for board in boards if not board.renditions]:  # blurred pictures that are not made yet
        from capture.faces import blur_boards

        if blur_boards(archive, bare):
            fresh = archive.catalog.boards_by_id(bare)
            boards = [fresh.get(board.id, board) for board in boards]
    sheets = [sheet(board, photos) for board in boards]
    if not keep_order:
        sheets.sort(key=lambda s: (s.at is None, str(s.at), s.photo_name, s.board.id))
    language = wanted.language or next((c for s in sessions for c in s.languages), "fr")
    language = language if language in ("fr", "en") else "fr"
    single = sessions[0] if len(sessions) == 1 else None
    return Report(
        title=title,
        subtitle=_subtitle(sessions, language),
        session=single,
        sessions=tuple(sessions),
        sheets=tuple(sheets),
        language=language,
        actions=_decided(sheets, DecidedKind.ACTION, language),
        decisions=_decided(sheets, DecidedKind.DECISION, language),
        questions=_decided(sheets, DecidedKind.QUESTION, language),
    )


def _decided(sheets: Sequence[Sheet], kind: DecidedKind, language: str) -> tuple[Action, ...]:
    """By owner, then by date; what has neither comes last."""
    say = words(language)
    found = [(item, s.board.id) for s in sheets for item in s.board.decided if item.kind is kind]
    found.sort(key=lambda f: (not f[0].owner, f[0].owner.casefold(), f[0].due or date.max))
    return tuple(
        Action(f"{i.text} ({say['done']})" if i.done else i.text, i.owner, say.day(i.due) if i.due else "", board)
        for i, board in found
    )


def _subtitle(sessions: Sequence[Session], language: str) -> str:
    say = words(language)
    if len(sessions) != 1:
        return say["n_sessions"].format(n=len(sessions))
    session = sessions[0]
    parts = [say.dates(session.start, session.end), session.lab, ", ".join(r.name for r in session.requesters)]
    return " · ".join(part for part in parts if part)


def sheet(board: Board, photos: dict[str, Photo]) -> Sheet:
    """A board with its regions placed on its straightened image."""
    view = board.views[0]
    photo = photos.get(view.photo_id)
    to_board = np.asarray(np.linalg.inv(np.array(view.homography, dtype=np.float64)), dtype=np.float64)
    regions = tuple(_placed(region, to_board) for region in board.regions)
    return Sheet(
        board=board,
        title=title(board),
        photo_name=photo.file_name if photo else "",
        taken_at=photo.taken_at if photo else None,
        at=photo.at if photo else None,
        width=board.width,
        height=board.height,
        regions=regions,
    )


def _placed(region: Region, to_board: np.ndarray) -> PlacedRegion:
    lines = []
    for line in region.lines:
        polygon = _mapped(line.polygon, to_board)
        words = line.word_confidences()
        lines.append(PlacedLine(line.text, polygon, Box.around(polygon), words, line.confidence, line.doubtful))
    polygon = _mapped(region.polygon, to_board)
    note = region.kind is RegionKind.NOTE
    return PlacedRegion(
        tuple(lines),
        polygon,
        Box.around(polygon),
        note,
        region.colour if note else None,
        region.group if note else None,
    )


def _mapped(points: Sequence[tuple[float, float]], matrix: np.ndarray) -> tuple[tuple[float, float], ...]:
    if not points:
        return ()
    return tuple((float(x), float(y)) for x, y in apply_homography(matrix, np.array(points, dtype=np.float64)))
