"""What a document says itself, and which of its pages are pictures that must be read."""

from __future__ import annotations

from dataclasses import dataclass

from archive.errors import EmptyFile
from capture.kinds import Kind
from capture.sandbox import Sandbox

MOST_PAGES = 1000
LETTERS = 12
"""A page with fewer letters of its own is taken for a picture: scanners stamp a date or a page number."""


@dataclass(frozen=True)
class Paper:
    """``pictures``: numbers, from 1, of the pages to be read as photos."""

    text: str
    pictures: tuple[int, ...] = ()


def read(data: bytes, kind: Kind, sandbox: Sandbox) -> Paper:
    """Raises PhotoError, also when the document says nothing at all."""
    if kind is Kind.PDF:
        found, _ = sandbox.call("pdf", data, max_pages=MOST_PAGES)
        pages = [str(page) for page in found["pages"]]
        said = [page if _letters(page) >= LETTERS else "" for page in pages]
        pictures = tuple(number for number, text in enumerate(said, start=1) if not text)
        return Paper("\n".join(text for text in said if text), pictures)
    if kind in (Kind.PPTX, Kind.DOCX):
        text = str(sandbox.call("office", data, kind=kind.value)[0]["text"])
    else:
        text = plain(data)
    if not text.strip():
        raise EmptyFile(f"the {kind.value} holds no text", "export it as PDF when it holds pictures only")
    return Paper(text)


def plain(data: bytes) -> str:
    """UTF-8, UTF-16 by its mark, else Windows' Latin 1, which every old French text is written in."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _letters(text: str) -> int:
    return sum(character.isalpha() for character in text)
