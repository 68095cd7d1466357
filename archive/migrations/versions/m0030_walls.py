"""Walls: boards that are one surface, photographed again or piece by piece; what people parted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0004"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "walls",
        sa.Column("board_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False, comment="state or part"),
        sa.Column("first", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="results.number that it was found on"),
        sa.Column("place", sa.Integer(), nullable=False, comment="in the wall, from 0, which is the first itself"),
        sa.Column("way", sa.JSON(), nullable=False, comment="3×3: pixels of the board to pixels of the first"),
        sa.Column("width", sa.Integer(), nullable=False, comment="of the joined picture; of a state: 0"),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_walls_board_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["first"], ["boards.id"], name=op.f("fk_walls_first"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("board_id", "kind", name=op.f("pk_walls")),
    )
    op.create_index(op.f("ix_walls_first"), "walls", ["first"])
    op.create_table(
        "parted",
        sa.Column("board_id", sa.String(length=40), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_parted_board_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("board_id", name=op.f("pk_parted")),
    )
    op.create_table(
        "wall_runs",
        sa.Column("session_id", sa.String(length=200), nullable=False),
        sa.Column("seen", sa.String(length=64), nullable=False),
        sa.Column("recipe", sa.String(length=64), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_wall_runs_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_wall_runs")),
    )
