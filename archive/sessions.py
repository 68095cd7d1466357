"""Sessions and the projects that group them."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from archive import audit, changes, documents
from archive.columns import now
from archive.errors import UsageError
from archive.model import ChangeKind, Method, Project, Session, SessionKind, Visibility
from archive.records import Records, one
from archive.tables import projects, sessions


class SessionRecords(Records):
    def add_project(self, project: Project) -> Project:
        """Raises UsageError when the id is taken."""
        with self.database.write() as connection:
            _refuse_taken(connection, projects, project.id)
            connection.execute(sa.insert(projects).values(id=project.id, title=project.title))
        return project

    def projects(self) -> list[Project]:
        with self.database.read() as connection:
            rows = connection.execute(sa.select(projects).order_by(projects.c.id))
            return [Project(row.id, row.title) for row in rows]

    def add_session(self, session: Session, author: str = "") -> Session:
        """Raises UsageError when the id is taken, NotFound when its project is not there."""
        with self.database.write() as connection:
            _refuse_taken(connection, sessions, session.id)
            _check_project(connection, session)
            connection.execute(sa.insert(sessions).values(**_values(session), revision=1, added_at=now()))
            audit.log(connection, audit.Act("add", "session", session.id, author))
            changes.record(connection, [changes.Touched(ChangeKind.SESSION, session.id, 1)])
        return session

    def update_session(self, session: Session, author: str = "") -> Session:
        """Replace everything but the id. Raises NotFound."""
        with self.database.write() as connection:
            row = one(connection, sessions, session.id)
            if _session(row) == session:
                return session
            _check_project(connection, session)
            revision = row.revision + 1
            here = sessions.c.id == session.id
            connection.execute(sa.update(sessions).where(here).values(**_values(session), revision=revision))
            audit.log(connection, audit.Act("update", "session", session.id, author))
            changes.record(connection, [changes.Touched(ChangeKind.SESSION, session.id, revision)])
        return session

    def session(self, session_id: str) -> Session:
        """Raises NotFound."""
        with self.database.read() as connection:
            return _session(one(connection, sessions, session_id))

    def sessions(self, project_id: str | None = None) -> list[Session]:
        """By date, then by id; undated ones last."""
        query = sa.select(sessions)
        if project_id is not None:
            query = query.where(sessions.c.project_id == project_id)
        with self.database.read() as connection:
            found = [_session(row) for row in connection.execute(query)]
        return sorted(found, key=lambda s: (s.start or date.max, s.id))


def _refuse_taken(connection: sa.Connection, table: sa.Table, key: str) -> None:
    noun = table.name.removesuffix("s")
    if not key.strip():
        raise UsageError(f"a {noun} needs an id", "short and stable, such as 2026-03-parcours")
    if connection.execute(sa.select(table.c.id).where(table.c.id == key)).first():
        raise UsageError(f"there is a {noun} '{key}' already", "choose another id, or change that one")


def _check_project(connection: sa.Connection, session: Session) -> None:
    if session.project_id is not None:
        one(connection, projects, session.project_id)


def _values(session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "title": session.title,
        "kind": session.kind.value,
        "method": session.method.value,
        "lab": session.lab,
        "project_id": session.project_id,
        "requesters": documents.organisations_json(session.requesters),
        "partners": documents.organisations_json(session.partners),
        "begins": session.start,
        "ends": session.end,
        "themes": list(session.themes),
        "people": documents.people_json(session.people),
        "agenda": documents.agenda_json(session.agenda),
        "languages": list(session.languages),
        "visibility": session.visibility.value,
        "retention_until": session.retention_until,
        "legal_basis": session.legal_basis,
    }


def _session(row: sa.Row[Any]) -> Session:
    return Session(
        id=row.id,
        title=row.title,
        kind=SessionKind(row.kind),
        method=Method(row.method),
        lab=row.lab,
        project_id=row.project_id,
        requesters=documents.organisations(row.requesters),
        partners=documents.organisations(row.partners),
        start=row.begins,
        end=row.ends,
        themes=tuple(row.themes),
        people=documents.people(row.people),
        agenda=documents.agenda(row.agenda),
        languages=tuple(row.languages),
        visibility=Visibility(row.visibility),
        retention_until=row.retention_until,
        legal_basis=row.legal_basis,
    )
