"""What a session as a whole says of its boards: kept beside each board's own result, which it never changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from archive import boards, changes, corrected, documents, overlay, settled_overlay
from archive.columns import now
from archive.model import ChangeKind, Correction, CorrectionField, Decided, PhaseTag
from archive.records import Records, chunks
from archive.tables import boards as board_table
from archive.tables import changes as change_table
from archive.tables import feed, photos, sessions
from archive.tables_method import settled, settling


@dataclass(frozen=True, slots=True)
class Settlement:
    """``themes`` are ids."""

    phase: PhaseTag
    decided: tuple[Decided, ...] = ()
    themes: tuple[str, ...] = ()


class SettledRecords(Records):
    def stale_sessions(self) -> tuple[list[str], int]:
        """Sessions in which something has changed since they were settled, without those that were destroyed, and the
        change up to which that is known, to be given to ``settled_up_to`` when they have been; 0 when nothing has
        changed anywhere."""
        with self.database.read() as connection:
            last = connection.execute(sa.select(settling.c.last)).scalar_one()
            now_at = connection.execute(sa.select(feed.c.last)).scalar_one()
            if now_at <= last:
                return [], 0
            new = change_table.c.sequence > last
            queries = [
                sa.select(session)
                .join(change_table, table.c.id == change_table.c.object_id)
                .where(new, change_table.c.kind == kind.value)
                for session, table, kind in (
                    (sessions.c.id, sessions, ChangeKind.SESSION),
                    (board_table.c.session_id, board_table, ChangeKind.BOARD),
                    (photos.c.session_id, photos, ChangeKind.PHOTO),
                )
            ]
            return sorted(set(connection.execute(sa.union(*queries)).scalars())), int(now_at)

    def settle(self, found: Mapping[str, Settlement], recipe: str) -> list[str]:
        """Keep what is new; ids of the boards for which it was. Boards that are no longer there are left out."""
        new: list[dict[str, Any]] = []
        with self.database.write() as connection:
            current = _current(connection, list(found))
            kept = settled_overlay.rows(connection, list(current))
            for board_id in sorted(current):
                values = _values(found[board_id]) | {"number": current[board_id]}
                row = kept.get(board_id)
                if row is not None and all(getattr(row, name) == value for name, value in values.items()):
                    continue
                new.append({"board_id": board_id, "recipe": recipe, "made_at": now()} | values)
            changed = [row["board_id"] for row in new]
            if changed:
                for some in chunks(changed):
                    connection.execute(sa.delete(settled).where(settled.c.board_id.in_(some)))
                connection.execute(sa.insert(settled), new)
                changes.record(connection, boards.touch(connection, changed))
        return changed

    def taken_away(self, session_id: str) -> list[tuple[Correction, Decided]]:
        """What people took away of what a session decided, and the correction that, withdrawn, brings it back."""
        with self.database.read() as connection:
            ids = boards.ids(connection, session_id, None, include_retired=False)
            said = corrected.corrections_of_boards(connection, ids)
            touched = [key for key, made in said.items() if any(c.field is CorrectionField.DECIDED for c in made)]
            rows = settled_overlay.rows(connection, touched)
        read = {key: documents.decided(row.decided) for key, row in rows.items()}
        return [pair for key in touched for pair in overlay.taken_away(read.get(key, ()), said[key])]

    def settled_up_to(self, sequence: int) -> None:
        with self.database.write() as connection:
            connection.execute(sa.update(settling).where(settling.c.last < sequence).values(last=sequence))


# --- inside a transaction ------------------------------------------------------------------------------------


def _current(connection: sa.Connection, board_ids: Sequence[str]) -> dict[str, int]:
    query = sa.select(board_table.c.id, board_table.c.current)
    return {
        row.id: row.current
        for some in chunks(board_ids)
        for row in connection.execute(query.where(board_table.c.id.in_(some)))
    }


def _values(settlement: Settlement) -> dict[str, Any]:
    return {
        "phase": documents.tag_json(settlement.phase),
        "decided": documents.decided_json(settlement.decided),
        "themes": list(settlement.themes),
    }
