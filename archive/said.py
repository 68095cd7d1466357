"""What people say beside their corrections: whom a restricted session names, comments, searches they keep."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from archive import audit
from archive.accounts import digest
from archive.columns import now
from archive.errors import NotFound, UsageError
from archive.ids import new_id
from archive.records import Records, one
from archive.tables import boards, sessions
from archive.tables_people import accounts, comments, members, saved_searches


@dataclass(frozen=True, slots=True)
class Comment:
    id: str
    board_id: str
    account_id: str | None
    author: str
    text: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class SavedSearch:
    id: str
    account_id: str | None
    title: str
    query: str  # the search page's address, from its question mark on
    made_at: datetime


class SaidRecords(Records):
    # --- whom a session names ---

    def members(self, session_id: str) -> list[str]:
        """Ids of the accounts that a session names."""
        query = sa.select(members.c.account_id).where(members.c.session_id == session_id)
        with self.database.read() as connection:
            return sorted(connection.execute(query).scalars())

    def set_members(self, session_id: str, account_ids: Iterable[str], author: str = "") -> None:
        """Raises NotFound."""
        wanted = sorted(set(account_ids))
        with self.database.write() as connection:
            one(connection, sessions, session_id)
            for each in wanted:
                one(connection, accounts, each)
            connection.execute(sa.delete(members).where(members.c.session_id == session_id))
            for each in wanted:
                connection.execute(sa.insert(members).values(session_id=session_id, account_id=each))
            audit.log(connection, audit.Act("name", "session", session_id, author, {"accounts": wanted}))

    def named_in(self, account_id: str) -> set[str]:
        """Ids of the sessions that name an account."""
        query = sa.select(members.c.session_id).where(members.c.account_id == account_id)
        with self.database.read() as connection:
            return set(connection.execute(query).scalars())

    # --- comments ---

    def comment(self, board_id: str, text: str, author: str, account_id: str | None) -> Comment:
        """Raises NotFound, UsageError."""
        if not text.strip():
            raise UsageError("the comment is empty")
        made = Comment(new_id(), board_id, account_id, author, text.strip(), now())
        with self.database.write() as connection:
            one(connection, boards, board_id)
            connection.execute(sa.insert(comments).values(**{n: getattr(made, n) for n in Comment.__slots__}))
            audit.log(connection, audit.Act("comment", "board", board_id, author))
        return made

    def comments(self, board_id: str) -> list[Comment]:
        query = sa.select(comments).where(comments.c.board_id == board_id, comments.c.withdrawn_at.is_(None))
        with self.database.read() as connection:
            return [_comment(row) for row in connection.execute(query.order_by(comments.c.made_at, comments.c.id))]

    def comment_by_id(self, comment_id: str) -> Comment:
        """Raises NotFound."""
        with self.database.read() as connection:
            return _comment(one(connection, comments, comment_id))

    def withdraw_comment(self, comment_id: str, author: str) -> None:
        with self.database.write() as connection:
            row = one(connection, comments, comment_id)
            connection.execute(sa.update(comments).where(comments.c.id == comment_id).values(withdrawn_at=now()))
            audit.log(connection, audit.Act("withdraw comment", "board", row.board_id, author))

    # --- searches that are kept ---

    def save_search(self, account_id: str | None, title: str, query: str) -> tuple[SavedSearch, str]:
        """The search and the secret of its feed's address, which is never shown again."""
        secret = secrets.token_urlsafe(24)
        made = SavedSearch(new_id(), account_id, title.strip() or query, query, now())
        row = {n: getattr(made, n) for n in SavedSearch.__slots__}
        with self.database.write() as connection:
            connection.execute(sa.insert(saved_searches).values(**row, feed=digest(secret)))
        return made, secret

    def saved_searches(self, account_id: str | None) -> list[SavedSearch]:
        here = saved_searches.c.account_id == account_id
        if account_id is None:
            here = saved_searches.c.account_id.is_(None)
        with self.database.read() as connection:
            rows = connection.execute(sa.select(saved_searches).where(here).order_by(saved_searches.c.made_at))
            return [_search(row) for row in rows]

    def saved_search_of_feed(self, secret: str) -> SavedSearch | None:
        query = sa.select(saved_searches).where(saved_searches.c.feed == digest(secret))
        with self.database.read() as connection:
            row = connection.execute(query).one_or_none()
        return _search(row) if row is not None else None

    def drop_search(self, account_id: str | None, search_id: str) -> None:
        """Raises NotFound when it is not there, or another's."""
        with self.database.write() as connection:
            row = one(connection, saved_searches, search_id)
            if row.account_id != account_id:
                raise NotFound(f"no saved search '{search_id}'")
            connection.execute(sa.delete(saved_searches).where(saved_searches.c.id == search_id))


def _comment(row: Any) -> Comment:
    return Comment(row.id, row.board_id, row.account_id, row.author, row.text, row.made_at)


def _search(row: Any) -> SavedSearch:
    return SavedSearch(row.id, row.account_id, row.title, row.query, row.made_at)
