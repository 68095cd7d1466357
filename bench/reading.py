"""Reading alone, on photos with known text: what the scorer says by kind, and the processor seconds.

    python -m bench.reading ../shared/eval/real/truth.jsonl --half even
    python -m bench.reading ../shared/eval/rendered/truth.jsonl --straighten --bare

The scorer is ``score.py`` beside the folder of the truth, or our own where there is none. Halves are those of
``bench.photos``. What each part of reading pays says ``bench.ablation``.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from archive.model import running_text
from bench.photos import half_of
from bench.score import score_photo
from capture.pipeline import load, notes
from capture.pipeline.frame import Frame
from capture.pipeline.read import Params, read

FIGURES = ("word_recall", "word_prec", "cer")
HEAD = f"{'':12s}    n " + " ".join(f"{name:>11s}" for name in (*FIGURES, "seconds"))
Truth = dict[str, Any]
Scorer = Callable[[Truth, Mapping[str, Any]], Mapping[str, float]]


def scorer_beside(truth: Path) -> Scorer:
    """``score`` of the ``score.py`` in the folder above the truth's own; ours where it has none."""
    file = truth.resolve().parent.parent / "score.py"
    spec = importlib.util.spec_from_file_location("score", file) if file.exists() else None
    if spec is None or spec.loader is None:
        return score_photo
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    score: Scorer = module.score
    return score


def with_text(truth: Path, half: str) -> Iterator[Truth]:
    """Photos that have lines, of one half or all."""
    for line in truth.read_text(encoding="utf-8").splitlines():
        photo = json.loads(line)
        if photo.get("lines") and half in ("all", half_of(photo["photo"])):
            yield photo


class Table:
    """Means by kind, each photo counted once."""

    def __init__(self) -> None:
        self.values: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))

    def add(self, kind: str, figures: Mapping[str, float]) -> None:
        for name in (*FIGURES, "seconds"):
            if name in figures:
                self.values["all"][name].append(figures[name])
                self.values[kind][name].append(figures[name])

    def rows(self) -> Iterator[str]:
        for kind, by in self.values.items():
            names = (*FIGURES, "seconds")
            cells = " ".join(f"{np.mean(by[n]):11.3f}" if by.get(n) else f"{'-':>11s}" for n in names)
            yield f"{kind:12s} {len(by['word_recall']):4d} {cells}"


def frame_of(path: Path, photo: Truth, straighten: bool) -> Frame:
    frame = load.decode(path.read_bytes()).frame
    quads = photo.get("quads") or ([photo["quad"]] if photo.get("quad") else [])
    if not (straighten and quads):
        return frame
    from capture.pipeline.straighten import straighten as warp

    return warp(frame, tuple((float(x), float(y)) for x, y in quads[0]))  # type: ignore[arg-type]


def measure(truth: Path, half: str, params: Params, straighten: bool, verbose: bool) -> Table:
    score, table = scorer_beside(truth), Table()
    for photo in with_text(truth, half):
        frame = frame_of(truth.parent / photo["photo"], photo, straighten)
        found = notes.find_notes(frame)
        start = time.process_time()
        result = read(frame, partial(tuple, found), params)
        seconds = time.process_time() - start
        figures = score(photo, {"text": running_text(result.regions)})
        table.add(photo["kind"], {**figures, "seconds": seconds})
        if verbose:
            shown = (f"{figures.get(name, np.nan):.3f}" for name in FIGURES)
            print(f"{photo['photo']:55s}", *shown, result.turn, flush=True)
    return table


def bare(truth: Path, half: str) -> Table:
    """RapidOCR as it comes, called on the path, in the same run."""
    import logging

    from rapidocr import RapidOCR

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    engine, score, table = RapidOCR(), scorer_beside(truth), Table()
    for photo in with_text(truth, half):
        start = time.process_time()
        found = engine(str(truth.parent / photo["photo"]))
        seconds = time.process_time() - start
        table.add(
            photo["kind"], {**score(photo, {"text": "\n".join(getattr(found, "txts", None) or ())}), "seconds": seconds}
        )
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description="Quality and seconds of reading alone, on photos with known text.")
    parser.add_argument("truth", type=Path, help="a truth.jsonl; its photos lie beside it")
    parser.add_argument("--half", choices=("even", "odd", "all"), default="all")
    parser.add_argument("--straighten", action="store_true", help="cut out the true quad first, where there is one")
    parser.add_argument("--bare", action="store_true", help="also RapidOCR as it comes, on the same photos")
    parser.add_argument("--verbose", action="store_true", help="a line a photo")
    args = parser.parse_args()
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    print(HEAD)
    table = measure(args.truth, args.half, Params(), args.straighten, args.verbose)
    print(*table.rows(), sep="\n", flush=True)
    if args.bare:
        print("-- RapidOCR as it comes", *bare(args.truth, args.half).rows(), sep="\n")


if __name__ == "__main__":
    main()
