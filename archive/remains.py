"""Where copies of what was destroyed still lie: in which backups, as far as they can be looked into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from archive import tables as t
from archive.bag import manifest
from archive.errors import DamagedBag
from archive.store import Archive


@dataclass(frozen=True)
class Remains:
    """``holding``: bags whose manifest names one of the digests. ``unreachable``: bags that are recorded and cannot be
    looked into now."""

    holding: tuple[Path, ...]
    looked_into: tuple[Path, ...]
    unreachable: tuple[Path, ...]


def remains(archive: Archive, digests: Sequence[str]) -> Remains:
    with archive.catalog.database.read() as connection:
        paths = [Path(row) for row in connection.execute(sa.select(t.backups.c.path)).scalars()]
    holding, looked, unreachable = [], [], []
    for path in dict.fromkeys(paths):
        try:
            inside = set(manifest(path).values())
        except DamagedBag:
            unreachable.append(path)
            continue
        looked.append(path)
        if inside.intersection(digests):
            holding.append(path)
    return Remains(tuple(holding), tuple(looked), tuple(unreachable))
