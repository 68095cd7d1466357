"""Every number that matters to reading."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from capture.pipeline.read.ppocr import PpocrParams
from capture.pipeline.read.service import ServiceParams
from capture.pipeline.read.turn import TurnParams


@dataclass(frozen=True)
class Params:
    reader: str = "ppocr"  # a name of the table in readers.py
    languages: tuple[str, ...] = ("fr", "en", "de")  # of the session, two-letter codes
    service: ServiceParams = field(default_factory=ServiceParams)
    service_key: str = field(default="", repr=False)
    ppocr: PpocrParams = field(default_factory=PpocrParams)
    turn: TurnParams = field(default_factory=TurnParams)
    upright_clarity: float = 0.75  # of the largest lines: above it no other turn is tried

    def for_recipe(self) -> Params:
        """Without what says nothing about how a photo was read: the session's languages, a key that changes."""
        return replace(self, languages=(), service_key="")
