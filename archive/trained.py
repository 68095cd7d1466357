"""What was trained on an archive: kept in it, bytes and report, and given back by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from archive import audit, photos
from archive.columns import now
from archive.model import Blob
from archive.records import Records
from archive.tables_method import trained


@dataclass(frozen=True, slots=True)
class Trained:
    """``learned`` are the ids of the boards it learned from; ``report`` says how it was judged."""

    blob: str  # SHA-256
    learned: tuple[str, ...]
    report: Mapping[str, Any]
    made_at: datetime


class TrainedRecords(Records):
    def trained(self, name: str) -> Trained | None:
        """The one in use; None while the shipped one is."""
        with self.database.read() as connection:
            row = connection.execute(sa.select(trained).where(trained.c.name == name)).one_or_none()
        return Trained(row.blob, tuple(row.learned), row.report, row.made_at) if row else None

    def keep_trained(
        self, name: str, blob: Blob, learned: Sequence[str], report: Mapping[str, Any], author: str = ""
    ) -> None:
        """In place of the one before, whose bytes stay. Store the bytes first."""
        with self.database.write() as connection:
            photos.keep_blob(connection, blob.sha256, blob.algorithm, blob.size)
            connection.execute(sa.delete(trained).where(trained.c.name == name))
            values = {"blob": blob.sha256, "learned": list(learned), "report": dict(report), "made_at": now()}
            connection.execute(sa.insert(trained).values(name=name, **values))
            audit.log(connection, audit.Act("train", "model", name, author, dict(report)))

    def forget_trained(self, name: str, author: str = "") -> bool:
        """Back to the shipped one; whether there was another."""
        with self.database.write() as connection:
            gone = connection.execute(sa.delete(trained).where(trained.c.name == name)).rowcount
            if gone:
                audit.log(connection, audit.Act("untrain", "model", name, author))
        return bool(gone)


def let_go(connection: sa.Connection, board_ids: Sequence[str]) -> None:
    """Models that learned from one of these boards go: the shipped ones answer until the next training."""
    for row in connection.execute(sa.select(trained)).all():
        if not set(board_ids).isdisjoint(row.learned):
            connection.execute(sa.delete(trained).where(trained.c.name == row.name))
