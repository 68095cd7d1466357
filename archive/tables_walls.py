"""The tables of walls: boards that are one surface, photographed again or piece by piece."""

from __future__ import annotations

import sqlalchemy as sa

from archive.columns import Moment, Words
from archive.tables import metadata

walls = sa.Table(
    "walls",
    metadata,
    sa.Column("board_id", sa.ForeignKey("boards.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("kind", sa.String(10), primary_key=True, comment="state or part"),
    sa.Column("first", sa.ForeignKey("boards.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("number", sa.Integer, nullable=False, comment="results.number that it was found on"),
    sa.Column("place", sa.Integer, nullable=False, comment="in the wall, from 0, which is the first itself"),
    sa.Column("way", sa.JSON, nullable=False, comment="3×3: pixels of the board to pixels of the first, or the whole"),
    sa.Column("width", sa.Integer, nullable=False, comment="of the joined picture; of a state: 0"),
    sa.Column("height", sa.Integer, nullable=False),
)

parted = sa.Table(
    "parted",
    metadata,
    sa.Column("board_id", sa.ForeignKey("boards.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("author", Words, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    comment="boards that a person said stand for themselves",
)

wall_runs = sa.Table(
    "wall_runs",
    metadata,
    sa.Column("session_id", sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("seen", sa.String(64), nullable=False, comment="digest of the boards, results and recipe it was run on"),
    sa.Column("recipe", sa.String(64), nullable=False),
    sa.Column("made_at", Moment, nullable=False),
)
