"""Marker cards to print: an A4 PDF by Typst, sharp at any resolution."""

from __future__ import annotations

import json
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from archive.model import METHOD_PHASES, Session
from capture.pipeline import cards

MARKER = 62.0
"""Millimetres: read from four metres by a 12-megapixel phone."""

MODULES = 8  # of a marker of DICTIONARY: six and the black rim
NAMES = (
    ("haut gauche", "top left"),
    ("haut droit", "top right"),
    ("bas gauche", "bottom left"),
    ("bas droit", "bottom right"),
)
ORDER = (0, 1, 3, 2)  # of CORNERS, as they lie on the page


def pdf(session: Session | None = None) -> bytes:
    """A page of the four corner cards, then a page for each phase; with ``session`` the phase cards say it too."""
    import typst

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "data.json").write_text(json.dumps(content(session), ensure_ascii=False), encoding="utf-8")
        main = folder / "cards.typ"
        main.write_bytes((files("fresque.report") / "data" / "cards.typ").read_bytes())
        typst.compile(str(main), output=str(folder / "cards.pdf"), root=str(folder))
        return (folder / "cards.pdf").read_bytes()


def content(session: Session | None) -> dict[str, Any]:
    """What the pages show; grids as rows of 0 (black) and 1."""
    corners = [
        {"rows": _rows(marker(cards.CORNERS[n])), "french": french, "english": english}
        for n, (french, english) in zip(ORDER, NAMES, strict=True)
    ]
    phases = [
        {
            "phase": phase.value,
            "rows": _rows(marker(cards.PHASE_MARKER)),
            "code": _rows(code(cards.message(session.id if session else None, phase))),
            "place": list(cards.CODE),
        }
        for phase in METHOD_PHASES
    ]
    title = session.title if session else ""
    return {"marker": MARKER, "margin": cards.MARGIN, "corners": corners, "phases": phases, "title": title}


def marker(name: int) -> NDArray[np.uint8]:
    """A pixel for each module."""
    dictionary = cv2.aruco.getPredefinedDictionary(cards.DICTIONARY)
    return np.asarray(cv2.aruco.generateImageMarker(dictionary, name, MODULES), np.uint8)


def code(text: str) -> NDArray[np.uint8]:
    """A pixel for each module of the QR code, with its quiet zone of four."""
    encoded = np.asarray(cv2.QRCodeEncoder.create().encode(text), np.uint8)
    inner = encoded[:, np.flatnonzero((encoded == 0).any(axis=0))][np.flatnonzero((encoded == 0).any(axis=1))]
    return np.pad(inner, 4, constant_values=255)


def _rows(grid: NDArray[np.uint8]) -> list[list[int]]:
    return [[int(value > 127) for value in row] for row in grid]
