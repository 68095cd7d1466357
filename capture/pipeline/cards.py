"""Marker cards seen in a photo: the board's corners, its session and phase, exactly.

Corner cards carry an ArUco marker (Garrido-Jurado et al., 2014; the 6×6 dictionary of 50, whose markers differ in 13
bits and more); the card's outer corner is the board's. A phase card carries one too, beside a QR code that says
session and phase: codes are looked for only where such a marker was seen, which costs nothing on other photos.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlencode

import cv2
import numpy as np
from numpy.typing import NDArray

from archive.model import METHOD_PHASES, Phase, PhaseTag, Point, Quad, Surface
from capture.pipeline.frame import Frame, apply_homography
from capture.pipeline.smaller import smaller
from capture.pipeline.straighten import homography

VERSION = 1

DICTIONARY = cv2.aruco.DICT_6X6_50
CORNERS = (10, 11, 12, 13)
"""Markers of the cards at a board's top left, top right, bottom right and bottom left."""

PHASE_MARKER = 20
PREFIX = "fresque:1?"
SOURCE = "card"
"""Of a phase that a card gave."""

MARGIN = 0.2
"""White around a corner card's marker, in sides of the marker."""

CODE = (1.4, -0.1, 1.2)
"""Where a phase card's code lies: left, top and side, in sides of its marker, from the marker's top left."""


@dataclass(frozen=True)
class Params:
    side: int = 1400  # pixels of the longer side of the picture that is searched
    least: float = 0.012  # least side of a marker, as a share of that side
    code_side: int = 480  # pixels to which a code is straightened


@dataclass(frozen=True)
class Cards:
    """``quad``: the board's corners in photo pixels, where all four corner cards are seen; ``phase`` and ``session``:
    what the phase card says; ``place``: its middle, in photo pixels."""

    quad: Quad | None = None
    session: str | None = None
    phase: Phase | None = None
    place: Point | None = None


def message(session: str | None, phase: Phase) -> str:
    """What a phase card's code says."""
    return PREFIX + urlencode({"phase": phase.value, **({"session": session} if session else {})})


def find_cards(frame: Frame, params: Params = Params()) -> Cards:
    """Nothing where no card of ours is seen; pixels of the frame are led back to the photo."""
    markers = _markers(frame, params)
    session, phase, place = _phase_card(frame, markers, params)
    return Cards(_quad(frame, markers), session, phase, place)


def tag(surfaces: tuple[Surface, ...], seen: Cards) -> tuple[Surface, ...]:
    """A phase card speaks for the board it lies on, or else for the nearest."""
    if seen.phase is None or seen.place is None or not surfaces:
        return surfaces
    x, y = seen.place
    depth = [cv2.pointPolygonTest(np.array(s.quad, np.float32), (x, y), True) for s in surfaces]
    here = max(range(len(surfaces)), key=lambda n: depth[n])
    sure = {p.value: float(p is seen.phase) for p in METHOD_PHASES}
    said = PhaseTag(seen.phase, sure, surfaces[here].phase.steps, (f"carte de phase « {seen.phase} »",), SOURCE)
    return tuple(replace(s, phase=said) if n == here else s for n, s in enumerate(surfaces))


def _markers(frame: Frame, params: Params) -> Mapping[int, NDArray[np.float64]]:
    """Marker → its four corners, 4×2 frame pixels, clockwise from its own top left; one seen twice is left out."""
    scale = min(1.0, params.side / max(frame.width, frame.height))
    size = (round(frame.width * scale), round(frame.height * scale))
    small = cv2.cvtColor(smaller(frame.pixels, size), cv2.COLOR_BGR2GRAY)
    settings = cv2.aruco.DetectorParameters()
    settings.minMarkerPerimeterRate = 4 * params.least
    settings.adaptiveThreshWinSizeMin, settings.adaptiveThreshWinSizeMax = 15, 45
    settings.adaptiveThreshWinSizeStep = 30
    settings.errorCorrectionRate = 0.3  # a card is clean print: what needs more mending is none
    detector = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(DICTIONARY), settings)
    found, names, _ = detector.detectMarkers(small)
    ids = [] if names is None else [int(n) for n in np.ravel(names)]
    ours = {n for n in (*CORNERS, PHASE_MARKER) if ids.count(n) == 1}
    grey = cv2.cvtColor(frame.pixels, cv2.COLOR_BGR2GRAY) if ours else small
    step = frame.width / size[0], frame.height / size[1]
    return {
        name: _refined(
            np.asarray(grey, np.uint8), np.asarray((np.reshape(corners, (4, 2)) + 0.5) * step - 0.5, np.float64)
        )
        for name, corners in zip(ids, found, strict=True)
        if name in ours
    }


def _refined(grey: NDArray[np.uint8], corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """At full resolution, to a fraction of a pixel."""
    side = float(np.linalg.norm(corners[1] - corners[0]))
    reach = max(3, round(side / 40))
    points = corners.astype(np.float32).reshape(-1, 1, 2)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 40, 0.01)
    return np.asarray(cv2.cornerSubPix(grey, points, (reach, reach), (-1, -1), stop), np.float64).reshape(4, 2)


def _quad(frame: Frame, markers: Mapping[int, NDArray[np.float64]]) -> Quad | None:
    """The outer corners of the four cards; None unless they make a convex shape in the right order."""
    if not all(name in markers for name in CORNERS):
        return None
    corners = []
    for n, name in enumerate(CORNERS):
        outer = np.array([[-MARGIN, -MARGIN], [1 + MARGIN, -MARGIN], [1 + MARGIN, 1 + MARGIN], [-MARGIN, 1 + MARGIN]])[
            n
        ]
        corners.append(apply_homography(_from_marker(markers[name]), outer[None])[0])
    quad = np.array(corners)
    along = np.roll(quad, -1, axis=0) - quad
    turns = along[:, 0] * np.roll(along[:, 1], -1) - along[:, 1] * np.roll(along[:, 0], -1)
    if turns.min() <= 0:
        return None
    a, b, c, d = ((float(x), float(y)) for x, y in frame.points_to_photo(quad))
    return (a, b, c, d)


def _from_marker(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sides of the marker, from its top left → pixels."""
    return homography(np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]]), corners)


def _phase_card(
    frame: Frame, markers: Mapping[int, NDArray[np.float64]], params: Params
) -> tuple[str | None, Phase | None, Point | None]:
    if PHASE_MARKER not in markers:
        return None, None, None
    way = _from_marker(markers[PHASE_MARKER])
    left, top, side = CODE
    scale = side / params.code_side
    back = way @ np.array([[scale, 0, left], [0, scale, top], [0, 0, 1.0]])
    flags = cv2.INTER_AREA | cv2.WARP_INVERSE_MAP
    code = cv2.warpPerspective(frame.pixels, back, (params.code_side, params.code_side), flags=flags)
    text, _, _ = cv2.QRCodeDetector().detectAndDecode(code)
    if not text.startswith(PREFIX):
        return None, None, None
    said = parse_qs(text.removeprefix(PREFIX))
    phase, session = said.get("phase", [""])[0], said.get("session", [None])[0]
    ((x, y),) = frame.points_to_photo(apply_homography(way, np.array([[0.5, 0.5]])))
    return session, Phase(phase) if phase in {p.value for p in METHOD_PHASES} else None, (float(x), float(y))
