"""Things around the board: on the wall behind it, standing on the floor, or in front of it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from samples.canvas import Colour
from samples.lettering import Mask
from samples.rng import Rng
from samples.room import Room, any_colour, lay, poster, screen, shadow

Box = tuple[float, float, float, float]


def furnish(room: Room, board: Box, level: float, count: int, rng: Rng) -> None:
    """Puts ``count`` things on the wall around the board (x0, y0, x1, y1, mm), some behind its edges."""
    x0, y0, x1, y1 = room.camera.wall_seen()
    plane = room.upright(1)
    for _ in range(count):
        w = float(rng.uniform(150, 900))
        h = w * float(rng.choice([1.4, 0.7, 1.0, 0.56]))
        side = rng.random()
        x = board[0] - w * rng.uniform(0.85, 1.6) if side < 0.4 else board[2] - w * rng.uniform(-0.6, 0.15)
        y = float(rng.uniform(max(y0, board[1] - 900), min(y1, level)))
        if side > 0.8:
            x, y = rng.uniform(board[0] - w, board[2]), board[1] - h * rng.uniform(0.9, 1.3)
        if x > x1 or x + w < x0:
            continue
        box = (float(x), float(y), float(x) + w, float(y) + h)
        way = rng.random()
        if way < 0.6:
            _on_wall(room, plane, box, poster(rng), rng)
        elif way < 0.7:
            _on_wall(room, plane, box, screen(rng), rng)
        elif way < 0.85:
            _cable(room, plane, box, rng)
        else:
            _furniture(room, box, level, rng)


def _on_wall(room: Room, plane: NDArray[np.float64], box: Box, texture: NDArray[np.uint8], rng: Rng) -> None:
    corners = np.array([[[box[0], box[1]], [box[2], box[1]], [box[2], box[3]], [box[0], box[3]]]]) + np.array([8, 14])
    shadow(room, cv2.perspectiveTransform(corners, plane)[0], 6, 0.35)
    lay(room, texture, plane, box)


def _cable(room: Room, plane: NDArray[np.float64], box: Box, rng: Rng) -> None:
    t = np.linspace(0, 1, 40)
    sag = np.stack([box[0] + t * (box[2] - box[0]) * 2, box[1] + (box[3] - box[1]) * np.sin(np.pi * t)], axis=1)
    points = cv2.perspectiveTransform(sag[None], plane)[0]
    width = max(2, round(room.picture.shape[1] / 400))
    tone = (35, 35, 38) if rng.random() < 0.6 else (225, 225, 225)
    cv2.polylines(room.picture, [np.round(points * 16).astype(np.int32)], False, tone, width, cv2.LINE_AA, shift=4)


def _furniture(room: Room, box: Box, level: float, rng: Rng) -> None:
    """A cupboard, a switch or a door: slabs on the wall down to the floor."""
    tone = any_colour(rng)
    slab = np.full((64, 32, 3), tone, np.uint8)
    cv2.rectangle(slab, (2, 2), (29, 61), tuple(int(c * 0.8) for c in tone), 1)
    cv2.circle(slab, (26, 34), 1, (40, 40, 40), -1)
    lay(room, slab, room.upright(0), (box[0], level - float(rng.uniform(700, 2000)), box[2], level))


def legs(room: Room, board: Box, depth: float, level: float, rng: Rng) -> None:
    """The stand of an easel: three legs and, now and then, wheels."""
    tone: Colour = ((70, 68, 66), (170, 170, 168), (40, 40, 42))[int(rng.integers(3))]
    middle, wide = (board[0] + board[2]) / 2, board[2] - board[0]
    wheels = rng.random() < 0.4
    tops = np.array(
        [
            [board[0] + 0.1 * wide, board[3] - 60, -depth],
            [board[2] - 0.1 * wide, board[3] - 60, -depth],
            [middle, board[1], -depth + 30],
        ]
    )
    feet = np.array(
        [[board[0] - 30, level, -depth - 150], [board[2] + 30, level, -depth - 150], [middle, level, -depth + 350]]
    )
    if wheels:
        feet[:, 0] = middle
    for top, foot in zip(tops, feet, strict=True):
        if room.camera.depth(np.array([foot]))[0] > 100:
            _bar(room, top, foot, 28, tone)
            if wheels:
                _bar(room, foot + np.array([-260, -20, -100]), foot + np.array([260, -20, -100]), 30, tone)


def _bar(room: Room, a: NDArray[np.float64], b: NDArray[np.float64], width: float, tone: Colour) -> None:
    across = np.array([width / 2, 0.0, 0.0]) if abs(a[1] - b[1]) > abs(a[0] - b[0]) else np.array([0.0, width / 2, 0.0])
    points = (room.camera.project(np.array([a - across, a + across, b + across, b - across])) + 0.5) * 0.5 - 0.5
    cv2.fillPoly(room.picture, [np.round(points * 16).astype(np.int32)], tone, cv2.LINE_AA, shift=4)
    light = tuple(min(255, int(c * 1.2 + 15)) for c in tone)
    edge = (points[[0, 3]] * 0.65 + points[[1, 2]] * 0.35)[None]
    cv2.polylines(room.picture, [np.round(edge[0] * 16).astype(np.int32)], False, light, 2, cv2.LINE_AA, shift=4)


def silhouette(size: tuple[int, int], side: int, reach: float, rng: Rng) -> tuple[NDArray[np.uint8], Mask]:
    """Someone in front of the board, from the back: picture and cover, at ``size`` (height, width).

    ``side`` -1 comes in from the left, 1 from the right; ``reach``: share of the width the shoulders take.
    """
    h, w = size
    r = reach * (w + h) / 3.6
    inside = r * float(rng.uniform(0.1, 1.1))
    cx = inside if side < 0 else w - inside
    head_y = h * float(rng.uniform(0.42, 0.68))
    head = (0.42 * r, 0.55 * r)
    mask, picture = np.zeros(size, np.uint8), np.zeros((*size, 3), np.uint8)
    picture[:] = any_colour(rng)
    a = np.linspace(np.pi, 2 * np.pi, 30)
    shoulders = np.stack([cx + 1.15 * r * np.cos(a), head_y + 1.75 * head[1] + 0.75 * r * (1 + np.sin(a))], axis=1)
    torso = np.vstack([shoulders, [[cx + 1.25 * r, h + 5], [cx - 1.25 * r, h + 5]]])
    cv2.fillPoly(mask, [np.round(torso).astype(np.int32)], 255, cv2.LINE_AA)
    hair: Colour = ((25, 30, 40), (40, 60, 95), (90, 95, 100), (60, 105, 150))[int(rng.integers(4))]
    skin: Colour = ((150, 180, 225), (95, 130, 185), (60, 85, 130))[int(rng.integers(3))]
    neck = [round(cx - 0.2 * r), round(head_y), round(cx + 0.2 * r), round(head_y + 1.9 * head[1])]
    for layer, tone in ((mask, (255, 255, 255)), (picture, skin)):
        cv2.rectangle(layer, (neck[0], neck[1]), (neck[2], neck[3]), tone, -1)
    for layer, tone in ((mask, (255, 255, 255)), (picture, hair)):
        cv2.ellipse(
            layer, (round(cx), round(head_y)), (round(head[0]), round(head[1])), 0, 0, 360, tone, -1, cv2.LINE_AA
        )
    cv2.ellipse(
        picture,
        (round(cx - side * 0.1 * r), round(head_y + 0.1 * r)),
        (round(head[0] * 0.8), round(head[1] * 0.9)),
        0,
        20,
        160,
        skin,
        4,
    )
    if rng.random() < 0.45:
        _arm(mask, picture, (cx - side * 0.9 * r, head_y + 2.4 * head[1]), side, r, skin, rng)
    folds = np.clip(0.85 + 0.25 * np.sin(np.arange(w) / (0.16 * r))[None, :] * np.ones((h, 1)), 0, 1.2)
    lit = np.clip(1.05 - 0.5 * np.abs(np.arange(w) - cx)[None, :] / (1.3 * r), 0.45, 1.1)
    return np.clip(picture * (0.75 + 0.25 * folds * 1.0)[..., None] * lit[..., None], 0, 255).astype(np.uint8), mask


def _arm(
    mask: Mask, picture: NDArray[np.uint8], at: tuple[float, float], side: int, r: float, skin: Colour, rng: Rng
) -> None:
    """An arm that points at the board."""
    elbow = (at[0] - side * 0.9 * r, at[1] + 0.1 * r)
    hand = (elbow[0] - side * 0.8 * r, elbow[1] - float(rng.uniform(0.3, 1.0)) * r)
    sleeve = tuple(int(c) for c in picture[-1, 0])
    parts = (
        (at, elbow, 0.34, sleeve),
        (elbow, hand, 0.26, sleeve),
        (hand, (hand[0] - side * 0.22 * r, hand[1] - 0.15 * r), 0.24, skin),
    )
    for a, b, thick, tone in parts:
        pa, pb = (round(a[0]), round(a[1])), (round(b[0]), round(b[1]))
        cv2.line(mask, pa, pb, 255, max(2, round(thick * r)), cv2.LINE_AA)
        cv2.line(picture, pa, pb, tone, max(2, round(thick * r)), cv2.LINE_AA)


def foreground(size: tuple[int, int], rng: Rng) -> tuple[NDArray[np.uint8], Mask]:
    """Chair backs, a plant or a table edge along the foot of the photo."""
    h, w = size
    mask, picture = np.zeros(size, np.uint8), np.zeros((*size, 3), np.uint8)
    way = rng.random()
    picture[:] = any_colour(rng)
    if way < 0.4:
        tone = int(rng.integers(25, 75))
        picture[:] = (tone + int(rng.integers(0, 30)), tone + 5, tone + int(rng.integers(0, 25)))
        for x in rng.uniform(0, w, int(rng.integers(1, 4))):
            _chair(mask, picture, (float(x), h * float(rng.uniform(0.84, 0.93))), w * float(rng.uniform(0.12, 0.2)))
    elif way < 0.7:
        base = w * (0.04 if rng.random() < 0.5 else 0.96)
        picture[:] = (45, 110, 60)
        for _ in range(26):
            tip = (base + rng.normal(0, 0.08) * w, h - abs(float(rng.normal(0.16, 0.08))) * h)
            stem = np.array(
                [
                    [base, h],
                    [(base + tip[0]) / 2 + 0.012 * w, (h + tip[1]) / 2],
                    tip,
                    [(base + tip[0]) / 2 - 0.012 * w, (h + tip[1]) / 2],
                ]
            )
            cv2.fillPoly(mask, [np.round(stem).astype(np.int32)], 255, cv2.LINE_AA)
            cv2.fillPoly(
                picture,
                [np.round(stem).astype(np.int32)],
                (30 + int(rng.integers(40)), 80 + int(rng.integers(70)), 40),
                cv2.LINE_AA,
            )
    else:
        y = h * float(rng.uniform(0.9, 0.97))
        slab = np.array([[0, y], [w, y + rng.normal(0, 0.02) * h], [w, h], [0, h]])
        cv2.fillPoly(mask, [np.round(slab).astype(np.int32)], 255, cv2.LINE_AA)
    return picture, mask


def _chair(mask: Mask, picture: NDArray[np.uint8], at: tuple[float, float], wide: float) -> None:
    """A chair's back seen from behind: a rounded panel with a lighter rim, two uprights under it."""
    x, y = round(at[0]), round(at[1])
    half, high, r = round(wide / 2), round(0.55 * wide), max(2, round(0.14 * wide))
    for layer, tone in ((mask, (255,) * 3), (picture, tuple(int(c) for c in picture[0, 0]))):
        cv2.rectangle(layer, (x - half + r, y), (x + half - r, y + high), tone, -1)
        cv2.rectangle(layer, (x - half, y + r), (x + half, y + high), tone, -1)
        for cx in (x - half + r, x + half - r):
            cv2.circle(layer, (cx, y + r), r, tone, -1, cv2.LINE_AA)
        for cx in (x - half + r, x + half - r):
            cv2.line(layer, (cx, y + high), (cx, mask.shape[0]), tone, max(2, r // 2), cv2.LINE_AA)
    cv2.line(picture, (x - half + r, y + 1), (x + half - r, y + 1), (150, 150, 150), max(1, r // 4), cv2.LINE_AA)
