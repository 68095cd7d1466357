"""The labs whose signed bags this archive takes in."""

from __future__ import annotations

import sqlalchemy as sa

from archive.columns import Moment, Words
from archive.tables import metadata

signers = sa.Table(
    "signers",
    metadata,
    sa.Column("key", sa.String(60), primary_key=True, comment="public, as minisign writes it"),
    sa.Column("lab", Words, nullable=False, comment="whose sessions it may bring; empty: of every lab"),
    sa.Column("added_at", Moment, nullable=False),
)
