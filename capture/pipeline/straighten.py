"""A quad of the photo, seen from the front: one warp, the board's own proportions, the detail of the photo kept."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from archive.errors import UsageError
from archive.model import Quad
from capture.pipeline.frame import Frame, Matrix, apply_homography

VERSION = 1

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Params:
    """``focal`` is what a phone has, in long sides of the photo: taken where the quad itself does not tell.

    A focal length read from the quad is believed between ``focal_least`` and ``focal_most``, and only where both
    pairs of sides converge by at least ``converging`` (1 is a side of no length).
    """

    max_pixels: int = 40_000_000
    max_side: int = 12_000
    focal: float = 0.8
    focal_least: float = 0.55
    focal_most: float = 3.0
    converging: float = 0.06


def straighten(frame: Frame, quad: Quad, params: Params = Params()) -> Frame:
    """The board inside ``quad`` (photo pixels, clockwise from the board's top left) as a frame of its own.

    Corners may lie outside the photo; what the photo does not show is filled with the board's median colour. The
    result's ``to_photo`` is exact. Raises UsageError where the corners make no convex quad.
    """
    corners = frame.points_from_photo(np.asarray(quad, dtype=np.float64))
    if not _convex(corners):
        raise UsageError("the four corners do not make a convex shape", "give them clockwise from the top left")
    if _is_whole(corners, frame):
        return frame
    width, height = board_size(corners, frame.width, frame.height, params)
    back = homography(_outline(width, height), corners)
    return Frame(_warp(frame, back, width, height), frame.to_photo @ back)


def board_size(corners: Doubles, photo_width: int, photo_height: int, params: Params = Params()) -> tuple[int, int]:
    """Width and height that keep the quad's area, in the board's true proportions."""
    ratio = aspect_ratio(corners, photo_width, photo_height, params)
    area = min(_area(corners), float(params.max_pixels))
    width = math.sqrt(area * ratio)
    shrink = min(1.0, params.max_side / max(width, width / ratio))
    return max(1, round(width * shrink)), max(1, round(width / ratio * shrink))


def aspect_ratio(corners: Doubles, photo_width: int, photo_height: int, params: Params = Params()) -> float:
    """Width over height of the rectangle seen as ``corners`` (Zhang & He, «Whiteboard scanning and image
    enhancement», 2003, section 3): the principal point is taken at the photo's centre, pixels are square."""
    unit = float(max(photo_width, photo_height))
    centred = (corners - [(photo_width - 1) / 2, (photo_height - 1) / 2]) / unit
    tl, tr, br, bl = (np.array([x, y, 1.0]) for x, y in centred)
    k2 = np.cross(tl, br) @ bl / (np.cross(tr, br) @ bl)
    k3 = np.cross(tl, br) @ tr / (np.cross(bl, br) @ tr)
    across, down = k2 * tr - tl, k3 * bl - tl
    focal = _focal(across, down, params)
    metric = np.array([1 / focal**2, 1 / focal**2, 1.0])
    ratio = math.sqrt(float(metric @ across**2) / float(metric @ down**2))
    return min(max(ratio, 0.02), 50.0)


def _focal(across: Doubles, down: Doubles, params: Params) -> float:
    """In long sides of the photo; the usual one where the sides are too near parallel, or the photo was cropped so
    that its centre is not the lens's and the answer makes no sense."""
    if min(abs(across[2]), abs(down[2])) < params.converging:
        return params.focal
    square = -(across[0] * down[0] + across[1] * down[1]) / (across[2] * down[2])
    focal = math.sqrt(square) if square > 0 else 0.0
    return focal if params.focal_least <= focal <= params.focal_most else params.focal


def homography(source: Doubles, target: Doubles) -> Matrix:
    """The 3×3 matrix that takes four points to four points, solved in double precision."""
    rows = []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
    solved = np.linalg.solve(np.array(rows), np.asarray(target, dtype=np.float64).ravel())
    return np.append(solved, 1.0).reshape(3, 3)


def _outline(width: int, height: int) -> Doubles:
    """The outer corners of a picture: pixel centres are at whole numbers."""
    right, bottom = width - 0.5, height - 0.5
    return np.array([[-0.5, -0.5], [right, -0.5], [right, bottom], [-0.5, bottom]])


def _warp(frame: Frame, back: Matrix, width: int, height: int) -> NDArray[np.uint8]:
    """Cubic; where the result is much smaller than the photo it is drawn larger and averaged down."""
    fold = _fold(back, width, height)
    finer = back @ np.array([[1 / fold, 0, 0.5 / fold - 0.5], [0, 1 / fold, 0.5 / fold - 0.5], [0, 0, 1]])
    drawn = cv2.warpPerspective(
        frame.pixels,
        finer,
        (width * fold, height * fold),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=_ground(frame, back, width, height),
    )
    if fold > 1:
        drawn = cv2.resize(drawn, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(drawn, dtype=np.uint8)


def _fold(back: Matrix, width: int, height: int) -> int:
    """How many photo pixels a pixel of the result spans at most, rounded down; the area is kept, so mostly one."""
    outline = _outline(width, height)
    span = 1.0
    for move in (np.array([1.0, 0.0]), np.array([0.0, 1.0])):
        step = apply_homography(back, outline + move) - apply_homography(back, outline)
        span = max(span, float(np.median(np.hypot(step[:, 0], step[:, 1]))))
    return min(4, int(span + 0.3))


def _ground(frame: Frame, back: Matrix, width: int, height: int) -> tuple[float, float, float]:
    """The board's median colour, from a grid of points that the photo shows."""
    x, y = np.meshgrid((np.arange(48) + 0.5) * width / 48, (np.arange(48) + 0.5) * height / 48)
    places = np.rint(apply_homography(back, np.stack([x.ravel(), y.ravel()], axis=1))).astype(int)
    shown = (places >= 0).all(1) & (places[:, 0] < frame.width) & (places[:, 1] < frame.height)
    if not shown.any():
        return (255.0, 255.0, 255.0)
    blue, green, red = np.median(frame.pixels[places[shown, 1], places[shown, 0]], axis=0)
    return float(blue), float(green), float(red)


def _is_whole(corners: Doubles, frame: Frame) -> bool:
    return bool(np.abs(corners - _outline(frame.width, frame.height)).max() < 1e-6)


def _area(corners: Doubles) -> float:
    x, y = corners[:, 0], corners[:, 1]
    return float(0.5 * abs((x * np.roll(y, -1) - y * np.roll(x, -1)).sum()))


def _convex(corners: Doubles) -> bool:
    """Clockwise on screen, every corner turning the same way, and not flat."""
    along = np.roll(corners, -1, axis=0) - corners
    turn = along[:, 0] * np.roll(along[:, 1], -1) - along[:, 1] * np.roll(along[:, 0], -1)
    return bool(np.isfinite(corners).all() and (turn > 1e-6).all())
