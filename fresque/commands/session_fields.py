"""The fields of a session as flags, and as JSON; one list for `add`, `edit` and the files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import click

from archive.errors import UsageError
from archive.model import Method, Session, SessionKind, Visibility
from fresque import session_words

F = TypeVar("F", bound=Callable[..., Any])
DAY = click.DateTime(["%Y-%m-%d"])

_FLAGS = (
    click.option("--title", help="As people call it."),
    click.option("--kind", type=click.Choice([str(k) for k in SessionKind]), help="Service of the lab."),
    click.option("--method", type=click.Choice([str(m) for m in Method]), help="The phases are those of ASE."),
    click.option("--lab", help="The lab that runs it."),
    click.option("--project", "project_id", metavar="ID", help="The project it is a session of."),
    click.option(
        "--requester", "requesters", multiple=True, help="Who asked for it, NAME or NAME=KIND; may be repeated."
    ),
    click.option("--partner", "partners", multiple=True, help="A partner, NAME or NAME=KIND; may be repeated."),
    click.option("--start", type=DAY, metavar="YYYY-MM-DD", help="First day."),
    click.option("--end", type=DAY, metavar="YYYY-MM-DD", help="Last day."),
    click.option("--theme", "themes", multiple=True, help="What it is about; may be repeated."),
    click.option("--person", "people", multiple=True, help="Who took part, NAME or NAME=ROLE (user, facilitator …)."),
    click.option(
        "--agenda", multiple=True, metavar="'YYYY-MM-DD HH:MM PHASE'", help="When a phase began; may be repeated."
    ),
    click.option("--language", "languages", multiple=True, help="Of the boards (fr, en …); may be repeated."),
    click.option("--visibility", type=click.Choice([str(v) for v in Visibility]), help="Who may see it."),
    click.option("--retention-until", type=DAY, metavar="YYYY-MM-DD", help="Until when it may be kept."),
    click.option("--legal-basis", help="Why its personal data may be kept."),
)


def with_fields(command: F) -> F:
    """The flags; the command takes them as ``**given``."""
    for flag in reversed(_FLAGS):
        command = flag(command)
    return command


def with_given(base: Session, given: Mapping[str, Any]) -> Session:
    """The session with the flags that were given. Raises UsageError."""
    made = replace(base, **{name: _meant(name, value) for name, value in given.items() if value})
    if made.start and made.end and made.end < made.start:
        raise UsageError(f"the session ends ({made.end}) before it starts ({made.start})")
    return made


def _meant(name: str, value: Any) -> Any:
    if name in ("start", "end", "retention_until"):
        return value.date()
    if name in ("requesters", "partners"):
        return tuple(map(session_words.organisation, value))
    if name == "people":
        return tuple(map(session_words.person, value))
    if name == "agenda":
        return session_words.agenda(value)
    kinds: dict[str, Callable[[str], Any]] = {"kind": SessionKind, "method": Method, "visibility": Visibility}
    return kinds[name](value) if name in kinds else value


def session_object(s: Session) -> dict[str, object]:
    """Every field, as JSON."""
    return {
        "session_id": s.id,
        "title": s.title,
        "kind": s.kind,
        "method": s.method,
        "lab": s.lab,
        "project": s.project_id,
        "requesters": [r.name for r in s.requesters],
        "partners": [p.name for p in s.partners],
        "start": str(s.start) if s.start else None,
        "end": str(s.end) if s.end else None,
        "themes": list(s.themes),
        "people": [{"name": p.name, "role": p.role} for p in s.people],
        "agenda": [{"phase": a.phase, "begins": a.begins.isoformat()} for a in s.agenda],
        "languages": list(s.languages),
        "visibility": s.visibility,
        "retention_until": str(s.retention_until) if s.retention_until else None,
        "legal_basis": s.legal_basis,
    }
