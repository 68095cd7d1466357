"""What holds for every answer: headers that keep foreign code out, the host that was asked for, the size of a body."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from fastapi import Request, Response
from starlette.responses import JSONResponse

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


async def guard(request: Request, proceed: Callable[[Request], Awaitable[Response]]) -> Response:
    refused = _refused(request)
    response = refused if refused is not None else await proceed(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    made = getattr(request.state, "csrf", None)
    if made is not None:
        secure = state_of(request).served.secure
        response.set_cookie(CSRF_COOKIE, made, httponly=False, samesite="strict", secure=secure, path="/")
    return response


def _refused(request: Request) -> Response | None:
    state = state_of(request)
    if not state.with_accounts() and not _is_local(request):
        return _no(403, "Sans compte, les pages ne sont servies qu’à cette machine (fresque account add LOGIN).")
    if request.method not in SAFE:
        origin = request.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != request.headers.get("host", ""):
            return _no(403, "Cette demande vient d’une autre page.")
        if "/uploads/" not in request.url.path:
            length = request.headers.get("content-length")
            if length is None and "transfer-encoding" in request.headers:
                return _no(411, "La longueur manque.")
            if length is not None and (not length.isdigit() or int(length) > MOST_BODY):
                return _no(413, "La demande est trop longue.")
    return None


def _is_local(request: Request) -> bool:
    """From this machine, asked for under its own name (a foreign name that points here is an attack), and not handed
    on by a proxy, which would make everybody local."""
    host = (request.url.hostname or "").strip("[]")
    client = request.client.host if request.client else ""
    handed_on = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    return host in LOOPBACK and client in LOOPBACK and not handed_on


def _no(status: int, message: str) -> Response:
    return JSONResponse({"error": message, "hint": ""}, status)
