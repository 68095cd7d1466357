"""Cleaning judged against truth, beside three known methods.

    python -m bench.clean [--seed 41] [--count 24] [--difficulty field] [--keep DIR]

Boards are drawn for the occasion, straightened by their true corners (so that only the cleaning is judged) and
cleaned by each method. The renderer knows the ink, the fills and the notes; see ``bench.clean_score``.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import click
import cv2
import numpy as np
from numpy.typing import NDArray

from archive.documents import quad
from bench.clean_baselines import BASELINES
from bench.clean_score import Picture, Truth, score
from capture.pipeline import clean, ground, load, notes, straighten
from capture.pipeline.frame import Frame
from fresque.terminal import progress
from samples.boards import KINDS
from samples.render import render
from samples.sets import SetSpec, specs

FIGURES = ("ink found", "ink true", "fills", "notes", "hue", "chroma", "white", "uneven", "cast", "ghost", "seconds")
SIZE = (2800, 2100)


@dataclass(frozen=True, eq=False)
class Case:
    name: str
    straight: Frame
    truth: Truth


def ours(picture: Picture) -> Picture:
    frame, seen = Frame(picture), ground.estimate(picture)
    return clean.for_eye(frame, seen=seen, sheets=notes.coloured(notes.find_notes(frame, seen=seen))).pixels


METHODS: dict[str, Callable[[Picture], Picture]] = {"ours": ours, **BASELINES, "as photographed": lambda p: p}


def cases(
    seed: int,
    count: int,
    difficulty: str,
    kinds: tuple[str, ...] = KINDS,
    split: str = "measure",
    size: tuple[int, int] = SIZE,
    ghosts: float = 0.0,
) -> Iterator[Case]:
    """Nobody stands in front and no side is cut off: what is hidden cannot be cleaned."""
    for n, spec in enumerate(
        specs(seed, count, SetSpec(split, difficulty, size, kinds=kinds, flat=True, art={"ghosts": ghosts}))
    ):
        look = replace(spec.look, person=0, front=0, cut=0)
        drawn = render(replace(spec, look=look, orientation=1), seed * 7919 + n)
        if drawn.truth["quad"] is None or drawn.flat is None or drawn.ink is None:
            continue  # notes on a bare wall: there is no board to clean
        corners = quad(drawn.truth["quad"])
        straight = straighten.straighten(load.decode(drawn.jpeg).frame, corners)
        height, width = drawn.ink.shape
        notes = [_on_flat(note["poly"], straight, (width, height)) for note in drawn.truth["notes"]]
        white = drawn.truth["variety"] != "kraft" and not drawn.truth["dark"]
        truth = Truth(drawn.flat, drawn.ink, notes, white, drawn.ghost)
        yield Case(f"{seed}_{n:02d}_{spec.kind}", straight, truth)


def _on_flat(polygon: list[list[float]], straight: Frame, size: tuple[int, int]) -> NDArray[np.float64]:
    """Photo pixels → pixels of the flat truth."""
    points = straight.points_from_photo(np.array(polygon, np.float64))
    return np.asarray((points + 0.5) * np.array(size) / (straight.width, straight.height) - 0.5)


@click.command()
@click.option("--seed", default=41, show_default=True)
@click.option("--count", default=24, show_default=True)
@click.option("--difficulty", default="field", show_default=True)
@click.option("--split", default="measure", show_default=True, type=click.Choice(["tune", "measure"]))
@click.option("--only", multiple=True, type=click.Choice(list(METHODS)), help="These methods.")
@click.option("--kinds", default=",".join(KINDS), show_default=True)
@click.option("--ghosts", default=0.0, show_default=True, help="Share of boards with old writing that shows.")
@click.option("--keep", type=click.Path(path_type=Path), help="Write the pictures here.")
@click.option("--each", is_flag=True, help="Also a row for each board.")
def main(
    seed: int,
    count: int,
    difficulty: str,
    split: str,
    only: tuple[str, ...],
    kinds: str,
    ghosts: float,
    keep: Path | None,
    each: bool,
) -> None:
    """Print the table."""
    values: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    rows = []
    with progress("cleaning", count) as advance:
        for case in cases(seed, count, difficulty, tuple(kinds.split(",")), split, ghosts=ghosts):
            for name in only or METHODS:
                start = time.process_time()
                picture = METHODS[name](case.straight.pixels)
                figures = {"seconds": time.process_time() - start} | score(case.truth, picture)
                rows.append(_row(f"{case.name} {name}", {k: [v] for k, v in figures.items()}))
                for figure, value in figures.items():
                    values[name][figure].append(value)
                if keep:
                    _keep(keep, case, name, picture)
            advance(note=case.name)
    print(f"{'':32s}" + " ".join(f"{f:>9s}" for f in FIGURES))
    for row in [*(rows if each else ()), *(_row(name, by) for name, by in values.items())]:
        print(row)


def _row(name: str, by: dict[str, list[float]]) -> str:
    cells = (f"{sum(by[f]) / len(by[f]):9.3f}" if by.get(f) else f"{'-':>9s}" for f in FIGURES)
    return f"{name:32s}" + " ".join(cells)


def _keep(folder: Path, case: Case, name: str, picture: Picture) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for suffix, pixels in ((name.replace(" ", "-"), picture), ("truth", case.truth.flat)):
        cv2.imwrite(str(folder / f"{case.name}.{suffix}.jpg"), pixels)


if __name__ == "__main__":
    main()
