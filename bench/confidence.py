"""Does a confidence mean what it says? Of the words and lines read with 0.8, are eight in ten right?

    python -m bench.confidence ../shared/eval/real/truth.jsonl --half odd [--found]

A word is right when the photo's truth holds it (each only as often as it does); a line's truth is the share of its
words that are right. Only photos whose truth is complete count. Prints the reliability table and the expected
calibration error (Guo et al. 2017), ten bins; and what the scorer says of the same readings. With ``--found`` boards
are found as well, by the whole pipeline.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from archive.model import Line, Region, running_text
from bench.reading import HEAD, Table, Truth, frame_of, scorer_beside, with_text
from capture.pipeline import stages
from capture.pipeline.read import read

BINS = 10
Pairs = list[tuple[float, float]]
"""What was said and what was true, each 0..1."""


def parts(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower().replace("’", "'"))


def judged(lines: Iterable[Line], truth: Counter[str]) -> tuple[Pairs, Pairs]:
    """Of words and of lines. Uses ``truth`` up."""
    by_word: Pairs = []
    by_line: Pairs = []
    for line in lines:
        right = []
        for word, sure in zip(line.text.split(), line.words, strict=True):
            wanted = parts(word)
            if wanted:
                right.append(float(all(truth[part] > 0 for part in wanted)))
                by_word.append((sure, right[-1]))
                truth.subtract(wanted)
        if right:
            by_line.append((line.confidence, float(np.mean(right))))
    return by_word, by_line


def table(pairs: Pairs) -> str:
    said, true = np.array(pairs).T
    rows = [f"  {'said':>11s} {'n':>5s} {'mean':>6s} {'true':>6s}"]
    for low, inside in _bins(said):
        if inside.any():
            mean, right = said[inside].mean(), true[inside].mean()
            rows.append(f"  {low:.1f} to {low + 1 / BINS:.1f}  {inside.sum():5d} {mean:6.2f} {right:6.2f}")
    return "\n".join([*rows, f"  expected calibration error {calibration_error(pairs):.3f}"])


def calibration_error(pairs: Pairs) -> float:
    said, true = np.array(pairs).T
    gaps = [inside.sum() * abs(said[inside].mean() - true[inside].mean()) for _, inside in _bins(said) if inside.any()]
    return float(sum(gaps) / len(said))


def _bins(said: NDArray[np.float64]) -> list[tuple[float, NDArray[np.bool_]]]:
    place = np.minimum((said * BINS).astype(int), BINS - 1)
    return [(k / BINS, place == k) for k in range(BINS)]


def main() -> None:
    parser = argparse.ArgumentParser(description="Reliability of the confidence of words and lines.")
    parser.add_argument("truth", type=Path, help="a truth.jsonl; its photos lie beside it")
    parser.add_argument("--half", choices=("even", "odd", "all"), default="all")
    parser.add_argument("--found", action="store_true", help="the whole pipeline: boards are found, not given")
    args = parser.parse_args()
    score, scores = scorer_beside(args.truth), Table()
    words: Pairs = []
    lines: Pairs = []
    for photo in with_text(args.truth, args.half):
        regions = _regions(args.truth.parent / photo["photo"], photo, args.found)
        scores.add(photo["kind"], score(photo, {"text": running_text(regions)}))
        if photo.get("complete", True):
            truth = Counter(part for line in photo["lines"] for part in parts(line["text"]))
            by_word, by_line = judged((line for region in regions for line in region.lines), truth)
            words += by_word
            lines += by_line
    print("words", table(words), "lines", table(lines), HEAD, *scores.rows(), sep="\n")


def _regions(path: Path, photo: Truth, found: bool) -> tuple[Region, ...]:
    if found:
        surfaces = stages.run(path.read_bytes(), stages.Options(renditions=False)).scan.surfaces
        return tuple(region for surface in surfaces for region in surface.regions)
    return read(frame_of(path, photo, straighten=True)).regions


if __name__ == "__main__":
    main()
