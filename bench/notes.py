"""Sticky notes against truth: found (F1 at IoU ≥ 0.5), outline (mean IoU), colour and angle.

    python -m bench.notes [FOLDER...] [--seed 61] [--count 40] [--difficulty field] [--wall white] [--keep DIR]

Without FOLDER a set of note walls, and of boards with coloured shapes that are no notes, is drawn for the occasion.
Boards are straightened by their true corners, so that only the notes are judged; on a bare wall, and where corners
are not known, the whole photo is searched.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import click
import cv2
import numpy as np

from archive.documents import quad
from bench import photos
from bench.score import iou, polygon
from capture.pipeline import load, notes, straighten
from capture.pipeline.frame import Frame

MOSTLY_NOTES = ("notes", "fresco", "notes", "whiteboard", "notes", "flipchart")
WALLS: dict[str, dict[str, Any]] = {
    "usual": {},
    "white": {"pads": ("white",), "walls": ("board", "paper")},
    "mixed": {"pads": ("white", "yellow", "white", "pink"), "walls": ("board", "paper")},
    "touching": {"tight": 1.0},
    "oblong": {"oblong": 1.0, "shade": (0.1, 0.6)},
}
FIGURES = ("precision", "recall", "f1", "outline", "colour", "angle", "false")


def found_in(frame: Frame) -> list[dict[str, Any]]:
    """The notes of a frame, outlines in photo pixels."""
    return [
        {
            "poly": frame.points_to_photo(np.array(note.polygon)).tolist(),
            "colour": note.colour.value,
            "group": note.group,
        }
        for note in notes.find_notes(frame)
    ]


def judge(expected: list[dict[str, Any]], given: list[dict[str, Any]]) -> dict[str, float]:
    """Pairs are made greedily, the best overlap first. ``angle``: degrees by which a side is off; ``false``: notes
    where there are none."""
    if not expected:
        return {"false": float(len(given))}
    shapes = [polygon(note["poly"]) for note in given]
    overlaps = sorted(
        (
            (iou(polygon(right["poly"]), shape), i, j)
            for i, right in enumerate(expected)
            for j, shape in enumerate(shapes)
        ),
        reverse=True,
    )
    pairs: dict[int, tuple[int, float]] = {}
    for overlap, i, j in overlaps:
        if overlap >= 0.5 and i not in pairs and j not in {pair[0] for pair in pairs.values()}:
            pairs[i] = (j, overlap)
    precision, recall = len(pairs) / max(1, len(given)), len(pairs) / len(expected)
    figures = {"precision": precision, "recall": recall}
    figures["f1"] = 2 * precision * recall / (precision + recall) if pairs else 0.0
    if not pairs:
        return figures
    matched = [(expected[i], given[j]) for i, (j, _) in pairs.items()]
    figures["outline"] = float(np.mean([overlap for _, overlap in pairs.values()]))
    named = [(a, b) for a, b in matched if a.get("colour")]
    if named:
        figures["colour"] = float(np.mean([a["colour"] == b["colour"] for a, b in named]))
    figures["angle"] = float(np.mean([abs(_turn(_lean(b["poly"]) - _lean(a["poly"]))) for a, b in matched]))
    return figures


def _lean(points: list[list[float]]) -> float:
    """Degrees of the longest straight side, in -45..45."""
    rect = cv2.minAreaRect(np.array(points, np.float32))
    return _turn(float(rect[2]))


def _turn(degrees: float) -> float:
    return (degrees + 45) % 90 - 45


def straight_of(folder: Path, truth: dict[str, Any]) -> Frame:
    frame = load.decode((folder / truth["photo"]).read_bytes()).frame
    return straighten.straighten(frame, quad(truth["quad"])) if truth.get("quad") else frame


@click.command()
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--seed", default=61, show_default=True)
@click.option("--count", default=40, show_default=True)
@click.option("--difficulty", default="field", show_default=True)
@click.option("--split", default="measure", show_default=True, type=click.Choice(["tune", "measure"]))
@click.option("--wall", default="usual", show_default=True, type=click.Choice(list(WALLS)))
@click.option("--side", default=4000, show_default=True, help="Of the photos drawn: pixels of the longer side.")
@click.option("--half", default="all", type=click.Choice(photos.HALVES))
@click.option("--each", is_flag=True, help="Also a row for each photo.")
@click.option("--keep", type=click.Path(path_type=Path), help="Write the pictures with outlines here.")
def main(
    folders: tuple[Path, ...],
    seed: int,
    count: int,
    difficulty: str,
    split: str,
    wall: str,
    side: int,
    half: str,
    each: bool,
    keep: Path | None,
) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as scratch:
        drawn, kinds = Path(scratch) / wall, MOSTLY_NOTES if wall == "usual" else ("notes",)
        places = folders or (photos.rendered(drawn, seed, count, split, difficulty, kinds, WALLS[wall], side),)
        for place in places:
            values: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
            print(f"{place.name}\n{'':24s}" + " ".join(f"{f:>9s}" for f in FIGURES))
            for truth in photos.truths(place, half):
                straight = straight_of(place, truth)
                given = found_in(straight)
                figures = judge(truth.get("notes") or [], given)
                if each:
                    print(_row(truth["photo"], {f: [v] for f, v in figures.items()}))
                for name, value in figures.items():
                    values["all"][name].append(value)
                    values[truth["kind"]][name].append(value)
                if keep:
                    _draw(keep / f"{Path(truth['photo']).stem}.png", straight, given)
            for kind, by in values.items():
                print(_row(kind, by))


def _row(name: str, by: dict[str, list[float]]) -> str:
    cells = (f"{sum(by[f]) / len(by[f]):9.3f}" if by.get(f) else f"{'-':>9s}" for f in FIGURES)
    return f"{name:24s}" + " ".join(cells)


def _draw(path: Path, straight: Frame, given: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = straight.pixels.copy()
    thick = max(2, picture.shape[1] // 400)
    for note in given:
        points = straight.points_from_photo(np.array(note["poly"]))
        cv2.polylines(picture, [np.rint(points).astype(np.int32)], True, (0, 0, 255), thick)
        at = (int(points[0, 0]), int(points[0, 1]) + 12 * thick)
        cv2.putText(picture, f"{note['colour']} {note['group']}", at, 0, thick / 3, (0, 0, 255), thick)
    scale = min(1.0, 1400 / max(picture.shape))
    cv2.imwrite(str(path), cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


if __name__ == "__main__":
    main()
