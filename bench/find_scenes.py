"""Small scenes with known corners, drawn fast and by the thousand, for fitting the search for boards.

Harder than life on purpose: walls of the board's own colour, doors and posters, desks with clutter, frames, trays,
reflections of windows, people in front, lenses that bend, photos that the paper fills. Only for tuning: what is
measured is measured on the samples' renderer and on photos.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.find_lone import across, beside, close_pile, ground
from bench.find_surroundings import desk, light, rectangle, things, wall
from bench.find_textures import board_texture
from bench.find_trouble import device, on_top, tight_quad, under_sheets, wall_of_notes

Image = NDArray[np.float32]
Doubles = NDArray[np.float64]
Chance = np.random.Generator

RATIOS = {"whiteboard": (1.25, 2.2), "flipchart": (0.62, 0.8), "page": (0.66, 1.5), "fresco": (1.8, 4.5)}


@dataclass(frozen=True, eq=False)
class Scene:
    """``pixels`` H×W×3 uint8 BGR; ``quads`` the boards' corners (4×2, may lie outside); none: to be kept whole."""

    pixels: NDArray[np.uint8]
    quads: tuple[Doubles, ...]
    kind: str


KINDS = {"whiteboard": 0.26, "flipchart": 0.14, "page": 0.12, "lone": 0.2, "fresco": 0.08, "full": 0.11, "tight": 0.09}


def draw_scene(seed: int, kind: str | None = None) -> Scene:
    """One scene; ``kind``, one of ``KINDS``, is drawn where it is not given."""
    chance = np.random.default_rng(seed)
    size = (1000, 750) if chance.random() < 0.65 else (750, 1000)
    kind = kind or str(chance.choice(list(KINDS), p=list(KINDS.values())))
    photo = desk(chance, size) if kind in ("page", "tight") else wall(chance, size)
    quads: list[Doubles] = []
    if kind == "page":
        quads = [_page(chance, photo, size)]
    elif kind == "lone":
        photo = ground(chance, size)
        quads = [_lone(chance, photo, size)]
    elif kind == "full":
        photo = wall_of_notes(chance, size) if chance.random() < 0.7 else _fill(chance, size)
    elif kind == "tight":
        quads = [_place(chance, photo, str(chance.choice(["flipchart", "page"])), tight_quad(chance, size))]
    elif kind != "fresco" and chance.random() < 0.12:
        quads = _two(chance, photo, kind)
    else:
        quads = [_place(chance, photo, kind, board_quad(chance, size, kind))]
    if chance.random() < 0.2 and kind in ("whiteboard", "flipchart", "fresco"):
        _person(chance, photo, quads[0])
    if chance.random() < 0.25:
        _glare(chance, photo)
    photo, quads = bend(chance, photo, quads)
    return Scene(_camera(chance, photo), tuple(quads), kind)


def _page(chance: Chance, photo: Image, size: tuple[int, int]) -> Doubles:
    """A page on a desk among other things, now and then on a pile of others."""
    quad = board_quad(chance, size, "page")
    for _ in range(int(chance.integers(0, 3)) if chance.random() < 0.5 else 0):
        device(chance, photo)
    if chance.random() < 0.15:
        _place(chance, photo, "page", board_quad(chance, size, "page"))
    piled = chance.random() < 0.45
    for sheet in under_sheets(chance, quad) if piled else ():
        _place(chance, photo, "page", sheet)
    _place(chance, photo, "page", quad)
    if chance.random() < (0.7 if piled else 0.4):
        on_top(chance, photo, quad)
    if chance.random() < 0.3:
        things(chance, photo, int(chance.integers(1, 3)))
    return quad


def _lone(chance: Chance, photo: Image, size: tuple[int, int]) -> Doubles:
    """A page of an eighth to a third of the photo, most often on other sheets."""
    quad = board_quad(chance, size, "page")
    share = float(np.sqrt(chance.uniform(0.1, 0.33) * size[0] * size[1] / cv2.contourArea(quad.astype(np.float32))))
    room = np.maximum(0, np.array(size) - np.ptp(quad, axis=0) * share)
    quad = np.asarray((quad - quad.min(0)) * share + room * chance.uniform(0, 1, 2), np.float64)
    for _ in range(int(chance.integers(0, 3))):
        device(chance, photo)
    piled = chance.random()
    under = close_pile(chance, quad) if piled < 0.5 else beside(chance, quad, size) if piled < 0.75 else []
    for sheet in under:
        _place(chance, photo, "page", sheet)
    _place(chance, photo, "page", quad)
    if chance.random() < 0.5:
        on_top(chance, photo, quad)
    if chance.random() < 0.5:
        across(chance, photo, quad)
    return quad


def board_quad(chance: Chance, size: tuple[int, int], kind: str) -> Doubles:
    """A rectangle seen by a phone: turned, tilted, sometimes partly out of shot."""
    ratio = float(chance.uniform(*RATIOS[kind]))
    plane = np.array([[-ratio, -1, 0], [ratio, -1, 0], [ratio, 1, 0], [-ratio, 1, 0]]) / np.hypot(ratio, 1)
    frame = rectangle(size).astype(np.float32)
    for _ in range(200):
        roll = np.radians([0, 0, chance.normal(0, 15 if kind == "page" else 2.5)])
        turns = np.radians([chance.normal(0, 12), chance.normal(0, 16), 0])
        turn = np.asarray(cv2.Rodrigues(roll)[0]) @ np.asarray(cv2.Rodrigues(turns)[0])
        placed = plane @ turn.T + [0, 0, 2.6]
        seen = placed[:, :2] / placed[:, 2:]
        fit = float((np.array(size) / np.ptp(seen, axis=0)).min())
        seen = seen * fit * (chance.uniform(0.28, 0.9) if kind == "page" else chance.uniform(0.55, 1.12))
        low, high = seen.min(0), seen.max(0)
        slack = np.array(size) - (high - low)
        out = 0.12 * np.array(size) * (chance.random(2) < 0.15)
        seen = seen - low + chance.uniform(np.minimum(0, slack) - out, np.maximum(0, slack) + out)
        shown = cv2.intersectConvexConvex(seen.astype(np.float32), frame)[0]
        if shown > 0.7 * cv2.contourArea(seen.astype(np.float32)):
            return np.asarray(seen, np.float64)
    return rectangle(size) * 0.8 + np.array(size) * 0.1


def _two(chance: Chance, photo: Image, kind: str) -> list[Doubles]:
    """Two boards side by side, or one above the other in an upright photo."""
    height, width = photo.shape[:2]
    along = 0 if width > height else 1
    half = (width // 2 - 20, height) if along == 0 else (width, height // 2 - 20)
    quads = []
    for k in range(2):
        quad = board_quad(chance, half, kind)
        quad = (quad - quad.mean(0)) * min(1.0, 0.85 / float((np.ptp(quad, axis=0) / half).max())) + np.array(half) / 2
        quad[:, along] += k * (half[along] + 40)
        quads.append(_place(chance, photo, kind, quad))
    return quads


def _place(chance: Chance, photo: Image, kind: str, quad: Doubles) -> Doubles:
    """Draw a board over the photo with its shadow; what hangs on its outside comes with its texture."""
    texture = board_texture(chance, kind, quad)
    height, width = photo.shape[:2]
    matrix = cv2.getPerspectiveTransform(texture.inner.astype(np.float32), quad.astype(np.float32))
    drawn = cv2.warpPerspective(texture.pixels, matrix, (width, height), flags=cv2.INTER_LINEAR)
    cover = cv2.warpPerspective(texture.cover, matrix, (width, height), flags=cv2.INTER_LINEAR)[..., None]
    if chance.random() < 0.75:
        shift = np.array([[1, 0, chance.normal(0, 6)], [0, 1, abs(chance.normal(0, 7))]])
        shade = cv2.warpAffine(cover, shift, (width, height))
        shade = cv2.GaussianBlur(shade, (0, 0), float(chance.uniform(1, 14)))[..., None]
        photo *= 1 - shade * float(chance.uniform(0.1, 0.6))
    lit = drawn * light(chance, (width, height), 0.25) if chance.random() < 0.7 else drawn
    photo[:] = photo * (1 - cover) + lit * cover
    return quad


def _fill(chance: Chance, size: tuple[int, int]) -> Image:
    """Paper or board that fills the photo: nothing of its sides is seen."""
    w, h = size
    sheet = rectangle(size)
    grown = (sheet - sheet.mean(0)) * chance.uniform(1.02, 1.3) + sheet.mean(0)
    photo = np.zeros((h, w, 3), np.float32)
    _place(chance, photo, str(chance.choice(["whiteboard", "page", "fresco"])), grown + chance.normal(0, 3, (4, 2)))
    return np.asarray(photo * light(chance, size, 0.35), np.float32)


def _person(chance: Chance, photo: Image, quad: Doubles) -> None:
    """Head and shoulders over a corner or a side."""
    h, w = photo.shape[:2]
    corner = quad[int(chance.integers(4))]
    middle = quad[int(chance.integers(2, 4))] * 0.5 + quad[0] * 0.5
    at = np.clip(corner if chance.random() < 0.4 else middle, 0, [w, h])
    radius = chance.uniform(0.04, 0.1) * max(w, h)
    dark = chance.uniform(10, 200, 3).tolist()
    x, y = int(at[0]), int(max(at[1], h * 0.45))
    shoulders = (int(radius * 2), int(radius * 1.8))
    cv2.ellipse(photo, (x, int(y + 3 * radius)), shoulders, 0, 180, 360, dark, -1, cv2.LINE_AA)
    cv2.rectangle(photo, (x - shoulders[0], int(y + 3 * radius)), (x + shoulders[0], h), dark, -1)
    skin = (chance.uniform(0.3, 1) * np.array([150, 180, 230])).tolist()
    cv2.ellipse(photo, (x, y), (int(radius * 0.8), int(radius)), 0, 0, 360, skin, -1, cv2.LINE_AA)


def _glare(chance: Chance, photo: Image) -> None:
    """A lamp, or a window reflected."""
    h, w = photo.shape[:2]
    veil = np.zeros((h, w), np.float32)
    at = chance.uniform(0.1, 0.9, 2) * [w, h]
    if chance.random() < 0.5:
        axes = np.rint(chance.uniform(0.02, 0.12, 2) * w).astype(int)
        cv2.ellipse(veil, (int(at[0]), int(at[1])), (int(axes[0]), int(axes[1])), 0, 0, 360, 1.0, -1)
        soft, height = float(chance.uniform(8, 30)), float(chance.uniform(80, 255))
    else:
        size = chance.uniform(0.08, 0.4, 2) * [w, h]
        skew = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * size / 2 + at + chance.normal(0, 15, (4, 2))
        cv2.fillPoly(veil, [np.rint(skew).astype(np.int32)], 1.0, cv2.LINE_AA)
        soft, height = float(chance.uniform(1, 8)), float(chance.uniform(8, 60))
    photo += np.asarray(cv2.GaussianBlur(veil, (0, 0), soft), np.float32)[..., None] * np.float32(height)


def bend(chance: Chance, photo: Image, quads: list[Doubles]) -> tuple[Image, list[Doubles]]:
    """A little barrel or cushion, as of a phone's wide lens."""
    if chance.random() < 0.5:
        return photo, quads
    h, w = photo.shape[:2]
    k = float(chance.normal(0, 0.012))
    x, y = np.meshgrid(np.arange(w, dtype=np.float32), np.arange(h, dtype=np.float32))
    centre, unit = np.array([w / 2, h / 2]), max(w, h) / 2
    stretch = 1 + k * (((x - w / 2) / unit) ** 2 + ((y - h / 2) / unit) ** 2)
    at_x, at_y = (w / 2 + (x - w / 2) * stretch), (h / 2 + (y - h / 2) * stretch)
    bent = cv2.remap(
        photo, at_x.astype(np.float32), at_y.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    moved = []
    for quad in quads:
        place = quad.copy()
        for _ in range(5):  # the remap's inverse, by fixed point
            place = centre + (quad - centre) / (1 + k * (((place - centre) / unit) ** 2).sum(1, keepdims=True))
        moved.append(place)
    return np.asarray(bent, np.float32), moved


def _camera(chance: Chance, photo: Image) -> NDArray[np.uint8]:
    """White balance, exposure, focus, shake, noise, JPEG."""
    shot = np.asarray(photo * (1 + chance.normal(0, 0.06, 3)) * chance.uniform(0.55, 1.15), np.float32)
    blur = float(chance.exponential(0.6))
    if blur > 0.3:
        shot = np.asarray(cv2.GaussianBlur(shot, (0, 0), min(blur, 2.5)), np.float32)
    if chance.random() < 0.08:
        length = int(chance.integers(3, 9))
        kernel = np.zeros((length, length), np.float32)
        kernel[length // 2] = 1 / length
        shot = np.asarray(cv2.filter2D(shot, -1, kernel if chance.random() < 0.5 else kernel.T), np.float32)
    grain = chance.normal(0, chance.uniform(0.5, 5), shot.shape[:2])[..., None]
    grain = grain + chance.normal(0, chance.uniform(0.3, 3), shot.shape)
    whole = np.clip(shot + grain, 0, 255).astype(np.uint8)
    coded = cv2.imencode(".jpg", whole, [cv2.IMWRITE_JPEG_QUALITY, int(chance.integers(45, 96))])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
