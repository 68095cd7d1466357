"""Reading alone, on photos with known text: what the scorer says by kind, and the seconds.

    python -m bench.reading ../shared/eval/real/truth.jsonl --half even
    python -m bench.reading ../shared/eval/rendered/truth.jsonl --straighten --ablate

The scorer is ``score.py`` beside the folder of the truth. Halves are those of the scorer's page: SHA-256 of the file
name, as a number, even or odd.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from archive.model import running_text
from capture.pipeline import load
from capture.pipeline.frame import Frame
from capture.pipeline.read import Params, read

FIGURES = ("word_recall", "word_prec", "cer")
Truth = dict[str, Any]
Scorer = Callable[[Truth, Mapping[str, Any]], Mapping[str, float]]


def half_of(name: str) -> str:
    return "odd" if int(hashlib.sha256(name.encode()).hexdigest(), 16) % 2 else "even"


def scorer_beside(truth: Path) -> Scorer:
    """``score`` of the ``score.py`` in the folder above the truth's own."""
    spec = importlib.util.spec_from_file_location("score", truth.resolve().parent.parent / "score.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"no score.py beside the folder of {truth}")
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


def ablations() -> dict[str, Params]:
    """Name → the parameters with one part off."""
    whole = Params()
    pp = whole.ppocr
    words, decode, decide = pp.words, pp.decode, pp.decide
    language = decide.language
    off = {
        "no words (greedy reading)": replace(pp, decode=replace(decode, weight=0.0, symbol=0.0, sign=0.0)),
        "one view of each line": replace(pp, second_view=False),
        "two views of every line": replace(pp, decide=replace(decide, clear=0.85, settled=2.0)),
        "tall crops upright only": replace(pp, tall=1e9),
        "drawings kept as text": replace(pp, least_clarity=0.0),
        "words of all languages alike": replace(
            pp, decide=replace(decide, language=replace(language, foreign=0.0, rarest=0.0, at_home=-99.0))
        ),
        "no French spaces": replace(pp, decide=replace(decide, language=replace(language, tight=0.0))),
        "no hours and dates": replace(pp, words=replace(words, form=-99.0)),
        "words said elsewhere unknown": replace(pp, said=False),
        "small text seen from afar only": replace(
            pp, detect=replace(pp.detect, tiles=replace(pp.detect.tiles, small=0.0))
        ),
        "detection at 1,504 px": replace(pp, detect=replace(pp.detect, long_side=1504)),
        "detection at 1,024 px": replace(pp, detect=replace(pp.detect, long_side=1024)),
    }
    return {"whole": whole} | {name: replace(whole, ppocr=params) for name, params in off.items()}


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
        start = time.perf_counter()
        result = read(frame, params=params)
        seconds = time.perf_counter() - start
        figures = score(photo, {"text": running_text(result.regions)})
        table.add(photo["kind"], {**figures, "seconds": seconds})
        if verbose:
            shown = (f"{figures.get(name, np.nan):.3f}" for name in FIGURES)
            print(f"{photo['photo']:55s}", *shown, result.turn, flush=True)
    return table


def ablate(truth: Path, half: str, straighten: bool) -> dict[str, Table]:
    """Every variant on every photo; what the models see of a photo is kept while the variants take their turn."""
    score = scorer_beside(truth)
    tables = {name: Table() for name in ablations()}
    for photo in with_text(truth, half):
        frame = frame_of(truth.parent / photo["photo"], photo, straighten)
        with models_kept():
            for name, params in ablations().items():
                text = running_text(read(frame, params=params).regions)
                tables[name].add(photo["kind"], score(photo, {"text": text}))
    return tables


@contextmanager
def models_kept() -> Iterator[None]:
    """The models answer from memory what they were asked before."""
    module: Any = sys.modules["capture.pipeline.read.models"]
    run = module.run
    kept: dict[str, Any] = {}

    def remembering(name: str, batch: Any, threads: int) -> Any:
        key = name + str(batch.shape) + hashlib.sha256(batch.tobytes()).hexdigest()
        if key not in kept:
            kept[key] = run(name, batch, threads)
        return kept[key]

    module.run = remembering
    try:
        yield
    finally:
        module.run = run


def bare(truth: Path, half: str) -> Table:
    """RapidOCR as it comes, called on the path, in the same run."""
    import logging

    from rapidocr import RapidOCR

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    engine, score, table = RapidOCR(), scorer_beside(truth), Table()
    for photo in with_text(truth, half):
        start = time.perf_counter()
        found = engine(str(truth.parent / photo["photo"]))
        seconds = time.perf_counter() - start
        table.add(
            photo["kind"], {**score(photo, {"text": "\n".join(getattr(found, "txts", None) or ())}), "seconds": seconds}
        )
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description="Quality and seconds of reading alone, on photos with known text.")
    parser.add_argument("truth", type=Path, help="a truth.jsonl; its photos lie beside it")
    parser.add_argument("--half", choices=("even", "odd", "all"), default="all")
    parser.add_argument("--straighten", action="store_true", help="cut out the true quad first, where there is one")
    parser.add_argument("--ablate", action="store_true", help="each part off in turn")
    parser.add_argument("--bare", action="store_true", help="also RapidOCR as it comes, on the same photos")
    parser.add_argument("--verbose", action="store_true", help="a line a photo")
    args = parser.parse_args()
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    print(f"{'':12s}    n " + " ".join(f"{name:>11s}" for name in (*FIGURES, "seconds")))
    if args.ablate:
        for name, table in ablate(args.truth, args.half, args.straighten).items():
            print(f"{next(table.rows())}  {name}", flush=True)
    else:
        table = measure(args.truth, args.half, Params(), args.straighten, args.verbose)
        print(*table.rows(), sep="\n", flush=True)
    if args.bare:
        print("-- RapidOCR as it comes", *bare(args.truth, args.half).rows(), sep="\n")


if __name__ == "__main__":
    main()
