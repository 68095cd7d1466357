"""Who did what, when: rows are added and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from archive.columns import now
from archive.records import Records
from archive.tables import audit


@dataclass(frozen=True)
class Act:
    """``kind`` and ``object_id`` say on what; ``actor`` is empty where nobody gave a name."""

    action: str
    kind: str
    object_id: str
    actor: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None


def log(connection: sa.Connection, act: Act) -> None:
    connection.execute(
        sa.insert(audit).values(
            at=act.at or now(),
            actor=act.actor,
            action=act.action,
            kind=act.kind,
            object_id=act.object_id,
            detail=dict(act.detail),
        )
    )


class AuditLog(Records):
    def record_act(self, act: Act) -> None:
        """An act that changed no record: somebody saw or exported something."""
        with self.database.write() as connection:
            log(connection, act)

    def acts(self, object_id: str | None = None, limit: int = 100) -> list[Act]:
        """The latest acts first."""
        query = sa.select(audit).order_by(audit.c.number.desc()).limit(limit)
        if object_id is not None:
            query = query.where(audit.c.object_id == object_id)
        with self.database.read() as connection:
            return [
                Act(row.action, row.kind, row.object_id, row.actor, row.detail, row.at)
                for row in connection.execute(query)
            ]
