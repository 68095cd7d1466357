"""The tables of the method: what a session settled about its boards, and the archive's vocabulary of themes."""

from __future__ import annotations

import sqlalchemy as sa

from archive.columns import Moment, Words
from archive.tables import metadata

settled = sa.Table(
    "settled",
    metadata,
    sa.Column("board_id", sa.ForeignKey("boards.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, nullable=False, comment="results.number that it was made from"),
    sa.Column("recipe", sa.String(64), nullable=False, comment="digest of the session's stages and models"),
    sa.Column("phase", sa.JSON, nullable=False),
    sa.Column("decided", sa.JSON, nullable=False),
    sa.Column("themes", sa.JSON, nullable=False, comment="ids, suggested"),
    sa.Column("made_at", Moment, nullable=False),
)

settling = sa.Table(
    "settling",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("last", sa.BigInteger, nullable=False, comment="changes.sequence up to which sessions are settled"),
)

trained = sa.Table(
    "trained",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True, comment="of what was trained: phase"),
    sa.Column("blob", sa.ForeignKey("blobs.digest"), nullable=False),
    sa.Column("learned", sa.JSON, nullable=False, comment="ids of the boards it learned from"),
    sa.Column("report", sa.JSON, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
)

themes = sa.Table(
    "themes",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("name", Words, nullable=False),
    sa.Column("words", sa.JSON, nullable=False, comment="expressions that speak for it"),
    sa.Column("merged_into", sa.ForeignKey("themes.id"), comment="null while it stands for itself"),
    sa.Column("removed_at", Moment),
)
