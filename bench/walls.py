"""Boards that are one surface: found, not invented, and joined to the millimetre.

    python -m bench.walls [--seed 71] [--frescoes 6] [--others 20] [--hard 0] [--keep DIR]

Long frescoes are drawn and photographed in three overlapping pieces; other boards twice, in another light and pose,
or once. What is one surface is known, and where each photo lies on it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import cv2
import numpy as np

from archive.documents import quad
from capture.pipeline import load, straighten
from capture.pipeline.frame import Frame, apply_homography
from capture.pipeline.session import panorama
from capture.pipeline.session.likeness import prepare
from capture.pipeline.session.walls import Wall, find_walls
from fresque.terminal import progress
from samples.look import look
from samples.pieces import Piece, board, shoot, wiped
from samples.rng import stream
from samples.texts import texts

PIECES = ((0.0, 0.46), (0.32, 0.74), (0.6, 1.0))
SIZE = (2400, 1800)
HARDER = ("another light", "half wiped off", "someone in front", "a part again", "wiped, someone, other light")


@dataclass(frozen=True, eq=False)
class Taken:
    surface: int
    piece: Piece
    frame: Frame


def taken(seed: int, frescoes: int, others: int) -> Iterator[Taken]:
    how, pool = look("field", "measure"), texts("measure")
    for n in range(frescoes):
        drawn = board("fresco", pool[(seed + n) % len(pool)], how, seed * 1000 + n)
        for i, span in enumerate(PIECES):
            yield _taken(n, shoot(drawn, span, how, seed * 9000 + 10 * n + i, SIZE))
    kinds = ("whiteboard", "flipchart", "notes", "fresco")
    for n in range(frescoes, frescoes + others):
        drawn = board(kinds[n % 4], pool[(seed + n) % len(pool)], how, seed * 1000 + n)
        for i in range(1 + n % 2):
            yield _taken(n, shoot(drawn, (0.0, 1.0), how, seed * 9000 + 10 * n + i, SIZE))


def harder(seed: int, count: int) -> Iterator[Taken]:
    """Boards photographed twice, the second time as ``HARDER`` says, in turn; and as many once, in the same look."""
    how, other, pool = look("field", "measure"), look("hard", "measure"), texts("measure")
    kinds = ("whiteboard", "flipchart", "notes", "fresco")
    for n in range(count):
        way, rng = HARDER[n % len(HARDER)], stream(seed * 77 + n, "harder")
        drawn = board(kinds[(n + n // 4) % 4], pool[(seed + n) % len(pool)], how, seed * 1000 + 500 + n)
        later = wiped(drawn, float(rng.uniform(0.35, 0.55)), rng) if "wiped" in way else drawn
        left = float(rng.uniform(0, 0.4))
        span = (left, left + 0.6) if way == "a part again" else (0.0, 1.0)
        then = other if "light" in way else how
        yield _taken(n, shoot(drawn, (0.0, 1.0), how, seed * 9000 + 5000 + 10 * n, SIZE))
        yield _taken(n, shoot(later, span, then, seed * 9000 + 5001 + 10 * n, SIZE, someone="someone" in way))
        alone = board(kinds[n % 4], pool[(seed + n) % len(pool)], how, seed * 1000 + 800 + n)
        yield _taken(count + n, shoot(alone, (0.0, 1.0), how, seed * 9000 + 5002 + 10 * n, SIZE))


def _taken(surface: int, piece: Piece) -> Taken:
    frame = load.decode(piece.jpeg).frame
    return Taken(surface, piece, straighten.straighten(frame, quad(piece.quad)))


def misplaced(wall: Wall, shots: list[Taken]) -> list[float]:
    """Millimetres by which the joined picture puts points of each part beside where the first part's plane has them."""
    members = [shots[n] for n in wall.members]
    where = panorama.layout([(m.frame.width, m.frame.height) for m in members], wall.ways)
    first = members[0]
    to_mm = np.linalg.inv(first.piece.to_photo) @ first.frame.to_photo @ np.linalg.inv(where.ways[0])
    off: list[float] = []
    for member, way in zip(members[1:], where.ways[1:], strict=True):
        x, y = np.meshgrid(np.linspace(0, member.frame.width, 12), np.linspace(0, member.frame.height, 9))
        own = np.stack([x.ravel(), y.ravel()], axis=1)
        true = apply_homography(np.linalg.inv(member.piece.to_photo) @ member.frame.to_photo, own)
        off += np.linalg.norm(apply_homography(to_mm @ way, own) - true, axis=1).tolist()
    return off


@click.command()
@click.option("--seed", default=71, show_default=True)
@click.option("--frescoes", default=6, show_default=True, help="Long boards in three photos each.")
@click.option("--others", default=20, show_default=True, help="Other boards; every second one is photographed twice.")
@click.option("--hard", default=0, show_default=True, help="Boards photographed twice in harder ways, instead.")
@click.option("--keep", type=click.Path(path_type=Path), help="Write the joined pictures here.")
def main(seed: int, frescoes: int, others: int, hard: int, keep: Path | None) -> None:
    """Print the table."""
    if hard:
        _harder(seed, hard, keep)
        return
    shots: list[Taken] = []
    with progress("drawing", 3 * frescoes + others + others // 2) as advance:
        for each in taken(seed, frescoes, others):
            shots.append(each)
            advance()
    start = time.process_time()
    prepared = [prepare(each.frame) for each in shots]
    middle = time.process_time()
    walls = find_walls(prepared)
    end = time.process_time()
    whole = [w for w in walls if w.parts and len(w.members) == 3 and len({shots[n].surface for n in w.members}) == 1]
    states = [w for w in walls if not w.parts and len({shots[n].surface for n in w.members}) == 1]
    wrong = [w for w in walls if len({shots[n].surface for n in w.members}) > 1]
    off = [value for wall in whole for value in misplaced(wall, shots)]
    print(f"{len(shots)} photos; {prepared and (middle - start) / len(shots):.2f} s of processor a photo to prepare,")
    print(f"{1000 * (end - middle) / max(1, len(shots) * (len(shots) - 1) / 2):.1f} ms a pair")
    print(f"frescoes joined whole: {len(whole)} of {frescoes}")
    print(f"boards photographed twice, recognised: {len(states)} of {others // 2}")
    print(f"walls of boards that are not one: {len(wrong)}")
    if off:
        print(f"misplaced: mean {np.mean(off):.2f} mm, 95 % under {np.percentile(off, 95):.2f}, most {max(off):.2f}")
    if keep:
        _keep(keep, [w for w in walls if w.parts], shots)


def _harder(seed: int, count: int, keep: Path | None) -> None:
    shots = list(harder(seed, count))
    walls = find_walls([prepare(each.frame) for each in shots])
    right = [w for w in walls if len({shots[n].surface for n in w.members}) == 1]
    found = {shots[w.members[0]].surface for w in right}
    for n, way in enumerate(HARDER):
        some = range(n, count, len(HARDER))
        print(f"{way:32s} recognised {sum(s in found for s in some)} of {len(some)}")
    print(f"walls of boards that are not one: {len(walls) - len(right)}; boards in two walls: {_twice(walls)}")
    by_sharpness = [w for w in right if not w.parts and w.members[0] % 3 == 0]
    print(f"states whose first is the photo that shows the whole board plainly: {len(by_sharpness)} of {len(right)}")
    if keep:
        _keep(keep, [w for w in walls if w.parts], shots)


def _twice(walls: tuple[Wall, ...]) -> int:
    members = [n for wall in walls for n in wall.members]
    return len(members) - len(set(members))


def _keep(folder: Path, walls: list[Wall], shots: list[Taken]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for n, wall in enumerate(walls):
        frames = [shots[m].frame for m in wall.members]
        where = panorama.layout([(f.width, f.height) for f in frames], wall.ways)
        joined = panorama.compose([f.pixels for f in frames], where, even=True)
        cv2.imwrite(str(folder / f"joined-{n}.jpg"), joined)


if __name__ == "__main__":
    main()
