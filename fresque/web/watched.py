"""Each request gets an id, is timed, and is told in one line of the log: no query, no address that holds a secret."""

from __future__ import annotations

import logging
import re
import secrets
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fresque.addresses import API
from fresque.logs import REQUEST
from fresque.web import metrics

LOG = logging.getLogger("fresque.web.requests")
HEADER = b"x-request-id"
_GIVEN = re.compile(rb"[A-Za-z0-9._-]{1,64}\Z")
QUIET = ("/health", "/ready", "/metrics", "/static/{stamp}/{name}")
"""Asked for every few seconds: told only at the level ``debug``."""


class Watched:
    """ASGI middleware. An id that a proxy has given (X-Request-Id) is kept; the answer carries it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == HEADER), b"")
        request = given.decode() if _GIVEN.match(given) else secrets.token_hex(8)
        token = REQUEST.set(request)
        scope.setdefault("state", {})["number"] = request
        begun, status = time.perf_counter(), 500

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (HEADER, request.encode())]
            await send(message)

        try:
            await self._app(scope, receive, told)
        finally:
            seconds = time.perf_counter() - begun
            route = _route(scope)
            metrics.answered(scope["method"], route, status, seconds)
            fields = {"method": scope["method"], "route": route, "status": status, "seconds": round(seconds, 4)}
            LOG.log(_level(route, status), "answered", extra={"fields": fields})
            REQUEST.reset(token)


def _route(scope: Scope) -> str:
    """The pattern of the address; FastAPI gives that of a router without the router's prefix."""
    route = getattr(scope.get("route"), "path", "")
    inside = scope["path"].startswith(f"{API}/") and not route.startswith(API)
    return (API if inside and route else "") + route or "none"


def _level(route: str, status: int) -> int:
    if status >= 500:
        return logging.ERROR
    return logging.DEBUG if route in QUIET else logging.INFO
