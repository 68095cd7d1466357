"""How far a camera's clock was ahead of UTC, where EXIF says it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0030"


def upgrade() -> None:
    with op.batch_alter_table("photos") as photos:
        photos.add_column(sa.Column("utc_offset", sa.Integer(), nullable=False, server_default="0"))
