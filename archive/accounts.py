"""People who may use the archive over the network, and what they prove themselves with.

A secret is given out once and kept as its SHA-256 only: who reads the catalogue can log in as nobody. Changing a
password ends every login of that account.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from archive import audit
from archive.columns import now
from archive.errors import NotFound, UsageError
from archive.ids import new_id
from archive.records import Records, one
from archive.tables_people import accounts, invitations, logins, tokens

LOGIN_DAYS = 14
INVITATION_DAYS = 14


class Role(StrEnum):
    READER = "reader"  # reads, searches, comments
    FACILITATOR = "facilitator"  # also brings photos and corrects, in the sessions of their labs
    ADMINISTRATOR = "administrator"  # everything, accounts too


class Scope(StrEnum):
    """What a token may do of what its account may do."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Account:
    id: str
    login: str
    name: str
    role: Role
    labs: tuple[str, ...] = ()
    active: bool = True
    password: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Token:
    id: str
    account_id: str
    name: str
    scopes: tuple[Scope, ...]
    made_at: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Invitation:
    role: Role
    labs: tuple[str, ...]
    made_by: str
    until: datetime


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class AccountRecords(Records):
    # --- accounts ---

    def has_accounts(self) -> bool:
        with self.database.read() as connection:
            return connection.execute(sa.select(accounts.c.id).limit(1)).first() is not None

    def add_account(self, account: Account, author: str = "") -> Account:
        """``account.id`` may be empty. Raises UsageError when the login is taken or empty."""
        with self.database.write() as connection:
            return _add(connection, account, author)

    def accounts(self) -> list[Account]:
        with self.database.read() as connection:
            return [_account(row) for row in connection.execute(sa.select(accounts).order_by(accounts.c.login))]

    def account(self, account_id: str) -> Account:
        """Raises NotFound."""
        with self.database.read() as connection:
            return _account(one(connection, accounts, account_id))

    def account_by(self, login: str = "", subject: str = "") -> Account | None:
        here = accounts.c.subject == subject if subject else accounts.c.login == _folded(login)
        with self.database.read() as connection:
            row = connection.execute(sa.select(accounts).where(here)).one_or_none()
        return _account(row) if row is not None else None

    def change_account(self, account_id: str, author: str = "", **values: Any) -> Account:
        """Change name, role, labs, active, password or subject. A new password, and taking an account out of use, end
        its logins. Raises NotFound, and UsageError when no active administrator would be left."""
        with self.database.write() as connection:
            one(connection, accounts, account_id)
            connection.execute(sa.update(accounts).where(accounts.c.id == account_id).values(**values))
            _keep_an_administrator(connection)
            if "password" in values or values.get("active") is False:
                connection.execute(sa.delete(logins).where(logins.c.account_id == account_id))
            if values.get("active") is False:
                connection.execute(sa.delete(tokens).where(tokens.c.account_id == account_id))
            audit.log(connection, audit.Act("update", "account", account_id, author, {"fields": sorted(values)}))
            return _account(one(connection, accounts, account_id))

    # --- logins ---

    def log_in(self, account_id: str) -> str:
        """The secret of a new login, for a cookie."""
        secret = secrets.token_urlsafe(32)
        moment = now()
        row = {"digest": digest(secret), "account_id": account_id, "made_at": moment}
        with self.database.write() as connection:
            connection.execute(sa.delete(logins).where(logins.c.until < moment))
            connection.execute(sa.insert(logins).values(**row, until=moment + timedelta(days=LOGIN_DAYS)))
            audit.log(connection, audit.Act("log in", "account", account_id))
        return secret

    def log_out(self, secret: str) -> None:
        with self.database.write() as connection:
            connection.execute(sa.delete(logins).where(logins.c.digest == digest(secret)))

    def account_of_login(self, secret: str) -> Account | None:
        return self._holder(
            sa.select(accounts).join(logins).where(logins.c.digest == digest(secret), logins.c.until > now())
        )

    # --- tokens ---

    def add_token(
        self, account_id: str, name: str, scopes: Sequence[Scope], until: datetime | None = None
    ) -> tuple[Token, str]:
        """The token and its secret, which is never shown again."""
        secret = "fresque_" + secrets.token_urlsafe(32)
        token = Token(new_id(), account_id, name, tuple(scopes), now(), until)
        row = {"id": token.id, "account_id": account_id, "name": name, "scopes": [s.value for s in scopes]}
        with self.database.write() as connection:
            connection.execute(
                sa.insert(tokens).values(**row, digest=digest(secret), made_at=token.made_at, until=until)
            )
            audit.log(connection, audit.Act("add", "token", token.id, account_id))
        return token, secret

    def tokens(self, account_id: str) -> list[Token]:
        query = sa.select(tokens).where(tokens.c.account_id == account_id).order_by(tokens.c.made_at)
        with self.database.read() as connection:
            return [_token(row) for row in connection.execute(query)]

    def revoke_token(self, account_id: str, token_id: str) -> None:
        """Raises NotFound when it is not there, or another's."""
        with self.database.write() as connection:
            here = (tokens.c.id == token_id) & (tokens.c.account_id == account_id)
            if not connection.execute(sa.delete(tokens).where(here)).rowcount:
                raise NotFound(f"no token '{token_id}'")
            audit.log(connection, audit.Act("revoke", "token", token_id, account_id))

    def account_of_token(self, secret: str) -> tuple[Account, tuple[Scope, ...]] | None:
        alive = tokens.c.until.is_(None) | (tokens.c.until > now())
        query = sa.select(accounts, tokens.c.scopes).join(tokens).where(tokens.c.digest == digest(secret), alive)
        with self.database.read() as connection:
            row = connection.execute(query.where(accounts.c.active)).one_or_none()
        return (_account(row), tuple(Scope(s) for s in row.scopes)) if row is not None else None

    # --- invitations ---

    def invite(self, role: Role, labs: Sequence[str], author: str = "") -> str:
        """The secret of a link that makes one account of that role and those labs."""
        secret = secrets.token_urlsafe(24)
        row = {"digest": digest(secret), "role": role.value, "labs": list(labs), "made_by": author}
        with self.database.write() as connection:
            connection.execute(sa.insert(invitations).values(**row, until=now() + timedelta(days=INVITATION_DAYS)))
            audit.log(connection, audit.Act("invite", "account", role.value, author, {"labs": list(labs)}))
        return secret

    def invitation(self, secret: str) -> Invitation | None:
        """None when it is unknown, used or too old."""
        with self.database.read() as connection:
            row = _open_invitation(connection, secret)
        return Invitation(Role(row.role), tuple(row.labs), row.made_by, row.until) if row is not None else None

    def accept(self, secret: str, login: str, name: str, password: str) -> Account:
        """The account that an invitation makes; ``password`` is its hash. Raises NotFound, UsageError."""
        with self.database.write() as connection:
            row = _open_invitation(connection, secret)
            if row is None:
                raise NotFound("this invitation has been used or has ended", "ask for a new one")
            made = _add(connection, Account("", login, name, Role(row.role), tuple(row.labs), True, password), "")
            here = invitations.c.digest == row.digest
            connection.execute(sa.update(invitations).where(here).values(used_by=made.id))
        return made

    def _holder(self, query: sa.Select[Any]) -> Account | None:
        with self.database.read() as connection:
            row = connection.execute(query.where(accounts.c.active)).one_or_none()
        return _account(row) if row is not None else None


def _folded(login: str) -> str:
    return login.strip().casefold()


def _add(connection: sa.Connection, account: Account, author: str) -> Account:
    login = _folded(account.login)
    if not login or len(login) > 200 or any(c.isspace() or not c.isprintable() for c in login):
        raise UsageError("a login is needed, without spaces", "an e-mail address, for example")
    if connection.execute(sa.select(accounts.c.id).where(accounts.c.login == login)).first():
        raise UsageError(f"the login '{login}' is taken", "choose another")
    made = {
        "id": account.id or new_id(),
        "login": login,
        "name": account.name.strip() or login,
        "role": account.role.value,
        "labs": list(account.labs),
        "password": account.password,
        "subject": account.subject,
        "active": account.active,
    }
    connection.execute(sa.insert(accounts).values(**made, made_at=now()))
    audit.log(connection, audit.Act("add", "account", str(made["id"]), author, {"role": account.role.value}))
    return _account(one(connection, accounts, str(made["id"])))


def _keep_an_administrator(connection: sa.Connection) -> None:
    left = sa.select(accounts.c.id).where(accounts.c.active, accounts.c.role == Role.ADMINISTRATOR.value)
    if connection.execute(left.limit(1)).first() is None:
        raise UsageError("no administrator would be left", "make another account administrator first")


def _open_invitation(connection: sa.Connection, secret: str) -> sa.Row[Any] | None:
    here = (invitations.c.digest == digest(secret)) & invitations.c.used_by.is_(None) & (invitations.c.until > now())
    return connection.execute(sa.select(invitations).where(here)).one_or_none()


def _account(row: Any) -> Account:
    known: Mapping[str, Any] = row._mapping
    return Account(
        id=known["id"],
        login=known["login"],
        name=known["name"],
        role=Role(known["role"]),
        labs=tuple(known["labs"]),
        active=known["active"],
        password=known["password"],
        subject=known["subject"],
    )


def _token(row: Any) -> Token:
    return Token(row.id, row.account_id, row.name, tuple(Scope(s) for s in row.scopes), row.made_at, row.until)
