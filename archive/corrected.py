"""Corrections as rows: loaded in the order in which they were made, without those that were withdrawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from archive import documents
from archive.model import Correction, CorrectionField
from archive.records import chunks
from archive.tables import boards, corrections


def standing() -> sa.Select[Any]:
    return sa.select(corrections).where(corrections.c.withdrawn_at.is_(None)).order_by(corrections.c.number)


def correction_of(row: sa.Row[Any]) -> Correction:
    return Correction(
        id=row.id,
        photo_id=row.photo_id,
        board_id=row.board_id,
        field=CorrectionField(row.field),
        value=row.value,
        anchor=documents.polygon(row.anchor),
        author=row.author,
        made_at=row.made_at,
        orphaned=row.orphaned,
    )


def corrections_of_boards(connection: sa.Connection, board_ids: Sequence[str]) -> dict[str, list[Correction]]:
    """What is to be laid over each board: of a live one all but the orphaned. A retired one, whose corrections are
    orphaned because of that, shows what it showed before."""
    found: dict[str, list[Correction]] = defaultdict(list)
    for some in chunks(board_ids):
        counts = corrections.c.orphaned.is_(False) | boards.c.retired.is_not(None)
        query = standing().join(boards, boards.c.id == corrections.c.board_id)
        for row in connection.execute(query.where(corrections.c.board_id.in_(some), counts)):
            found[row.board_id].append(correction_of(row))
    return found


def latest(connection: sa.Connection, photo_id: str, field: CorrectionField) -> Any:
    """The value that counts for a photo as a whole; None when nobody corrected it."""
    query = standing().where(corrections.c.photo_id == photo_id, corrections.c.field == field.value)
    values = [row.value for row in connection.execute(query)]
    return values[-1] if values else None
