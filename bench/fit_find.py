"""What the scorer of ``capture.pipeline.find`` learns from: ``python -m bench.fit_find --out FILE.npz``.

Every candidate quad of every scene is described by its features and judged against the true corners, into a file
(scenes are drawn by seed, so a part can be drawn by each of several processes) that ``bench.fit_find_train`` reads.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from shapely.geometry import Polygon, box

from bench.find_scenes import KINDS as SCENES
from bench.find_scenes import Scene, draw_scene
from bench.rooms import draw_room
from capture.pipeline.find import Params, candidates
from capture.pipeline.find.features import features
from capture.pipeline.find.picture import search_picture
from samples.boards import KINDS
from samples.sets import SetSpec, photo_set

Doubles = NDArray[np.float64]


def judged(scene: Scene, params: Params, stroke: int) -> tuple[Doubles, Doubles, Doubles]:
    """Candidates (N×4×2 photo pixels), their features and their IoU with the nearest true board (the whole photo
    where it shows none), ink thinner than ``stroke`` wiped."""
    picture = search_picture(scene.pixels, params.side, stroke)
    quads = candidates(picture, params)
    frame = box(0, 0, scene.pixels.shape[1], scene.pixels.shape[0])
    truths = [Polygon(q).intersection(frame) for q in scene.quads] or [frame]
    overlaps = np.zeros(len(quads))
    for i, quad in enumerate(picture.to_photo(quads)):
        shape = Polygon(quad).buffer(0).intersection(frame)
        overlaps[i] = max((shape.intersection(t).area / max(shape.union(t).area, 1e-9) for t in truths), default=0.0)
    return picture.to_photo(quads), features(quads, picture), overlaps


def sample_scene(seed: int, difficulty: str) -> Scene:
    """One small photo of the samples' renderer, of the split that is for tuning."""
    drawn = next(iter(photo_set(seed, 1, SetSpec("tune", difficulty, (1200, 900), kinds=(KINDS[seed % len(KINDS)],)))))
    pixels = np.asarray(cv2.imdecode(np.frombuffer(drawn.jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    quad = drawn.truth.get("quad")
    return Scene(pixels, () if quad is None else (np.array(quad, np.float64),), drawn.truth["kind"])


def drawn(seed: int, source: str) -> Scene:
    """``source``: "scenes" or a kind of ``bench.find_scenes``, "rooms", or a difficulty of the samples' renderer."""
    if source == "rooms":
        return draw_room(seed)
    if source in ("scenes", *SCENES):
        return draw_scene(seed, None if source == "scenes" else source)
    return sample_scene(seed, source)


def collect(first: int, count: int, path: Path, source: str, fine: bool) -> None:
    """``fine``: each scene counts twice, the second time as a second look sees it."""
    params = Params()
    rows, overlaps, scenes, quads = [], [], [], []
    for seed in range(first, first + count):
        scene = drawn(seed, source)
        for look, stroke in enumerate((params.stroke, params.fine)[: 1 + fine]):
            places, described, overlap = judged(scene, params, stroke)
            rows.append(described)
            overlaps.append(overlap)
            quads.append(places)
            scenes.append(np.full(len(overlap), 2 * seed + look))
    np.savez_compressed(
        path,
        rows=np.concatenate(rows).astype(np.float32),
        overlaps=np.concatenate(overlaps).astype(np.float32),
        scenes=np.concatenate(scenes),
        quads=np.concatenate(quads).astype(np.float32),
    )
    best = np.array([o.max(initial=0.0) for o in overlaps])
    print(f"{count} scenes from {first}: best candidate IoU {best.mean():.4f}, {np.mean(best >= 0.9):.3f} with 0.9")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--of", choices=("scenes", *SCENES, "rooms", "plain", "field", "hard"), default="scenes")
    parser.add_argument("--fine", action="store_true", help="also as a second look, with thinner ink wiped, sees each")
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    collect(chosen.first, chosen.count, chosen.out, chosen.of, chosen.fine)


if __name__ == "__main__":
    main()
