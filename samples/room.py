"""The room behind the board, painted at half the photo's resolution: wall, floor, clutter, shadows."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from samples.camera import Array, Camera
from samples.canvas import Colour, Image
from samples.rng import Rng
from samples.walls import FLOORS, PALETTES, TABLES, fractal, paint, pick_wall, plaster

HALF = 0.5


@dataclass
class Room:
    """``picture`` is being painted; ``camera`` is the photo's; ``split`` chooses surfaces and colours."""

    picture: Image
    camera: Camera
    split: str
    walls: tuple[Colour, ...] = ()

    def homography(self, origin: Array, across: Array, down: Array) -> Array:
        """Millimetres of a plane → pixels of ``picture``."""
        shrink = np.array([[HALF, 0, HALF / 2 - 0.5], [0, HALF, HALF / 2 - 0.5], [0, 0, 1.0]])
        return np.asarray(shrink @ self.camera.plane(origin, across, down))

    def upright(self, depth: float) -> Array:
        """A plane parallel to the wall, ``depth`` mm in front of it."""
        return self.homography(np.array([0, 0, -depth]), np.array([1.0, 0, 0]), np.array([0, 1.0, 0]))


def grey(colour: Colour) -> float:
    return 0.11 * colour[0] + 0.59 * colour[1] + 0.3 * colour[2]


def colour(split: str, rng: Rng, spread: float = 12, apart: tuple[float, float] = (0, 0)) -> Colour:
    """A colour of the split's palette, where one can be had at least ``apart[1]`` grey levels from ``apart[0]``."""
    pool = [c for c in PALETTES[split] if abs(grey(c) - apart[0]) >= apart[1]] or [(60, 58, 56)]
    b, g, r = np.clip(np.array(pool[int(rng.integers(len(pool)))]) + rng.normal(0, spread, 3), 0, 255)
    return int(b), int(g), int(r)


def any_colour(rng: Rng) -> Colour:
    hsv = np.array([[[rng.integers(180), rng.integers(40, 220), rng.integers(50, 235)]]], np.uint8)
    b, g, r = cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR)[0, 0]
    return int(b), int(g), int(r)


def empty_room(camera: Camera, split: str, walls: tuple[Colour, ...] = ()) -> Room:
    size = (round(camera.height * HALF), round(camera.width * HALF))
    return Room(np.full((*size, 3), 128, np.uint8), camera, split, walls)


def lay(room: Room, texture: Image, plane: Array, box: tuple[float, float, float, float]) -> None:
    """Warps a texture that covers ``box`` (x0, y0, x1, y1, mm of the plane) into the picture."""
    h, w = texture.shape[:2]
    x0, y0, x1, y1 = box
    stretch = np.array(
        [[(x1 - x0) / w, 0, x0 + 0.5 * (x1 - x0) / w], [0, (y1 - y0) / h, y0 + 0.5 * (y1 - y0) / h], [0, 0, 1.0]]
    )
    out = (room.picture.shape[1], room.picture.shape[0])
    cv2.warpPerspective(texture, plane @ stretch, out, room.picture, cv2.INTER_LINEAR, cv2.BORDER_TRANSPARENT)


def wall(room: Room, roughness: float, apart: tuple[float, float] | None, rng: Rng) -> None:
    """The wall: at least so far from a grey level (level, difference), or white as a board where ``apart`` is None."""
    x0, y0, x1, y1 = room.camera.wall_seen()
    mm = min(1.0, 1.2 * max(room.picture.shape) / max(x1 - x0, y1 - y0))
    size = (max(8, int((y1 - y0) * mm)), max(8, int((x1 - x0) * mm)))
    level = int(rng.integers(225, 248))
    white = apart is None
    if apart is None:
        tone = (level - int(rng.integers(0, 8)), level - 2, level)
    elif room.walls:
        tone = room.walls[int(rng.integers(len(room.walls)))]
    else:
        tone = colour(room.split, rng, apart=apart)
    smooth = plaster if room.split == "tune" else paint
    surface = smooth if white else pick_wall(room.split, roughness, rng)
    lay(room, surface(size, mm, tone, rng), room.upright(0), (x0, y0, x1, y1))


def table(room: Room, apart: tuple[float, float], rng: Rng) -> None:
    """The board lies on a table or on the floor: the plane of the wall is wood, tiles or carpet."""
    x0, y0, x1, y1 = room.camera.wall_seen()
    mm = min(1.0, max(room.picture.shape) / max(x1 - x0, y1 - y0))
    size = (max(8, int((y1 - y0) * mm)), max(8, int((x1 - x0) * mm)))
    pool = TABLES[room.split]
    surface = pool[int(rng.integers(len(pool)))]
    lay(room, surface(size, mm, colour(room.split, rng, apart=apart), rng), room.upright(0), (x0, y0, x1, y1))


def floor(room: Room, level: float, rng: Rng) -> None:
    """The floor at ``level`` mm (y) with a skirting board, as far as the photo shows it."""
    x0, _, x1, y1 = room.camera.wall_seen()
    if y1 < level:
        return
    reach = -room.camera.centre[2] * 0.72
    wide = (x0 - 3000, x1 + 3000)
    pool = FLOORS[room.split]
    texture = pool[int(rng.integers(len(pool)))]((700, 1400), 0.22, colour(room.split, rng), rng)
    skirting = np.full((8, 8, 3), colour(room.split, rng, 20), np.uint8)
    lay(room, skirting, room.upright(0), (wide[0], level - 90, wide[1], level))
    plane = room.homography(np.array([0, level, 0]), np.array([1.0, 0, 0]), np.array([0, 0, -1.0]))
    lay(room, texture, plane, (wide[0], 0, wide[1], reach))


def shadow(room: Room, polygon: NDArray[np.float64], softness: float, strength: float) -> None:
    """Darkens the picture inside a polygon of its pixels, blurred over ``softness`` pixels."""
    mask = np.zeros((room.picture.shape[0] // 4 + 1, room.picture.shape[1] // 4 + 1), np.uint8)
    cv2.fillPoly(mask, [np.round(polygon / 4 * 16).astype(np.int32)], 255, cv2.LINE_AA, shift=4)
    soft = cv2.GaussianBlur(mask, (0, 0), max(0.6, softness / 4))
    gain = 255 - np.asarray(soft, np.float32) * strength
    full = cv2.resize(
        gain.astype(np.uint8), (room.picture.shape[1], room.picture.shape[0]), interpolation=cv2.INTER_LINEAR
    )
    cv2.multiply(room.picture, cv2.merge([full, full, full]), room.picture, 1 / 255)


def poster(rng: Rng, size: tuple[int, int] = (240, 170)) -> Image:
    """A sheet with a picture, bars instead of text, or stripes: nothing a reader could read."""
    sheet = np.full((*size, 3), any_colour(rng) if rng.random() < 0.6 else (238, 240, 240), np.uint8)
    for _ in range(int(rng.integers(1, 5))):
        a, b = rng.integers(0, size[1], 2), rng.integers(0, size[0], 2)
        if rng.random() < 0.5:
            cv2.rectangle(sheet, (int(a.min()), int(b.min())), (int(a.max()), int(b.max())), any_colour(rng), -1)
        else:
            cv2.circle(sheet, (int(a[0]), int(b[0])), int(rng.integers(10, 60)), any_colour(rng), -1)
    for i in range(int(rng.integers(0, 9))):
        y = 30 + i * 18
        cv2.line(sheet, (18, y), (int(rng.integers(60, size[1] - 10)), y), (70, 70, 75), 4)
    return sheet


def screen(rng: Rng) -> Image:
    """A lit screen in its black frame."""
    glow = np.clip(
        120 + 60 * fractal((150, 260), 60, rng, 3)[..., None] * np.array([1.2, 1, 0.7], np.float32) + 60, 0, 255
    )
    return np.asarray(
        cv2.copyMakeBorder(glow.astype(np.uint8), 8, 12, 8, 8, cv2.BORDER_CONSTANT, value=(22, 22, 24)), np.uint8
    )
