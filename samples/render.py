"""Draws a board, photographs it, and says exactly what is in the photo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from samples import clutter, room
from samples.boards import draw_board, plan_board
from samples.boards.plan import Plan
from samples.camera import Camera, Pose, aim
from samples.canvas import Canvas, Image
from samples.light import COARSE, Light, light
from samples.look import Look
from samples.rng import Rng, between, chance, stream
from samples.sensor import Exposure, add_noise, blurred, encode, expose
from samples.spec import Shot, Spec
from samples.truth import describe

FULL = 4000
"""Long side in pixels of the photo that blur and noise are given for."""


@dataclass(frozen=True, eq=False)
class Rendered:
    """``jpeg``: the photo; ``truth``: a row of truth.jsonl; ``flat`` (H×W×3 BGR): what perfect straightening and
    cleaning would leave, ink and fills on white; ``ink`` (H×W, 255 where a pen went) in the same pixels, and ``ghost``,
    where writing of the back, or badly wiped off, shows."""

    jpeg: bytes
    truth: dict[str, Any]
    flat: Image | None = None
    ink: NDArray[np.uint8] | None = None
    ghost: NDArray[np.uint8] | None = None


def render(spec: Spec, seed: int) -> Rendered:
    """Renders one photo; the same arguments and fonts give the same bytes."""
    plan = plan_board(spec.kind, spec.text, spec.look.art, stream(seed, "plan"))
    rng = stream(seed, "pose")
    portrait = spec.portrait if spec.portrait is not None else _portrait(plan, rng)
    long, short = spec.size
    size = (short, long) if portrait else (long, short)
    words: list[str] = []
    pose = spec.pose or _pose(spec.look, rng, words)
    camera = aim(_corners(plan), size, pose)
    to_photo = camera.plane(np.array([0, 0, -plan.depth]), np.array([1.0, 0, 0]), np.array([0, 1.0, 0]))
    canvas = draw_board(plan, spec.text, spec.look.art, _scale(plan, to_photo), stream(seed, "board"))
    picture = _room(plan, camera, spec.look, stream(seed, "room"), words)
    hang(picture, canvas, to_photo)
    hidden = _front(picture, spec.look, stream(seed, "front"), words)
    shot = Shot(plan, canvas, camera, to_photo, hidden, words)
    lit = _light(shot, spec.look, stream(seed, "light"))
    shot.words.extend(lit.words)
    expose(picture, lit)
    rng = stream(seed, "sensor")
    exposure = _exposure(spec.look, max(size) / FULL, rng, words)
    picture = blurred(picture, exposure)
    add_noise(picture, exposure.noise, rng)
    orientation = spec.orientation or (_orientation(portrait, rng))
    jpeg = encode(picture, exposure.quality, spec.taken_at, orientation)
    truth = describe(shot, spec, lit, orientation)
    flat = canvas.surface(canvas.flat) if spec.flat else None
    ghost = canvas.surface(canvas.ghost) if spec.flat and canvas.ghost is not None else None
    return Rendered(jpeg, truth, flat, canvas.surface(canvas.ink) if spec.flat else None, ghost)


def _portrait(plan: Plan, rng: Rng) -> bool:
    return plan.height > plan.width and chance(rng, 0.85)


def _corners(plan: Plan) -> NDArray[np.float64]:
    w, h, z = plan.width, plan.height, -plan.depth
    return np.array([[0, 0, z], [w, 0, z], [w, h, z], [0, h, z]], np.float64)


def _pose(look: Look, rng: Rng, words: list[str]) -> Pose:
    yaw, pitch, roll = (float(rng.uniform(-1, 1)) * limit for limit in (look.yaw, look.pitch, look.roll))
    fill = between(rng, look.fill)
    slack = max(0.0, 1 - fill) / 2
    offset = (float(rng.uniform(-1, 1)) * slack * 0.7, float(rng.uniform(-1, 1)) * slack * 0.7)
    if chance(rng, look.cut):
        side = int(rng.integers(4))
        push = slack + float(rng.uniform(0.02, 0.09))
        offset = ((-push, offset[1]), (push, offset[1]), (offset[0], push), (offset[0], -push))[side]
        words.append("cut")
    return Pose(yaw, pitch, roll, fill, offset, float(rng.uniform(1, 1.5)))


def _scale(plan: Plan, to_photo: NDArray[np.float64]) -> float:
    """Pixels a millimetre for drawing: those of the photo where the board is nearest, within reason."""
    corners = np.array([[[0, 0], [plan.width, 0], [plan.width, plan.height], [0, plan.height]]], np.float64)
    seen = cv2.perspectiveTransform(corners, to_photo)[0]
    sides = np.hypot(*(np.roll(seen, -1, axis=0) - seen).T)
    lengths = np.array([plan.width, plan.height, plan.width, plan.height])
    return float(min((sides / lengths).max() * 1.05, 4600 / max(plan.width, plan.height)))


def _room(plan: Plan, camera: Camera, look: Look, rng: Rng, words: list[str]) -> Image:
    """The photo without its board, at full size."""
    scene = room.empty_room(camera, look.art.split, look.walls)
    white = chance(rng, look.same_wall)
    rough = look.texture if plan.variety != "wall" else look.texture * 0.3
    level = plan.height + float(rng.uniform(650, 900))
    board = (-plan.margins[0], -plan.margins[1], plan.width + plan.margins[2], plan.height + plan.margins[3])
    apart = (room.grey(plan.ground), look.contrast)
    if plan.variety == "lying":
        room.table(scene, apart, rng)
    else:
        room.wall(scene, rough, None if white else apart, rng)
        room.floor(scene, level, rng)
        if white and plan.ground[0] > 200:
            words.append("same wall")
    count = int(rng.integers(int(look.clutter[0]), int(look.clutter[1]) + 1))
    clutter.furnish(scene, board, level, count, rng)
    if plan.variety == "easel":
        clutter.legs(scene, board, plan.depth, level, rng)
    _cast(scene, plan, rng)
    return np.asarray(
        cv2.resize(scene.picture, (camera.width, camera.height), interpolation=cv2.INTER_LINEAR), np.uint8
    )


def _cast(scene: room.Room, plan: Plan, rng: Rng) -> None:
    """The board's shadow on the wall."""
    if plan.variety == "wall":
        return
    reach = 6 + 0.25 * plan.depth
    shift = (float(rng.normal(0, reach)), abs(float(rng.normal(reach, reach))))
    corners = _corners(plan)[None, :, :2] + shift
    spot = cv2.perspectiveTransform(corners, scene.upright(0))[0]
    soft = float(rng.uniform(4, 10)) * scene.picture.shape[1] / 2000 * (3 if plan.depth > 100 else 1)
    room.shadow(scene, spot, soft, float(rng.uniform(0.2, 0.5)))


def hang(picture: Image, canvas: Canvas, to_photo: NDArray[np.float64]) -> None:
    """Warps the board into the photo, once, in place."""
    h, w = canvas.ink.shape
    matrix = to_photo @ np.linalg.inv(canvas.to_px)
    corners = cv2.perspectiveTransform(np.array([[[0, 0], [w, 0], [w, h], [0, h]]], np.float64), matrix)[0]
    x0, y0 = np.maximum(np.floor(corners.min(0)).astype(int) - 1, 0)
    x1, y1 = np.minimum(np.ceil(corners.max(0)).astype(int) + 2, (picture.shape[1], picture.shape[0]))
    part = picture[y0:y1, x0:x1]
    matrix = np.array([[1, 0, -x0], [0, 1, -y0], [0, 0, 1.0]]) @ matrix
    size = (part.shape[1], part.shape[0])
    if canvas.alpha.min() == 255:
        cv2.warpPerspective(canvas.albedo, matrix, size, part, cv2.INTER_LINEAR, cv2.BORDER_TRANSPARENT)
        return
    board = cv2.warpPerspective(canvas.albedo, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    cover = cv2.warpPerspective(canvas.alpha, matrix, size, flags=cv2.INTER_LINEAR)
    solid = cover > 250
    cv2.copyTo(board, solid.astype(np.uint8), part)
    edge = (cover > 4) & ~solid
    share = cover[edge].astype(np.float32)[:, None] / 255
    part[edge] = (board[edge] * share + part[edge] * (1 - share)).astype(np.uint8)


def _front(picture: Image, look: Look, rng: Rng, words: list[str]) -> NDArray[np.uint8]:
    """People and furniture in front, out of focus; returns where they hide the board (photo / 8)."""
    height, width = picture.shape[:2]
    small = (-(-height // COARSE), -(-width // COARSE))
    hidden = np.zeros(small, np.uint8)
    size = (height // 4, width // 4)
    layers = []
    someone, things = chance(rng, look.person), chance(rng, look.front)
    if someone:
        layers.append(clutter.silhouette(size, int(rng.choice([-1, 1])), float(rng.uniform(0.22, 0.38)), rng))
        words.append("person")
    if things:
        layers.append(clutter.foreground(size, rng))
        words.append("front")
    for drawn, mask in layers:
        soft = cv2.GaussianBlur(mask, (0, 0), 1.5)
        _lay_over(picture, drawn, np.asarray(soft, np.uint8))
        hidden = np.maximum(hidden, cv2.resize(mask, small[::-1], interpolation=cv2.INTER_AREA))
    return np.asarray(hidden, np.uint8)


def _lay_over(picture: Image, drawn: Image, mask: NDArray[np.uint8]) -> None:
    ys, xs = np.nonzero(mask)
    y0, y1, x0, x1 = ys.min(), ys.max() + 1, xs.min(), xs.max() + 1
    fy, fx = picture.shape[0] / mask.shape[0], picture.shape[1] / mask.shape[1]
    part = picture[round(y0 * fy) : round(y1 * fy), round(x0 * fx) : round(x1 * fx)]
    size = (part.shape[1], part.shape[0])
    cover = cv2.resize(mask[y0:y1, x0:x1], size).astype(np.float32)[..., None] / 255
    over = cv2.resize(drawn[y0:y1, x0:x1], size)
    part[...] = (part + cover * (over.astype(np.float32) - part)).astype(np.uint8)


def _light(shot: Shot, look: Look, rng: Rng) -> Light:
    size = shot.hidden.shape
    board = np.zeros(size, np.uint8)
    quad = shot.camera.project(_corners(shot.plan)) / COARSE
    cv2.fillPoly(board, [np.round(quad * 16).astype(np.int32)], 255, cv2.LINE_AA, shift=4)
    board[shot.hidden > 60] = 0
    return light((size[0], size[1]), board, max(0.06, shot.plan.gloss), look, rng)


def _exposure(look: Look, scale: float, rng: Rng, words: list[str]) -> Exposure:
    motion = float(rng.uniform(5, 16)) * scale
    moved = chance(rng, look.motion)
    if moved:
        words.append("motion")
    blur, noise = between(rng, look.blur) * scale, between(rng, look.noise)
    return Exposure(blur, motion if moved else 0.0, float(rng.uniform(0, 180)), noise, int(between(rng, look.quality)))


def _orientation(portrait: bool, rng: Rng) -> int:
    """Phones store portraits turned; now and then a landscape upside down."""
    draw = rng.random()
    if portrait:
        return 6 if draw < 0.7 else 1
    return 3 if draw < 0.08 else 1
