"""Slides and minutes as text, in reading order. Only run inside the sandbox's child."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from archive.errors import DamagedImage


def text(data: bytes, kind: str) -> str:
    """``kind``: PPTX or DOCX. Raises DamagedImage."""
    try:
        lines = list((_slides if kind == "PPTX" else _minutes)(data))
    except Exception as error:  # both libraries raise whatever their parsers do
        reason = (str(error) or type(error).__name__).splitlines()[0][:200]
        raise DamagedImage(f"the {kind} is damaged: {reason}", "open it elsewhere and save it again") from error
    return "\n".join(line for line in (line.strip() for line in lines) if line)


def _slides(data: bytes) -> Iterator[str]:
    from pptx import Presentation

    for slide in Presentation(io.BytesIO(data)).slides:
        yield from _shapes(slide.shapes)
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            yield from slide.notes_slide.notes_text_frame.text.splitlines()


def _shapes(shapes: Any) -> Iterator[str]:
    for shape in shapes:
        if shape.has_text_frame:
            yield from (paragraph.text for paragraph in shape.text_frame.paragraphs)
        if getattr(shape, "has_table", False):
            for row in shape.table.rows:
                yield "\t".join(cell.text.replace("\n", " ") for cell in row.cells)
        if hasattr(shape, "shapes"):  # a group
            yield from _shapes(shape.shapes)


def _minutes(data: bytes) -> Iterator[str]:
    import docx
    from docx.table import Table

    document = docx.Document(io.BytesIO(data))
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                yield "\t".join(cell.text.replace("\n", " ") for cell in row.cells)
        else:
            yield block.text
