"""Photos that show no board, drawn with known content: screens in rooms and on desks, prototypes on tables.

For ``python -m bench.content`` and its test. Screens show slides and windows; rooms are those of ``bench.find_scenes``.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.find_inks import WORDS
from bench.find_lone import ground
from bench.find_scenes import board_quad
from bench.find_surroundings import desk, light, wall

Image = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Doubles = NDArray[np.float64]
Chance = np.random.Generator

SIZE = (1200, 900)


def screen(seed: int) -> Pixels:
    """A monitor, a laptop or a television, lit, in a room that is less so."""
    chance = np.random.default_rng(seed)
    room = wall(chance, SIZE) if chance.random() < 0.6 else desk(chance, SIZE)
    photo = room * np.float32(chance.uniform(0.3, 0.85))
    quad = board_quad(chance, SIZE, "whiteboard")
    quad = (quad - quad.mean(0)) * chance.uniform(0.5, 0.85) + np.array(SIZE) / 2 + chance.normal(0, 40, 2)
    panel = _panel(chance)
    height, width = panel.shape[:2]
    rim, chin = int(width * chance.uniform(0.012, 0.05)), int(width * chance.uniform(0.012, 0.09))
    tone = chance.uniform(8, 40)
    body = np.full((height + rim + chin, width + 2 * rim, 3), tone, np.float32)
    body[rim : rim + height, rim : rim + width] = panel
    corners = np.array([[0, 0], [body.shape[1], 0], [body.shape[1], body.shape[0]], [0, body.shape[0]]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, quad.astype(np.float32))
    drawn = cv2.warpPerspective(body, matrix, SIZE, flags=cv2.INTER_AREA)
    cover = cv2.warpPerspective(np.ones(body.shape[:2], np.float32), matrix, SIZE)[..., None]
    if chance.random() < 0.6:  # a stand, or the keyboard of a laptop
        foot = np.array([quad[3] * 0.6 + quad[2] * 0.4, quad[2] * 0.6 + quad[3] * 0.4])
        foot = np.concatenate([foot, foot[::-1] + np.array([[40, 160], [-40, 160]])])
        cv2.fillPoly(photo, [np.rint(foot).astype(np.int32)], (tone * 1.5,) * 3, cv2.LINE_AA)
    return _shot(chance, photo * (1 - cover) + drawn * cover)


def _panel(chance: Chance) -> Image:
    """A slide or a window of a program: a bar, text in lines, pictures, charts."""
    width, height = 1280, int(1280 / float(chance.choice([1.33, 1.6, 1.78])))
    pale = float(chance.uniform(225, 255))
    panel = np.full((height, width, 3), pale, np.uint8)
    accent = chance.uniform(20, 220, 3).tolist()
    if chance.random() < 0.8:
        cv2.rectangle(panel, (0, 0), (width, int(height * chance.uniform(0.06, 0.2))), accent, -1)
    if chance.random() < 0.4:
        cv2.rectangle(
            panel, (0, 0), (int(width * chance.uniform(0.1, 0.25)), height), chance.uniform(30, 230, 3).tolist(), -1
        )
    for row in np.arange(0.3, chance.uniform(0.45, 0.95), 0.08):
        words = " ".join(str(w) for w in chance.choice(WORDS, int(chance.integers(2, 6))))
        cv2.putText(panel, words, (int(width * 0.28), int(height * row)), 0, 1.1, (40, 40, 40), 2, cv2.LINE_AA)
    for _ in range(int(chance.integers(0, 3))):
        x, y = (chance.uniform(0.3, 0.6, 2) * [width, height]).astype(int)
        w, h = (chance.uniform(0.15, 0.38, 2) * [width, height]).astype(int)
        small = chance.uniform(0, 255, (6, 8, 3)).astype(np.float32)
        place = panel[y : y + h, x : x + w]
        place[:] = cv2.resize(small, (place.shape[1], place.shape[0]), interpolation=cv2.INTER_CUBIC).clip(0, 255)
    return panel.astype(np.float32)


def prototype(seed: int) -> Pixels:
    """Things of cardboard, bricks, foam and clay put together on a table, seen from above or from the side."""
    chance = np.random.default_rng(seed)
    photo = ground(chance, SIZE)
    middle = np.array(SIZE) * chance.uniform(0.4, 0.6, 2)
    reach = float(chance.uniform(0.12, 0.28)) * SIZE[0]
    for _ in range(int(chance.integers(5, 16))):
        at = middle + chance.normal(0, reach * 0.4, 2)
        kraft = np.array([95.0, 140, 175]) if chance.random() < 0.4 else chance.uniform(10, 250, 3)
        _solid(chance, photo, at, chance.uniform(0.2, 0.8, 2) * reach, kraft)
    return _shot(chance, photo * light(chance, SIZE, 0.3))


def _solid(chance: Chance, photo: Image, at: Doubles, size: Doubles, colour: Doubles) -> None:
    """A block with three faces, or a cylinder, and the shadow that it throws."""
    turned = cv2.boxPoints(((float(at[0]), float(at[1])), size.tolist(), float(chance.uniform(0, 90))))
    tall = np.array([chance.normal(0, 6), -chance.uniform(10, 70)])
    shade = np.zeros(photo.shape[:2], np.float32)
    cv2.fillConvexPoly(shade, np.rint(turned + np.array([12, 10])).astype(np.int32), 1.0)
    photo *= 1 - 0.4 * cv2.GaussianBlur(shade, (0, 0), 9)[..., None]
    if chance.random() < 0.3:
        axes = (max(4, int(size[0] / 2)), max(4, int(size[1] / 4)))
        for share in np.linspace(0, 1, 12):
            where = (int(at[0] + tall[0] * share), int(at[1] + tall[1] * share))
            cv2.ellipse(photo, where, axes, 0, 0, 360, (colour * (0.6 if share < 1 else 1)).tolist(), -1, cv2.LINE_AA)
        return
    for k in range(4):
        face = np.array([turned[k], turned[k - 1], turned[k - 1] + tall, turned[k] + tall])
        cv2.fillConvexPoly(photo, np.rint(face).astype(np.int32), (colour * (0.5 + 0.12 * k)).tolist(), cv2.LINE_AA)
    cv2.fillConvexPoly(photo, np.rint(turned + tall).astype(np.int32), colour.tolist(), cv2.LINE_AA)


def _shot(chance: Chance, photo: Image) -> Pixels:
    soft = cv2.GaussianBlur(photo, (0, 0), float(chance.uniform(0.5, 1.2)))
    whole = np.clip(soft + chance.normal(0, chance.uniform(1, 4), soft.shape), 0, 255).astype(np.uint8)
    coded = cv2.imencode(".jpg", whole, [cv2.IMWRITE_JPEG_QUALITY, int(chance.integers(60, 95))])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
