"""What stands around and in front of the boards of ``bench.rooms``."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from samples.boards.plan import Plan
from samples.clutter import foreground, furnish, silhouette
from samples.rng import Rng
from samples.room import Room, any_colour, floor, lay, wall

Image = NDArray[np.uint8]
Doubles = NDArray[np.float64]


def behind(room: Room, boards: list[Plan], kind: str, rng: Rng) -> None:
    """The wall, floor and ceiling, and what hangs beside the board."""
    plan = boards[0]
    wide = sum(b.width for b in boards)
    white = rng.random() < {"pale": 0.9, "bare": 0.7, "framed": 0.4, "wheels": 0.4}.get(kind, 0.5)
    wall(room, 0.5, None if white else (245, 12), rng)
    level = plan.height + float(rng.uniform(650, 1000))
    floor(room, level, rng)
    _ceiling(room, -float(rng.uniform(350, 1100)), rng)
    for _ in range(int(rng.integers(0, 4))):
        _beside(room, plan, wide, level, rng)
    board = (-plan.margins[0], -plan.margins[1], wide + plan.margins[2], plan.height + plan.margins[3])
    furnish(room, board, level, int(rng.integers(0, 4)), rng)
    if kind == "wheels":
        furnish(room, (-600.0, -300.0, wide + 600, plan.height), level, int(rng.integers(3, 9)), rng)


def _ceiling(room: Room, level: float, rng: Rng) -> None:
    x0, y0, x1, _ = room.camera.wall_seen()
    if y0 > level:
        return
    reach = -room.camera.centre[2] * 0.72
    sheet = np.full((300, 600, 3), int(rng.integers(205, 250)), np.uint8)
    if rng.random() < 0.5:
        for at in range(0, 600, 60):
            cv2.line(sheet, (at, 0), (at, 300), (180, 182, 184), 1)
            cv2.line(sheet, (0, at // 2), (600, at // 2), (180, 182, 184), 1)
    for at in rng.uniform(0.1, 0.9, int(rng.integers(0, 3))):
        cv2.rectangle(sheet, (int(at * 600), 60), (int(at * 600) + 60, 240), (255, 255, 255), -1)
    plane = room.homography(np.array([0, level, 0]), np.array([1.0, 0, 0]), np.array([0, 0, -1.0]))
    lay(room, sheet, plane, (x0 - 2000, 0, x1 + 2000, reach))


def _beside(room: Room, plan: Plan, wide: float, level: float, rng: Rng) -> None:
    """A window, a door, a cork board, a switch, a socket, the case of a screen, a pipe, a clock."""
    plane = room.upright(2)
    left = rng.random() < 0.5
    gap = float(rng.uniform(60, 500))
    what = rng.random()
    if what < 0.25:
        size = (float(rng.uniform(500, 1400)), float(rng.uniform(900, 1600)))
        texture, top = _window(rng), float(rng.uniform(-400, 200))
    elif what < 0.4:
        size, top = (float(rng.uniform(800, 950)), 2050.0), level - 2050
        texture = np.full((64, 32, 3), any_colour(rng), np.uint8)
        cv2.rectangle(texture, (0, 0), (31, 63), (235, 236, 238), 2)
    elif what < 0.55:
        size, top = (
            (float(rng.uniform(600, 1200)), plan.height * float(rng.uniform(0.6, 1))),
            float(rng.uniform(0, 100)),
        )
        texture = _cork(rng)
    elif what < 0.75:
        side = float(rng.uniform(80, 130))
        size, top = (side, side), float(rng.uniform(0.3, 1.2)) * plan.height
        texture = np.full((16, 16, 3), 240, np.uint8)
        cv2.rectangle(texture, (0, 0), (15, 15), (170, 172, 172), 1)
        cv2.rectangle(texture, (4, 4), (11, 11), (205, 206, 208), -1)
    elif what < 0.88:
        case = np.full((8, 8, 3), int(rng.integers(190, 250)), np.uint8)
        high = float(rng.uniform(60, 120))
        y = -plan.margins[1] - float(rng.uniform(40, 200)) - high
        lay(room, case, plane, (-200.0, y, wide + 200, y + high))
        return
    else:
        pipe = np.full((8, 8, 3), int(rng.integers(150, 245)), np.uint8)
        x = -gap if left else wide + gap
        lay(room, pipe, plane, (x, -2000.0, x + float(rng.uniform(20, 60)), level))
        return
    x = -gap - size[0] if left else wide + gap
    lay(room, texture, plane, (x, top, x + size[0], top + size[1]))


def _window(rng: Rng) -> Image:
    panes = np.full((240, 200, 3), (250, 248, 244), np.uint8)
    if rng.random() < 0.5:
        panes[:] = (np.linspace(255, 150, 240)[:, None, None] * np.array([1.0, 0.97, 0.93])).astype(np.uint8)
    if rng.random() < 0.4:
        for y in range(0, 240, 8):
            cv2.line(panes, (0, y), (200, y), (190, 194, 198), 2)
    frame = int(rng.integers(60, 245))
    cv2.rectangle(panes, (0, 0), (199, 239), (frame,) * 3, 8)
    cv2.line(panes, (100, 0), (100, 240), (frame,) * 3, 6)
    return panes


def _cork(rng: Rng) -> Image:
    board = np.full((160, 200, 3), (100, 150, 190), np.uint8)
    board = np.clip(board + rng.normal(0, 8, board.shape), 0, 255).astype(np.uint8)
    for _ in range(int(rng.integers(0, 7))):
        x, y = (int(v) for v in rng.integers(5, 130, 2))
        cv2.rectangle(board, (x, y), (x + 30, y + 24), any_colour(rng) if rng.random() < 0.5 else (240, 242, 242), -1)
    cv2.rectangle(board, (0, 0), (199, 159), (60, 100, 140) if rng.random() < 0.5 else (175, 176, 178), 4)
    return board


def stand(room: Room, plan: Plan, rng: Rng) -> None:
    """Two posts with feet on wheels, behind the board."""
    tone = int(rng.integers(60, 210))
    plane = room.upright(plan.depth - 15)
    low = plan.height + float(rng.uniform(500, 800))
    bar = np.full((8, 8, 3), tone, np.uint8)
    for x in (-plan.margins[0] - 25, plan.width + plan.margins[2] - 5):
        lay(room, bar, plane, (x, -40.0, x + 30, low))
        foot = room.upright(plan.depth + 250)
        lay(room, bar, foot, (x - 10, low - 20, x + 45, low + 15))
        wheel = cv2.perspectiveTransform(np.array([[[x + 15, low + 40]]]), foot)[0, 0]
        if np.abs(wheel).max() < 1e4:
            centre = (round(float(wheel[0])), round(float(wheel[1])))
            cv2.circle(room.picture, centre, max(3, room.picture.shape[1] // 120), (35, 35, 36), -1, cv2.LINE_AA)
    if rng.random() < 0.6:
        lay(room, bar, plane, (-20.0, low - 150, plan.width + 20, low - 115))


def before(picture: Image, mask: Image, kind: str, rng: Rng) -> None:
    """People and chairs in front; ``mask``, 255 where the board is seen, loses what they hide."""
    h, w = picture.shape[:2]
    layers = []
    if rng.random() < 0.3 and kind != "close":
        layers.append(silhouette((h, w), int(rng.choice([-1, 1])), float(rng.uniform(0.12, 0.34)), rng))
    if rng.random() < 0.2 and kind != "close":
        layers.append(foreground((h, w), rng))
    if rng.random() < 0.15:
        layers.append(_arm((h, w), rng))
    for drawn, cover in layers:
        share = cv2.GaussianBlur(cover, (0, 0), float(rng.uniform(0.8, 4)))[..., None].astype(np.float32) / 255
        picture[...] = (picture + (drawn.astype(np.float32) - picture) * share).astype(np.uint8)
        mask[cover > 60] = 0


def _arm(size: tuple[int, int], rng: Rng) -> tuple[Image, Image]:
    """A forearm and a hand that come in from a side or from below."""
    h, w = size
    mask, picture = np.zeros(size, np.uint8), np.zeros((*size, 3), np.uint8)
    picture[:] = any_colour(rng)
    start = np.array([float(rng.choice([-20.0, w + 20.0])), h * float(rng.uniform(0.4, 1))])
    if rng.random() < 0.4:
        start = np.array([w * float(rng.uniform(0.1, 0.9)), h + 20.0])
    end = start + (np.array([w / 2, h / 2]) - start) * float(rng.uniform(0.3, 0.7))
    thick = int(w * rng.uniform(0.05, 0.1))
    a, b = (round(start[0]), round(start[1])), (round(end[0]), round(end[1]))
    cv2.line(mask, a, b, 255, thick, cv2.LINE_AA)
    skin = ((150, 180, 225), (95, 130, 185), (60, 85, 130))[int(rng.integers(3))]
    tip = end + (end - start) * 0.25
    c = (round(tip[0]), round(tip[1]))
    for layer, tone in ((mask, (255, 255, 255)), (picture, skin)):
        cv2.line(layer, b, c, tone, int(thick * 0.8), cv2.LINE_AA)
    return picture, mask
