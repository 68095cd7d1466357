"""Small pictures that stand in for large ones while a PDF is laid out, and the large ones put in their places.

Typst holds every picture decoded until it has written the last page: three hundred boards took 1.3 GB. It copies a JPEG
into the PDF as it is, so that a stand-in can be known again by its bytes and be exchanged, one at a time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

SIDE = 64
"""Pixels of a stand-in's longer side: enough that its proportions are those of the picture to a hundredth."""


class Shelf:
    """What each stand-in stands for."""

    def __init__(self) -> None:
        self._pictures: dict[str, Callable[[], bytes]] = {}

    def put(self, size: tuple[int, int], picture: Callable[[], bytes]) -> bytes:
        """A stand-in (JPEG) of the proportions of ``size`` for the JPEG that ``picture`` gives when it is asked."""
        from PIL import Image

        factor = SIDE / max(size)
        small = max(1, round(size[0] * factor)), max(1, round(size[1] * factor))
        out = BytesIO()
        Image.new("RGB", small, "white").save(out, "JPEG", comment=f"stands for picture {len(self._pictures)}")
        self._pictures[_digest(out.getvalue())] = picture
        return out.getvalue()

    def put_back(self, pdf: Any) -> int:
        """Put every picture in its place in an open ``pikepdf.Pdf``; how many were exchanged."""
        import pikepdf
        from PIL import Image

        exchanged = 0
        for thing in pdf.objects:
            if not isinstance(thing, pikepdf.Stream) or thing.get("/Subtype") != pikepdf.Name.Image:
                continue
            picture = self._pictures.get(_digest(thing.read_raw_bytes()))
            if picture is None:
                continue
            data = picture()
            with Image.open(BytesIO(data)) as image:
                thing.Width, thing.Height = image.size
            thing.write(data, filter=pikepdf.Name.DCTDecode)
            exchanged += 1
        return exchanged


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
