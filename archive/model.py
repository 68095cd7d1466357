"""The nouns of Fresque, frozen; every room speaks in these. Standard library only.

Coordinates are pixels of the photo with its EXIF orientation applied, x to the right, y down, origin at the
centre of the top-left pixel. Confidences and probabilities lie in 0..1. Times carry a zone and are kept in UTC.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

Point = tuple[float, float]
Polygon = tuple[Point, ...]
Quad = tuple[Point, Point, Point, Point]
"""Four corners, starting at the upright board's top left, clockwise."""

Homography = tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]
"""3×3, row major; maps homogeneous pixels of a straightened board to pixels of the photo."""


class Phase(StrEnum):
    SCAN = "SCAN"
    FOCUS = "FOCUS"
    ACT = "ACT"
    UNSURE = "unsure"  # waits for a person
    NONE = "none"  # belongs to no phase; waits for nobody


METHOD_PHASES = (Phase.SCAN, Phase.FOCUS, Phase.ACT)


class Colour(StrEnum):
    YELLOW = "yellow"
    ORANGE = "orange"
    PINK = "pink"
    RED = "red"
    PURPLE = "purple"
    BLUE = "blue"
    GREEN = "green"
    WHITE = "white"
    GREY = "grey"
    BROWN = "brown"


class Content(StrEnum):
    BOARD = "board"
    SCREEN = "screen"
    PROTOTYPE = "prototype"
    PEOPLE = "people"
    OTHER = "other"


class RegionKind(StrEnum):
    NOTE = "note"
    TEXT = "text"
    DRAWING = "drawing"


class SessionKind(StrEnum):
    CODESIGN_FLASH = "codesign_flash"  # one to three days
    INCUBATION = "incubation"
    ACCELERATION = "acceleration"


class Method(StrEnum):
    ASE = "ase"
    OTHER = "other"


class Visibility(StrEnum):
    OPEN = "open"  # everyone with an account
    LAB = "lab"  # the lab that ran it
    RESTRICTED = "restricted"  # named people


class PhotoState(StrEnum):
    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class CorrectionField(StrEnum):
    CORNERS = "corners"  # value: quad in photo pixels
    TEXT = "text"  # value: the line's true text; anchor: the line's polygon
    PHASE = "phase"  # value: a Phase
    SESSION = "session"  # value: a session id
    CONTENT = "content"  # value: a Content; the photo's, so no board
    DECIDED = "decided"  # value: kind, text, owner, due (ISO), done of a Decided, null takes it away; anchor: its place
    THEMES = "themes"  # value: ids of the board's themes, all of them
    FACES = "faces"  # value: outlines in photo pixels of all faces to blur; the photo's, so no board


class DecidedKind(StrEnum):
    ACTION = "action"
    DECISION = "decision"
    QUESTION = "question"  # left open


# --- what was read -------------------------------------------------------------------------------------------


DOUBTFUL = 0.5
"""What is read with less confidence is more likely wrong than right."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading that lost; searched too, with less weight."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    polygon: Polygon  # photo pixels
    confidence: float  # share of its words that is expected to be right
    reader: str  # "ppocr", "tesseract", "human"
    others: tuple[Reading, ...] = ()
    words: tuple[float, ...] = ()  # confidence of each word, parted at spaces; empty where the reader tells none

    @property
    def doubtful(self) -> bool:
        """Searched, but never shown as fact."""
        return self.confidence < DOUBTFUL

    def word_confidences(self) -> tuple[tuple[str, float], ...]:
        """Each word with its confidence; all alike where the reader tells of the line only."""
        said = self.text.split()
        sure = self.words if len(self.words) == len(said) else (self.confidence,) * len(said)
        return tuple(zip(said, sure, strict=True))

    def doubtful_words(self) -> tuple[tuple[str, bool], ...]:
        """Each word and whether it is doubtful."""
        return tuple((word, probability < DOUBTFUL) for word, probability in self.word_confidences())


@dataclass(frozen=True, slots=True)
class Region:
    """A sticky note, a block of text or a drawing; lines in reading order."""

    kind: RegionKind
    polygon: Polygon  # photo pixels
    lines: tuple[Line, ...] = ()
    colour: Colour | None = None  # notes only
    group: int | None = None  # cluster on the wall, from 1


def running_text(regions: Sequence[Region]) -> str:
    """All lines in order. A word cut at the end of a line, of which another reading of that line holds the whole,
    stands there whole, and the next line goes on after it."""
    return "\n".join(text for region in regions for text in _running(region.lines) if text)


def _running(lines: Sequence[Line]) -> list[str]:
    texts = [line.text for line in lines]
    for i, line in enumerate(lines[:-1]):
        rest = re.match(r"(\w+)([^\w\s]*)", texts[i + 1])
        if rest and texts[i].endswith("-"):
            wholes = {texts[i][:-1] + rest[1], texts[i] + rest[1]}
            whole = next((other.text for other in line.others if other.text in wholes), None)
            if whole is not None:
                texts[i], texts[i + 1] = whole + rest[2], texts[i + 1][rest.end() :].strip()
    return texts


@dataclass(frozen=True, slots=True)
class PhaseTag:
    label: Phase
    probabilities: Mapping[str, float] = field(default_factory=dict)  # SCAN, FOCUS, ACT; sums to 1
    steps: Mapping[str, float] = field(default_factory=dict)  # the method's steps inside the phase
    evidence: tuple[str, ...] = ()
    source: str = "auto"  # or "human"

    @property
    def likeliest(self) -> Phase:
        """The label, or the likeliest phase of the method when it is unsure."""
        if self.label is Phase.UNSURE and self.probabilities:
            return Phase(max(METHOD_PHASES, key=lambda p: self.probabilities.get(p, 0.0)))
        return self.label


@dataclass(frozen=True, slots=True)
class Decided:
    """An action, a decision or an open question of an ACT board, and where it is written."""

    kind: DecidedKind
    text: str
    owner: str = ""
    due: date | None = None
    due_text: str = ""  # as it is written: "avant fin mars"
    source: str = ""  # the lines it was taken from, as read
    polygon: Polygon = ()  # around them, photo pixels
    said_by: str = "auto"  # or "human"
    done: bool = False  # as people said later; no board says it


@dataclass(frozen=True, slots=True)
class Surface:
    """One board as the pipeline sees it in one photo, before the archive gives it an id.

    ``width`` and ``height`` are those of the straightened board; ``rotation`` is the clockwise turn (0, 90, 180, 270)
    that makes the photo's board upright and is already in ``quad`` and ``homography``.
    """

    quad: Quad
    quad_confidence: float
    whole_photo: bool
    width: int
    height: int
    rotation: int
    homography: Homography
    regions: tuple[Region, ...] = ()
    phase: PhaseTag = PhaseTag(Phase.UNSURE)

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for region in self.regions for line in region.lines)

    @property
    def text(self) -> str:
        return running_text(self.regions)


@dataclass(frozen=True, slots=True)
class StageUse:
    """One stage behind a result: ``digest`` covers its parameters, models and vocabularies."""

    name: str
    version: int
    digest: str


@dataclass(frozen=True, slots=True)
class Recipe:
    stages: tuple[StageUse, ...]

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over every stage in order."""
        return digest_of([asdict(s) for s in self.stages])


@dataclass(frozen=True, slots=True)
class Scan:
    """What the pipeline made of one photo. ``seconds`` by stage."""

    width: int
    height: int
    content: Content
    surfaces: tuple[Surface, ...]
    recipe: Recipe
    warnings: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    session: str | None = None  # that a marker card names


# --- what is kept --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Organisation:
    name: str
    kind: str = ""  # "direction", "partner", "outside"


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    role: str  # "facilitator", "graphic_facilitator", "user", "participant"


@dataclass(frozen=True, slots=True)
class Theme:
    """An entry of the archive's vocabulary; ``words`` are expressions that speak for it, its name among them."""

    id: str
    name: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AgendaItem:
    phase: Phase
    begins: datetime


@dataclass(frozen=True, slots=True)
class Project:
    """Months of incubation or acceleration: groups sessions."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Session:
    id: str
    title: str
    kind: SessionKind = SessionKind.CODESIGN_FLASH
    method: Method = Method.ASE
    lab: str = ""
    project_id: str | None = None
    requesters: tuple[Organisation, ...] = ()
    partners: tuple[Organisation, ...] = ()
    start: date | None = None
    end: date | None = None
    themes: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()
    agenda: tuple[AgendaItem, ...] = ()
    languages: tuple[str, ...] = ("fr", "en")
    visibility: Visibility = Visibility.OPEN
    retention_until: date | None = None
    legal_basis: str = ""  # why its personal data may be kept: "consent", "public task" …


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes named by their digest, never modified."""

    sha256: str
    size: int
    algorithm: str = "sha256"


@dataclass(frozen=True, slots=True)
class Photo:
    id: str
    session_id: str
    blob: str  # SHA-256, hex
    file_name: str
    state: PhotoState = PhotoState.PENDING
    uploader: str = ""
    taken_at: datetime | None = None  # EXIF, camera clock
    added_at: datetime | None = None
    content: Content = Content.BOARD
    width: int | None = None
    height: int | None = None
    warnings: tuple[str, ...] = ()
    error: str | None = None
    page: int = 0  # of a document, from 1; 0: the blob is the picture itself
    format: str = ""  # by content: "JPEG", "HEIF", "PDF" …
    fingerprint: str | None = None  # 64 bits in hex; look-alikes differ in few
    trashed: bool = False
    clock_shift: int = 0  # seconds to add to the camera's clock
    utc_offset: int = 0  # seconds that the camera's clock was ahead of UTC, where EXIF says it

    @property
    def at(self) -> datetime | None:
        """What the clock on the wall said, as an agenda has it: the camera's, shifted."""
        return self.taken_at + timedelta(seconds=self.clock_shift + self.utc_offset) if self.taken_at else None


@dataclass(frozen=True, slots=True)
class View:
    """Where a board is seen in a photo."""

    photo_id: str
    quad: Quad
    quad_confidence: float
    whole_photo: bool
    homography: Homography
    rotation: int


@dataclass(frozen=True, slots=True)
class Board:
    """One surface with its opaque id; corrections are already laid over it unless it was asked for raw."""

    id: str
    session_id: str
    views: tuple[View, ...]
    width: int
    height: int
    regions: tuple[Region, ...]
    phase: PhaseTag
    recipe: Recipe
    revision: int = 1
    retired: bool = False
    replaced_by: str | None = None
    author: str = ""
    credit: str = ""
    permitted_uses: str = ""
    caption: str = ""
    decided: tuple[Decided, ...] = ()
    themes: tuple[str, ...] = ()  # names, from the archive's vocabulary
    personal: tuple[str, ...] = ()  # kinds of personal data in its text, for a person to look at
    renditions: Mapping[str, str] = field(default_factory=dict)  # "straight", "clean", "thumb" → SHA-256

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for region in self.regions for line in region.lines)

    @property
    def text(self) -> str:
        return running_text(self.regions)


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person changed; anchored to a polygon of the photo, so that it outlives a new reading."""

    id: str
    photo_id: str
    board_id: str | None
    field: CorrectionField
    value: Any  # JSON; see CorrectionField
    anchor: Polygon = ()
    author: str = ""
    made_at: datetime | None = None
    orphaned: bool = False


@dataclass(frozen=True, slots=True)
class Material:
    """What a session left that is not a photo: minutes, slides, typed text."""

    id: str
    session_id: str | None
    text: str
    title: str = ""
    phase: Phase | None = None
    blob: str | None = None  # SHA-256 of the file it was read from
    file_name: str = ""
    format: str = ""  # by content: "PDF", "PPTX", "DOCX", "MARKDOWN", "TEXT"


class ChangeKind(StrEnum):
    SESSION = "session"
    PHOTO = "photo"
    BOARD = "board"
    MATERIAL = "material"


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the feed that the index pulls; ``deleted`` objects are gone from search."""

    sequence: int
    kind: ChangeKind
    object_id: str
    revision: int
    deleted: bool = False


# --- finding -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Document:
    """A board or a material as the index takes it in; made by the composition root from the archive."""

    id: str
    kind: ChangeKind  # BOARD or MATERIAL
    session_id: str | None
    session_title: str
    lines: tuple[Line, ...]  # polygons are empty for materials
    phase: Phase | None
    photo_id: str | None = None
    title: str = ""
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # lab, type, sponsor, year, theme, colour …


@dataclass(frozen=True, slots=True)
class Hit:
    id: str
    kind: ChangeKind
    score: float
    why: Mapping[str, float]  # "text", "ngrams", "meaning"
    snippet: str
    boxes: tuple[Polygon, ...]  # photo pixels
    photo_id: str | None
    session_id: str | None
    phase: Phase | None
    matched: tuple[str, ...] = ()  # the words that matched, folded, as the board has them


def digest_of(value: Any) -> str:
    """SHA-256 (hex) of a JSON-serialisable value in its canonical form."""
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()
