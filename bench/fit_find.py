"""Fits the scorer of ``capture.pipeline.find`` on drawn scenes: ``python -m bench.fit_find``.

Every candidate quad of every scene is described by its features and judged against the true corners. ``collect``
writes them to a file (scenes are drawn by seed, so a part can be drawn by each of several processes); ``fit`` reads
such files and writes ``capture/pipeline/find/data/scorer.json``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from shapely.geometry import Polygon, box

from bench.find_scenes import Scene, draw_scene
from capture.pipeline.find import Params, candidates
from capture.pipeline.find.features import features
from capture.pipeline.find.picture import search_picture

Doubles = NDArray[np.float64]


def judged(scene: Scene, params: Params) -> tuple[Doubles, Doubles, Doubles]:
    """Candidates (N×4×2 photo pixels), their features and their IoU with the nearest true board."""
    picture = search_picture(scene.pixels, params.side, params.stroke)
    quads = candidates(picture, params)
    frame = box(0, 0, scene.pixels.shape[1], scene.pixels.shape[0])
    truths = [Polygon(q).intersection(frame) for q in scene.quads]
    overlaps = np.zeros(len(quads))
    for i, quad in enumerate(picture.to_photo(quads)):
        shape = Polygon(quad).buffer(0).intersection(frame)
        overlaps[i] = max((shape.intersection(t).area / max(shape.union(t).area, 1e-9) for t in truths), default=0.0)
    return picture.to_photo(quads), features(quads, picture), overlaps


def collect(first: int, count: int, path: Path) -> None:
    rows, overlaps, scenes, quads, empty = [], [], [], [], []
    for seed in range(first, first + count):
        scene = draw_scene(seed)
        places, described, overlap = judged(scene, Params())
        rows.append(described)
        overlaps.append(overlap)
        quads.append(places)
        scenes.append(np.full(len(overlap), seed))
        empty.append(not scene.quads)
    np.savez_compressed(
        path,
        rows=np.concatenate(rows).astype(np.float32),
        overlaps=np.concatenate(overlaps).astype(np.float32),
        scenes=np.concatenate(scenes),
        quads=np.concatenate(quads).astype(np.float32),
    )
    best = np.array([o.max(initial=0.0) for o, e in zip(overlaps, empty, strict=True) if not e])
    print(f"{count} scenes from {first}: best candidate IoU {best.mean():.4f}, {np.mean(best >= 0.9):.3f} with 0.9")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    collect(chosen.first, chosen.count, chosen.out)


if __name__ == "__main__":
    main()
