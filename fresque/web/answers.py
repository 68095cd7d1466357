"""What went wrong, told to who asked: a page to a person, JSON to a program."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from archive.errors import FresqueError
from fresque.web.desk import Desk
from fresque.web.render import render
from fresque.web.words import words_for


def for_program(request: Request) -> bool:
    return request.url.path.startswith("/api/") or "application/json" in request.headers.get("accept", "")


def told(request: Request, status: int, message: str, hint: str = "", with_menu: bool = True) -> Response:
    """``with_menu``: with what leads elsewhere, where it is known who asks."""
    words = words_for(request)
    message, hint = words.said(message), words.said(hint)
    if for_program(request):
        return JSONResponse({"error": message, "hint": hint}, status)
    desk = _desk(request) if with_menu else None
    return render(request, "fault.html.j2", desk, status, message=message, hint=hint, code=status)


def to_login(request: Request) -> Response:
    """And from there back to the address that was asked for, with all that stands in it."""
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/login?next={quote(asked, safe='')}", 303)


def _desk(request: Request) -> Desk | None:
    try:
        return Desk(request)
    except FresqueError:
        return None
