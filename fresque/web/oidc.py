"""Logging in by OpenID Connect: authorisation code with PKCE, state bound to the browser, ID token checked in full.

https://openid.net/specs/openid-connect-core-1_0.html, sections 3.1.2 and 3.1.3.7. Who comes for the first time gets a
reader's account of no lab; an administrator gives more. Accounts are matched by issuer and subject, never by mail
address: a provider that lets people choose theirs would let them take over somebody's account.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from archive.accounts import Account, Role
from archive.catalog import Catalog
from archive.errors import UsageError
from fresque.web.faults import Forbidden, NotLoggedIn
from fresque.web.state import Provider

LOG = logging.getLogger("fresque.web")
SCOPE = "openid email profile"
SECONDS = 600.0  # for somebody to log in at the provider
MOST_OPEN = 5000
LEEWAY = 60  # seconds two clocks may differ
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]  # never none, never the client's secret


@dataclass(frozen=True)
class Begun:
    nonce: str
    verifier: str
    after: str
    until: float


class OpenId:
    """One provider; safe to use from several threads."""

    def __init__(self, provider: Provider, redirect_uri: str) -> None:
        self._provider = provider
        self._redirect = redirect_uri
        self._begun: dict[str, Begun] = {}
        self._lock = threading.Lock()
        self._known: dict[str, Any] | None = None

    def begin(self, after: str) -> tuple[str, str]:
        """Where to send the browser, and the state to leave with it. Raises UsageError."""
        begun = Begun(secrets.token_urlsafe(24), secrets.token_urlsafe(48), after, time.monotonic() + SECONDS)
        with self._client() as client:
            address, state = client.create_authorization_url(
                self._metadata()["authorization_endpoint"], nonce=begun.nonce, code_verifier=begun.verifier
            )
        with self._lock:
            now = time.monotonic()
            self._begun = {s: b for s, b in list(self._begun.items())[-MOST_OPEN:] if b.until > now}
            self._begun[state] = begun
        return str(address), str(state)

    def finish(self, state: str, code: str) -> tuple[dict[str, Any], str]:
        """Claims of a checked ID token, and where the person wanted to go. Each state serves once.

        Raises NotLoggedIn.
        """
        with self._lock:
            begun = self._begun.pop(state, None)
        if begun is None or begun.until < time.monotonic() or not code:
            raise NotLoggedIn("Cette connexion a pris trop de temps.", "recommencez")
        try:
            with self._client() as client:
                token = client.fetch_token(
                    self._metadata()["token_endpoint"],
                    code=code,
                    code_verifier=begun.verifier,
                    grant_type="authorization_code",
                )
                claims = self._checked(str(token["id_token"]), begun.nonce)
                return claims | self._said_of(client, str(claims["sub"])), begun.after
        except (httpx.HTTPError, JoseError, ValueError, KeyError) as error:
            raise NotLoggedIn("Le fournisseur d’identité n’a pas confirmé la connexion.", "recommencez") from error
        except Exception as error:  # what the client raises for a provider's refusal has no common base
            LOG.warning("OpenID Connect: %s", error)
            if type(error).__module__.startswith("authlib"):
                raise NotLoggedIn("Le fournisseur d’identité a refusé la connexion.", "recommencez") from error
            raise

    def _checked(self, token: str, nonce: str) -> dict[str, Any]:
        metadata = self._metadata()
        keys = KeySet.import_key_set(httpx.get(metadata["jwks_uri"], timeout=10).raise_for_status().json())
        decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
        registry = jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": metadata["issuer"]},
            aud={"essential": True, "value": self._provider.client_id},
            exp={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        registry.validate(decoded.claims)
        return dict(decoded.claims)

    def _said_of(self, client: OAuth2Client, subject: str) -> dict[str, Any]:
        """Name and mail address, which many providers keep out of the ID token; only of the same subject (5.3.2)."""
        address = self._metadata().get("userinfo_endpoint")
        if not address:
            return {}
        found = client.get(address).raise_for_status().json()
        if found.get("sub") != subject:
            raise ValueError("userinfo is another's")
        return {name: found[name] for name in ("email", "name", "preferred_username") if name in found}

    def _client(self) -> OAuth2Client:
        return OAuth2Client(
            self._provider.client_id,
            self._provider.client_secret or None,
            scope=SCOPE,
            redirect_uri=self._redirect,
            code_challenge_method="S256",
            timeout=10,
            leeway=0,  # the token is used at once: one of a minute is long enough
        )

    def _metadata(self) -> dict[str, Any]:
        """Raises UsageError when the provider cannot be reached or says it is another."""
        if self._known is None:
            address = f"{self._provider.issuer}/.well-known/openid-configuration"
            try:
                found = httpx.get(address, timeout=10).raise_for_status().json()
            except (httpx.HTTPError, ValueError) as error:
                raise UsageError("Le fournisseur d’identité ne répond pas.", "réessayez plus tard") from error
            if str(found.get("issuer", "")).rstrip("/") != self._provider.issuer:
                raise UsageError("Le fournisseur d’identité n’est pas celui qui est attendu.", "FRESQUE_OIDC_ISSUER")
            self._known = found
        return self._known


def account_of(catalog: Catalog, claims: dict[str, Any]) -> Account:
    """The account of who came, made when it is new. Raises Forbidden when it is closed."""
    subject = f"{claims['iss']}|{claims['sub']}"
    known = catalog.account_by(subject=subject)
    if known is None:
        wanted = str(claims.get("email") or claims.get("preferred_username") or claims["sub"])
        login = "".join(wanted.split())[:150]
        if catalog.account_by(login=login) is not None:
            login = f"{login}+{secrets.token_hex(4)}"
        name = str(claims.get("name") or login)[:200]
        known = catalog.add_account(Account("", login, name, Role.READER, subject=subject), "OpenID Connect")
    if not known.active:
        raise Forbidden("Ce compte est fermé.")
    return known
