"""Whiteboards as phones see them in rooms, corners known: ``python -m bench.rooms --out FOLDER --seed 1 --count 40``.

What the samples' renderer does not draw: thin frames on white walls, frameless and glass boards, boards on wheels,
sliding double boards, boards larger than the photo, close-ups of writing, beams of projectors, tubes and windows
mirrored, people and chairs in front, vignettes, steep views. Texts, fonts, walls and colours are those of one split.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.find_scenes import Scene, bend
from bench.rooms_boards import Hung, hang_glass, paper_on, plan_kind
from bench.rooms_light import lit
from bench.rooms_things import before, behind, stand
from samples.boards import draw_board
from samples.boards.plan import Art, Plan
from samples.camera import Camera, Pose, aim
from samples.render import hang
from samples.rng import Rng, stream
from samples.room import Room, empty_room, shadow
from samples.sensor import Exposure, add_noise, blurred, encode
from samples.texts import texts

Doubles = NDArray[np.float64]

KINDS = ("framed", "pale", "bare", "wheels", "double", "glass", "cut", "close", "beam", "steep")
SIZE = (1200, 900)


@dataclass(frozen=True)
class View:
    """How far the phone is turned and how much of the photo the board takes."""

    yaw: float = 16
    pitch: float = 7
    fill: tuple[float, float] = (0.6, 0.97)


VIEWS = {
    "steep": View(46, 18, (0.6, 0.95)),
    "wheels": View(22, 8, (0.45, 0.85)),
    "cut": View(18, 8, (1.02, 1.25)),
    "close": View(8, 6, (1.5, 1.9)),
}


def draw_room(seed: int, kind: str | None = None, split: str = "tune", size: tuple[int, int] = SIZE) -> Scene:
    """One photo; ``kind``, one of ``KINDS``, is by turns where it is not given. A close-up has no quad."""
    kind = kind or KINDS[seed % len(KINDS)]
    rng = stream(seed, "room", kind)
    pool = texts(split)
    art = Art(split, small=float(rng.uniform(0, 0.8)), wobble=1.2, dirt=0.8, dark=0.03, ghosts=0.5)
    boards = [
        plan_kind(kind, pool[int(rng.integers(len(pool)))], art, rng) for _ in range(2 if kind == "double" else 1)
    ]
    size = size if rng.random() < (0.85 if boards[0].width * len(boards) > boards[0].height else 0.2) else size[::-1]
    camera = _camera(boards, size, VIEWS.get(kind, View()), kind, rng)
    room = empty_room(camera, split)
    behind(room, boards, kind, stream(seed, "behind"))
    hung, mask = [], np.zeros((size[1], size[0]), np.uint8)
    for k, plan in enumerate(boards):
        place = _place(plan, k * (boards[0].width + boards[0].margins[0] * 2 + float(rng.uniform(0, 25))))
        scale = float(np.clip(1.1 * max(size) / max(plan.width, plan.height), 0.3, 3))
        canvas = draw_board(plan, pool[int(rng.integers(len(pool)))], art, scale, stream(seed, "board", str(k)))
        paper_on(canvas, plan, stream(seed, "papers", str(k)))
        plane = room.upright(plan.depth) @ place
        _cast(room, plan, plane, rng)
        if kind == "wheels":
            stand(room, plan, rng)
        if kind == "glass":
            hang_glass(room.picture, canvas, plan, plane, rng)
        else:
            hang(room.picture, canvas, plane)
        hung.append(Hung(plan, plane))
        cv2.fillPoly(mask, [np.round(hung[-1].corners * 16).astype(np.int32)], 255, cv2.LINE_AA, shift=4)
    before(room.picture, mask, kind, stream(seed, "before"))
    photo = lit(room.picture, mask, [h.plane for h in hung], boards[0], kind, stream(seed, "light"))
    quads = [] if kind == "close" else [h.corners for h in hung]
    if len(quads) == 2:  # both together are a board as well
        quads.append(np.array([quads[0][0], quads[1][1], quads[1][2], quads[0][3]]))
    bent, quads = bend(stream(seed, "lens"), photo.astype(np.float32), quads)
    return Scene(_shot(np.clip(bent, 0, 255).astype(np.uint8), rng), tuple(quads), kind)


def _place(plan: Plan, right: float) -> Doubles:
    return np.array([[1.0, 0, right], [0, 1, 0], [0, 0, 1]])


def _camera(boards: list[Plan], size: tuple[int, int], view: View, kind: str, rng: Rng) -> Camera:
    """Twice as large as the photo: rooms are painted at half of a camera's size."""
    plan = boards[0]
    wide = sum(b.width for b in boards) + 40 * (len(boards) - 1)
    corners = np.array([[0, 0, 0], [wide, 0, 0], [wide, plan.height, 0], [0, plan.height, 0]], np.float64)
    corners[:, 2] = -plan.depth
    sign = rng.choice([-1, 1], 2)
    least = 0.6 if kind == "steep" else 0.0
    fill = float(rng.uniform(*view.fill))
    slack = max(0.0, 1 - fill) / 2
    offset = rng.uniform(-1, 1, 2) * slack * 0.8
    if kind == "cut":  # a side or two beyond the photo, the others in it
        out = [(-1, 0), (1, 0), (0, 1), (-1, 1), (1, 1), (1, -1), (0, -1)][int(rng.integers(7))]
        offset = np.array(out) * ((fill - 1) / 2 + rng.uniform(0.03, 0.12)) + 0.02 * rng.normal(size=2)
    if kind == "close":
        offset = rng.uniform(-0.15, 0.15, 2)
    pose = Pose(
        float(rng.uniform(least, 1) * view.yaw * sign[0]),
        float(rng.uniform(least, 1) * view.pitch * sign[1]),
        float(rng.normal(0, 2.5)),
        fill,
        (float(offset[0]), float(offset[1])),
        2.6 if kind == "close" else float(rng.uniform(1, 1.4)),
    )
    return aim(corners, (2 * size[0], 2 * size[1]), pose)


def _cast(room: Room, plan: Plan, plane: Doubles, rng: Rng) -> None:
    """The board's shadow on the wall, sharp and narrow where it hangs flat."""
    reach = 5 + 0.2 * plan.depth
    left, top, right, bottom = plan.margins
    box = np.array([[-left, -top], [plan.width + right, -top], [plan.width + right, plan.height + bottom]])
    box = np.vstack([box, [[-left, plan.height + bottom]]])
    fall = np.array([rng.normal(0, reach), abs(rng.normal(reach, reach))])
    seen = cv2.perspectiveTransform((box + fall)[None], plane)[0]
    shadow(room, seen, float(rng.uniform(1.5, 9)), float(rng.uniform(0.1, 0.45)))


def _shot(photo: NDArray[np.uint8], rng: Rng) -> NDArray[np.uint8]:
    quality = int(rng.integers(60, 93))
    motion = float(rng.uniform(2, 5)) if rng.random() < 0.1 else 0.0
    exposure = Exposure(float(rng.exponential(0.5)) + 0.3, motion, float(rng.uniform(0, 180)), 0, quality)
    photo = blurred(photo, exposure)
    add_noise(photo, float(rng.uniform(1, 5)), rng)
    coded = np.frombuffer(encode(photo, quality, None, 1), np.uint8)
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)


def write_set(folder: Path, seed: int, count: int, split: str, kinds: tuple[str, ...] = KINDS) -> Path:
    """``count`` photos and a ``truth.jsonl`` in ``folder``; a close-up's quad is the whole photo."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "truth.jsonl").open("w", encoding="utf-8") as rows:
        for i in range(count):
            kind = kinds[i % len(kinds)]
            scene = draw_room(seed * 1000 + i, kind, split)
            name = f"room{seed}_{i:03d}_{kind}.jpg"
            cv2.imwrite(str(folder / name), scene.pixels, [cv2.IMWRITE_JPEG_QUALITY, 97])
            h, w = scene.pixels.shape[:2]
            whole = np.array([[-0.5, -0.5], [w - 0.5, -0.5], [w - 0.5, h - 0.5], [-0.5, h - 0.5]])
            quads = [np.round(q, 2).tolist() for q in (scene.quads or (whole,))]
            rows.write(json.dumps({"photo": name, "kind": kind, "width": w, "height": h, "quads": quads}) + "\n")
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.rooms", description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--split", choices=("tune", "measure"), default="measure")
    chosen = parser.parse_args()
    write_set(chosen.out, chosen.seed, chosen.count, chosen.split)


if __name__ == "__main__":
    main()
