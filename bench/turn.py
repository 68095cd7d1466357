"""Is a board found upright? ``python -m bench.turn FOLDER [--count 12]``.

Every photo of the folder (its ``truth.jsonl`` knows the corners) is turned by 0, 90, 180 and 270 degrees and stored
with an EXIF orientation that lies: drawn anew for each, so that it says nothing of how the pixels lie. The whole
pipeline reads it; the turn is right when the first corner of its quad is the one nearest to the true board's top left.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from bench import photos
from capture.pipeline import stages
from fresque.terminal import progress

Doubles = NDArray[np.float64]

TURNS = (0, 90, 180, 270)
BY_EXIF = {1: 0, 6: 90, 3: 180, 8: 270}
"""EXIF orientation → the clockwise turn that a reader applies to the stored pixels."""


def turned_points(points: Doubles, width: int, height: int, turn: int) -> Doubles:
    """N×2 pixels of a width×height picture → pixels of the same picture after a clockwise ``turn``."""
    x, y = points[:, 0], points[:, 1]
    moved = {0: (x, y), 90: (height - 1 - y, x), 180: (width - 1 - x, height - 1 - y), 270: (y, width - 1 - x)}[turn]
    return np.stack(moved, axis=1)


def stored(upright: Image.Image, turn: int, orientation: int) -> bytes:
    """A JPEG which, once its EXIF orientation is applied, shows ``upright`` turned clockwise by ``turn``."""
    pixels = upright.rotate(-(turn - BY_EXIF[orientation]), expand=True)
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = io.BytesIO()
    pixels.save(file, "JPEG", quality=92, exif=exif)
    return file.getvalue()


def right_turn(quad: Doubles, truth: Doubles) -> bool:
    """``quad`` and ``truth`` 4×2, each from its board's top left: whether both start at the same corner."""
    return int(np.linalg.norm(truth - quad[0], axis=1).argmin()) == 0


def cases(folder: Path, count: int) -> Iterator[tuple[str, int, bytes, Doubles]]:
    """Name, turn, bytes and true corners of each turned photo."""
    draw = np.random.default_rng(count)
    for truth in photos.truths(folder)[:count]:
        if not truth.get("quad"):
            continue
        with Image.open(folder / truth["photo"]) as image:
            upright = ImageOps.exif_transpose(image).convert("RGB")
        corners = np.array(truth["quad"], np.float64)
        for turn in TURNS:
            data = stored(upright, turn, int(draw.choice(list(BY_EXIF))))
            yield truth["photo"], turn, data, turned_points(corners, upright.width, upright.height, turn)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--count", default=12, show_default=True, help="Photos; each is read four times.")
def main(folder: Path, count: int) -> None:
    """Print how often each turn was told."""
    right: dict[int, list[bool]] = {turn: [] for turn in TURNS}
    wrong = []
    with progress(folder.name, 4 * count) as advance:
        for name, turn, data, corners in cases(folder, count):
            surface = stages.run(data, stages.Options(renditions=False)).scan.surfaces[0]
            right[turn].append(right_turn(np.array(surface.quad), corners))
            if not right[turn][-1]:
                wrong.append(f"{name} turned by {turn}, read as if by {(360 - surface.rotation) % 360}")
            advance(note=name)
    for turn, answers in right.items():
        print(f"turned by {turn:3d}: {sum(answers)} of {len(answers)} right")
    every = [answer for answers in right.values() for answer in answers]
    print(f"all: {np.mean(every):.3f} of {len(every)}")
    print("\n".join(wrong))


if __name__ == "__main__":
    main()
