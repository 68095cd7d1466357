"""Boards as the pages show them: a card each, why a person should look at it, and a strip of each day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from archive.model import Board, Phase, Photo
from fresque.titles import title
from fresque.web.forms import pictures

UNSURE_QUAD = 0.5
"""Confidence of a board's corners below which a person should look."""
MANY_DOUBTFUL = 0.25
"""Share of a board's letters read with little confidence from which a person should look."""
DOT = 24
"""Units of a strip from one board to the next without hiding it."""


def card(board: Board, photos: Mapping[str, Photo]) -> dict[str, Any]:
    photo = photos.get(board.views[0].photo_id)
    at = photo.at if photo else None
    return {
        "board": board,
        "phase": board.phase.label,
        "thumb": pictures(board).get("thumb"),
        "title": title(board),
        "alt": " ".join(board.text.split())[:300],
        "at": at.isoformat() if at else "",
        "moment": at,
        "file_name": photo.file_name if photo else "",
        "words": len(board.text.split()),
        "checks": checks(board),
        "states": [],
    }


def checks(board: Board) -> list[str]:
    """Why a person should look at it: "corners", "phase", "personal", "words"."""
    found = []
    if any(v.whole_photo or v.quad_confidence < UNSURE_QUAD for v in board.views):
        found.append("corners")
    if board.phase.label is Phase.UNSURE:
        found.append("phase")
    if board.personal:
        found.append("personal")
    letters = sum(len(line.text) for line in board.lines)
    doubtful = sum(len(line.text) for line in board.lines if line.doubtful)
    if letters and doubtful / letters >= MANY_DOUBTFUL:
        found.append("words")
    return found


def days(cards: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """For each day its boards on a line of 1,000 units from the first full hour to the last, with marks of hours; those
    that would hide each other stand in rows, from below."""
    by_day: dict[date, list[tuple[datetime, Mapping[str, Any]]]] = {}
    for each in cards:
        if each["moment"] is not None:  # what the clock on the wall said, wherever this is served
            by_day.setdefault(each["moment"].date(), []).append((each["moment"], each))
    found = []
    for day, items in sorted(by_day.items()):
        first = min(t for t, _ in items).hour
        last = max(t for t, _ in items).hour + 1
        span = max(1, last - first) * 60.0
        dots: list[dict[str, Any]] = [
            {"x": round(1000 * ((t.hour - first) * 60 + t.minute) / span, 1), "card": each, "hour": t}
            for t, each in sorted(items, key=lambda pair: pair[0])
        ]
        rows = _rows([dot["x"] for dot in dots])
        tall = DOT * max(rows)
        for dot, row in zip(dots, rows, strict=True):
            dot["y"] = tall - DOT * row
        hours = [(h, round(1000 * (h - first) * 60 / span, 1)) for h in range(first, last + 1)]
        found.append({"day": day, "dots": dots, "hours": hours[:: max(1, len(hours) // 8)], "tall": tall})
    return found


def _rows(places: Sequence[float]) -> list[int]:
    """The lowest row in which each has room beside the one before it there; places in order."""
    ends: list[float] = []
    found = []
    for x in places:
        row = next((n for n, end in enumerate(ends) if x - end >= DOT), len(ends))
        ends[row : row + 1] = [x]
        found.append(row)
    return found
