"""One board photographed again, or piece by piece: photos whose place on the board is known exactly."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from samples import clutter
from samples.boards import draw_board, plan_board
from samples.boards.plan import Plan
from samples.camera import Pose, aim
from samples.canvas import Canvas
from samples.light import COARSE, light
from samples.look import Look
from samples.rng import Rng, stream
from samples.sensor import Exposure, add_noise, blurred, encode, expose
from samples.texts import BoardText


@dataclass(frozen=True, eq=False)
class Piece:
    """``to_photo``: mm of the board → photo pixels; ``quad``: the corners, in the photo, of what it shows of the
    board, as a person or a finder gives them: a few pixels off; ``span``: from where to where, 0..1."""

    jpeg: bytes
    to_photo: NDArray[np.float64]
    quad: tuple[tuple[float, float], ...]
    span: tuple[float, float]


def board(kind: str, text: BoardText, look: Look, seed: int, scale: float = 1.6) -> tuple[Plan, Canvas]:
    """``scale``: pixels a millimetre of the drawing."""
    plan = plan_board(kind, text, look.art, stream(seed, "plan"))
    return plan, draw_board(plan, text, look.art, scale, stream(seed, "board"))


def wiped(drawn: tuple[Plan, Canvas], share: float, rng: Rng) -> tuple[Plan, Canvas]:
    """The same board later: that share of its width, from one side, has been wiped off or taken down."""
    plan, canvas = drawn
    later = copy(canvas)
    later.albedo = canvas.albedo.copy()
    width = round(share * later.albedo.shape[1])
    part = later.albedo[:, :width] if rng.random() < 0.5 else later.albedo[:, -width:]
    grain = cv2.resize(rng.normal(0, 1.5, (40, 40)).astype(np.float32), part.shape[1::-1])
    part[:] = np.clip(np.array(plan.ground, np.float32) + grain[..., None], 0, 255).astype(np.uint8)
    return plan, later


def shoot(
    drawn: tuple[Plan, Canvas],
    span: tuple[float, float],
    look: Look,
    seed: int,
    size: tuple[int, int],
    someone: bool = False,
) -> Piece:
    """The stretch of the board from ``span[0]`` to ``span[1]`` of its width fills the photo; ``someone`` stands in
    front of it."""
    plan, canvas = drawn
    rng = stream(seed, "piece")
    left, right = span[0] * plan.width, span[1] * plan.width
    corners = np.array([[left, 0, 0], [right, 0, 0], [right, plan.height, 0], [left, plan.height, 0]], np.float64)
    yaw, pitch, roll = (float(rng.uniform(-1, 1)) * limit for limit in (look.yaw, look.pitch, look.roll))
    camera = aim(corners, size, Pose(yaw * 0.8, pitch, roll, 0.98))
    to_photo = camera.plane(np.zeros(3), np.array([1.0, 0, 0]), np.array([0, 1.0, 0]))
    picture = np.full((size[1], size[0], 3), 130, np.uint8)
    way = to_photo @ np.linalg.inv(canvas.to_px)
    cv2.warpPerspective(canvas.albedo, way, size, picture, cv2.INTER_LINEAR, cv2.BORDER_TRANSPARENT)
    if someone:
        _stand_in_front(picture, rng)
    _develop(picture, look, rng)
    quad = camera.project(corners) + rng.normal(0, 0.002 * max(size), (4, 2))
    jpeg = encode(picture, 90, None, 1)
    return Piece(jpeg, to_photo, tuple((float(x), float(y)) for x, y in quad), span)


def _stand_in_front(picture: NDArray[np.uint8], rng: Rng) -> None:
    height, width = picture.shape[:2]
    size = (height // 4, width // 4)
    person, mask = clutter.silhouette(size, int(rng.choice([-1, 1])), float(rng.uniform(0.25, 0.4)), rng)
    cover = cv2.resize(cv2.GaussianBlur(mask, (0, 0), 1.5), (width, height)).astype(np.float32)[..., None] / 255
    picture[...] = (picture * (1 - cover) + cv2.resize(person, (width, height)) * cover).astype(np.uint8)


def _develop(picture: NDArray[np.uint8], look: Look, rng: Rng) -> None:
    """Light, blur and noise, in place."""
    coarse = (-(-picture.shape[0] // COARSE), -(-picture.shape[1] // COARSE))
    expose(picture, light(coarse, np.full(coarse, 255, np.uint8), 0.1, look, rng))
    blur = float(rng.uniform(*look.blur)) * picture.shape[1] / 4000
    picture[...] = blurred(picture, Exposure(blur, 0.0, 0.0, 0.0, 90))
    add_noise(picture, float(rng.uniform(*look.noise)), rng)
