"""How well boards are found: ``python -m bench.find TRUTH.jsonl [TRUTH.jsonl ...] [--half even|odd]``, or
``python -m bench.find --draw field --seed 7 --count 24`` for a set drawn for the occasion (measuring walls and fonts).

For each set of photos: mean IoU inside the frame and the share with 0.9 or more, by kind, ours beside one Canny with
the largest contour; then over all sets how often a confidence was right, and the seconds on one core.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from bench.baselines import canny_quad
from bench.photos import HALVES, rendered, truths
from bench.score import score_photo
from capture.pipeline.find import find_boards
from capture.pipeline.frame import Frame
from capture.pipeline.straighten import straighten

EDGES = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.97, 1.0)


@dataclass(frozen=True)
class Outcome:
    photo: str
    kind: str
    iou: float
    baseline: float
    confidence: float
    whole: bool
    boards: int
    find_seconds: float
    straighten_seconds: float
    megapixels: float


def judge(folder: Path, truth: dict[str, Any]) -> Outcome:
    pixels = np.asarray(cv2.imread(str(folder / truth["photo"]), cv2.IMREAD_COLOR), np.uint8)
    frame = Frame(pixels)
    start = time.perf_counter()
    found = find_boards(frame)
    middle = time.perf_counter()
    straighten(frame, found[0].quad)
    end = time.perf_counter()
    canny = canny_quad(pixels)
    return Outcome(
        photo=truth["photo"],
        kind=truth["kind"],
        iou=score_photo(truth, {"quad": found[0].quad})["iou"],
        baseline=score_photo(truth, {"quad": canny})["iou"],
        confidence=found[0].confidence,
        whole=found[0].whole_photo,
        boards=len(found),
        find_seconds=middle - start,
        straighten_seconds=end - middle,
        megapixels=frame.width * frame.height / 1e6,
    )


def of_folder(folder: Path, half: str) -> list[Outcome]:
    """Every photo of the folder whose corners are known."""
    return [judge(folder, t) for t in truths(folder, half) if t.get("quad") or t.get("quads")]


def by_kind(outcomes: list[Outcome]) -> None:
    print(f"{'kind':12s}    n    iou   >=.9 |  canny  >=.9 | whole boards  seconds")
    kinds = ["all", *sorted({o.kind for o in outcomes})]
    for kind in kinds:
        some = [o for o in outcomes if kind in ("all", o.kind)]
        ours, theirs = np.array([o.iou for o in some]), np.array([o.baseline for o in some])
        seconds = np.median([o.find_seconds + o.straighten_seconds for o in some])
        print(
            f"{kind:12s} {len(some):4d}  {ours.mean():.3f}  {np.mean(ours >= 0.9):.3f} |  {theirs.mean():.3f} "
            f"{np.mean(theirs >= 0.9):.3f} | {sum(o.whole for o in some):5d} {sum(o.boards for o in some):6d} "
            f"{seconds:8.2f}"
        )


def reliability(outcomes: list[Outcome]) -> None:
    """Of the quads given (a whole photo is none), how many are right, by confidence."""
    print("confidence      n   mean   right (IoU >= 0.9)")
    given = [o for o in outcomes if not o.whole]
    for low, high in pairwise(EDGES):
        some = [o for o in given if low <= o.confidence < high or (high == 1.0 and o.confidence == 1.0)]
        if some:
            right = np.mean([o.iou >= 0.9 for o in some])
            print(f"{low:.2f}-{high:.2f} {len(some):6d}  {np.mean([o.confidence for o in some]):.3f}   {right:.3f}")
    sure = [o for o in given if o.confidence >= 0.9]
    if sure:
        print(f"p >= 0.9: {len(sure)} of {len(outcomes)} photos, {np.mean([o.iou >= 0.9 for o in sure]):.3f} right")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.find", description=__doc__)
    parser.add_argument("truth", type=Path, nargs="*")
    parser.add_argument("--draw", nargs="*", default=[], help="plain, field or hard: draw such photos")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--side", type=int, default=4000, help="of the photos drawn: pixels of the longer side")
    parser.add_argument("--half", choices=HALVES, default="all")
    parser.add_argument("--worst", type=int, default=0, help="also name the photos with the lowest IoU")
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    every: list[Outcome] = []
    with tempfile.TemporaryDirectory() as scratch:
        folders = [path.parent for path in chosen.truth]
        for name in chosen.draw:
            folders.append(rendered(Path(scratch) / name, chosen.seed, chosen.count, "measure", name, side=chosen.side))
        for folder in folders:
            outcomes = of_folder(folder, chosen.half)
            every += outcomes
            print(f"\n{folder.name} ({chosen.half})")
            by_kind(outcomes)
            for o in sorted(outcomes, key=lambda o: o.iou)[: chosen.worst]:
                print(f"  {o.photo} {o.iou:.3f} confidence {o.confidence:.2f}{' whole' if o.whole else ''}")
    print()
    reliability(every)
    large = [o for o in every if o.megapixels > 10]
    if large:
        find, warp = (np.median([getattr(o, f"{name}_seconds") for o in large]) for name in ("find", "straighten"))
        print(f"{len(large)} photos of 12 megapixels: find {find:.2f} s, straighten {warp:.2f} s, one core")


if __name__ == "__main__":
    main()
