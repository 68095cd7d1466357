"""What each theme is called now, whatever it was merged into."""

from __future__ import annotations

import sqlalchemy as sa

from archive.model import Theme
from archive.tables_method import themes


def names(connection: sa.Connection) -> dict[str, str]:
    """Name of each id; of a merged one the name of what it became. Removed ones are left out."""
    rows = {row.id: row for row in connection.execute(sa.select(themes))}
    found = {}
    for key in rows:
        at = rows[key]
        while at.merged_into is not None:
            at = rows[at.merged_into]
        if at.removed_at is None:
            found[key] = str(at.name)
    return found


def standing(connection: sa.Connection) -> list[Theme]:
    query = sa.select(themes).where(themes.c.merged_into.is_(None), themes.c.removed_at.is_(None))
    return [Theme(row.id, row.name, tuple(row.words)) for row in connection.execute(query)]
