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
from capture.pipeline.find import Params, candidates
from capture.pipeline.find.features import features
from capture.pipeline.find.picture import search_picture
from samples.boards import KINDS
from samples.sets import SetSpec, photo_set

Doubles = NDArray[np.float64]


def judged(scene: Scene, params: Params) -> tuple[Doubles, Doubles, Doubles]:
    """Candidates (N×4×2 photo pixels), their features and their IoU with the nearest true board (the whole photo
    where it shows none)."""
    picture = search_picture(scene.pixels, params.side, params.stroke)
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


def collect(first: int, count: int, path: Path, samples: str | None, kind: str | None) -> None:
    """``samples``: a difficulty of the samples' renderer; None draws the scenes of ``bench.find_scenes``, of one
    ``kind`` or all."""
    rows, overlaps, scenes, quads = [], [], [], []
    for seed in range(first, first + count):
        scene = draw_scene(seed, kind) if samples is None else sample_scene(seed, samples)
        places, described, overlap = judged(scene, Params())
        rows.append(described)
        overlaps.append(overlap)
        quads.append(places)
        scenes.append(np.full(len(overlap), seed))
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
    parser.add_argument("--kind", choices=list(SCENES), help="only scenes of this kind")
    parser.add_argument("--samples", help="photos of the samples' renderer instead: plain, field or hard")
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    collect(chosen.first, chosen.count, chosen.out, chosen.samples, chosen.kind)


if __name__ == "__main__":
    main()
