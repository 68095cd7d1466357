"""A board's image for an export: as large as the page needs, one at a time, so that memory stays flat."""

from __future__ import annotations

from io import BytesIO

from archive.model import Board
from archive.store import Archive

PAGE_SIDE = 1800  # pixels of the longer side on a page: 150 dots an inch across A4 landscape
QUALITY = 82


def clean_jpeg(archive: Archive, board: Board, side: int | None = PAGE_SIDE) -> bytes:
    """The board cleaned for the eye as JPEG, its longer side at most ``side`` pixels; ``None`` gives it whole.

    Raises DamagedBlob, NotFound.
    """
    from PIL import Image

    data = archive.blobs.get(board.renditions.get("clean") or board.renditions["straight"])
    if side is None:
        return data
    with Image.open(BytesIO(data)) as image:
        if max(image.size) <= side:
            return data
        image.draft("RGB", (side, side))
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        out = BytesIO()
        image.convert("RGB").save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def thumb_webp(archive: Archive, board: Board) -> bytes:
    return archive.blobs.get(board.renditions["thumb"])


def thumb_jpeg(archive: Archive, board: Board) -> bytes:
    """The small picture of lists as JPEG, for what reads no WebP."""
    from PIL import Image

    out = BytesIO()
    with Image.open(BytesIO(thumb_webp(archive, board))) as image:
        image.convert("RGB").save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
