"""What can go wrong on the way to a page, and its HTTP status."""

from __future__ import annotations

from archive import errors


class NotLoggedIn(errors.FresqueError):
    hint = "log in, or send a token: Authorization: Bearer …"


class Forbidden(errors.FresqueError):
    hint = "ask an administrator of this archive"


class TooMany(errors.FresqueError):
    hint = "wait a minute"


class Conflict(errors.FresqueError):
    """What was sent does not follow on what is there."""


_STATUS: tuple[tuple[type[errors.FresqueError], int], ...] = (
    (NotLoggedIn, 401),
    (Forbidden, 403),
    (errors.NotFound, 404),
    (Conflict, 409),
    (errors.PhotoError, 415),
    (errors.UsageError, 422),
    (errors.BadQuery, 422),
    (TooMany, 429),
    (errors.ArchiveBusy, 503),
    (errors.IndexFault, 503),
)


def status(error: errors.FresqueError) -> int:
    return next((code for kind, code in _STATUS if isinstance(error, kind)), 500)


def told(error: errors.FresqueError) -> tuple[str, str]:
    """Message and hint for a person. Of what is not there nothing is said: the catalogue's own message names what
    looks like it, which this person may have no right to know."""
    if isinstance(error, errors.NotFound):
        return "Introuvable, ou vous n’y avez pas accès.", ""
    return error.message, error.hint
