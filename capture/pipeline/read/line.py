"""A line as a reader found it, still in frame pixels."""

from __future__ import annotations

from dataclasses import dataclass

from archive.model import Reading
from capture.pipeline.read.boxes import Box


@dataclass(frozen=True, eq=False)
class ReadLine:
    box: Box  # frame pixels
    text: str
    confidence: float  # 0..1
    reader: str
    others: tuple[Reading, ...] = ()
    words: tuple[float, ...] = ()  # confidence of each word, parted at spaces; empty where not known
    clarity: float = 0.0  # mean probability of the greedy symbols: how clear the pixels are, whatever the words
