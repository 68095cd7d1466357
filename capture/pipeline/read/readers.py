"""The readers, as one table. Adding one is a function here and a file beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from archive.errors import UsageError
from capture.pipeline.frame import Frame
from capture.pipeline.read import ppocr, service, tesseract
from capture.pipeline.read.detect import detect
from capture.pipeline.read.line import ReadLine
from capture.pipeline.read.own import Outline
from capture.pipeline.read.params import Params
from capture.pipeline.read.turn import find_turn, lies_down


@dataclass(frozen=True)
class Found:
    """``lines`` in pixels of the frame after the ``turn``, clockwise (0, 90, 180, 270)."""

    lines: list[ReadLine]
    turn: int = 0
    warnings: tuple[str, ...] = ()


Outlines = Callable[[Frame], Sequence[Outline]]
"""Of the notes, in pixels of the frame or of it turned."""

Reader = Callable[[Frame, Outlines, Params, int], Found]


def _ppocr(frame: Frame, notes: Outlines, params: Params, threads: int) -> Found:
    found = detect(frame.pixels, params.ppocr.detect, threads, partial(notes, frame))
    lines = [] if lies_down(found, params.turn) else ppocr.read_boxes(frame, found, params.ppocr, threads)
    if _read_well(lines, params):
        return Found(lines)
    turn = find_turn(frame, found, params.turn, threads)
    if turn or not lines:
        upright = frame.turned(turn)
        found = detect(upright.pixels, params.ppocr.detect, threads, partial(notes, upright))
        lines = ppocr.read_boxes(upright, found, params.ppocr, threads)
    return Found(lines, turn)


def _read_well(lines: list[ReadLine], params: Params) -> bool:
    largest = sorted(lines, key=lambda line: -line.box.width * line.box.height)[: params.turn.samples]
    return bool(largest) and sum(line.clarity for line in largest) / len(largest) >= params.upright_clarity


def _tesseract(frame: Frame, notes: Outlines, params: Params, threads: int) -> Found:
    return Found(tesseract.find_lines(frame, params.languages, params.ppocr.least_clarity))


def _service(frame: Frame, notes: Outlines, params: Params, threads: int) -> Found:
    first = _ppocr(frame, notes, params, threads)
    upright = frame.turned(first.turn)
    lines, warnings = service.ask_again(upright, first.lines, params.service, params.service_key, params.languages)
    return replace(first, lines=lines, warnings=warnings)


def _none(frame: Frame, notes: Outlines, params: Params, threads: int) -> Found:
    return Found([])


READERS: Mapping[str, Reader] = {ppocr.NAME: _ppocr, tesseract.NAME: _tesseract, service.NAME: _service, "none": _none}


def reader(name: str) -> Reader:
    """Raises UsageError for a name that is not in the table."""
    try:
        return READERS[name]
    except KeyError as error:
        raise UsageError(f"no reader is called {name!r}", f"choose one of {', '.join(READERS)}") from error
