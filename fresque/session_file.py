"""A session as people write it: an imported object or a ``session.toml`` → archive.model.Session."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from archive.errors import UsageError
from archive.model import AgendaItem, Material, Method, Organisation, Person, Phase, Session, SessionKind, Visibility
from fresque import session_words


def session_from_import(item: Mapping[str, Any]) -> tuple[Session | None, Material]:
    """One object of `fresque import`. Raises ValueError with a reason for a person."""
    identity, text = item.get("id"), item.get("text")
    if not isinstance(identity, str) or not identity or not isinstance(text, str):
        raise ValueError('needs an "id" and a "text"')
    given = item.get("session")
    session = session_from_mapping(given) if given else None
    phase = _phase(item["phase"]) if item.get("phase") else None
    return session, Material(identity, session.id if session else None, text, str(item.get("title") or ""), phase)


NAME = "session.toml"


def session_from_toml(path: Path, session_id: str = "") -> Session:
    """``session_id``: that of a file which says none. Raises UsageError that names the file."""
    try:
        return session_from_mapping(tomllib.loads(path.read_text(encoding="utf-8-sig")), session_id)
    except (OSError, ValueError) as error:
        raise UsageError(f"{NAME}: {error}", "correct the file; docs/contracts.md shows one") from error


def filled(base: Session, other: Session) -> Session:
    """What ``base`` leaves open, as ``other`` says it; what people have said is not overruled."""
    plain = Session(base.id, base.id)
    open_ = [f.name for f in fields(Session) if getattr(base, f.name) == getattr(plain, f.name)]
    return replace(base, **{name: getattr(other, name) for name in open_ if name != "id"})


def session_from_mapping(given: Mapping[str, Any], session_id: str = "") -> Session:
    """``type`` and ``sponsor`` are accepted names of kind and requester, ``date`` of start. Raises ValueError."""
    identity = given.get("session_id") or given.get("id") or session_id
    if not isinstance(identity, str) or not identity:
        raise ValueError('the session needs a "session_id"')
    requesters = given.get("requesters") or given.get("requester") or given.get("sponsor") or ()
    return Session(
        id=identity,
        title=str(given.get("title") or identity),
        kind=kind(given.get("kind") or given.get("type")),
        method=Method(given.get("method") or Method.ASE),
        lab=str(given.get("lab") or ""),
        project_id=given.get("project"),
        requesters=_organisations(requesters),
        partners=_organisations(given.get("partners") or ()),
        start=day(given.get("start") or given.get("date")),
        end=day(given.get("end")),
        themes=_words(given.get("themes") or given.get("theme") or ()),
        people=tuple(map(_person, given.get("people") or ())),
        agenda=tuple(sorted(map(_agenda_item, given.get("agenda") or ()), key=lambda item: item.begins)),
        languages=_words(given.get("languages") or ("fr", "en")),
        visibility=Visibility(given.get("visibility") or Visibility.OPEN),
        retention_until=day(given.get("retention_until")),
        legal_basis=str(given.get("legal_basis") or ""),
    )


_KINDS = {"codesign": "codesign_flash", "codesign flash": "codesign_flash", "flash": "codesign_flash"}


def kind(value: Any) -> SessionKind:
    """A service of the labs under any of its names; codesign flash when none is given. Raises ValueError."""
    name = str(value or "codesign_flash").strip().lower().replace("-", "_")
    name = _KINDS.get(name.replace("_", " "), name).replace(" ", "_").replace("é", "e").replace("è", "e")
    try:
        return SessionKind(name)
    except ValueError:
        known = ", ".join(SessionKind)
        raise ValueError(f"{value!r} is no kind of session; known are {known}") from None


def day(value: Any) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value)
    # a year or a month alone stands for its first day
    return date.fromisoformat({4: text + "-01-01", 7: text + "-01"}.get(len(text), text[:10]))


def _moment(value: Any) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _phase(value: Any) -> Phase:
    for phase in Phase:
        if phase.lower() == str(value).strip().lower():
            return phase
    raise ValueError(f"{value!r} is no phase; known are {', '.join(Phase)}")


def _person(value: Any) -> Person:
    if isinstance(value, str):
        return session_words.person(value)
    if not value.get("name"):
        raise ValueError(f"a person needs a name, not {dict(value)}")
    return Person(str(value["name"]), str(value.get("role", session_words.PARTICIPANT)))


def _agenda_item(value: Any) -> AgendaItem:
    if isinstance(value, str):
        return session_words.agenda_item(value)
    begins = value.get("begins") or value.get("at") or value.get("begin") or value.get("start")
    if not begins or not value.get("phase"):
        raise ValueError(f"a line of the agenda needs a phase and when it begins, not {dict(value)}")
    return AgendaItem(_phase(value["phase"]), _moment(begins))


def _organisations(value: Any) -> tuple[Organisation, ...]:
    if isinstance(value, str):
        value = [value]
    return tuple(
        Organisation(str(v["name"]), str(v.get("kind", "")))
        if isinstance(v, Mapping)
        else session_words.organisation(str(v))
        for v in value
    )


def _words(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(v) for v in value)
