"""Where an archive's records and bytes are, when they are not in its folder."""

from __future__ import annotations

import os
from dataclasses import dataclass

DATABASE = "FRESQUE_DATABASE"
BLOBS = "FRESQUE_BLOBS"


@dataclass(frozen=True)
class Places:
    """``database``: a URL for SQLAlchemy (``postgresql+psycopg://…``); ``blobs``: one for fsspec (``s3://bucket/prefix``).
    None: in the archive's folder."""

    database: str | None = None
    blobs: str | None = None

    @classmethod
    def of_environment(cls) -> Places:
        """What FRESQUE_DATABASE and FRESQUE_BLOBS say: every process that opens the archive must be told the same, and
        a password has no place in a file of the archive."""
        return cls(os.environ.get(DATABASE) or None, os.environ.get(BLOBS) or None)
