"""The tables of people: accounts, what proves them, whom a restricted session names, what they say of boards.

No secret is kept: of passwords their argon2 hash, of tokens, logins and invitations the SHA-256 of what was given out.
"""

from __future__ import annotations

import sqlalchemy as sa

from archive.columns import Moment, Words
from archive.tables import metadata

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("login", sa.String(200), nullable=False, unique=True, comment="lower case"),
    sa.Column("name", Words, nullable=False),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("labs", sa.JSON, nullable=False),
    sa.Column("password", sa.Text, comment="argon2; null for those who come by OpenID Connect only"),
    sa.Column("subject", sa.String(400), unique=True, comment="issuer and subject of OpenID Connect"),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
)

logins = sa.Table(
    "logins",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("account_id", sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("until", Moment, nullable=False),
)

tokens = sa.Table(
    "tokens",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("account_id", sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sa.Column("name", Words, nullable=False),
    sa.Column("scopes", sa.JSON, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("until", Moment),
)

invitations = sa.Table(
    "invitations",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("labs", sa.JSON, nullable=False),
    sa.Column("made_by", Words, nullable=False),
    sa.Column("until", Moment, nullable=False),
    sa.Column("used_by", sa.ForeignKey("accounts.id")),
)

members = sa.Table(
    "members",
    metadata,
    sa.Column("session_id", sa.ForeignKey("sessions.id"), primary_key=True),
    sa.Column("account_id", sa.ForeignKey("accounts.id"), primary_key=True, index=True),
)

comments = sa.Table(
    "comments",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("board_id", sa.ForeignKey("boards.id"), nullable=False, index=True),
    sa.Column("account_id", sa.ForeignKey("accounts.id"), comment="null without accounts"),
    sa.Column("author", Words, nullable=False),
    sa.Column("text", Words, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("withdrawn_at", Moment),
)

saved_searches = sa.Table(
    "saved_searches",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("account_id", sa.ForeignKey("accounts.id"), index=True, comment="null without accounts"),
    sa.Column("title", Words, nullable=False),
    sa.Column("query", Words, nullable=False),
    sa.Column("feed", sa.String(64), nullable=False, unique=True, comment="digest of the secret in the feed's address"),
    sa.Column("made_at", Moment, nullable=False),
)
