"""How often a photo was in the hands of a worker that died."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("jobs", sa.Column("deaths", sa.Integer(), nullable=False, server_default="0"))
