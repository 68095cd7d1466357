"""Templates: everything escaped, words in the reader's language, addresses made in one place."""

from __future__ import annotations

import hashlib
import importlib.resources
from functools import cache
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from archive.model import METHOD_PHASES, Phase
from fresque.web.desk import Desk, csrf_of
from fresque.web.keys import to_path
from fresque.web.words import LANGUAGES, PHASES, words_for

PHASE_ORDER = (*METHOD_PHASES, Phase.UNSURE, Phase.NONE)


@cache
def version() -> str:
    """Of the static files together: their addresses change with them."""
    files = importlib.resources.files("fresque.web").joinpath("data", "static").iterdir()
    whole = hashlib.sha256()
    for file in sorted(files, key=lambda f: f.name):
        whole.update(file.read_bytes())
    return whole.hexdigest()[:10]


@cache
def environment() -> Environment:
    made = Environment(
        loader=PackageLoader("fresque.web", "data/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "phases": PHASE_ORDER,
        "phase_words": PHASES,
        "languages": LANGUAGES,
        "icon": icon,
    }
    made.filters |= {"key": to_path, "said": lambda text, words: words.said(text)}
    return made


def render(request: Request, name: str, desk: Desk | None = None, status: int = 200, /, **values: Any) -> HTMLResponse:
    words = words_for(request)
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    html = (
        environment()
        .get_template(name)
        .render(
            _=words,
            n_=words.count,
            words=words,
            desk=desk,
            csrf=csrf_of(request),
            static=f"/static/{version()}",
            path=path,
            theme=request.cookies.get("fresque_theme", "")
            if request.cookies.get("fresque_theme") in ("light", "dark")
            else "",
            **values,
        )
    )
    return HTMLResponse(html, status)


_ICONS = {
    "search": "M10.5 3a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15Zm5.3 12.8L21 21",
    "upload": "M12 16V4m0 0-5 5m5-5 5 5M4 16v3a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-3",
    "wall": "M3 5h18v12H3zM8 21l2-4m6 4-2-4",
    "map": "".join(
        f"M{x} {y}a1.5 1.5 0 1 0 .01 0" for x, y in ((6, 6), (15, 4), (11, 11), (18, 11), (6, 17), (16, 18))
    ),
    "time": "M12 7v5l3 2M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Z",
    "person": "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM4 21c1-4 4-6 8-6s7 2 8 6",
    "check": "m5 12.5 4.5 4.5L19 7.5",
    "alert": "M12 8v5m0 3.5v.01M12 3 2.5 20h19z",
    "plus": "M12 5v14M5 12h14",
    "close": "M6 6l12 12M18 6 6 18",
    "left": "m14.5 5-7 7 7 7",
    "right": "m9.5 5 7 7-7 7",
    "sun": "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM12 2v2m0 16v2M5 5l1 1m12 12 1 1M2 12h2m16 0h2M5 19l1-1M18 6l1-1",
    "feed": "M5 19h.01M5 12a7 7 0 0 1 7 7M5 5a14 14 0 0 1 14 14",
    "trash": "M5 7h14M10 7V4h4v3m3 0-1 13H8L7 7",
    "undo": "M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6v1",
    "corners": "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
    "download": "M12 4v12m0 0-5-5m5 5 5-5M4 20h16",
    "star": "m12 3.5 2.6 5.6 6 .7-4.5 4.1 1.3 6-5.4-3.1-5.4 3.1 1.3-6L3.4 9.8l6-.7z",
    "note": "M4 4h16v11l-5 5H4zM15 20v-5h5",
}


def icon(name: str) -> Markup:
    """A drawing of 24 units, beside words that say the same: hidden from readers of screens."""
    return Markup(
        f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{_ICONS[name]}"/></svg>'
    )
