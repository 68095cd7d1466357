"""Passwords: argon2id with its authors' parameters; an unknown login takes as long as a wrong password."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from archive.errors import UsageError

SHORTEST = 10
LONGEST = 500


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    return _hasher().hash("nobody has this password")


def hashed(password: str) -> str:
    """Raises UsageError when it is too short or too long."""
    if len(password) < SHORTEST:
        raise UsageError("Le mot de passe est trop court.", f"≥ {SHORTEST}")
    if len(password) > LONGEST:
        raise UsageError("Le mot de passe est trop long.")
    return _hasher().hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Takes the same time whether ``stored`` is there or not."""
    try:
        return _hasher().verify(stored or _nobody(), password[:LONGEST]) and stored is not None
    except (VerificationError, InvalidHashError):
        return False
