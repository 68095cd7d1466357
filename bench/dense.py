"""Walls of very many small notes: how many of their words are read, and what that costs beside a bare RapidOCR call.

    python -m bench.dense [--seed 61] [--count 3] [--notes 40,90,160] [--lean 0,15] [--keep DIR]

The notes bear lines of the measuring texts, in the measuring fonts. Quality and processor seconds are of the whole
pipeline, on the same photos and in the same run as RapidOCR's; ratios count. ``--keep`` leaves the photos with their
truth, so that reading alone may be run on them (``python -m bench.reading DIR/truth.jsonl``).
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from statistics import mean, median

import click

from archive.model import running_text
from bench.score import score_photo
from capture.pipeline import stages
from samples.look import look
from samples.render import Rendered, render
from samples.rng import Rng, stream
from samples.spec import Spec
from samples.texts import BoardText, texts

SIZE = (4000, 3000)
SPLIT = "measure"


@click.command()
@click.option("--seed", default=61, show_default=True)
@click.option("--count", default=3, show_default=True, help="Walls of each number of notes and each lean.")
@click.option("--notes", default="40,90,160", show_default=True, help="How many notes a wall holds, by commas.")
@click.option("--lean", default="0,15", show_default=True, help="Up to how many degrees notes hang askew, by commas.")
@click.option("--keep", type=click.Path(path_type=Path, file_okay=False), help="Leave photos and truth in this folder.")
@click.option("--draw-only", is_flag=True, help="Draw and read nothing.")
def main(seed: int, count: int, notes: str, lean: str, keep: Path | None, draw_only: bool) -> None:
    """Print the table."""
    from rapidocr import RapidOCR

    bare = RapidOCR(params={"Global.log_level": "error"})
    rows = [(number, askew) for askew in _numbers(lean) for number in _numbers(notes)]
    print(f"{'notes':>5s} {'lean':>4s} {'found':>6s} {'true':>6s} {'CER':>6s} | bare {'found':>6s} {'ratio':>6s}")
    with tempfile.TemporaryDirectory() as scratch:
        folder = keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "truth.jsonl").unlink(missing_ok=True)
        for number, askew in rows:
            drawn = [_kept(photo, folder) for photo in walls(seed, count, number, askew)]
            if not draw_only:
                print(_row(number, askew, [_measured(path, truth, bare) for path, truth in drawn]))


def walls(seed: int, count: int, notes: int, lean: int) -> Iterator[Rendered]:
    """Photos of walls that are full; ``lean`` in degrees."""
    usual = look("plain", SPLIT)
    how = replace(usual, art=replace(usual.art, lean=float(lean) if lean else None, walls=("kraft", "paper", "board")))
    for n in range(count):
        name = f"D{seed}_{notes}_{lean}_{n}.jpg"
        yield render(Spec(_text(stream(seed + n, "dense"), notes), "notes", SIZE, how, name), seed * 1000 + n)


def _text(rng: Rng, notes: int) -> BoardText:
    pool = texts(SPLIT)
    lines = [line for text in pool for line in text.lines]
    chosen = rng.permutation(len(lines))[:notes]
    return replace(pool[int(chosen[0]) % len(pool)], lines=tuple(lines[i] for i in chosen))


def _kept(photo: Rendered, folder: Path) -> tuple[Path, Mapping[str, object]]:
    path = folder / str(photo.truth["photo"])
    path.write_bytes(photo.jpeg)
    with (folder / "truth.jsonl").open("a", encoding="utf-8") as rows:
        rows.write(json.dumps(photo.truth, ensure_ascii=False) + "\n")
    return path, photo.truth


Measured = tuple[Mapping[str, float], Mapping[str, float], float]


def _measured(path: Path, truth: Mapping[str, object], bare: Callable[[str], object]) -> Measured:
    """Our scores, RapidOCR's, and the ratio of processor seconds."""
    start = time.process_time()
    theirs = "\n".join(getattr(bare(str(path)), "txts", None) or ())
    between = time.process_time()
    surfaces = stages.run(path.read_bytes()).scan.surfaces
    ours = "\n".join(running_text(surface.regions) for surface in surfaces)
    ratio = (time.process_time() - between) / (between - start)
    return score_photo(dict(truth), {"text": ours}), score_photo(dict(truth), {"text": theirs}), ratio


def _row(notes: int, lean: int, measured: list[Measured]) -> str:
    ours = [mean(m[0][name] for m in measured if name in m[0]) for name in ("word_recall", "word_prec", "cer")]
    theirs = mean(m[1]["word_recall"] for m in measured)
    figures = " ".join(f"{value:6.3f}" for value in ours)
    return f"{notes:5d} {lean:4d} {figures} |      {theirs:6.3f} {median(m[2] for m in measured):6.2f}"


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


if __name__ == "__main__":
    main()
