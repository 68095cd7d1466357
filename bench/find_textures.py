"""The boards of ``bench.find_scenes``: ground, frame, tray, writing, notes, tables, ruled paper."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.find_inks import INKS, NOTES, WORDS
from bench.find_trouble import folds, stuck_sheets

Image = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Doubles = NDArray[np.float64]
Chance = np.random.Generator


@dataclass(frozen=True, eq=False)
class Texture:
    """``pixels`` and ``cover`` (0..1) of a board with what sticks out of it; ``inner``: its four corners in them."""

    pixels: Image
    cover: Image
    inner: Doubles


def board_texture(chance: Chance, kind: str, quad: Doubles) -> Texture:
    """About as large as ``quad`` will show it."""
    width = int(np.linalg.norm(quad[1] - quad[0]) + np.linalg.norm(quad[2] - quad[3])) // 2 + 8
    height = int(np.linalg.norm(quad[3] - quad[0]) + np.linalg.norm(quad[2] - quad[1])) // 2 + 8
    dark = kind == "whiteboard" and chance.random() < 0.12
    board = np.full((height, width, 3), _ground(chance, kind, dark), np.uint8)
    _decorate(chance, board, kind, dark)
    margin = max(8, int(0.1 * max(width, height)))
    pixels = np.pad(board.astype(np.float32), ((margin, margin), (margin, margin), (0, 0)), mode="edge")
    cover = np.zeros(pixels.shape[:2], np.float32)
    edge = _frame_width(chance, kind, width)
    _box(cover, margin - edge, margin - edge, width + 2 * edge, height + 2 * edge, 1.0)
    if edge:
        rim = pixels.copy()
        _box(rim, margin - edge, margin - edge, width + 2 * edge, height + 2 * edge, _frame_colour(chance))
        rim[margin : margin + height, margin : margin + width] = board
        pixels = rim
    _outside(chance, kind, pixels, cover, (margin, width, height, edge))
    low, right, bottom = margin - 0.5, margin + width - 0.5, margin + height - 0.5
    return Texture(pixels, cover, np.array([[low, low], [right, low], [right, bottom], [low, bottom]]))


def _box(image: Image | Bytes, x: int, y: int, w: int, h: int, value: Doubles | float) -> None:
    image[max(0, y) : max(0, y + h), max(0, x) : max(0, x + w)] = value


def _ground(chance: Chance, kind: str, dark: bool) -> Doubles:
    if dark:
        return np.array([50.0, 60, 50]) + chance.normal(0, 12, 3)
    if kind == "fresco" and chance.random() < 0.3:
        return np.array([110.0, 150, 180]) + chance.normal(0, 12, 3)  # brown paper
    return np.clip(chance.uniform(205, 248) + chance.normal(0, 3, 3), 150, 252)


def _frame_width(chance: Chance, kind: str, width: int) -> int:
    if kind != "whiteboard" or chance.random() < 0.15:
        return 0
    return max(1, int(width * chance.uniform(0.004, 0.03)))


def _frame_colour(chance: Chance) -> Doubles:
    grey = chance.uniform(25, 230)
    return np.clip(grey + chance.normal(0, 6, 3), 5, 250)


def _outside(chance: Chance, kind: str, pixels: Image, cover: Image, place: tuple[int, int, int, int]) -> None:
    """Tray and its pens, clips, the head and the legs of a paperboard."""
    margin, width, height, edge = place
    if kind == "whiteboard" and chance.random() < 0.5:
        long, deep = int(width * chance.uniform(0.25, 1)), max(3, int(height * chance.uniform(0.012, 0.04)))
        x, y = margin + int((width - long) * chance.random()), margin + height + edge
        _box(pixels, x, y, long, deep, _frame_colour(chance))
        _box(cover, x, y, long, deep, 1.0)
        for _ in range(int(chance.integers(0, 5))):
            pen = x + int(chance.random() * long)
            _box(pixels, pen, y, int(width * 0.06), max(2, deep // 2), np.array(INKS[int(chance.integers(5))], float))
    if kind == "flipchart" and chance.random() < 0.7:
        deep = max(4, int(height * chance.uniform(0.015, 0.06)))
        over = int(width * chance.uniform(-0.02, 0.06))
        _box(pixels, margin - over, margin - deep, width + 2 * over, deep, _frame_colour(chance))
        _box(cover, margin - over, margin - deep, width + 2 * over, deep, 1.0)
        for place_of_leg in (0.1, 0.9):
            leg = margin + int(place_of_leg * width)
            _box(pixels, leg, margin + height, max(3, width // 50), margin, _frame_colour(chance))
            _box(cover, leg, margin + height, max(3, width // 50), margin, 1.0)


def _decorate(chance: Chance, board: Bytes, kind: str, dark: bool) -> None:
    if kind == "page" and chance.random() < 0.5:
        _ruled(chance, board)
    busy = chance.random()
    if busy > 0.1:
        _write(chance, board, dark, kind)
    for _ in range(int(chance.poisson(1.2))):
        _drawn_box(chance, board, dark)
    if kind != "page" and chance.random() < 0.35:
        _notes(chance, board)
    if chance.random() < 0.15:
        folds(chance, board)
    if kind == "whiteboard" and chance.random() < 0.25:
        stuck_sheets(chance, board, int(chance.integers(1, 5)))
    if kind == "page" and chance.random() < 0.3:  # a printed picture
        h, w = board.shape[:2]
        x, y = int(w * chance.uniform(0.05, 0.5)), int(h * chance.uniform(0.05, 0.6))
        _box(board, x, y, int(w * 0.4), int(h * 0.3), chance.uniform(20, 200, 3))


def _ink(chance: Chance, dark: bool) -> list[float]:
    if dark:
        return [float(c) for c in chance.uniform(190, 240) + chance.normal(0, 8, 3)]
    return [float(c) for c in INKS[int(chance.integers(len(INKS)))]]


def _write(chance: Chance, board: Bytes, dark: bool, kind: str) -> None:
    h, w = board.shape[:2]
    size = max(0.3, h * chance.uniform(0.02, 0.07) / 30) * (0.5 if kind == "page" else 1.0)
    step = int(size * 45)
    thick = max(1, int(size * chance.uniform(1, 3.2)))
    ink = _ink(chance, dark)
    left, reach = int(w * chance.uniform(0.02, 0.15)), w * chance.uniform(0.4, 0.97)
    y = int(h * chance.uniform(0.05, 0.12)) + step // 2
    last = h * chance.uniform(0.3, 0.97)
    while y < last:
        x = left + int(chance.normal(0, w * 0.01))
        if chance.random() < 0.15:
            ink = _ink(chance, dark)
        while x < reach:
            word = str(chance.choice(WORDS))
            long = cv2.getTextSize(word, cv2.FONT_HERSHEY_SIMPLEX, size, thick)[0][0]
            if x + long > reach:
                break
            font = cv2.FONT_HERSHEY_SCRIPT_SIMPLEX if chance.random() < 0.5 else cv2.FONT_HERSHEY_SIMPLEX
            cv2.putText(board, word, (x, y), font, size, ink, thick, cv2.LINE_AA)
            x += long + int(12 * size)
        if chance.random() < 0.1:
            cv2.line(board, (left, y + step // 4), (x, y + step // 4), ink, thick, cv2.LINE_AA)
        y += step


def _drawn_box(chance: Chance, board: Bytes, dark: bool) -> None:
    """A box, a table, or a large rectangle drawn around everything; filled now and then."""
    h, w = board.shape[:2]
    large = chance.random() < 0.25
    low = chance.uniform(0.02, 0.12, 2) if large else chance.uniform(0.05, 0.7, 2)
    high = chance.uniform(0.85, 0.97, 2) if large else low + chance.uniform(0.08, 0.3, 2)
    a, b = (low * [w, h]).astype(int), (high * [w, h]).astype(int)
    ink, thick = _ink(chance, dark), int(chance.integers(1, max(2, w // 150) + 1))
    start, end = (int(a[0]), int(a[1])), (int(b[0]), int(b[1]))
    if not large and chance.random() < 0.3:
        cv2.rectangle(board, start, end, chance.uniform(60, 240, 3).tolist(), -1)
    cv2.rectangle(board, start, end, ink, thick, cv2.LINE_AA)
    if chance.random() < 0.3:
        for k in range(1, 4):
            x, y = int(a[0] + (b[0] - a[0]) * k / 4), int(a[1] + (b[1] - a[1]) * k / 4)
            cv2.line(board, (x, start[1]), (x, end[1]), ink, thick)
            cv2.line(board, (start[0], y), (end[0], y), ink, thick)


def _notes(chance: Chance, board: Bytes) -> None:
    h, w = board.shape[:2]
    side = int(min(h, w) * chance.uniform(0.08, 0.25))
    gap = int(side * chance.uniform(1.05, 1.6))
    shift = chance.uniform(0.02, 0.2, 2) * [w, h]
    for y in range(int(shift[1]), int(h - side), gap):
        for x in range(int(shift[0]), int(w - side), gap):
            if chance.random() < 0.3:
                continue
            at = (float(x + side / 2 + chance.normal(0, 2)), float(y + side / 2 + chance.normal(0, 2)))
            turned = cv2.boxPoints((at, (side, side), float(chance.normal(0, 4))))
            colour = NOTES[int(chance.integers(len(NOTES)))]
            cv2.fillPoly(board, [np.rint(turned).astype(np.int32)], colour, cv2.LINE_AA)
            where = (int(at[0] - side * 0.4), int(at[1]))
            cv2.putText(board, str(chance.choice(WORDS)), where, cv2.FONT_HERSHEY_SIMPLEX, side / 140, (50, 40, 40), 1)


def _ruled(chance: Chance, board: Bytes) -> None:
    h, w = board.shape[:2]
    step = int(chance.integers(12, 30))
    ink = (board[0, 0] * np.array([0.98, 0.88, 0.82])).tolist()
    for y in range(step, h, step):
        cv2.line(board, (0, y), (w, y), ink, 1)
    if chance.random() < 0.6:
        for x in range(step, w, step):
            cv2.line(board, (x, 0), (x, h), ink, 1)
