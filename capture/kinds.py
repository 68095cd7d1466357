"""What a file is, told by its content and never by its name."""

from __future__ import annotations

import io
import zipfile
from enum import StrEnum
from pathlib import PurePath


class Kind(StrEnum):
    PICTURE = "picture"
    HEIF = "HEIF"  # a picture whose decoder is kept in a process of its own
    PDF = "PDF"
    PPTX = "PPTX"
    DOCX = "DOCX"
    ZIP = "ZIP"
    MARKDOWN = "MARKDOWN"
    TEXT = "TEXT"
    UNKNOWN = "unknown"


DOCUMENTS = (Kind.PDF, Kind.PPTX, Kind.DOCX, Kind.MARKDOWN, Kind.TEXT)

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"II*\x00", b"MM\x00*", b"GIF8", b"BM")
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}
_PDF_WITHIN = 1024  # bytes; readers take a header that comes a little late
_TEXTS = {".txt": Kind.TEXT, ".text": Kind.TEXT, ".md": Kind.MARKDOWN, ".markdown": Kind.MARKDOWN}
_OFFICE = {"ppt/presentation.xml": Kind.PPTX, "word/document.xml": Kind.DOCX}


def kind_of(data: bytes, name: str = "") -> Kind:
    """The kind of some bytes. ``name`` counts for texts only: any bytes might be one, so it must call itself so."""
    if data.startswith(_PICTURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return Kind.PICTURE
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return Kind.HEIF
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return Kind.PDF
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(data)
    kind = _TEXTS.get(PurePath(name).suffix.lower())
    return kind if kind is not None and _is_text(data) else Kind.UNKNOWN


def _zip_kind(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            names = set(opened.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return Kind.ZIP  # opening it again says what is wrong
    return next((kind for name, kind in _OFFICE.items() if name in names), Kind.ZIP)


def _is_text(data: bytes) -> bool:
    """UTF-8, or UTF-16 with its mark, without control characters; Latin 1 when it looks like it."""
    head = data[:65_536]
    if not head.strip():
        return False
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if any(byte < 32 and byte not in (9, 10, 12, 13, 27) for byte in head):
        return False
    try:
        head.decode("utf-8")
        return True
    except UnicodeDecodeError as error:
        if error.start >= len(head) - 4:  # cut within a character
            return True
    high = sum(byte >= 128 for byte in head)
    return high < 0.2 * len(head) and not any(127 <= byte < 160 for byte in head)
