"""The application: routes, what guards them, and what runs beside them."""

from __future__ import annotations

import importlib.metadata
import importlib.resources
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from archive.errors import FresqueError, NotFound
from fresque.addresses import API
from fresque.app import App
from fresque.web import answers, faults, iiif, metrics
from fresque.web import keys as keys  # registers how ids stand in addresses
from fresque.web.api import (
    accounts,
    atlas,
    boards,
    decided,
    events,
    exports,
    mending,
    photos,
    search,
    sessions,
    uploads,
)
from fresque.web.exporting import Exports
from fresque.web.guard import HEADERS, Guard
from fresque.web.keeper import Keeper
from fresque.web.oidc import OpenId
from fresque.web.pages import board, home, people, session
from fresque.web.pages import search as search_pages
from fresque.web.parts import Parts
from fresque.web.render import version
from fresque.web.state import Served, State
from fresque.web.watched import Watched
from fresque.web.words import words_for

THREADS = 10
"""Requests in work at once; the others wait their turn. Python runs one at a time, and forty that take turns are all
answered late."""
STATIC = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
DESCRIPTION = """Everything the pages do. Log in on the pages, or send a token: `Authorization: Bearer fresque_…`.
What you may not see answers as what is not there: 404."""


def create(app: App, served: Served | None = None) -> FastAPI:
    """The pages and API of an open archive; ``app`` stays the caller's to close."""
    served = served or Served()
    keeper = Keeper(app, served.processing, served.apart)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = THREADS
        keeper.start()
        yield
        keeper.close()
        written.close()

    web = FastAPI(
        title="Fresque",
        version=importlib.metadata.version("fresque"),
        description=DESCRIPTION,
        openapi_url=f"{API}/openapi.json",
        docs_url=None,  # its page loads code from elsewhere
        redoc_url=None,
        lifespan=life,
    )
    web.state.fresque = State(app, served, keeper)
    web.state.parts = Parts(app.archive.path / "uploads")
    web.state.exports = written = Exports(app.archive.path)
    provider = served.provider
    web.state.openid = OpenId(provider, f"{served.address}/oidc/return") if provider else None
    web.add_middleware(Guard)
    web.state.figures = metrics.Catalogue(app)
    web.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    web.add_middleware(Watched)  # the outermost: what it times is the whole answer
    for module in (sessions, decided, photos, boards, mending, uploads, search, atlas, accounts, events, exports):
        web.include_router(module.router, prefix=API, responses=_problems())
    web.include_router(iiif.router)
    for pages in (home, session, board, search_pages, people):
        web.include_router(pages.router)
    web.get("/static/{stamp}/{name}", include_in_schema=False)(static)
    web.get("/health", include_in_schema=False)(metrics.health)
    web.get("/ready", include_in_schema=False)(metrics.ready)
    web.get("/metrics", include_in_schema=False)(metrics.metrics)
    web.add_exception_handler(FresqueError, _fault)
    web.add_exception_handler(HTTPException, _http)
    web.add_exception_handler(RequestValidationError, _invalid)
    web.add_exception_handler(Exception, _unexpected)
    return web


def _problems() -> dict[int | str, dict[str, object]]:
    form = {
        "type": "object",
        "properties": {"error": {"type": "string"}, "hint": {"type": "string"}},
        "required": ["error", "hint"],
    }
    told = {401: "not logged in", 403: "not allowed", 404: "not there, or not for you", 409: "does not follow",
            415: "no photo", 422: "cannot mean anything", 429: "too often", 503: "busy"}  # fmt: skip
    return {
        code: {"description": text, "content": {"application/json": {"schema": form}}} for code, text in told.items()
    }


def static(stamp: str, name: str) -> Response:
    """Files that lie beside the code. Their address holds a digest of them all, so they may be kept for good."""
    known = {f.name: f for f in importlib.resources.files("fresque.web").joinpath("data", "static").iterdir()}
    if name not in known:
        raise NotFound(name)
    kind = STATIC.get("." + name.rpartition(".")[2], "application/octet-stream")
    kept = "public, max-age=31536000, immutable" if stamp == version() else "no-cache"
    return Response(known[name].read_bytes(), media_type=kind, headers={"Cache-Control": kept})


# --- faults --------------------------------------------------------------------------------------------------


async def _fault(request: Request, error: Exception) -> Response:
    assert isinstance(error, FresqueError)
    away = answers.for_program(request) or request.url.path.startswith("/oidc")
    if isinstance(error, faults.NotLoggedIn) and not away:
        return answers.to_login(request)
    return answers.told(request, faults.status(error), *faults.told(error))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    message = {404: "Cette page n’existe pas.", 405: "Cette adresse ne répond pas ainsi."}.get(error.status_code)
    answer = answers.told(request, error.status_code, message or str(error.detail))
    answer.headers.update(error.headers or {})
    return answer


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    where = "; ".join(f"{'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in error.errors()[:5])
    return answers.told(request, 422, "La demande ne peut être comprise.", where)


async def _unexpected(request: Request, error: Exception) -> Response:
    """The log has it; nothing of it is told."""
    number = getattr(request.state, "number", "")
    said = words_for(request)
    hint = said("Réessayez. Si cela revient, donnez ce numéro à qui tient le service : {number}", number=number)
    answer = answers.told(request, 500, said("Quelque chose s’est mal passé de notre côté."), hint, with_menu=False)
    answer.headers.update(HEADERS)  # it is outside of what guards the others
    return answer
