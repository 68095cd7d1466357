"""The fields of a session as people write them, in flags, in files and on the pages: one form for all three.

A requester, a partner or a person is «NAME» or «NAME=KIND», a line of the agenda «2024-03-05 09:30 SCAN».
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from archive.errors import UsageError
from archive.model import AgendaItem, Organisation, Person, Phase, Session

PARTICIPANT = "participant"


def organisation(text: str) -> Organisation:
    return Organisation(*_pair(text))


def person(text: str) -> Person:
    name, role = _pair(text)
    return Person(name, role or PARTICIPANT)


def agenda_item(text: str) -> AgendaItem:
    """By the clock of the session, as cameras have it. Raises UsageError."""
    moment, _, phase = text.strip().rpartition(" ")
    try:
        begins = datetime.fromisoformat(moment.strip())
        found = next(p for p in Phase if p.lower() == phase.lower())
    except (ValueError, StopIteration):
        raise UsageError(f"'{text}' is no line of an agenda", "write it as '2024-03-05 09:30 SCAN'") from None
    return AgendaItem(found, begins if begins.tzinfo else begins.replace(tzinfo=UTC))


def agenda(texts: Sequence[str]) -> tuple[AgendaItem, ...]:
    """In the order of time. Raises UsageError."""
    return tuple(sorted((agenda_item(text) for text in texts), key=lambda item: item.begins))


def said(session: Session | None) -> dict[str, list[str]]:
    """The fields of a session that are lists, as texts; of a new one where there is none."""
    session = session or Session("", "")
    return {
        "requesters": [of_organisation(each) for each in session.requesters],
        "partners": [of_organisation(each) for each in session.partners],
        "people": [of_person(each) for each in session.people],
        "agenda": [of_agenda_item(each) for each in session.agenda],
        "themes": list(session.themes),
        "languages": list(session.languages),
    }


def of_organisation(one: Organisation) -> str:
    return f"{one.name}={one.kind}" if one.kind else one.name


def of_person(one: Person) -> str:
    return one.name if one.role == PARTICIPANT else f"{one.name}={one.role}"


def of_agenda_item(item: AgendaItem) -> str:
    return f"{item.begins:%Y-%m-%d %H:%M} {item.phase}"


def _pair(text: str) -> tuple[str, str]:
    name, _, kind = text.partition("=")
    return name.strip(), kind.strip()
