"""Who may feed this archive: a key for each lab, and what a bag signed by it may bring.

Once an archive knows a key, it takes in signed bags only, and of each lab only that lab's sessions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from archive import audit
from archive.columns import now
from archive.database import Database
from archive.errors import NotFound, Untrusted
from archive.records import Records
from archive.signature import Key, signer
from archive.tables import sessions
from archive.tables_signers import signers


@dataclass(frozen=True)
class Signer:
    key: Key
    lab: str
    added_at: datetime


class SignerRecords(Records):
    def signers(self) -> list[Signer]:
        with self.database.read() as connection:
            found = connection.execute(sa.select(signers).order_by(signers.c.lab, signers.c.added_at))
            return [Signer(Key(row.key), row.lab, row.added_at) for row in found]

    def add_signer(self, lab: str, key: Key, author: str = "") -> None:
        """Adding one again gives it another lab. Raises UsageError for what is no key."""
        _ = key.id
        with self.database.write() as connection:
            connection.execute(sa.delete(signers).where(signers.c.key == key.text))
            connection.execute(sa.insert(signers).values(key=key.text, lab=lab, added_at=now()))
            audit.log(connection, audit.Act("trust", "signer", key.text, author, {"lab": lab}))

    def remove_signer(self, key: Key, author: str = "") -> None:
        with self.database.write() as connection:
            if not connection.execute(sa.delete(signers).where(signers.c.key == key.text)).rowcount:
                raise NotFound(f"no signer {key.text}", "'fresque signer list' shows them")
            audit.log(connection, audit.Act("distrust", "signer", key.text, author))


def admit(known: list[Signer], bag: Path, theirs: Database) -> str:
    """The lab that has signed a bag, with the right to bring what it holds. Raises Untrusted, DamagedBag.

    ``theirs``: the bag's records. Empty where this archive asks for no signature.
    """
    if not known:
        return ""
    found = signer(bag, [each.key for each in known])
    if found is None:
        raise Untrusted(f"{bag} is signed by nobody this archive knows")
    lab = next(each.lab for each in known if each.key == found[0])
    with theirs.read() as connection:
        others = connection.execute(sa.select(sessions.c.id, sessions.c.lab).where(sessions.c.lab != lab)).all()
    if lab and others:
        named = ", ".join(f"{row.id} ({row.lab or 'no lab'})" for row in others[:3])
        raise Untrusted(f"{bag} is signed by {lab} and holds sessions of others: {named}", "back them up by session")
    return lab
