"""Words of a line with a box each, as hOCR and ALTO want them: a line's length shared out by its letters."""

from __future__ import annotations

from collections.abc import Iterator

from fresque.report.model import Box, PlacedLine


def word_boxes(line: PlacedLine) -> Iterator[tuple[str, Box, float]]:
    """Word, box, confidence, in order; a space counts as one letter. Board pixels."""
    total = max(1, len(line.text))
    position = 0
    for word, confidence in line.words:
        start = line.text.index(word, position)
        position = start + len(word)
        x = line.box.x + line.box.width * start / total
        yield word, Box(x, line.box.y, line.box.width * len(word) / total, line.box.height), confidence


def within(box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    """Left, top, right, bottom as whole pixels of the board; at least one pixel each way."""
    left, top = min(max(0, round(box.x)), width - 1), min(max(0, round(box.y)), height - 1)
    right = min(max(left + 1, round(box.x + box.width)), width)
    bottom = min(max(top + 1, round(box.y + box.height)), height)
    return left, top, right, bottom
