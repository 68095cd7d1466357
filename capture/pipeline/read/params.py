"""Every number that matters to reading."""

from __future__ import annotations

from dataclasses import dataclass, field

from capture.pipeline.read.ppocr import PpocrParams
from capture.pipeline.read.turn import TurnParams


@dataclass(frozen=True)
class Params:
    reader: str = "ppocr"  # a name of the table in readers.py
    languages: tuple[str, ...] = ("fr", "en", "de")  # of the session, two-letter codes
    ppocr: PpocrParams = field(default_factory=PpocrParams)
    turn: TurnParams = field(default_factory=TurnParams)
    upright_clarity: float = 0.75  # of the largest lines: above it no other turn is tried
