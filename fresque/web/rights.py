"""Who may see and change what. The one place that decides; everything else asks here, and here asks the catalogue.

open        seen by everyone who may use the archive
lab         seen by the lab that ran it, and by those whom the session names
restricted  seen by those whom the session names

A facilitator changes what they see of their own labs, of sessions without a lab, and of sessions that name them.
An administrator sees and changes everything. What may not be seen is not there: it answers as an unknown id does.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from archive.accounts import Scope
from archive.catalog import Catalog
from archive.model import Session, Visibility
from fresque.web.faults import Forbidden
from fresque.web.viewer import Viewer


class Rights:
    """One person's rights at one moment: made for each request."""

    def __init__(self, catalog: Catalog, viewer: Viewer) -> None:
        self._catalog = catalog
        self.viewer = viewer

    @cached_property
    def _named(self) -> set[str]:
        return self._catalog.named_in(self.viewer.id) if self.viewer.id else set()

    def sees(self, session: Session) -> bool:
        if Scope.READ not in self.viewer.scopes:
            return False
        if self.viewer.is_administrator or session.id in self._named:
            return True
        if session.visibility is Visibility.OPEN:
            return True
        return session.visibility is Visibility.LAB and session.lab != "" and session.lab in self.viewer.labs

    def changes(self, session: Session) -> bool:
        if Scope.WRITE not in self.viewer.scopes or not self.viewer.is_facilitator or not self.sees(session):
            return False
        if self.viewer.is_administrator or session.id in self._named:
            return True
        return session.lab == "" or session.lab in self.viewer.labs

    def may_begin(self, lab: str) -> bool:
        """Whether a session of that lab may be made."""
        if Scope.WRITE not in self.viewer.scopes or not self.viewer.is_facilitator:
            return False
        return self.viewer.is_administrator or lab == "" or lab in self.viewer.labs

    @property
    def administers(self) -> bool:
        return self.viewer.is_administrator and Scope.ADMIN in self.viewer.scopes

    def need(self, allowed: bool, what: str = "") -> None:
        """Raises Forbidden."""
        if not allowed:
            raise Forbidden(what or "Vous n’avez pas le droit de faire cela.")

    @cached_property
    def _every(self) -> list[Session]:
        return self._catalog.sessions()

    @cached_property
    def sessions(self) -> dict[str, Session]:
        """Every session that may be seen, by id, in the catalogue's order."""
        return {s.id: s for s in self._every if self.sees(s)}

    @property
    def sees_all(self) -> bool:
        return len(self.sessions) == len(self._every)

    @cached_property
    def few(self) -> frozenset[str] | None:
        """Ids of the sessions that may be seen where they are less than half of all: what search then keeps to."""
        return frozenset(self.sessions) if 2 * len(self.sessions) < len(self._every) else None

    def allowed(self, ids: Sequence[str]) -> set[str]:
        """Those of some boards and materials that may be seen; a text of no session is everyone's."""
        held = self._catalog.sessions_of(ids)
        return {each for each, session in held.items() if session is None or session in self.sessions}
