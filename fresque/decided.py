"""What sessions decided: as rows for lists and files, and where on a board something belongs that was not found."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from archive import geometry
from archive.model import Board, Decided, DecidedKind, Point, Polygon

KINDS = tuple(str(kind) for kind in DecidedKind)
COLUMNS = ("session", "board", "photo", "kind", "text", "owner", "due", "done", "source", "said_by")
TAKEN = 0.5
"""A line is taken where that share of it, or of something decided, lies under the other."""
ALIKE = 60
"""Of 100 (rapidfuzz, partial ratio): from there on a line may be where a text is written."""
CELLS = 8


@dataclass(frozen=True)
class Row:
    """One thing that was decided; ``number`` counts on its board, from 1."""

    session: str
    board: Board
    photo: str  # file name
    number: int
    item: Decided

    @property
    def key(self) -> str:
        return f"{self.board.id}:{self.number}"

    def values(self) -> tuple[str, ...]:
        item = self.item
        due = item.due.isoformat() if item.due else ""
        return (
            self.session, self.board.id, self.photo, item.kind.value, item.text, item.owner, due,
            "yes" if item.done else "", item.source.replace("\n", " / "), item.said_by,
        )  # fmt: skip


def rows(boards: Iterable[Board], photos: Mapping[str, str]) -> list[Row]:
    """In the order of the boards; ``photos``: file names by id."""
    return [
        Row(board.session_id, board, photos.get(board.views[0].photo_id, ""), number, item)
        for board in boards
        for number, item in enumerate(board.decided, start=1)
    ]


def by_urgency(row: Row) -> tuple[int, bool, date]:
    """Sorts: actions first, those done last among them, then by date."""
    return KINDS.index(row.item.kind), row.item.done, row.item.due or date.max


def as_csv(found: Sequence[Row]) -> bytes:
    """UTF-8 with a byte order mark and semicolons: what French spreadsheets open as it is."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(COLUMNS)
    writer.writerows([_harmless(value) for value in row.values()] for row in found)
    return out.getvalue().encode("utf-8-sig")


def _harmless(value: str) -> str:
    """A cell that begins as a formula is a text: spreadsheets would run it."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def as_calendar(found: Sequence[Row], title: str) -> bytes:
    """RFC 5545: a to-do for each action, and an all-day event where it has a date, which most calendars show."""
    from icalendar import Calendar, Event, Todo

    calendar = Calendar()
    calendar.add("prodid", "-//Fresque//actions//FR")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", title)
    stamp = datetime.combine(date.today(), time(), UTC)
    for row in (r for r in found if r.item.kind is DecidedKind.ACTION):
        x, y = (round(min((point[i] for point in row.item.polygon), default=0.0)) for i in (0, 1))
        item, said = row.item, row.item.text + (f" ({row.item.owner})" if row.item.owner else "")
        about = f"{title}\n« {item.source} »\n{row.photo}, {row.board.id}"
        for made, kind in ((Todo(), "todo"), (Event(), "event")):
            if kind == "event" and item.due is None:
                continue
            made.add("uid", f"{row.board.id}-{x}-{y}-{kind}@fresque")  # its place stays when its number changes
            made.add("dtstamp", stamp)
            made.add("summary", said)
            made.add("description", about)
            if kind == "todo" and item.done:
                made.add("status", "COMPLETED")
            if item.due and kind == "todo":
                made.add("due", item.due)
            elif item.due:
                made.add("dtstart", item.due)
                made.add("dtend", item.due + timedelta(days=1))
            calendar.add_component(made)
    data: bytes = calendar.to_ical()
    return data


# --- a place for what was not found --------------------------------------------------------------------------


def place_for(board: Board, text: str) -> Polygon:
    """The outline, in photo pixels, that a new item of a board gets: the free line that reads most like it, else the
    emptiest spot, so that it takes nothing away that was found."""
    from rapidfuzz import fuzz

    taken = [item.polygon for item in board.decided]
    free = [line for line in board.lines if geometry.area(line.polygon) > 0 and not _meets(line.polygon, taken)]
    best = max(free, key=lambda line: fuzz.partial_ratio(line.text, text), default=None)
    if best is not None and fuzz.partial_ratio(best.text, text) >= ALIKE:
        return best.polygon
    return min(_cells(board), key=lambda cell: _weight(cell, taken, [line.polygon for line in board.lines]))


def _meets(place: Polygon, taken: Sequence[Polygon]) -> bool:
    return geometry.covered(place, taken) >= TAKEN or any(geometry.covered(t, [place]) >= TAKEN for t in taken)


def _weight(cell: Polygon, taken: Sequence[Polygon], lines: Sequence[Polygon]) -> tuple[bool, float, float]:
    return _meets(cell, taken), round(geometry.covered(cell, taken), 3), round(geometry.covered(cell, lines), 3)


def _cells(board: Board) -> Iterator[Polygon]:
    """The board's quad in equal parts, from its top left."""
    a, b, c, d = board.views[0].quad

    def at(u: float, v: float) -> Point:
        x, y = (
            (1 - v) * ((1 - u) * a[i] + u * b[i]) + v * ((1 - u) * d[i] + u * c[i])
            for i in (0, 1)
        )  # fmt: skip
        return (x, y)

    steps = [n / CELLS for n in range(CELLS + 1)]
    for top, bottom in pairwise(steps):
        for left, right in pairwise(steps):
            yield (at(left, top), at(right, top), at(right, bottom), at(left, bottom))
