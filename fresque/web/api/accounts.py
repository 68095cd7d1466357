"""People over the API: oneself, tokens, and for administrators the accounts and invitations."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from archive.accounts import Account, Role, Token
from archive.errors import UsageError
from fresque.web import passwords
from fresque.web.api.bodies import AccountBody, InvitationBody, PasswordBody, TokenBody
from fresque.web.desk import LOGIN_COOKIE, AtDesk
from fresque.web.faults import Forbidden
from fresque.web.limits import LOGIN_OF_NAME

router = APIRouter(tags=["people"])


def account_form(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "login": account.login,
        "name": account.name,
        "role": account.role.value,
        "labs": list(account.labs),
        "active": account.active,
        "by_provider": account.subject is not None,
    }


def token_form(token: Token) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "scopes": [s.value for s in token.scopes],
        "made_at": token.made_at.isoformat(),
        "until": token.until.isoformat() if token.until else None,
    }


@router.get("/me")
def me(desk: AtDesk) -> dict[str, Any]:
    """Who you are to this archive; ``account`` is null where it has none."""
    account = desk.viewer.account
    return {
        "account": account_form(account) if account else None,
        "scopes": sorted(s.value for s in desk.viewer.scopes),
        "may_change": desk.viewer.is_facilitator,
        "administers": desk.rights.administers,
    }


@router.post("/me/password", status_code=204, response_class=Response)
def change_password(body: PasswordBody, desk: AtDesk) -> Response:
    """Ends every login of this account but this browser's, which gets a new one."""
    key = desk.need_account()
    if desk.viewer.by_token:
        raise Forbidden("Un mot de passe se change sur les pages.")
    desk.state.limits.take("password", key, LOGIN_OF_NAME)
    account = desk.catalog.account(key)
    if not passwords.matches(account.password, body.old):
        raise UsageError("L’ancien mot de passe n’est pas le bon.")
    desk.catalog.change_account(key, desk.name, password=passwords.hashed(body.new))
    response = Response(status_code=204)
    set_login(response, desk.catalog.log_in(key), desk.state.served.secure)
    return response


def set_login(response: Response, secret: str, secure: bool) -> None:
    """Lax: a link in a mail must open the page it names."""
    response.set_cookie(
        LOGIN_COOKIE, secret, max_age=14 * 86_400, httponly=True, samesite="lax", secure=secure, path="/"
    )


@router.get("/me/tokens")
def my_tokens(desk: AtDesk) -> list[dict[str, Any]]:
    return [token_form(t) for t in desk.catalog.tokens(desk.need_account())]


@router.post("/me/tokens", status_code=201)
def make_token(body: TokenBody, desk: AtDesk) -> dict[str, Any]:
    """``secret`` is shown this once. Only who is logged in makes one: a token that is found would outlive its end, and
    its revoking, by those it made."""
    key = desk.need_account()
    desk.rights.need(not desk.viewer.by_token, "Un jeton n’en fait pas d’autre : connectez-vous.")
    desk.rights.need(set(body.scopes) <= desk.viewer.scopes, "Ce jeton pourrait plus que vous.")
    token, secret = desk.catalog.add_token(key, body.name, sorted(set(body.scopes)), body.until)
    return token_form(token) | {"secret": secret}


@router.delete("/me/tokens/{token_id}", status_code=204, response_class=Response)
def revoke_token(token_id: str, desk: AtDesk) -> Response:
    desk.need_write()
    desk.catalog.revoke_token(desk.need_account(), token_id)
    return Response(status_code=204)


@router.get("/accounts")
def accounts(desk: AtDesk) -> list[dict[str, Any]]:
    desk.need_administrator()
    return [account_form(a) for a in desk.catalog.accounts()]


@router.patch("/accounts/{account_id}")
def change_account(account_id: str, body: AccountBody, desk: AtDesk) -> dict[str, Any]:
    desk.need_administrator()
    values = {n: v for n, v in body.model_dump(exclude_unset=True).items() if v is not None}
    if "role" in values:
        values["role"] = values["role"].value
    if not values:
        return account_form(desk.catalog.account(account_id))
    return account_form(desk.catalog.change_account(account_id, desk.name, **values))


@router.post("/invitations", status_code=201)
def invite(body: InvitationBody, desk: AtDesk) -> dict[str, str]:
    """The address of a page where one person makes their account; it is shown this once."""
    desk.need_administrator()
    if body.role is not Role.ADMINISTRATOR and not desk.state.with_accounts():
        raise UsageError("La première personne invitée doit administrer l’archive.", "invitez-la comme administratrice")
    secret = desk.catalog.invite(body.role, body.labs, desk.name)
    return {"address": f"{desk.state.served.address}/invitation/{secret}"}
