"""What a request works with: who asks, what they may, and the things of the archive that they may see.

A route takes a ``Desk``; it then cannot forget to ask for rights, for there is no other way to a session, a board or
a photo. Reading something of a restricted session is written into the archive's log here.
"""

from __future__ import annotations

import hmac
import secrets
from functools import cached_property
from typing import Annotated

from fastapi import Depends, Request

from archive.accounts import Scope
from archive.audit import Act
from archive.catalog import Catalog
from archive.errors import NotFound
from archive.model import Board, Material, Photo, Session, Visibility
from capture.faces import blur_boards
from fresque.app import App
from fresque.web.faults import Forbidden, NotLoggedIn
from fresque.web.rights import Rights
from fresque.web.state import State
from fresque.web.viewer import LOCAL, Viewer
from fresque.web.words import Words, words_for

LOGIN_COOKIE = "fresque_login"
CSRF_COOKIE = "fresque_csrf"
CSRF_HEADER = "x-csrf-token"
SAFE = ("GET", "HEAD", "OPTIONS")
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def state_of(request: Request) -> State:
    state: State = request.app.state.fresque
    return state


def viewer_of(request: Request) -> Viewer | None:
    """None when nobody is logged in. Raises NotLoggedIn for a token that is not, or no longer, one."""
    state = state_of(request)
    if not state.with_accounts():
        return LOCAL
    given = request.headers.get("authorization", "")
    if given:
        kind, _, secret = given.partition(" ")
        found = state.catalog.account_of_token(secret.strip()) if kind.lower() == "bearer" else None
        if found is None:
            raise NotLoggedIn("Jeton inconnu ou révoqué.")
        return Viewer(found[0], frozenset(found[1]), by_token=True)
    cookie = request.cookies.get(LOGIN_COOKIE, "")
    account = state.catalog.account_of_login(cookie) if cookie else None
    return Viewer(account) if account is not None else None


def csrf_of(request: Request) -> str:
    """The token of this browser, made when it has none yet; the page's middleware sets its cookie."""
    known = request.cookies.get(CSRF_COOKIE, "")
    if len(known) >= 32:
        return known
    if not hasattr(request.state, "csrf"):
        request.state.csrf = secrets.token_urlsafe(32)
    made: str = request.state.csrf
    return made


def check_csrf(request: Request, given: str) -> None:
    """A page of another site can send our cookie along but cannot read it. Raises Forbidden."""
    known = request.cookies.get(CSRF_COOKIE, "")
    if not known or not hmac.compare_digest(known.encode(), given.encode()):
        raise Forbidden("Cette page est trop ancienne.", "rechargez-la et recommencez")


class Desk:
    """Made for each request."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.state = state_of(request)
        found = viewer_of(request)
        if found is None:
            raise NotLoggedIn("Connectez-vous pour continuer.")
        self.viewer = found
        if request.method not in SAFE and not found.by_token:
            check_csrf(request, request.headers.get(CSRF_HEADER, ""))

    @property
    def app(self) -> App:
        return self.state.app

    @property
    def catalog(self) -> Catalog:
        return self.state.catalog

    @cached_property
    def rights(self) -> Rights:
        return Rights(self.catalog, self.viewer)

    @cached_property
    def words(self) -> Words:
        return words_for(self.request)

    @property
    def name(self) -> str:
        """The author of what this person changes."""
        return self.viewer.name

    # --- things, for those who may see them; NotFound for the others ---

    def session(self, session_id: str, change: bool = False) -> Session:
        """Raises NotFound, and Forbidden when it may be seen and not changed."""
        session = self.catalog.session(session_id)
        if not self.rights.sees(session):
            raise NotFound(f"no session '{session_id}'")
        if change:
            self.rights.need(self.rights.changes(session))
        self._note(session, "session", session.id)
        return session

    def board(self, board_id: str, change: bool = False) -> Board:
        board = self.catalog.board(board_id)
        if not board.renditions and blur_boards(self.app.archive, [board.id]):  # a worker was stopped half way
            board = self.catalog.board(board_id)
        self._of(board.session_id, "board", board.id, change)
        return board

    def photo(self, photo_id: str, change: bool = False) -> Photo:
        photo = self.catalog.photo(photo_id)
        self._of(photo.session_id, "photo", photo.id, change)
        if photo.trashed and not self.rights.changes(self.catalog.session(photo.session_id)):
            raise NotFound(f"no photo '{photo_id}'")  # what lies in the trash is out of sight
        return photo

    def material(self, material_id: str) -> Material:
        material = self.catalog.material(material_id)
        if material.session_id is not None:
            self._of(material.session_id, "material", material.id, False)
        return material

    def need_administrator(self) -> None:
        self.rights.need(self.rights.administers)

    def need_account(self) -> str:
        """The id of the account that asks. Raises Forbidden for the person at this machine."""
        if self.viewer.id is None:
            raise Forbidden("Cette archive n’a pas encore de compte.", "fresque account add LOGIN")
        return self.viewer.id

    def need_write(self) -> None:
        """For what every account may do that its token allows."""
        self.rights.need(Scope.WRITE in self.viewer.scopes)

    def _of(self, session_id: str, kind: str, key: str, change: bool) -> None:
        session = self.catalog.session(session_id)
        if not self.rights.sees(session):
            raise NotFound(f"no {kind} '{key}'")
        if change:
            self.rights.need(self.rights.changes(session))
        self._note(session, kind, key)

    def _note(self, session: Session, kind: str, key: str) -> None:
        if session.visibility is Visibility.RESTRICTED:
            self.state.note(Act("read", kind, key, self.viewer.name or "local", {"session": session.id}))


AtDesk = Annotated[Desk, Depends(Desk)]
