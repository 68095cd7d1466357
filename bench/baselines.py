"""The two baselines that say how hard a set of photos is: python -m bench.baselines FOLDER [--no-reader].

FOLDER holds photos and truth.jsonl. Writes FOLDER/run.canny.jsonl and FOLDER/run.rapidocr.jsonl in the scorer's form
and prints words found, character errors and intersection over union, by kind.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein
from shapely.geometry import Polygon, box

Image = NDArray[np.uint8]
Row = dict[str, Any]


def canny_quad(photo: Image) -> list[list[float]] | None:
    """The largest outer contour of one Canny edge map, its extreme points as corners (the way of jscanify).

    ``photo``: H×W×3 BGR. Corners TL, TR, BR, BL in its pixels; None where there is no edge.
    """
    shrink = 1000 / max(photo.shape[:2])
    small = cv2.resize(photo, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), (5, 5), 0)
    edges = cv2.dilate(cv2.Canny(grey, 50, 150), np.ones((3, 3), np.uint8))
    contours, _ = cv2.findContours(edges, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return None
    points = max(contours, key=cv2.contourArea).reshape(-1, 2).astype(float)
    plus, minus = points.sum(1), points[:, 0] - points[:, 1]
    corners = points[[plus.argmin(), minus.argmax(), plus.argmax(), minus.argmin()]] / shrink
    return [[float(x), float(y)] for x, y in corners]


def make_rapidocr() -> Any:
    """RapidOCR as it comes."""
    from rapidocr import RapidOCR

    return RapidOCR()


def rapidocr_text(engine: Any, photo: Image) -> str:
    """All lines RapidOCR reads on the bare photo, one a line."""
    return "\n".join(engine(photo).txts or ())


def run_canny(folder: Path, truths: Iterable[Row]) -> list[Row]:
    return [{"photo": t["photo"], "quad": canny_quad(_photo(folder / t["photo"]))} for t in truths]


def run_rapidocr(folder: Path, truths: Iterable[Row]) -> list[Row]:
    engine = make_rapidocr()
    return [{"photo": t["photo"], "text": rapidocr_text(engine, _photo(folder / t["photo"]))} for t in truths]


def _photo(path: Path) -> Image:
    """Decoded with its EXIF orientation applied."""
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise FileNotFoundError(path)
    return np.asarray(picture, np.uint8)


def read_rows(path: Path) -> list[Row]:
    return [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines() if row.strip()]


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]{2,}", text.lower().replace("’", "'"))


def iou(quad: Any, truth: Row) -> float:
    """Jaccard index of two quads inside the frame of the photo."""
    frame = box(0, 0, truth["width"], truth["height"])
    a, b = (Polygon(q).buffer(0).intersection(frame) for q in (quad, truth["quad"]))
    union = a.union(b).area
    return float(a.intersection(b).area / union) if union else 0.0


def shown_lines(truth: Row) -> list[str]:
    """The lines of which nine tenths are in the photo."""
    frame = box(0, 0, truth["width"], truth["height"])
    polys = [(n["text"], Polygon(n["poly"]).buffer(0)) for n in truth["lines"]]
    return [text for text, p in polys if p.intersection(frame).area >= 0.9 * p.area]


def recall(lines: list[str], text: str) -> float:
    true, read = Counter(words(" ".join(lines))), Counter(words(text))
    return sum((true & read).values()) / max(1, sum(true.values()))


def character_errors(lines: list[str], text: str) -> float:
    """Edit distance of each line to its best place in the text, over the lines' characters."""
    hay, wrong, total = re.sub(r"\s+", " ", text.lower().replace("’", "'")), 0, 0
    for line in lines:
        line = line.lower().replace("’", "'")
        total += len(line)
        best = fuzz.partial_ratio_alignment(line, hay) if line and hay else None
        wrong += min(len(line), Levenshtein.distance(line, hay[best.dest_start : best.dest_end])) if best else len(line)
    return wrong / max(1, total)


def table(truths: list[Row], canny: list[Row], reader: list[Row]) -> dict[str, dict[str, float]]:
    """Mean figures by kind and over all, in the scorer's sense."""
    found: defaultdict[str, defaultdict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    quads = {r["photo"]: r["quad"] for r in canny}
    texts = {r["photo"]: r["text"] for r in reader}
    for truth in truths:
        figures = {}
        if truth.get("quad") and truth["photo"] in quads:
            quad = quads[truth["photo"]]
            figures["canny iou"] = iou(quad, truth) if quad else 0.0
        lines = shown_lines(truth)
        if lines and truth["photo"] in texts:
            figures["words found"] = recall(lines, texts[truth["photo"]])
            figures["cer"] = character_errors(lines, texts[truth["photo"]])
        for name, value in figures.items():
            found["all"][name].append(value)
            found[truth["kind"]][name].append(value)
    return {kind: {name: float(np.mean(v)) for name, v in by.items()} for kind, by in found.items()}


def _write(path: Path, rows: list[Row]) -> None:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.baselines", description=__doc__)
    parser.add_argument("folder", type=Path, help="photos and truth.jsonl")
    parser.add_argument("--runs", type=Path, help="where to write the run files, default FOLDER")
    parser.add_argument("--no-reader", action="store_true", help="only the corners, which takes no time")
    args = parser.parse_args()
    truths = read_rows(args.folder / "truth.jsonl")
    canny = run_canny(args.folder, truths)
    reader = [] if args.no_reader else run_rapidocr(args.folder, truths)
    runs = args.runs or args.folder
    _write(runs / "run.canny.jsonl", canny)
    _write(runs / "run.rapidocr.jsonl", reader)
    names = ("words found", "cer", "canny iou")
    print(f"{'kind':12s}" + "".join(f"{n:>13s}" for n in names))
    for kind, by in table(truths, canny, reader).items():
        print(f"{kind:12s}" + "".join(f"{by[n]:13.3f}" if n in by else f"{'-':>13s}" for n in names))


if __name__ == "__main__":
    main()
