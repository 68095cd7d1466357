"""What photos are said to be of: ``python -m bench.content [FOLDER ...] [--count 20]``.

Screens and prototypes are drawn (``bench.content_scenes``); the people and things are photos that scikit-image
carries; FOLDERs hold photos of boards, of which each that is called anything else is a false alarm and is named.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
import skimage

from archive.model import Content
from bench.content_scenes import prototype, screen
from capture.pipeline import content
from capture.pipeline.frame import Frame, Pixels
from capture.pipeline.load import Decoded
from capture.pipeline.stages import Options, run

SUFFIXES = {".jpg", ".jpeg", ".png"}
PEOPLE, THINGS = ("astronaut.png",), ("coffee.png", "chelsea.png", "motorcycle_left.png")


def of(pixels: Pixels) -> Content:
    """Through every stage, as a photo that is taken in."""
    return run(Decoded(Frame(pixels), "PNG", None), Options(renditions=False)).scan.content


def row(name: str, photos: Iterable[Pixels]) -> None:
    counts = Counter(of(pixels).value for pixels in photos)
    total = sum(counts.values())
    print(f"{name:12s} {total:4d}   " + "  ".join(f"{kind} {n / total:.2f}" for kind, n in counts.most_common()))


def _read(path: Path) -> Pixels:
    return np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR), np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=500)
    chosen = parser.parse_args()
    print(f"content, version {content.VERSION}\nis              n   said to be")
    seeds = range(chosen.seed, chosen.seed + chosen.count)
    row("screen", (screen(seed) for seed in seeds))
    row("prototype", (prototype(seed) for seed in seeds))
    carried = Path(skimage.__file__).parent / "data"
    row("people", (_read(carried / name) for name in PEOPLE))
    row("other", (_read(carried / name) for name in THINGS))
    for folder in chosen.folders:
        paths = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in SUFFIXES]
        wrong = [(path.name, kind.value) for path in paths if (kind := of(_read(path))) is not Content.BOARD]
        print(f"boards of {folder.name}: {len(paths)}, called something else: {len(wrong)}", *wrong)


if __name__ == "__main__":
    main()
