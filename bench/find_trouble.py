"""What real rooms add to ``bench.find_scenes``: piles, things on the paper, screens, folds, walls of notes."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.find_inks import INKS, NOTES, WORDS
from bench.find_surroundings import rectangle

Image = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Doubles = NDArray[np.float64]
Chance = np.random.Generator


def under_sheets(chance: Chance, quad: Doubles) -> list[Doubles]:
    """The sheets that lie under a page, turned and pushed out from under it."""
    sheets = []
    for _ in range(int(chance.integers(1, 5))):
        angle = np.radians(chance.normal(0, 14))
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        centre = quad.mean(0)
        push = chance.normal(0, 0.06, 2) * np.ptp(quad, axis=0)
        sheets.append((quad - centre) @ turn.T * chance.uniform(0.85, 1.02) + centre + push)
    return sheets


def on_top(chance: Chance, photo: Image, quad: Doubles) -> None:
    """Pens, cables, a cup or a fruit over the sides of a page."""
    size = float(np.ptp(quad, axis=0).mean())
    for _ in range(int(chance.integers(1, 5))):
        side = int(chance.integers(4))
        place = quad[side] + (quad[(side + 1) % 4] - quad[side]) * chance.random() + chance.normal(0, size * 0.06, 2)
        what = chance.random()
        if what < 0.4:
            pen(chance, photo, place, size)
        elif what < 0.75:
            cable(chance, photo, place, size)
        else:
            radius = int(size * chance.uniform(0.04, 0.14))
            colour = chance.uniform(20, 240, 3)
            where = (int(place[0]), int(place[1]))
            shadow = (where[0] + radius // 4, where[1] + radius // 4)
            cv2.circle(photo, shadow, radius, (photo.mean((0, 1)) * 0.6).tolist(), -1, cv2.LINE_AA)
            cv2.circle(photo, where, radius, colour.tolist(), -1, cv2.LINE_AA)
            if chance.random() < 0.4:
                cv2.circle(photo, where, int(radius * 0.8), (colour * 0.6).tolist(), -1, cv2.LINE_AA)


def pen(chance: Chance, photo: Image, place: Doubles, size: float) -> None:
    long, thick = size * chance.uniform(0.2, 0.45), size * chance.uniform(0.02, 0.06)
    angle = float(chance.uniform(0, 180))
    for share, colour in ((1.0, chance.uniform(20, 245, 3)), (0.3, chance.uniform(10, 90, 3))):
        shift = (1 - share) / 2 * long * np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
        at = (float(place[0] + shift[0]), float(place[1] + shift[1]))
        corners = cv2.boxPoints((at, (long * share, thick), angle))
        cv2.fillPoly(photo, [np.rint(corners).astype(np.int32)], colour.tolist(), cv2.LINE_AA)


def cable(chance: Chance, photo: Image, place: Doubles, size: float) -> None:
    drift = chance.normal(0, size * 0.12, 2)
    steps = np.cumsum(chance.normal(0, size * 0.05, (24, 2)) + drift, axis=0)
    path = np.asarray(cv2.GaussianBlur(place + steps - steps[12], (1, 7), 2), np.float64)
    tone = float(chance.choice([25, 60, 225]))
    cv2.polylines(photo, [np.rint(path).astype(np.int32)], False, (tone,) * 3, int(chance.integers(2, 8)), cv2.LINE_AA)


def device(chance: Chance, photo: Image) -> None:
    """A screen, a laptop or a magazine that comes in from a border of the photo."""
    h, w = photo.shape[:2]
    centre = chance.uniform(0, 1, 2)
    centre[int(chance.integers(2))] = chance.choice([-0.03, 0.03, 0.97, 1.03])
    half = chance.uniform(0.08, 0.28, 2) * max(w, h)
    angle = np.radians(chance.normal(0, 18))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = (np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half) @ turn.T + centre * [w, h]
    rim = chance.uniform(10, 60) if chance.random() < 0.6 else chance.uniform(150, 240)
    cv2.fillPoly(photo, [np.rint(corners).astype(np.int32)], (rim + chance.normal(0, 6, 3)).tolist(), cv2.LINE_AA)
    inner = (corners - corners.mean(0)) * chance.uniform(0.8, 0.95) + corners.mean(0)
    cv2.fillPoly(photo, [np.rint(inner).astype(np.int32)], chance.uniform(5, 230, 3).tolist(), cv2.LINE_AA)


def folds(chance: Chance, board: Bytes) -> None:
    """Creases, the joint of two panels, a step of light across the board: straight, and no side of it."""
    h, w = board.shape[:2]
    for _ in range(int(chance.integers(1, 3))):
        lies = chance.random() < 0.5
        at = chance.uniform(0.15, 0.85)
        lean = chance.normal(0, 0.03)
        a, b = ((0, at * h), (w, (at + lean) * h)) if lies else ((at * w, 0), ((at + lean) * w, h))
        start, end = (int(a[0]), int(a[1])), (int(b[0]), int(b[1]))
        if chance.random() < 0.4:
            beyond = [[0, 0], [w, 0], list(end), list(start)] if lies else [[0, 0], list(start), list(end), [0, h]]
            mask = np.zeros((h, w), np.uint8)
            cv2.fillPoly(mask, [np.array(beyond, np.int32)], 255)
            board[mask > 0] = np.clip(board[mask > 0] * chance.uniform(0.8, 0.97), 0, 255).astype(np.uint8)
        else:
            cv2.line(board, start, end, (board[0, 0] * chance.uniform(0.7, 1.03)).clip(0, 255).tolist(), 2, cv2.LINE_AA)


def stuck_sheets(chance: Chance, board: Bytes, count: int) -> None:
    """Sheets of paper with writing, held by magnets or tape."""
    h, w = board.shape[:2]
    for _ in range(count):
        tall = min(h, w) * chance.uniform(0.2, 0.55)
        size = (tall * float(chance.choice([0.71, 1.41])), tall)
        at = (float(chance.uniform(0.15, 0.85) * w), float(chance.uniform(0.2, 0.8) * h))
        corners = cv2.boxPoints((at, size, float(chance.normal(0, 2))))
        tone = np.clip(chance.uniform(205, 252) + chance.normal(0, 3, 3), 0, 255)
        cv2.fillPoly(board, [np.rint(corners + 2).astype(np.int32)], (tone * 0.7).tolist(), cv2.LINE_AA)
        cv2.fillPoly(board, [np.rint(corners).astype(np.int32)], tone.tolist(), cv2.LINE_AA)
        for row in np.linspace(0.15, 0.85, int(chance.integers(3, 14))):
            start = corners[0] + (corners[3] - corners[0]) * row + (corners[1] - corners[0]) * 0.12
            end = start + (corners[1] - corners[0]) * chance.uniform(0.2, 0.75)
            ends = (int(start[0]), int(start[1])), (int(end[0]), int(end[1]))
            cv2.line(board, *ends, (90, 80, 80), max(1, int(tall / 90)), cv2.LINE_AA)
        for corner in corners[:2]:
            where = (int(corner[0] * 0.92 + at[0] * 0.08), int(corner[1] * 0.92 + at[1] * 0.08))
            cv2.circle(board, where, max(2, int(tall / 25)), chance.uniform(20, 220, 3).tolist(), -1, cv2.LINE_AA)


def wall_of_notes(chance: Chance, size: tuple[int, int]) -> Image:
    """Paper that fills the photo, with a few notes as large as hands."""
    w, h = size
    ground = chance.uniform(110, 190) * np.array([0.68, 0.9, 1.0]) if chance.random() < 0.6 else np.full(3, 215.0)
    photo = np.full((h, w, 3), ground + chance.normal(0, 8, 3), np.uint8)
    side = min(w, h) * chance.uniform(0.14, 0.34)
    columns, rows = max(1, int(w * 0.9 / (side * 1.25))), max(1, int(h * 0.85 / (side * 1.2)))
    rows = 1 if chance.random() < 0.35 else int(chance.integers(1, rows + 1))
    left, top = chance.uniform(0, w - columns * side), chance.uniform(0, max(1, h - rows * side * 1.2))
    step = side * float(chance.choice([1.0, 1.03, 1.15, 1.3]))
    colours = [NOTES[int(i)] for i in chance.integers(len(NOTES), size=3)]
    for row in range(rows):
        for column in range(columns):
            if chance.random() < 0.25:
                continue
            at = np.array([left + (column + 0.5) * step, top + (row + 0.5) * step * 1.1]) + chance.normal(0, 3, 2)
            wide = side * (1 if chance.random() < 0.8 else 1.6)
            corners = cv2.boxPoints((at.tolist(), (wide, side), float(chance.normal(0, 3))))
            colour = colours[int(chance.integers(3))]
            cv2.fillPoly(photo, [np.rint(corners).astype(np.int32)], colour, cv2.LINE_AA)
            where = (int(at[0] - side * 0.4), int(at[1]))
            cv2.putText(photo, str(chance.choice(WORDS)), where, 0, side / 130, INKS[0], 2, cv2.LINE_AA)
    if chance.random() < 0.5:
        folds(chance, photo)
    return photo.astype(np.float32)


def tight_quad(chance: Chance, size: tuple[int, int]) -> Doubles:
    """A sheet that fills the photo but for a strip here and there, its sides now and then out of it."""
    w, h = size
    strips = np.abs(chance.normal(0.03, 0.035, 4)) - 0.02 * (chance.random(4) < 0.3) - 0.05 * (chance.random(4) < 0.12)
    left, top, right, bottom = strips * [w, h, w, h]
    sheet = rectangle(size) + np.array([[left, top], [-right, top], [-right, -bottom], [left, -bottom]])
    return np.asarray(sheet + chance.normal(0, 0.012, (4, 2)) * [w, h], np.float64)
