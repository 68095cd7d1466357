"""What sessions decided, as rows for lists and files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from archive.model import Board, Decided, DecidedKind, Photo, Session

if TYPE_CHECKING:
    from capture.pipeline.actions.recurring import Recurring

KINDS = tuple(str(kind) for kind in DecidedKind)
COLUMNS = ("session", "board", "photo", "kind", "text", "owner", "due", "repeats", "next", "done", "source", "said_by")


@dataclass(frozen=True)
class Row:
    """One thing that was decided; ``number`` counts on its board, from 1."""

    session: str
    board: Board
    photo: str  # file name
    number: int
    item: Decided
    written: date | None = None  # the day on which the board was

    @cached_property
    def again(self) -> Recurring | None:
        """What an action says to come again."""
        from capture.pipeline.actions import recurring  # the pipeline, which no list of commands waits for

        return recurring.of(self.item) if self.item.kind is DecidedKind.ACTION else None

    @property
    def first(self) -> date | None:
        """The day on which it is due, or due first."""
        from capture.pipeline.actions import recurring

        if not self.again:
            return self.item.due
        set_day = self.item.due if self.item.due != self._end else None
        return set_day or (recurring.next_day(self.again.rule, self.written) if self.written else None)

    @property
    def rule(self) -> str:
        """RFC 5545, with its end; empty for what is done once."""
        return (self.again.rule if self.again else "") + (f";UNTIL={self._end:%Y%m%d}" if self._end else "")

    @property
    def _end(self) -> date | None:
        from capture.pipeline.actions import recurring

        if not self.again or not self.written:
            return None
        return recurring.until(self.item.source.replace("\n", " "), self.written)

    @property
    def key(self) -> str:
        return f"{self.board.id}:{self.number}"

    def values(self) -> tuple[str, ...]:
        item = self.item
        due = item.due.isoformat() if item.due else ""
        return (
            self.session, self.board.id, self.photo, item.kind.value, item.text, item.owner, due,
            self.again.text if self.again else "", self.first.isoformat() if self.again and self.first else "",
            "yes" if item.done else "", item.source.replace("\n", " / "), item.said_by,
        )  # fmt: skip


def rows(boards: Iterable[Board], photos: Mapping[str, Photo], session: Session) -> list[Row]:
    """Of the boards of a session, in their order; ``photos`` by id."""
    from capture.settle import first_seen, written_on

    made = []
    for board in boards:
        photo, written = photos.get(board.views[0].photo_id), written_on(first_seen(board, photos), session)
        name = photo.file_name if photo else ""
        made += [Row(board.session_id, board, name, n, item, written) for n, item in enumerate(board.decided, start=1)]
    return made


def by_urgency(row: Row) -> tuple[int, bool, date]:
    """Sorts: actions first, those done last among them, then by date."""
    return KINDS.index(row.item.kind), row.item.done, row.first or date.max


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
    """RFC 5545: a to-do for each action, and an all-day event where it has a date, which most calendars show; what
    comes again («chaque lundi») does so there too, from its next day on."""
    from icalendar import Calendar, Event, Todo, vRecur

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
            if kind == "event" and row.first is None:
                continue
            made.add("uid", f"{row.board.id}-{x}-{y}-{kind}@fresque")  # its place stays when its number changes
            made.add("dtstamp", stamp)
            made.add("summary", said)
            made.add("description", about)
            if kind == "todo" and item.done:
                made.add("status", "COMPLETED")
            if row.first and (kind == "event" or row.rule):  # a rule counts from a start
                made.add("dtstart", row.first)
            if row.first and kind == "event":
                made.add("dtend", row.first + timedelta(days=1))
            elif row.first and not row.rule:
                made.add("due", row.first)
            if row.first and row.rule:
                made.add("rrule", vRecur.from_ical(row.rule))
            calendar.add_component(made)
    data: bytes = calendar.to_ical()
    return data
