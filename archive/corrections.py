"""What people change: recorded for good, laid over the automatic result on reading, taken back on request."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from archive import anchors, audit, boards, changes, corrected, documents, geometry, joined, photos, theme_names
from archive import tables as t
from archive.columns import now, storable
from archive.errors import NotFound, UsageError
from archive.ids import new_id
from archive.model import Board, ChangeKind, Content, Correction, CorrectionField, DecidedKind, Phase, Polygon, Quad
from archive.records import Records, one

OF_BOARD = frozenset((CorrectionField.PHASE, CorrectionField.DECIDED, CorrectionField.THEMES))
"""What is said of a board, never of a photo."""

OF_PHOTO = frozenset((CorrectionField.SESSION, CorrectionField.CONTENT, CorrectionField.FACES))
MOST_FACES = 200
MOST_LETTERS = 2000

PERSONAL = frozenset((CorrectionField.TEXT, CorrectionField.DECIDED))
"""May name a person: the log of acts, which is never changed, does not hold their values."""


class CorrectionRecords(Records):
    def correct(
        self,
        photo_id: str,
        board_id: str | None,
        field: CorrectionField,
        value: Any,
        anchor: Polygon = (),
        author: str = "",
    ) -> Correction:
        """Record what a person changed; see CorrectionField for the value of each field.

        Text needs the anchor, a polygon in photo pixels: the line it lies on is replaced, where there is none the
        text is added, and an empty text takes the line away. Corners without a board say that one was missed there;
        the next reading takes all given corners as they are. Session and content are the photo's: no board.
        Raises NotFound, UsageError.
        """
        with self.database.write() as connection:
            photo = one(connection, t.photos, photo_id)
            live = boards.load(connection, boards.ids(connection, None, photo_id, include_retired=False))
            value = _checked(connection, field, value)
            if (part := _part(connection, field, photo_id, board_id, anchor)) is not None:
                photo_id, board_id, anchor = part.photo_id, part.board.id, part.anchor
                photo = one(connection, t.photos, photo_id)
                live = boards.load(connection, [board_id], merged=False)
            board = _board(connection, field, board_id, live)
            added = False
            if field is CorrectionField.DECIDED and geometry.area(anchor) <= 0:
                raise UsageError("what was decided needs its place on the board", "give its outline in photo pixels")
            if field is CorrectionField.TEXT:
                board, added = _place_of_text(anchor, board, live)
            correction = Correction(
                new_id(), photo_id, board.id if board else None, field, value, anchor, storable(author), now()
            )
            add(connection, correction, photo, added)
            audit.log(connection, _act("correct", correction, author))
        return correction

    def withdraw(self, correction_id: str, author: str = "") -> None:
        """Take a correction back; what it had covered, an older correction or the reading, shows again.

        Raises NotFound.
        """
        with self.database.write() as connection:
            row = one(connection, t.corrections, correction_id)
            if row.withdrawn_at is not None:
                raise NotFound(
                    f"correction {correction_id} was withdrawn already", "'fresque show' lists those that count"
                )
            here = t.corrections.c.id == correction_id
            connection.execute(sa.update(t.corrections).where(here).values(withdrawn_at=now()))
            correction = corrected.correction_of(row)
            _apply(connection, correction, one(connection, t.photos, row.photo_id))
            audit.log(connection, _act("withdraw", correction, author))

    def correction(self, correction_id: str) -> Correction:
        """Raises NotFound."""
        with self.database.read() as connection:
            return corrected.correction_of(one(connection, t.corrections, correction_id))

    def corrections(
        self, photo_id: str | None = None, board_id: str | None = None, orphaned: bool | None = None
    ) -> list[Correction]:
        """Those that count, in the order in which they were made."""
        query = corrected.standing()
        if photo_id is not None:
            query = query.where(t.corrections.c.photo_id == photo_id)
        if board_id is not None:
            query = query.where(t.corrections.c.board_id == board_id)
        if orphaned is not None:
            query = query.where(t.corrections.c.orphaned == orphaned)
        with self.database.read() as connection:
            return [corrected.correction_of(row) for row in connection.execute(query)]

    def correction_count(self, session_id: str) -> int:
        """Of those that count, on photos of the session that are not in the trash."""
        here = corrected.standing().join(t.photos, t.photos.c.id == t.corrections.c.photo_id)
        here = here.where(t.photos.c.session_id == session_id, t.photos.c.trashed_at.is_(None))
        with self.database.read() as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(here.subquery())).scalar_one())

    def given_quads(self, photo_id: str) -> tuple[Quad, ...]:
        """The corners that the next reading of a photo takes as they are; empty when people gave none.

        Once a person has corrected the corners of one board of a photo, the other boards keep theirs too: a reading
        that was given corners searches for nothing else. Raises NotFound.
        """
        with self.database.read() as connection:
            one(connection, t.photos, photo_id)
            query = corrected.standing().where(
                t.corrections.c.photo_id == photo_id,
                t.corrections.c.field == CorrectionField.CORNERS.value,
                t.corrections.c.orphaned.is_(False) | t.corrections.c.board_id.is_(None),
            )
            given = [corrected.correction_of(row) for row in connection.execute(query)]
            if not given:
                return ()
            live = boards.load(connection, boards.ids(connection, None, photo_id, include_retired=False))
        kept = [next(v.quad for v in board.views if v.photo_id == photo_id) for board in live]
        return tuple(kept + [documents.quad(c.value) for c in given if c.board_id is None])


def add(connection: sa.Connection, correction: Correction, photo: sa.Row[Any], added: bool = False) -> None:
    """Record a correction that was checked, inside a transaction, and bring photo and boards in line with it."""
    connection.execute(sa.insert(t.corrections).values(**_values(correction), added=added))
    _apply(connection, correction, photo)


# --- checks --------------------------------------------------------------------------------------------------


def _checked(connection: sa.Connection, field: CorrectionField, value: Any) -> Any:
    """The value as JSON. Raises UsageError, or NotFound for a session that is not there."""
    if field is CorrectionField.CORNERS:
        return checked_corners(value)
    if field is CorrectionField.DECIDED:
        return _checked_decided(value)
    if field is CorrectionField.THEMES:
        return _checked_themes(connection, value)
    if field is CorrectionField.FACES:
        return _checked_faces(value)
    if not isinstance(value, str):
        raise UsageError(f"a correction of {field.value} is a text, not {value!r}")
    if field is CorrectionField.PHASE:
        return _choice(Phase, value)
    if field is CorrectionField.CONTENT:
        return _choice(Content, value)
    if field is CorrectionField.SESSION:
        one(connection, t.sessions, value)
    return storable(value)


def checked_corners(value: Any) -> Any:
    try:
        corners = [[float(x), float(y)] for x, y in value]
    except (TypeError, ValueError) as error:
        raise UsageError(f"corners are four points, not {value!r}") from error
    if len(corners) != 4 or not all(math.isfinite(v) for point in corners for v in point):
        raise UsageError(f"a board has four corners, not {len(corners)}")
    if geometry.area(documents.polygon(corners)) < 1:
        raise UsageError("these corners enclose nothing", "give them clockwise from the board's top left")
    return corners


def _checked_decided(value: Any) -> Any:
    if value is None:
        return None
    if not isinstance(value, dict) or not str(value.get("text") or "").strip():
        raise UsageError("what was decided needs its words")
    try:
        due = date.fromisoformat(value["due"]).isoformat() if value.get("due") else None
    except (TypeError, ValueError) as error:
        raise UsageError(f"{value['due']!r} is no date", "write it as 2024-03-15") from error
    kind = _choice(DecidedKind, str(value.get("kind") or DecidedKind.ACTION))
    owner, text = storable(str(value.get("owner") or "")).strip(), storable(str(value["text"])).strip()
    if len(text) > MOST_LETTERS or len(owner) > MOST_LETTERS:
        raise UsageError(f"what was decided has at most {MOST_LETTERS} letters")
    return {"kind": kind, "text": text, "owner": owner, "due": due, "done": value.get("done") is True}


def _checked_themes(connection: sa.Connection, value: Any) -> Any:
    known = theme_names.names(connection)
    if not isinstance(value, list | tuple) or not all(theme in known for theme in value):
        raise UsageError(f"{value!r} are not ids of themes", "'fresque theme list' shows them")
    return list(dict.fromkeys(value))


def _checked_faces(value: Any) -> Any:
    try:
        faces = [[[float(x), float(y)] for x, y in outline] for outline in value]
    except (TypeError, ValueError) as error:
        raise UsageError(f"faces are outlines of points, not {value!r}") from error
    if len(faces) > MOST_FACES or not all(math.isfinite(v) for face in faces for point in face for v in point):
        raise UsageError(f"a photo has at most {MOST_FACES} faces to blur")
    if any(geometry.area(documents.polygon(face)) < 1 for face in faces):
        raise UsageError("the outline of a face encloses nothing", "give it as points in photo pixels")
    return faces


def _choice(kind: type[Phase] | type[Content] | type[DecidedKind], value: str) -> str:
    known = [member.value for member in kind]
    if value not in known:
        raise UsageError(f"'{value}' is no {kind.__name__.lower()}", f"one of {', '.join(known)}")
    return str(value)


def _board(connection: sa.Connection, field: CorrectionField, board_id: str | None, live: list[Board]) -> Board | None:
    if field in OF_PHOTO:
        if board_id is not None:
            raise UsageError(f"the {field.value} is the photo's, not the board's", "leave the board out")
        return None
    if board_id is None:
        if field in OF_BOARD:
            raise UsageError(f"the {field.value} is a board's", "name the board")
        return None
    for board in live:
        if board.id == board_id:
            return board
    row = one(connection, t.boards, board_id)
    if row.retired is not None:
        heir = (
            f"it was replaced by {row.replaced_by}"
            if row.replaced_by
            else "'fresque show' of its photo lists those that are"
        )
        raise UsageError(f"board {board_id} is no longer there", heir)
    raise UsageError(f"board {board_id} is not in that photo", "name the photo it is seen in")


def _place_of_text(anchor: Polygon, board: Board | None, live: list[Board]) -> tuple[Board, bool]:
    """The board whose lines the anchor lies on, or that it lies in; and whether no line was there."""
    if geometry.area(anchor) <= 0:
        raise UsageError("a correction of text needs the outline of the line", "give its polygon in photo pixels")
    choice = live if board is None else [board]
    by_line = [(geometry.covered(anchor, [line.polygon for line in b.lines]), b) for b in choice]
    share, best = max(by_line, key=lambda pair: pair[0], default=(0.0, None))
    if best is not None and share >= anchors.FOUND:
        return best, False
    inside = [b for b in choice if any(geometry.covered(anchor, [v.quad]) >= anchors.INSIDE for v in b.views)]
    if board is None and not inside:
        raise UsageError("there is no board at that place of the photo", "correct the board's corners first")
    return board or inside[0], True


@dataclass(frozen=True)
class _Part:
    board: Board
    photo_id: str
    anchor: Polygon


def _part(
    connection: sa.Connection, field: CorrectionField, photo_id: str, board_id: str | None, anchor: Polygon
) -> _Part | None:
    """Of a joined board: the part that text, or corners, are said of; both belong to a photo, so that they are kept
    with the part that this photo shows."""
    if field not in (CorrectionField.TEXT, CorrectionField.CORNERS):
        return None
    shown = boards.ids(connection, None, photo_id, include_retired=False)
    for board, parts in joined.parts_of(connection, shown, lambda some: boards.load(connection, some, merged=False)):
        if board_id not in (None, board):
            continue
        if field is CorrectionField.TEXT and geometry.area(anchor) > 0:
            part, there = joined.place_of(parts, photo_id, anchor)
            return _Part(part.board, part.board.views[0].photo_id, there)
        own = [part.board for part in parts if part.board.views[0].photo_id == photo_id]
        if field is CorrectionField.CORNERS and board_id is not None and own:
            return _Part(own[0], photo_id, anchor)
    return None


# --- effects -------------------------------------------------------------------------------------------------


def _apply(connection: sa.Connection, correction: Correction, photo: sa.Row[Any]) -> None:
    """Bring photo and boards in line with the corrections that count now."""
    seen = boards.ids(connection, None, photo.id, include_retired=True)
    touched: list[changes.Touched] = []
    if correction.field is CorrectionField.CONTENT:
        content = corrected.latest(connection, photo.id, CorrectionField.CONTENT) or photo.content_read
        touched.append(photos.touch(connection, photo.id, content=content))
    elif correction.field is CorrectionField.SESSION:
        session = corrected.latest(connection, photo.id, CorrectionField.SESSION) or photo.taken_into
        touched.append(photos.move(connection, photo.id, session))
        connection.execute(sa.update(t.boards).where(t.boards.c.id.in_(seen)).values(session_id=session))
        touched += boards.refresh(connection, seen)[1]
    elif correction.field is CorrectionField.FACES:
        touched.append(photos.touch(connection, photo.id))
        touched += boards.refresh(connection, seen)[1]
    elif correction.board_id is not None and not correction.orphaned:
        touched += boards.refresh(connection, [correction.board_id])[1]
    else:
        touched.append(photos.touch(connection, photo.id))
    changes.record(connection, touched)


def _act(action: str, correction: Correction, author: str) -> audit.Act:
    detail = {"correction": correction.id, "field": correction.field.value}
    if correction.field not in PERSONAL:
        detail["value"] = correction.value
    if correction.board_id is None:
        return audit.Act(action, ChangeKind.PHOTO.value, correction.photo_id, author, detail)
    return audit.Act(action, ChangeKind.BOARD.value, correction.board_id, author, detail)


def _values(correction: Correction) -> dict[str, Any]:
    return {
        "id": correction.id,
        "photo_id": correction.photo_id,
        "board_id": correction.board_id,
        "field": correction.field.value,
        "value": correction.value,
        "anchor": documents.points_json(correction.anchor),
        "author": correction.author,
        "made_at": correction.made_at,
        "orphaned": correction.orphaned,
    }
