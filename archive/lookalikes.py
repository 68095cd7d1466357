"""Photos that look alike: bursts, the same wall photographed again. Pure, but for the one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import sqlalchemy as sa

from archive.records import Records, one
from archive.tables import photos, sessions

ALIKE = 10
"""Bits of 64 in which the fingerprints of two photos of one wall may differ; two different walls differ in about 32."""


class LookalikeRecords(Records):
    def lookalikes(self, session_id: str) -> list[tuple[str, ...]]:
        """Photo ids of a session in groups of two and more, in the order in which they were added. Raises NotFound."""
        query = (
            sa.select(photos.c.id, photos.c.fingerprint)
            .where(photos.c.session_id == session_id, photos.c.trashed_at.is_(None))
            .order_by(photos.c.added_at, photos.c.id)
        )
        with self.database.read() as connection:
            one(connection, sessions, session_id)
            rows = connection.execute(query.where(photos.c.fingerprint.is_not(None))).all()
        return groups({row.id: row.fingerprint for row in rows})


def groups(fingerprints: Mapping[str, str], alike: int = ALIKE) -> list[tuple[str, ...]]:
    """Ids whose fingerprints (64 bits in hex) are linked by steps of at most ``alike`` bits. A fingerprint of nothing
    but equal bits is that of an empty picture and says nothing."""
    numbers = [(key, int(value, 16)) for key, value in fingerprints.items()]
    heads = {key: key for key, _ in numbers}

    def head(key: str) -> str:
        while heads[key] != key:
            heads[key] = heads[heads[key]]
            key = heads[key]
        return key

    for place, (key, bits) in enumerate(numbers):
        for other, others in numbers[:place]:
            if (bits ^ others).bit_count() <= alike and 0 < bits.bit_count() < 64:
                heads[head(key)] = head(other)
    found: dict[str, list[str]] = defaultdict(list)
    for key, _ in numbers:
        found[head(key)].append(key)
    return [tuple(group) for group in found.values() if len(group) > 1]
