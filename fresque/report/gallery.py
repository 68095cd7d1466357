"""A session as one static page with its boards' images: to look at without a server."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from archive.model import METHOD_PHASES, Board, Phase, Session
from archive.store import Archive

LABELS = {
    Phase.SCAN: "SCAN – explorer",
    Phase.FOCUS: "FOCUS – concevoir",
    Phase.ACT: "ACT – décider",
    Phase.UNSURE: "À vérifier",
    Phase.NONE: "Hors phase",
}
DOUBTFUL = 0.5  # below this confidence a line is marked, never shown as fact


def write(archive: Archive, session_id: str, folder: Path) -> Path:
    """Write ``index.html`` and ``images/`` into ``folder``; returns the page."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    session = archive.catalog.session(session_id)
    boards = archive.catalog.boards(session_id=session_id)
    names = {p.id: p.file_name for p in archive.catalog.photos(session_id=session_id)}
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    cards = [_card(archive, board, names, images) for board in boards]
    groups = [
        (phase, [c for c in cards if c["phase"] is phase]) for phase in (*METHOD_PHASES, Phase.UNSURE, Phase.NONE)
    ]
    environment = Environment(
        loader=PackageLoader("fresque.report", "data"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    page = folder / "index.html"
    html = environment.get_template("gallery.html.j2").render(
        session=session,
        dates=_dates(session),
        requesters=", ".join(r.name for r in session.requesters),
        total=len(boards),
        groups=[(phase, sorted(found, key=lambda c: c["photo"])) for phase, found in groups if found],
        labels=LABELS,
        phases=list(Phase),
    )
    page.write_text(html, encoding="utf-8")
    return page


def _card(archive: Archive, board: Board, names: dict[str, str], images: Path) -> dict[str, Any]:
    files = {}
    for kind, ending in (("clean", "jpg"), ("thumb", "webp")):
        file = images / f"{board.id}-{kind}.{ending}"
        file.write_bytes(archive.blobs.get(board.renditions[kind]))
        files[kind] = os.path.relpath(file, images.parent)
    return {
        "id": board.id,
        "phase": board.phase.label,
        "title": board.caption or next((line.text for line in board.lines), "(rien de lu)"),
        "photo": names[board.views[0].photo_id],
        "words": len(board.text.split()),
        "evidence": ", ".join(board.phase.evidence[:3]),
        "image": files["clean"],
        "thumb": files["thumb"],
        "lines": [{"text": line.text, "doubtful": line.confidence < DOUBTFUL} for line in board.lines],
    }


def _dates(session: Session) -> str:
    if not session.start:
        return "sans date"
    first = session.start.strftime("%d/%m/%Y")
    last = session.end.strftime("%d/%m/%Y") if session.end and session.end != session.start else ""
    return f"{first} – {last}" if last else first
