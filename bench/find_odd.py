"""How boards are found in odd photos: ``python -m bench.find_odd [--count 10] [--first 200000]``.

Each kind is a drawn scene of ``bench.find_scenes`` (other seeds than those it was fitted on) made odd in one way. Where
no side of the board is to be seen the whole photo is right.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray
from shapely.geometry import Polygon, box

from bench.find_scenes import Scene, draw_scene
from bench.find_surroundings import rectangle
from capture.pipeline.find import Found, find_boards
from capture.pipeline.frame import Frame

Doubles = NDArray[np.float64]
Chance = np.random.Generator


def _moved(scene: Scene, matrix: Doubles, size: tuple[int, int]) -> Scene:
    """The scene cut to ``size`` (width, height) after an affine or projective map."""
    pixels = cv2.warpPerspective(scene.pixels, matrix, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    quads = tuple(cv2.perspectiveTransform(q[None], matrix)[0] for q in scene.quads)
    return Scene(np.asarray(pixels, np.uint8), quads, scene.kind)


def out_of_frame(scene: Scene, chance: Chance) -> Scene:
    """A tenth to a quarter of the board lies beyond one side of the photo."""
    quad, (height, width) = scene.quads[0], scene.pixels.shape[:2]
    share = float(chance.uniform(0.1, 0.25))
    cut = int(quad[:, 0].min() + share * np.ptp(quad[:, 0]))
    cut = max(1, min(cut, width // 2))
    return _moved(scene, np.array([[1.0, 0, -cut], [0, 1, 0], [0, 0, 1]]), (width - cut, height))


def small(scene: Scene, chance: Chance) -> Scene:
    """300 to 480 pixels wide, as messengers leave photos."""
    height, width = scene.pixels.shape[:2]
    scale = float(chance.uniform(300, 480)) / max(width, height)
    shift = (scale - 1) / 2
    matrix = np.array([[scale, 0, shift], [0, scale, shift], [0, 0, 1]])
    return _moved(scene, matrix, (round(width * scale), round(height * scale)))


def blurred(scene: Scene, chance: Chance) -> Scene:
    soft = cv2.GaussianBlur(scene.pixels, (0, 0), float(chance.uniform(3, 5)))
    return replace(scene, pixels=np.asarray(soft, np.uint8))


def dim(scene: Scene, chance: Chance) -> Scene:
    """A fifth of the light, with the grain that goes with it."""
    grain = chance.normal(0, 6, scene.pixels.shape)
    return replace(scene, pixels=np.clip(scene.pixels * chance.uniform(0.15, 0.3) + grain, 0, 255).astype(np.uint8))


def turned(scene: Scene, chance: Chance) -> Scene:
    """The phone held upright before a board that lies, or the reverse."""
    width = scene.pixels.shape[1]
    quads = tuple(np.roll(np.stack([q[:, 1], width - 1 - q[:, 0]], axis=1), -1, axis=0) for q in scene.quads)
    return Scene(np.ascontiguousarray(np.rot90(scene.pixels)), quads, scene.kind)


def glass(scene: Scene, chance: Chance) -> Scene:
    """A pane: what is written on the board, before the room behind it, within thin dark profiles."""
    height, width = scene.pixels.shape[:2]
    room = cv2.GaussianBlur(draw_scene(int(chance.integers(1 << 30)), "page").pixels, (0, 0), 6)
    room = cv2.resize(room, (width, height)).astype(np.float64)
    ink = cv2.morphologyEx(scene.pixels, cv2.MORPH_CLOSE, np.ones((13, 13), np.uint8)).astype(int) - scene.pixels
    mask = np.zeros((height, width), np.uint8)
    corners = [np.rint(scene.quads[0]).astype(np.int32)]
    cv2.fillPoly(mask, corners, 255)
    pane = np.where(mask[..., None] > 0, room * 0.85 + 25 - ink, room)
    pane = np.clip(pane, 0, 255).astype(np.uint8)
    cv2.polylines(pane, corners, True, (45, 45, 45), 5, cv2.LINE_AA)
    return replace(scene, pixels=pane)


def as_it_is(scene: Scene, chance: Chance) -> Scene:
    return scene


KINDS: dict[str, tuple[str, Callable[[Scene, Chance], Scene]]] = {
    "as drawn": ("whiteboard", as_it_is),
    "out of frame": ("whiteboard", out_of_frame),
    "low resolution": ("whiteboard", small),
    "blurred": ("flipchart", blurred),
    "dim": ("whiteboard", dim),
    "upright": ("whiteboard", turned),
    "wide fresco": ("fresco", as_it_is),
    "no edge seen": ("full", as_it_is),
    "glass": ("whiteboard", glass),
}


def overlap(scene: Scene, found: tuple[Found, ...]) -> float:
    """IoU in the frame of the first quad with the board it covers best, or with the frame where there is none."""
    frame = box(0, 0, scene.pixels.shape[1], scene.pixels.shape[0])
    quads = scene.quads or (rectangle(scene.pixels.shape[1::-1]),)
    ours = Polygon(found[0].quad).buffer(0).intersection(frame)
    truths = [Polygon(q).buffer(0).intersection(frame) for q in quads]
    return max(float(ours.intersection(t).area / ours.union(t).area) for t in truths)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--first", type=int, default=200_000)
    options = parser.parse_args()
    print("kind              n    iou   >=.9  whole   p>=.9  of those right")
    for name, (kind, change) in KINDS.items():
        rows = []
        for seed in range(options.first, options.first + options.count):
            scene = change(draw_scene(seed, kind), np.random.default_rng(seed))
            found = find_boards(Frame(scene.pixels))
            rows.append((overlap(scene, found), found[0].confidence, found[0].whole_photo))
        iou, sure, whole = (np.array(column, float) for column in zip(*rows, strict=True))
        given = sure >= 0.9
        right = np.mean(iou[given] >= 0.9) if given.any() else np.nan
        print(
            f"{name:15s} {len(rows):3d}  {iou.mean():.3f}  {np.mean(iou >= 0.9):.3f}  {whole.mean():.2f}  "
            f"{given.sum():6d}  {right:.2f}"
        )


if __name__ == "__main__":
    main()
