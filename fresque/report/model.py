"""What a report shows, ready to be laid out: every format draws from this and asks the archive for nothing more.

Coordinates are pixels of the straightened, upright board: origin top left, x to the right, y down.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from archive.model import DOUBTFUL, Board, Colour, Content, Phase, Point, Session
from capture.pipeline.lists import Item, items


@dataclass(frozen=True, slots=True)
class Box:
    """Axis-parallel, board pixels."""

    x: float
    y: float
    width: float
    height: float

    @classmethod
    def around(cls, points: Sequence[Point]) -> Box:
        if not points:
            return cls(0.0, 0.0, 0.0, 0.0)
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return cls(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line on its board. What is doubtful of it is marked, never shown as fact. Without a polygon it is of another
    photo of a merged board: it is told, and stands nowhere on the picture."""

    text: str
    polygon: tuple[Point, ...]
    box: Box
    words: tuple[tuple[str, float], ...]  # parted at spaces, with their confidence
    confidence: float
    doubtful: bool

    def runs(self, past: int = 0) -> list[tuple[str, bool]]:
        """Words in a row that are alike sure or doubtful, with a space between two runs left to whom it shows; without
        the first ``past`` letters of the line, which are a list's sign."""
        rest = self.text[past:].split()
        said = self.words[len(self.words) - len(rest) :] if past else self.words
        words = [(text, sure) for text, (_, sure) in zip(rest, said, strict=True)] if past else said
        alike = groupby(words, key=lambda word: word[1] < DOUBTFUL)
        return [(" ".join(word for word, _ in some), doubtful) for doubtful, some in alike]


@dataclass(frozen=True, slots=True)
class PlacedRegion:
    """A note (``colour`` is set) or a block of text."""

    lines: tuple[PlacedLine, ...]
    polygon: tuple[Point, ...]
    box: Box
    is_note: bool
    colour: Colour | None
    group: int | None

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def items(self) -> tuple[Item, ...]:
        """Lists, item by item."""
        return items([line.text for line in self.lines])


@dataclass(frozen=True, slots=True)
class Sheet:
    """One board with what was read on it, placed on its straightened image."""

    board: Board
    title: str
    photo_name: str
    taken_at: datetime | None
    at: datetime | None  # what the clock on the wall said then
    width: int
    height: int
    regions: tuple[PlacedRegion, ...]

    @property
    def phase(self) -> Phase:
        return self.board.phase.label

    @property
    def lines(self) -> tuple[PlacedLine, ...]:
        return tuple(line for region in self.regions for line in region.lines)

    @property
    def on_picture(self) -> tuple[PlacedRegion, ...]:
        """Regions with a place."""
        return tuple(region for region in self.regions if region.polygon)

    @property
    def notes(self) -> tuple[PlacedRegion, ...]:
        return tuple(region for region in self.regions if region.is_note)

    def clusters(self) -> Iterator[tuple[int | None, list[PlacedRegion]]]:
        """Notes by the cluster in which they hang on the wall; those in none come last."""
        groups = sorted({note.group for note in self.notes}, key=lambda g: (g is None, g or 0))
        for group in groups:
            yield group, [note for note in self.notes if note.group == group]

    @property
    def rights(self) -> str:
        """Author, credit and permitted uses, as they must stand beside the board in every export."""
        author = self.board.credit or self.board.author
        return " · ".join(part for part in (f"© {author}" if author else "", self.board.permitted_uses) if part)


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo of the session that shows no board."""

    photo_id: str
    blob: str
    file_name: str
    content: Content


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody will do, as read on ``sheet_title``."""

    text: str
    owner: str
    due: str
    board_id: str


@dataclass(frozen=True, slots=True)
class Report:
    """A session, or what a query found (``session`` is None then), in the order of the report."""

    title: str
    subtitle: str
    session: Session | None
    sessions: tuple[Session, ...]
    sheets: tuple[Sheet, ...]
    language: str  # "fr" or "en"
    actions: tuple[Action, ...] = ()
    decisions: tuple[Action, ...] = ()
    questions: tuple[Action, ...] = ()

    def by_phase(self) -> Iterator[tuple[Phase, list[Sheet]]]:
        """SCAN, FOCUS, ACT, then what is undecided and what belongs to no phase; empty ones are left out."""
        for phase in (Phase.SCAN, Phase.FOCUS, Phase.ACT, Phase.UNSURE, Phase.NONE):
            found = [sheet for sheet in self.sheets if sheet.phase is phase]
            if found:
                yield phase, found

    def by_day(self) -> Iterator[tuple[str, list[Sheet]]]:
        """ISO date and its sheets in order of time; sheets without a time are left out."""
        timed = sorted((s for s in self.sheets if s.at), key=lambda s: str(s.at))
        for day in dict.fromkeys(s.at.date().isoformat() for s in timed if s.at):
            yield day, [s for s in timed if s.at and s.at.date().isoformat() == day]

    @property
    def people(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(person.name for session in self.sessions for person in session.people))
