"""Boards on reading: the current result of each, with what people corrected laid over it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from archive import blurred, changes, documents, joined, overlay, personal, recipes, settled_overlay, theme_names
from archive import merged as together
from archive.corrected import corrections_of_boards
from archive.model import Board, ChangeKind, View
from archive.records import Records, chunks, not_found, one
from archive.tables import boards, renditions, results, views


@dataclass(frozen=True)
class Result:
    """One reading of a board, uncorrected; ``number`` counts from 1."""

    number: int
    made_at: datetime
    current: bool
    board: Board


class BoardRecords(Records):
    def boards(
        self, session_id: str | None = None, photo_id: str | None = None, include_retired: bool = False
    ) -> list[Board]:
        """In the order in which they were found; corrections laid over them."""
        with self.database.read() as connection:
            return load(connection, ids(connection, session_id, photo_id, include_retired))

    def boards_by_id(self, board_ids: Sequence[str]) -> dict[str, Board]:
        """Many at once, retired ones too; ids that are not there are left out."""
        with self.database.read() as connection:
            return {board.id: board for board in load(connection, board_ids)}

    def board_ids(self, session_id: str | None = None, photo_id: str | None = None) -> list[str]:
        """Of live boards; cheap, however many there are."""
        with self.database.read() as connection:
            return ids(connection, session_id, photo_id, include_retired=False)

    def board(self, board_id: str) -> Board:
        """With corrections laid over it. Raises NotFound."""
        with self.database.read() as connection:
            return _one(connection, board_id, raw=False)

    def board_raw(self, board_id: str) -> Board:
        """As it was read. Raises NotFound."""
        with self.database.read() as connection:
            return _one(connection, board_id, raw=True)

    def history(self, board_id: str) -> list[Result]:
        """Every reading that is kept, the latest first. Raises NotFound."""
        with self.database.read() as connection:
            current = one(connection, boards, board_id).current
            query = (_query().add_columns(results.c.made_at).join(results, results.c.board_id == boards.c.id)).where(
                boards.c.id == board_id
            )
            rows = connection.execute(query.order_by(results.c.number.desc())).all()
            found = _assemble(connection, rows)
        return [
            Result(row.number, row.made_at, row.number == current, board)
            for row, board in zip(rows, found, strict=True)
        ]


# --- inside a transaction ------------------------------------------------------------------------------------


def ids(connection: sa.Connection, session_id: str | None, photo_id: str | None, include_retired: bool) -> list[str]:
    query = sa.select(boards.c.id).order_by(boards.c.id)
    if session_id is not None:
        query = query.where(boards.c.session_id == session_id)
    if photo_id is not None:
        seen = (views.c.board_id == boards.c.id) & (views.c.number == boards.c.current)
        query = query.join(views, seen).where(views.c.photo_id == photo_id)
    if include_retired:
        return list(connection.execute(query).scalars())
    found = list(connection.execute(query.where(boards.c.retired.is_(None))).scalars())
    if photo_id is None:
        return found
    return sorted({*found, *joined.seen_in(connection, photo_id)})


def load(
    connection: sa.Connection, board_ids: Sequence[str], raw: bool = False, merged: bool = True, faces: bool = True
) -> list[Board]:
    """In the order of their ids; ``raw``: as read; ``merged``: with what people merged into them, and with
    the parts joined to them; ``faces``: with the pictures that may be shown, blurred where people asked for it."""
    here = (results.c.board_id == boards.c.id) & (results.c.number == boards.c.current)
    query = _query().join(results, here).order_by(boards.c.id)
    found: list[Board] = []
    numbers: dict[str, int] = {}
    for some in chunks(sorted(board_ids)):
        rows = connection.execute(query.where(boards.c.id.in_(some))).all()
        numbers |= {row.id: row.number for row in rows}
        found += _assemble(connection, rows)
    if raw:
        return found
    found = settled_overlay.lay_over(connection, found, numbers)
    corrections = corrections_of_boards(connection, [board.id for board in found])
    shown = [overlay.lay_over(b, corrections[b.id]) if b.id in corrections else b for b in found]
    if merged:
        shown = together.lay_over(connection, shown, lambda some: load(connection, some, merged=False))
        shown = joined.lay_over(connection, shown, lambda some: load(connection, some, merged=False))
        if faces:
            shown = blurred.lay_over(connection, shown)
    if not any(board.themes for board in shown):
        return shown
    names = theme_names.names(connection)
    return [replace(b, themes=tuple(dict.fromkeys(names[t] for t in b.themes if t in names))) for b in shown]


def refresh(connection: sa.Connection, board_ids: Sequence[str]) -> tuple[list[Board], list[changes.Touched]]:
    """``touch``, and the boards as they are then."""
    touched = touch(connection, board_ids)
    return load(connection, board_ids), touched


def touch(connection: sa.Connection, board_ids: Sequence[str]) -> list[changes.Touched]:
    """Bring the columns that lists and counts use in line with results and corrections, and raise the revision."""
    found = load(connection, list({*board_ids, *joined.first_of(connection, board_ids)}))
    rows = [{"key": board.id} | {f"new_{name}": value for name, value in _summary(board).items()} for board in found]
    if rows:
        names = [name.removeprefix("new_") for name in rows[0] if name != "key"]
        values = {name: sa.bindparam(f"new_{name}", type_=boards.c[name].type) for name in names}
        here = boards.c.id == sa.bindparam("key")
        connection.execute(sa.update(boards).where(here).values(revision=boards.c.revision + 1, **values), rows)
    return [changes.Touched(ChangeKind.BOARD, board.id, board.revision + 1, board.retired) for board in found]


def _summary(board: Board) -> dict[str, Any]:
    lengths = [(len(line.text), line.confidence) for line in board.lines]
    letters = sum(n for n, _ in lengths)
    return {
        "phase": board.phase.label.value,
        "confidence": sum(n * c for n, c in lengths) / letters if letters else None,
        "quad_confidence": min(view.quad_confidence for view in board.views),
        "whole_photo": any(view.whole_photo for view in board.views),
        "personal": list(personal.kinds([line.text for line in board.lines])),
    }


def _one(connection: sa.Connection, board_id: str, raw: bool) -> Board:
    found = load(connection, [board_id], raw)
    if not found:
        raise not_found(connection, boards, board_id)
    return found[0]


def _query() -> sa.Select[Any]:
    return sa.select(
        boards,
        results.c.number,
        results.c.recipe,
        results.c.width,
        results.c.height,
        results.c.regions,
        results.c.phase.label("tag"),
    )


def _assemble(connection: sa.Connection, rows: Sequence[sa.Row[Any]]) -> list[Board]:
    found = sorted({row.id for row in rows})
    seen = _views(connection, found)
    images = _renditions(connection, found)
    used = recipes.load(connection, [row.recipe for row in rows])
    return [
        Board(
            id=row.id,
            session_id=row.session_id,
            views=tuple(seen[row.id, row.number]),
            width=row.width,
            height=row.height,
            regions=documents.regions(row.regions),
            phase=documents.tag(row.tag),
            recipe=used[row.recipe],
            revision=row.revision,
            retired=row.retired is not None,
            replaced_by=row.replaced_by,
            author=row.author,
            credit=row.credit,
            permitted_uses=row.permitted_uses,
            caption=row.caption,
            personal=tuple(row.personal),
            renditions=images[row.id, row.number],
        )
        for row in rows
    ]


def _views(connection: sa.Connection, board_ids: Sequence[str]) -> Mapping[tuple[str, int], list[View]]:
    found: dict[tuple[str, int], list[View]] = defaultdict(list)
    query = sa.select(views).where(views.c.board_id.in_(board_ids)).order_by(views.c.photo_id)
    for row in connection.execute(query):
        found[row.board_id, row.number].append(
            View(
                photo_id=row.photo_id,
                quad=documents.quad(row.quad),
                quad_confidence=row.quad_confidence,
                whole_photo=row.whole_photo,
                homography=documents.homography(row.homography),
                rotation=row.rotation,
            )
        )
    return found


def _renditions(connection: sa.Connection, board_ids: Sequence[str]) -> Mapping[tuple[str, int], dict[str, str]]:
    found: dict[tuple[str, int], dict[str, str]] = defaultdict(dict)
    for row in connection.execute(sa.select(renditions).where(renditions.c.board_id.in_(board_ids))):
        found[row.board_id, row.number][row.name] = row.blob
    return found
