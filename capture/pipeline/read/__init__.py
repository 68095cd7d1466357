"""Reading: what stands on a board, line by line, in the order a person would read it aloud.

>>> result = read(frame, lambda: notes)
>>> [line.text for region in result.regions for line in region.lines]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from archive.model import Region
from capture.pipeline.frame import Frame
from capture.pipeline.notes import Note
from capture.pipeline.read import hyphens, phrases
from capture.pipeline.read.own import Outline
from capture.pipeline.read.params import Params
from capture.pipeline.read.readers import READERS, reader
from capture.pipeline.read.regions import outline, regions
from capture.pipeline.read.words import Words

__all__ = ["READERS", "VERSION", "Params", "ReadResult", "models", "read"]

VERSION = 10


@dataclass(frozen=True)
class ReadResult:
    """``regions`` in reading order, polygons in photo pixels; ``turn`` is the clockwise quarter turn (0, 90, 180, 270)
    that makes the frame upright."""

    regions: tuple[Region, ...]
    turn: int
    warnings: tuple[str, ...] = ()


def read(
    frame: Frame, notes: Callable[[], Sequence[Note]] = tuple, params: Params | None = None, threads: int = 2
) -> ReadResult:
    """Read a straightened board or a whole photo. ``notes``, in frame pixels, are asked for once the board was
    looked at as a whole, so that they may be looked for meanwhile; ``threads`` bounds the processors used.

    Raises UsageError for an unknown reader, MissingDependency for one that is not installed.
    """
    params = params or Params()

    def outlines(seen: Frame) -> list[Outline]:
        return [outline(frame, note, seen) for note in notes()]

    found = reader(params.reader)(frame, outlines, params, threads)
    mend = partial(hyphens.mended, words=Words(params.ppocr.words))
    placed = regions(frame, notes(), found.lines, frame.turned(found.turn), mend)
    return ReadResult(placed, found.turn, found.warnings)


def models() -> Mapping[str, str]:
    """Name → digest or version of the models and vocabularies behind a reading."""
    from importlib.metadata import version

    from capture.pipeline.read.models import digests

    return {**digests(), "wordfreq": version("wordfreq"), "phrases": phrases.digest()}
