"""PDF: the text of each page, and a page as a picture. Only run inside the sandbox's child."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

from archive.errors import DamagedImage, ImageTooLarge, UnreadableFile

DPI = 200.0  # handwriting on a scanned A4 page stays legible; a larger page gets fewer
LARGEST = 24_000_000  # pixels of a page: what a phone's photo has


def texts(data: bytes, max_pages: int) -> list[str]:
    """The text that each page carries itself; empty for a page that is only a picture."""
    document = _open(data)
    if len(document) > max_pages:
        raise ImageTooLarge(f"{len(document)} pages", f"split it: {max_pages} pages at most")
    return [_text(document[number]) for number in range(len(document))]


def picture(data: bytes, page: int, max_pixels: int, max_side: int) -> NDArray[np.uint8]:
    """A page, counted from 1, as H×W×3 uint8 BGR on white."""
    document = _open(data)
    if not 1 <= page <= len(document):
        raise DamagedImage(f"there is no page {page}")
    width, height = document[page - 1].get_size()
    if not (math.isfinite(width * height) and width >= 1 and height >= 1):
        raise DamagedImage(f"page {page} has no area")
    scale = min(DPI / 72.0, math.sqrt(min(max_pixels, LARGEST) / (width * height)), max_side / max(width, height))
    pixels: NDArray[np.uint8] = document[page - 1].render(scale=scale, rev_byteorder=False).to_numpy()
    return np.ascontiguousarray(pixels[..., :3])


def _open(data: bytes) -> Any:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "assword" in str(error):
            raise UnreadableFile("is locked with a password", "save it without a password") from error
        raise DamagedImage(f"the PDF is damaged: {str(error).splitlines()[0][:200]}", "save it again") from error
    if len(document) < 1:
        raise DamagedImage("the PDF has no pages", "save it again")
    return document


def _text(page: Any) -> str:
    text = page.get_textpage().get_text_bounded()
    return "\n".join(line.strip() for line in text.replace("\r", "\n").split("\n") if line.strip())
