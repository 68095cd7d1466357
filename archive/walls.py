"""Boards of a session that are one surface: states of a wall, and parts joined into one board. What a person parts
stays parted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from archive import audit, boards, changes, documents, photos
from archive import tables as t
from archive.columns import now
from archive.errors import NotFound
from archive.joined import JOINED, PREFIX
from archive.model import Board, ChangeKind, Homography
from archive.records import Records, one
from archive.tables_walls import parted, wall_runs, walls


@dataclass(frozen=True, slots=True)
class Wall:
    """``boards``: ids, the one shown first ahead; ``ways`` from each board's pixels to the first's, of parts to the
    joined picture's, whose size is ``width`` × ``height`` and whose ``renditions`` are name → SHA-256."""

    boards: tuple[str, ...]
    ways: tuple[Homography, ...]
    parts: bool
    width: int = 0
    height: int = 0
    renditions: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A board as the search for walls takes it: uncorrected, whether or not it is joined now."""

    board: Board
    number: int
    parted: bool


class WallRecords(Records):
    def standing(self, session_id: str) -> list[Standing]:
        """The boards of a session, those joined into others too, in the order in which they were found."""
        query = sa.select(t.boards.c.id, t.boards.c.current, t.boards.c.retired).where(
            t.boards.c.session_id == session_id, t.boards.c.retired.is_(None) | (t.boards.c.retired == JOINED)
        )
        with self.database.read() as connection:
            one(connection, t.sessions, session_id)
            numbers = {row.id: row.current for row in connection.execute(query)}
            alone = set(connection.execute(sa.select(parted.c.board_id)).scalars())
            found = boards.load(connection, list(numbers), raw=True)
        return [Standing(board, numbers[board.id], board.id in alone) for board in found]

    def walls(self, session_id: str) -> list[Wall]:
        """As they were found last. Raises NotFound."""
        here = sa.select(walls).join(t.boards, t.boards.c.id == walls.c.board_id)
        query = here.where(t.boards.c.session_id == session_id).order_by(walls.c.first, walls.c.kind, walls.c.place)
        rows: dict[tuple[str, str], list[sa.Row[Any]]] = defaultdict(list)
        with self.database.read() as connection:
            one(connection, t.sessions, session_id)
            for row in connection.execute(query):
                rows[row.first, row.kind].append(row)
        return [
            Wall(
                tuple(row.board_id for row in group),
                tuple(documents.homography(row.way) for row in group),
                kind == "part",
                group[0].width,
                group[0].height,
            )
            for (_, kind), group in rows.items()
        ]

    def walls_seen(self, session_id: str) -> str | None:
        """The digest that ``keep_walls`` was given last."""
        query = sa.select(wall_runs.c.seen).where(wall_runs.c.session_id == session_id)
        with self.database.read() as connection:
            return connection.execute(query).scalar()

    def keep_walls(self, session_id: str, found: Sequence[Wall], seen: str, recipe: str) -> None:
        """In one commit: the walls of a session instead of those it had. Parts but the first are hidden behind it;
        boards that are parts no more show again."""
        with self.database.write() as connection:
            one(connection, t.sessions, session_id)
            numbers = _numbers(connection, session_id)
            before = take_down(connection, session_id)
            for wall in found:
                if set(wall.boards) <= set(numbers):
                    _put_up(connection, wall, numbers)
            touched = before | {board for wall in found for board in wall.boards if board in numbers}
            changes.record(connection, boards.refresh(connection, sorted(touched))[1])
            connection.execute(sa.delete(wall_runs).where(wall_runs.c.session_id == session_id))
            row = {"session_id": session_id, "seen": seen, "recipe": recipe, "made_at": now()}
            connection.execute(sa.insert(wall_runs).values(**row))

    def part(self, board_id: str, author: str = "") -> None:
        """A person says that a board stands for itself: it is in no wall any more. Raises NotFound."""
        with self.database.write() as connection:
            board = one(connection, t.boards, board_id)
            rows = connection.execute(sa.select(walls).where(walls.c.board_id == board_id)).all()
            if not rows:
                raise NotFound(f"board {board_id} is in no wall", "'fresque walls list' shows those that are")
            connection.execute(sa.insert(parted).values(board_id=board_id, author=author, made_at=now()))
            touched = take_down(connection, board.session_id, [row.first for row in rows])
            changes.record(connection, boards.refresh(connection, sorted(touched))[1])
            connection.execute(sa.delete(wall_runs).where(wall_runs.c.session_id == board.session_id))
            audit.log(connection, audit.Act("part", ChangeKind.BOARD.value, board_id, author))

    def unpart(self, board_id: str, author: str = "") -> None:
        """Take that back: the next search for walls may find it one again. Raises NotFound."""
        with self.database.write() as connection:
            board = one(connection, t.boards, board_id)
            if not connection.execute(sa.delete(parted).where(parted.c.board_id == board_id)).rowcount:
                raise NotFound(f"board {board_id} was not parted")
            connection.execute(sa.delete(wall_runs).where(wall_runs.c.session_id == board.session_id))
            audit.log(connection, audit.Act("unpart", ChangeKind.BOARD.value, board_id, author))


def _numbers(connection: sa.Connection, session_id: str) -> dict[str, int]:
    query = sa.select(t.boards.c.id, t.boards.c.current).where(t.boards.c.session_id == session_id)
    return {row.id: row.current for row in connection.execute(query)}


def take_down(connection: sa.Connection, session_id: str, firsts: Sequence[str] | None = None) -> set[str]:
    """The boards of the walls that were there: all of a session's, or those of some first boards."""
    here = sa.select(walls.c.board_id, walls.c.first).join(t.boards, t.boards.c.id == walls.c.first)
    query = here.where(t.boards.c.session_id == session_id)
    rows = [r for r in connection.execute(query) if firsts is None or r.first in firsts]
    gone = {row.board_id for row in rows}
    if not rows:
        return gone
    back = sa.update(t.boards).where(t.boards.c.id.in_(gone), t.boards.c.retired == JOINED)
    connection.execute(back.values(retired=None, replaced_by=None))
    ours = t.renditions.c.board_id.in_(gone) & t.renditions.c.name.startswith(PREFIX)
    connection.execute(sa.delete(t.renditions).where(ours))
    connection.execute(sa.delete(walls).where(walls.c.first.in_({row.first for row in rows})))
    return gone


def take_down_all(connection: sa.Connection, photo_ids: Sequence[str]) -> set[str]:
    """The walls of the sessions in which photos are; they are searched for again. The boards that were in them."""
    query = sa.select(t.photos.c.session_id).where(t.photos.c.id.in_(photo_ids)).distinct()
    found: set[str] = set()
    for session_id in list(connection.execute(query).scalars()):
        found |= take_down(connection, session_id)
        connection.execute(sa.delete(wall_runs).where(wall_runs.c.session_id == session_id))
    return found


def _put_up(connection: sa.Connection, wall: Wall, numbers: Mapping[str, int]) -> None:
    first, kind = wall.boards[0], "part" if wall.parts else "state"
    for place, (board_id, way) in enumerate(zip(wall.boards, wall.ways, strict=True)):
        connection.execute(
            sa.insert(walls).values(
                board_id=board_id,
                kind=kind,
                first=first,
                number=numbers[board_id],
                place=place,
                way=documents.homography_json(way),
                width=wall.width,
                height=wall.height,
            )
        )
    if not wall.parts:
        return
    hidden = sa.update(t.boards).where(t.boards.c.id.in_(wall.boards[1:]), t.boards.c.retired.is_(None))
    connection.execute(hidden.values(retired=JOINED, replaced_by=first))
    for name, digest in (wall.renditions or {}).items():
        photos.keep_blob(connection, digest)
        row = {"board_id": first, "number": numbers[first], "name": PREFIX + name, "blob": digest}
        connection.execute(sa.insert(t.renditions).values(**row))
