"""What the environment says, in one place. A flag of a command wins over it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from archive.errors import ArchiveMissing, UsageError


@dataclass(frozen=True)
class Settings:
    """``archive``: FRESQUE_ARCHIVE; ``max_pixels``: FRESQUE_MAX_PIXELS, width × height a photo may have.

    ``reader_url``, ``reader_model``, ``reader_key``: FRESQUE_READER_URL, _MODEL, _KEY, a reading service of the
    organisation's own; none is asked while the first is empty.
    """

    archive: Path | None
    max_pixels: int | None
    reader_url: str = ""
    reader_model: str = ""
    reader_key: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls, archive: str | None = None) -> Settings:
        named = archive or os.environ.get("FRESQUE_ARCHIVE")
        url, model, key = (os.environ.get(f"FRESQUE_READER_{name}", "") for name in ("URL", "MODEL", "KEY"))
        return cls(Path(named) if named else None, _whole_number("FRESQUE_MAX_PIXELS"), url, model, key)

    def archive_path(self) -> Path:
        if self.archive is None:
            raise ArchiveMissing(
                "no archive is named", "give --archive DIR or set FRESQUE_ARCHIVE; 'fresque init DIR' makes one"
            )
        return self.archive


def _whole_number(name: str) -> int | None:
    text = os.environ.get(name)
    if not text:
        return None
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value <= 0:
        raise UsageError(f"{name}={text!r} is not a whole number above 0", "correct it or unset it")
    return value
