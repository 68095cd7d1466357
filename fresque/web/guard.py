"""What holds for every answer: headers that keep foreign code out, the host that was asked for, the size of a body."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fresque.web import answers
from fresque.web.desk import CSRF_COOKIE, LOOPBACK, SAFE, state_of

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
}
MOST_BODY = 1_000_000
"""Bytes of a request that is no upload."""


class Guard:
    """Around every answer. Plain ASGI: Starlette's middleware of functions puts a task and two streams around each
    request, which is a tenth of what a search takes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(request, MutableHeaders(scope=message))
            await send(message)

        await (_refused(request) or self._app)(scope, receive, told)


def _add_headers(request: Request, headers: MutableHeaders) -> None:
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", "no-store")
    made = getattr(request.state, "csrf", None)
    if made is not None:
        cookie = Response()
        secure = state_of(request).served.secure
        cookie.set_cookie(CSRF_COOKIE, made, httponly=False, samesite="strict", secure=secure, path="/")
        headers.append("Set-Cookie", cookie.headers["set-cookie"])


def _refused(request: Request) -> Response | None:
    state = state_of(request)
    if not state.with_accounts() and not is_local(request):
        message = "Sans compte, les pages ne sont servies qu’à cette machine (fresque account add LOGIN)."
        return answers.told(request, 403, message, with_menu=False)
    if request.method not in SAFE:
        origin = request.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != request.headers.get("host", ""):
            return answers.told(request, 403, "Cette demande vient d’une autre page.", with_menu=False)
        if "/uploads/" not in request.url.path:
            length = request.headers.get("content-length")
            if length is None and "transfer-encoding" in request.headers:
                return answers.told(request, 411, "La longueur manque.", with_menu=False)
            if length is not None and (not length.isdigit() or int(length) > MOST_BODY):
                return answers.told(request, 413, "La demande est trop longue.", with_menu=False)
    return None


def is_local(request: Request) -> bool:
    """From this machine, asked for under its own name (a foreign name that points here is an attack), and not handed
    on by a proxy, which would make everybody local."""
    host = (request.url.hostname or "").strip("[]")
    client = request.client.host if request.client else ""
    handed_on = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    return host in LOOPBACK and client in LOOPBACK and not handed_on
