"""What a session as a whole settled, laid over what each board's text alone said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from archive import documents
from archive.model import Board
from archive.records import chunks
from archive.tables_method import settled

CARD = "card"
"""Source of a phase that a phase card gave: like a person's it is not overruled by the session."""


def lay_over(connection: sa.Connection, found: Sequence[Board], numbers: Mapping[str, int]) -> list[Board]:
    """What the session settled over what each board's text alone said; ``numbers`` are those of the results shown.

    What was settled about an earlier result waits until the session is settled again.
    """
    kept = rows(connection, [board.id for board in found])
    return [
        _with(board, kept[board.id]) if board.id in kept and kept[board.id].number == numbers[board.id] else board
        for board in found
    ]


def _with(board: Board, row: sa.Row[Any]) -> Board:
    phase = board.phase if board.phase.source == CARD else documents.tag(row.phase)
    return replace(board, phase=phase, decided=documents.decided(row.decided), themes=tuple(row.themes))


def rows(connection: sa.Connection, board_ids: Sequence[str]) -> dict[str, sa.Row[Any]]:
    query = sa.select(settled)
    return {
        row.board_id: row
        for some in chunks(board_ids)
        for row in connection.execute(query.where(settled.c.board_id.in_(some)))
    }
