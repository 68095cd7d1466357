"""Sessions over the API: list, make, change, what they hold, who is named, what happens in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from typing import Any

from fastapi import APIRouter

from archive.errors import NotFound, UsageError
from archive.model import AgendaItem, Organisation, Person, Session
from fresque import session_words
from fresque.web.api.bodies import MembersBody, NewSession, SessionBody
from fresque.web.desk import AtDesk, Desk
from fresque.web.forms import board_form, photo_form, session_form, totals

router = APIRouter(tags=["sessions"])


@router.get("/sessions")
def list_sessions(desk: AtDesk) -> list[dict[str, Any]]:
    """Those that you may see, by date."""
    return [session_form(s, desk.rights.changes(s)) for s in desk.rights.sessions.values()]


@router.post("/sessions", status_code=201)
def make_session(body: NewSession, desk: AtDesk) -> dict[str, Any]:
    lab = body.lab if body.lab is not None else (desk.viewer.labs[0] if desk.viewer.labs else "")
    desk.rights.need(desk.rights.may_begin(lab), "Vous ne pouvez pas créer de session pour ce lab.")
    wanted = body.id or suggested_id(body)
    made = _changed(Session(_free_id(desk, wanted, given=bool(body.id)), body.title, lab=lab), body)
    desk.app.ensure_project(made.project_id)
    desk.catalog.add_session(made, desk.name)
    if desk.viewer.id is not None and not Desk(desk.request).rights.sees(made):
        desk.catalog.set_members(made.id, [desk.viewer.id], desk.name)  # who makes a restricted session is in it
    return session_form(made, True)


@router.get("/sessions/{session_id:key}")
def show_session(session_id: str, desk: AtDesk) -> dict[str, Any]:
    session = desk.session(session_id)
    counts = desk.catalog.counts(session.id)
    return session_form(session, desk.rights.changes(session)) | {
        "photos": totals(counts.photos),
        "boards": totals(counts.boards),
        "doubtful": counts.doubtful,
        "waiting": counts.to_do,
        "failed": counts.failed,
    }


@router.patch("/sessions/{session_id:key}")
def change_session(session_id: str, body: SessionBody, desk: AtDesk) -> dict[str, Any]:
    session = desk.session(session_id, change=True)
    changed = _changed(session, body)
    if changed.lab != session.lab:
        desk.rights.need(desk.rights.may_begin(changed.lab), "Vous n’êtes pas de ce lab.")
    desk.app.ensure_project(changed.project_id)
    desk.catalog.update_session(changed, desk.name)
    desk.state.keeper.wake()
    return session_form(changed, True)


@router.get("/sessions/{session_id:key}/boards")
def boards_of_session(session_id: str, desk: AtDesk) -> list[dict[str, Any]]:
    session = desk.session(session_id)
    may_change = desk.rights.changes(session)
    return [board_form(board, may_change) for board in desk.catalog.boards(session.id)]


@router.get("/sessions/{session_id:key}/photos")
def photos_of_session(session_id: str, desk: AtDesk) -> dict[str, Any]:
    """Photos in the order in which they were added, and files that could not be taken in."""
    session = desk.session(session_id)
    refused = [{"file_name": name, "reason": reason} for _, name, reason in desk.catalog.refused(session.id)]
    return {"photos": [photo_form(p) for p in desk.catalog.photos(session.id)], "refused": refused}


@router.get("/sessions/{session_id:key}/members")
def show_members(session_id: str, desk: AtDesk) -> list[dict[str, str]]:
    """Whom the session names; for those who may change it."""
    session = desk.session(session_id, change=True)
    known = {a.id: a for a in desk.catalog.accounts()}
    return [{"id": i, "login": known[i].login, "name": known[i].name} for i in desk.catalog.members(session.id)]


@router.put("/sessions/{session_id:key}/members")
def name_members(session_id: str, body: MembersBody, desk: AtDesk) -> list[dict[str, str]]:
    """Logins of all whom the session names from now on. Nobody can shut themselves out by it but an administrator."""
    session = desk.session(session_id, change=True)
    found = {login: desk.catalog.account_by(login=login) for login in body.accounts}
    unknown = sorted(login for login, account in found.items() if account is None)
    if unknown:
        raise UsageError(f"Compte inconnu : {', '.join(unknown)}.")
    ids = {account.id for account in found.values() if account is not None}
    if desk.viewer.id is not None and not desk.viewer.is_administrator:
        ids.add(desk.viewer.id)
    desk.catalog.set_members(session.id, ids, desk.name)
    return show_members(session.id, desk)


_EMPTIED = ("start", "end", "retention_until", "project")
"""Fields that null takes away."""


def _changed(session: Session, body: SessionBody) -> Session:
    given = {
        n: v for n, v in body.model_dump(exclude_unset=True).items() if n != "id" and (v is not None or n in _EMPTIED)
    }
    if "project" in given:
        given["project_id"] = given.pop("project") or None
    for name in ("themes", "languages"):
        if name in given:
            given[name] = tuple(given[name])
    for name, read in _READ.items():
        if name in given:
            given[name] = tuple(map(read, given[name]))
    if "agenda" in given:
        given["agenda"] = tuple(sorted(given["agenda"], key=lambda item: item.begins))
    changed = replace(session, **given)
    if changed.start and changed.end and changed.end < changed.start:
        raise UsageError("La session finit avant d’avoir commencé.")
    return changed


def _organisation(said: Any) -> Organisation:
    return session_words.organisation(said) if isinstance(said, str) else Organisation(**said)


def _person(said: Any) -> Person:
    return (
        session_words.person(said) if isinstance(said, str) else Person(**({"role": session_words.PARTICIPANT} | said))
    )


def _agenda_item(said: Any) -> AgendaItem:
    if isinstance(said, str):
        return session_words.agenda_item(said)
    begins = said["begins"]
    return AgendaItem(said["phase"], begins if begins.tzinfo else begins.replace(tzinfo=UTC))


_READ: dict[str, Callable[[Any], Any]] = {
    "requesters": _organisation,
    "partners": _organisation,
    "people": _person,
    "agenda": _agenda_item,
}


def suggested_id(body: NewSession) -> str:
    """Short and stable, from title and date: ``2024-03-le-conge-parental``."""
    plain = unicodedata.normalize("NFKD", body.title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-")
    return "-".join(part for part in (body.start.strftime("%Y-%m") if body.start else "", words or "session") if part)


def _free_id(desk: Desk, wanted: str, given: bool) -> str:
    """The id itself; with a number after it when it was only suggested and is taken. That a given id is taken by a
    session that may not be seen cannot be hidden from who asks for that very id."""
    number = 1
    candidate = wanted
    while True:
        try:
            desk.catalog.session(candidate)
        except NotFound:
            return candidate
        if given:
            raise UsageError("Cet identifiant est pris.", "laissez-le vide")
        number += 1
        candidate = f"{wanted}-{number}"
