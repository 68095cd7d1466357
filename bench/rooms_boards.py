"""The boards of ``bench.rooms``: frames, glass, papers stuck on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from samples.boards.finish import magnet, rect, soft_shadow
from samples.boards.plan import Art, Plan
from samples.boards.whiteboard import plan as usual_plan
from samples.canvas import Canvas, Colour
from samples.rng import Rng
from samples.texts import BoardText

Image = NDArray[np.uint8]
Doubles = NDArray[np.float64]

PADS: tuple[Colour, ...] = ((110, 235, 250), (180, 150, 245), (120, 220, 170), (230, 190, 120), (90, 170, 250))


@dataclass(frozen=True, eq=False)
class Hung:
    """``plane``: millimetres of the board → pixels of the photo."""

    plan: Plan
    plane: Doubles

    @property
    def corners(self) -> Doubles:
        w, h = self.plan.width, self.plan.height
        box = np.array([[[0, 0], [w, 0], [w, h], [0, h]]], np.float64)
        return np.asarray(cv2.perspectiveTransform(box, self.plane)[0])


def plan_kind(kind: str, text: BoardText, art: Art, rng: Rng) -> Plan:
    """A whiteboard's plan, with the frame and the place of its kind."""
    plan = usual_plan(text, art, rng)
    frame, tray, depth = float(rng.uniform(10, 30)), float(rng.uniform(40, 85)), float(rng.uniform(8, 25))
    if kind == "pale" or (kind in ("cut", "steep", "beam") and rng.random() < 0.5):
        frame = float(rng.uniform(4, 12))
        tray = tray * float(rng.random() < 0.5)
    elif kind in ("bare", "glass"):
        frame, tray = 0.0, 0.0
        depth = float(rng.uniform(3, 14) if kind == "bare" else rng.uniform(12, 30))
    elif kind == "wheels":
        depth = float(rng.uniform(500, 2200))
    elif kind == "double":
        tray = 0.0
    gloss = float(rng.uniform(0.5, 1.2))
    margins = (frame, frame, frame, frame + tray)
    return replace(plan, margins=margins, depth=depth, gloss=gloss, dark=plan.dark and kind != "glass")


def hang_glass(picture: Image, canvas: Canvas, plan: Plan, plane: Doubles, rng: Rng) -> None:
    """A pane before the wall: a little of the room's light on it, what is written, a darker edge, four studs."""
    h, w = picture.shape[:2]
    to_photo = plane @ np.linalg.inv(canvas.to_px)
    over = cv2.warpPerspective(canvas.albedo, to_photo, (w, h), flags=cv2.INTER_LINEAR).astype(np.float32)
    cover = cv2.warpPerspective(canvas.alpha, to_photo, (w, h), flags=cv2.INTER_LINEAR).astype(np.float32)[..., None]
    tint = np.array([1.0, 1.0, 0.96], np.float32) - np.float32(rng.uniform(0.02, 0.12))
    veil = np.float32(rng.uniform(4, 30))
    through = (picture * tint + veil) * over / np.array(canvas.ground, np.float32)
    picture[...] = np.clip(picture + (through - picture) * cover / 255, 0, 255).astype(np.uint8)
    corners = Hung(plan, plane).corners
    edge = (70, 95, 60) if rng.random() < 0.6 else (150, 165, 150)
    cv2.polylines(picture, [np.round(corners * 16).astype(np.int32)], True, edge, 2, cv2.LINE_AA, shift=4)
    inset = float(rng.uniform(35, 80))
    for x in (inset, plan.width - inset):
        for y in (inset, plan.height - inset):
            at = cv2.perspectiveTransform(np.array([[[x, y]]]), plane)[0, 0]
            cv2.circle(
                picture, (round(float(at[0])), round(float(at[1]))), max(2, w // 240), (95, 95, 98), -1, cv2.LINE_AA
            )


def paper_on(canvas: Canvas, plan: Plan, rng: Rng) -> None:
    """Printed sheets under magnets, and a few sticky notes, where nothing is written; now and then everywhere."""
    crowd = int(rng.integers(3, 12)) if rng.random() < 0.3 else int(rng.integers(0, 3))
    for _ in range(crowd):
        sheet = rng.random() < 0.4
        w, h = ((210.0, 297.0) if rng.random() < 0.5 else (297.0, 210.0)) if sheet else (76.0, 76.0)
        x, y = float(rng.uniform(0, plan.width - w)), float(rng.uniform(0, plan.height - h))
        if not canvas.is_free((x, y, x + w, y + h)):
            continue
        outline = rect(x, y, w, h)
        soft_shadow(canvas, outline + np.array([3.0, 5.0]), 5, 0.4)
        canvas.fill(outline, (244, 246, 246) if sheet else PADS[int(rng.integers(len(PADS)))], truth=False)
        for row in np.arange(0.15, 0.85, 0.07 if sheet else 0.22):
            long = float(rng.uniform(0.3, 0.8)) * w
            canvas.fill(rect(x + 0.1 * w, y + row * h, long, 0.012 * h + 2), (70, 66, 66), 0.8, truth=False)
        if sheet:
            magnet(canvas, x + w / 2, y + 12, (40, 40, 200))
        canvas.taken.append((x, y, x + w, y + h))
