"""Coming and going: login, logout, invitations; one's own account; the people of the archive."""

from __future__ import annotations

import hmac
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from archive.accounts import Role, Scope
from archive.errors import FresqueError, NotFound, UsageError
from fresque.web import passwords, words
from fresque.web.api.accounts import set_login
from fresque.web.desk import LOGIN_COOKIE, AtDesk, check_csrf, state_of, viewer_of
from fresque.web.faults import Forbidden, told
from fresque.web.limits import LOGIN_OF_ADDRESS, LOGIN_OF_NAME
from fresque.web.oidc import OpenId, account_of
from fresque.web.render import render

router = APIRouter(include_in_schema=False)
Field = Annotated[str, Form(max_length=500)]
ROLES = {Role.READER: "Lecture", Role.FACILITATOR: "Animation", Role.ADMINISTRATOR: "Administration"}
WRONG = "Identifiant ou mot de passe incorrect."


@router.get("/login")
def login_page(request: Request, next: str = "/") -> Response:
    if viewer_of(request) is not None:
        return RedirectResponse(local(next), 303)
    return _login(request, next)


def _login(request: Request, after: str, problem: str = "", login: str = "", status: int = 200) -> Response:
    provider = state_of(request).served.provider
    return render(
        request, "login.html.j2", None, status, after=local(after), problem=problem, login=login, provider=provider
    )


@router.post("/login")
def log_in(request: Request, login: Field, password: Field, csrf: Field = "", after: Field = "/") -> Response:
    state = state_of(request)
    check_csrf(request, csrf)
    tried = (("login from", _address(request), LOGIN_OF_ADDRESS), ("login as", login.strip().casefold(), LOGIN_OF_NAME))
    for limit in tried:
        state.limits.check(*limit)
    account = state.catalog.account_by(login=login)
    right = passwords.matches(account.password if account else None, password)
    if account is None or not right or not account.active:
        for limit in tried:
            state.limits.take(*limit)
        return _login(request, after, WRONG, login, 401)
    response = RedirectResponse(local(after), 303)
    set_login(response, state.catalog.log_in(account.id), state.served.secure)
    return response


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


@router.post("/logout")
def log_out(request: Request, csrf: Field = "") -> Response:
    check_csrf(request, csrf)
    state_of(request).catalog.log_out(request.cookies.get(LOGIN_COOKIE, ""))
    response = RedirectResponse("/login", 303)
    response.delete_cookie(LOGIN_COOKIE, path="/")
    return response


@router.get("/invitation/{secret}")
def invitation_page(request: Request, secret: str) -> Response:
    return _invitation(request, secret)


def _invitation(request: Request, secret: str, problem: str = "", login: str = "", name: str = "") -> Response:
    found = state_of(request).catalog.invitation(secret)
    status = 404 if found is None else (422 if problem else 200)
    values = {"invitation": found, "secret": secret, "problem": problem, "login": login, "name": name, "roles": ROLES}
    return render(request, "invitation.html.j2", None, status, shortest=passwords.SHORTEST, **values)


@router.post("/invitation/{secret}")
def accept(
    request: Request, secret: str, login: Field, password: Field, name: Field = "", csrf: Field = ""
) -> Response:
    state = state_of(request)
    check_csrf(request, csrf)
    state.limits.take("login from", _address(request), LOGIN_OF_ADDRESS)
    try:
        if state.catalog.invitation(secret) is None:
            return _invitation(request, secret)
        account = state.catalog.accept(secret, login, name, passwords.hashed(password))
    except UsageError as error:
        return _invitation(request, secret, told(error)[0], login, name)
    except FresqueError:
        return _invitation(request, secret)
    response = RedirectResponse("/", 303)
    set_login(response, state.catalog.log_in(account.id), state.served.secure)
    return response


OIDC_COOKIE = "fresque_oidc"


def openid_of(request: Request) -> OpenId:
    found: OpenId | None = request.app.state.openid
    if found is None:
        raise NotFound("no provider")
    return found


@router.get("/oidc/begin")
def begin_oidc(request: Request, next: str = "/") -> Response:
    """To the provider; the state stays with this browser, so that nobody is logged in by another's answer."""
    address, state = openid_of(request).begin(local(next))
    response = RedirectResponse(address, 303)
    secure = state_of(request).served.secure
    response.set_cookie(OIDC_COOKIE, state, max_age=600, httponly=True, samesite="lax", secure=secure, path="/oidc")
    return response


@router.get("/oidc/return")
def return_from_oidc(request: Request, state: str = "", code: str = "", error: str = "") -> Response:
    known = request.cookies.get(OIDC_COOKIE, "")
    if error or not known or not hmac.compare_digest(known.encode(), state.encode()):
        raise Forbidden("La connexion a été interrompue.", "recommencez")
    claims, after = openid_of(request).finish(state, code)
    account = account_of(state_of(request).catalog, claims)
    response = RedirectResponse(local(after), 303)
    set_login(response, state_of(request).catalog.log_in(account.id), state_of(request).served.secure)
    response.delete_cookie(OIDC_COOKIE, path="/oidc")
    return response


@router.get("/language/{language}")
def choose_language(request: Request, language: str, next: str = "/") -> Response:
    response = RedirectResponse(local(next), 303)
    if language in words.LANGUAGES:
        secure = state_of(request).served.secure
        response.set_cookie(words.COOKIE, language, max_age=31_536_000, samesite="lax", secure=secure, path="/")
    return response


@router.get("/account")
def account_page(desk: AtDesk) -> Response:
    mine = desk.catalog.tokens(desk.viewer.id) if desk.viewer.id else []
    return render(
        desk.request,
        "account.html.j2",
        desk,
        tokens=mine,
        scopes=[s for s in Scope if s is not Scope.ADMIN or desk.viewer.is_administrator],
        roles=ROLES,
        searches=desk.catalog.saved_searches(desk.viewer.id),
        shortest=passwords.SHORTEST,
    )


@router.get("/people")
def people_page(desk: AtDesk) -> Response:
    desk.need_administrator()
    labs = sorted({s.lab for s in desk.rights.sessions.values() if s.lab})
    return render(desk.request, "people.html.j2", desk, accounts=desk.catalog.accounts(), roles=ROLES, labs=labs)


def local(address: str) -> str:
    """The address if it is a path of ours, else the first page: a login must not send people elsewhere."""
    ours = address.startswith("/") and not address.startswith(("//", "/\\")) and "\\" not in address
    return quote(address, safe="/?&=%+:;,~-._!*'()") if ours and address.isprintable() else "/"
