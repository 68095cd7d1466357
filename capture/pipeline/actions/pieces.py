"""The lines of a board with their places on it, and how two of them stand to one another."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Flag
from statistics import median

import numpy as np
from numpy.typing import NDArray

from archive.model import Homography, Line, Region, RegionKind
from capture.pipeline.phase.words import fold

BESIDE = 0.5  # of the lower one's height: that much two cells of a row share
GAP = 1.2  # line heights between two lines of one item at most
_OPEN = re.compile(
    r"(?:\b(?:le|la|les|l|de|du|des|d|au|aux|a|et|ou|en|un|une|avec|pour|par|sur|avant|avt|des|d'ici|chez|fin|mi|debut"
    r"|mme|dr|me|mlle|chaque|tous les|every"
    r"|equipes?|services?|asso|police|agence|centre|the|of|to|by|and|for|on|in|next)\.?|(?<=\s)m\.?|[=:,+&/'’]|→|->|=>)$"
)
_NUMBER = re.compile(r"(?:^|[\s(/,])\d{1,2}(?:er)?$")  # a day whose month is on the next line


@dataclass(frozen=True, slots=True)
class Piece:
    """A line with its place on the upright board: left, top, right, bottom in its pixels."""

    line: Line
    text: str  # the line's, as it is searched
    box: tuple[float, float, float, float]
    region: int
    note: bool

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]


class Part(Flag):
    """What a line holds that holds nothing else: falsy where it says anything more."""

    NO = 0
    OWNER = 1
    DATE = 2
    BODY = 4  # an owner that is no person by name


def pieces(regions: Sequence[Region], to_photo: Homography, cased: Callable[[str], str] = str) -> list[Piece]:
    """In reading order; ``to_photo`` maps the upright board's pixels to the photo's. ``cased`` is laid over texts.

    Lines without a place (those of a merged board's other photos) stand one under the other below all that have one.
    """
    back = np.linalg.inv(np.array(to_photo, np.float64))
    lines = [(n, r, line) for n, r in enumerate(regions) for line in r.lines if sum(map(str.isalnum, line.text)) > 1]
    boxes = [_box(line, back) for _, _, line in lines]
    placed = [box for box in boxes if box is not None]
    height = median(bottom - top for _, top, _, bottom in placed) if placed else 1.0
    bottom, last = max((box[3] for box in placed), default=0.0), -1
    found = []
    for (number, region, line), box in zip(lines, boxes, strict=True):
        if box is None:
            top = bottom + height * (0.3 if number == last else 3 * GAP)
            box = (0.0, top, 20 * height, bottom := top + height)
            last = number
        found.append(Piece(line, cased(line.text), box, number, region.kind is RegionKind.NOTE))
    return found


def _box(line: Line, back: NDArray[np.float64]) -> tuple[float, float, float, float] | None:
    if not line.polygon:
        return None
    x, y, w = back @ np.array([(*p, 1.0) for p in line.polygon]).T
    x, y = x / w, y / w
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def is_open(text: str) -> bool:
    """Whether a line cannot be the end of what it says."""
    return bool(_OPEN.search(fold(text.strip())) or _NUMBER.search(text.strip())) or text.count("(") > text.count(")")


def in_midst(text: str) -> bool:
    """Whether a line ends in a number: a day whose month may be on the next."""
    return bool(_NUMBER.search(text))


def right_under(above: Piece, below: Piece) -> bool:
    gap = below.box[1] - above.box[3]
    overlap = min(above.box[2], below.box[2]) - max(above.box[0], below.box[0])
    height = min(above.height, below.height)
    return above.region == below.region and -0.5 * height <= gap <= GAP * height and overlap > 0


def level_with(a: Piece, b: Piece) -> bool:
    shared = min(a.box[3], b.box[3]) - max(a.box[1], b.box[1])
    return shared >= BESIDE * min(a.height, b.height)


def further_down(above: Piece, below: Piece) -> bool:
    """Whether a line begins in the column of another, under it."""
    shared = min(above.box[2], below.box[2]) - max(above.box[0], below.box[0])
    return above is not below and shared > 0 and below.box[1] >= above.box[3] - 0.5 * above.height


def gap_to(above: Piece, below: Piece) -> float:
    """In heights of the line above."""
    return (below.box[1] - above.box[3]) / max(1.0, above.height)


def distance(piece: Piece, cell: Piece) -> float:
    """Of two rows that a cell could belong to, the one level with it counts more than the nearer one."""
    apart = max(0.0, max(piece.box[0], cell.box[0]) - min(piece.box[2], cell.box[2]))
    return abs(piece.box[1] + piece.box[3] - cell.box[1] - cell.box[3]) / 2 + 0.1 * apart
