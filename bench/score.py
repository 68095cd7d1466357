"""How good a run is against truth: quads, words, characters, notes, phases.

    python -m bench.score TRUTH.jsonl RUN.jsonl

The definitions are those by which Fresque is judged, so that figures compare: IoU of quads inside the frame; words
of two letters or more, case folded, accents kept, counted as multisets; CER of each true line at its best place in
the text; notes matched greedily at IoU ≥ 0.5. Where truth is not ``complete`` only recall counts. One value a photo,
then the mean.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

METRICS = ("iou", "iou90", "word_recall", "word_prec", "cer", "note_f1", "note_colour", "phase_acc")
Truth = Mapping[str, Any]
Run = Mapping[str, Any]
Scores = dict[str, float]


def score_photo(truth: Truth, run: Run) -> Scores:
    """Every metric that the photo's truth can judge; a missing answer scores as wrong."""
    scores = _quad_scores(truth, run) | _text_scores(truth, run) | _note_scores(truth, run)
    if truth.get("phase"):
        scores["phase_acc"] = float(str(run.get("phase") or "").upper() == truth["phase"].upper())
    return scores


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]{2,}", _folded(text))


def iou(a: BaseGeometry, b: BaseGeometry) -> float:
    union = a.union(b).area
    return float(a.intersection(b).area / union) if union else 0.0


def polygon(points: Sequence[Sequence[float]]) -> BaseGeometry:
    shape = Polygon(points)
    return shape if shape.is_valid else shape.buffer(0)


def _quad_scores(truth: Truth, run: Run) -> Scores:
    right = truth.get("quads") or ([truth["quad"]] if truth.get("quad") else [])
    if not right:
        return {}
    frame = box(0, 0, truth["width"], truth["height"])
    value = 0.0
    if run.get("quad"):
        given = polygon(run["quad"]).intersection(frame)
        value = max(iou(polygon(q).intersection(frame), given) for q in right)
    return {"iou": value, "iou90": float(value >= 0.9)}


def _text_scores(truth: Truth, run: Run) -> Scores:
    lines = [line["text"] for line in truth.get("lines") or [] if _in_frame(line, truth)]
    if not lines:
        return {}
    text = str(run.get("text") or "")
    expected, read = Counter(words(" ".join(lines))), Counter(words(text))
    found = (expected & read).total()
    scores: Scores = {"cer": _cer(lines, text)}
    if expected:
        scores["word_recall"] = found / expected.total()
        if truth.get("complete", True):
            scores["word_prec"] = found / max(1, read.total())
    return scores


def _cer(lines: Iterable[str], text: str) -> float:
    hay = re.sub(r"\s+", " ", _folded(text))
    errors = length = 0
    for line in map(_folded, lines):
        length += len(line)
        place = fuzz.partial_ratio_alignment(line, hay) if hay and line else None
        errors += (
            min(len(line), Levenshtein.distance(line, hay[place.dest_start : place.dest_end])) if place else len(line)
        )
    return errors / max(1, length)


def _in_frame(line: Mapping[str, Any], truth: Truth) -> bool:
    """A line with a known place counts only where nine tenths of it are in the photo."""
    if not line.get("poly"):
        return True
    place = polygon(line["poly"])
    return bool(place.intersection(box(0, 0, truth["width"], truth["height"])).area >= 0.9 * place.area)


def _note_scores(truth: Truth, run: Run) -> Scores:
    expected = truth.get("notes")
    if not expected:
        return {}
    given = list(run.get("notes") or [])
    shapes = [polygon(g["poly"]) for g in given]
    free = set(range(len(given)))
    matched: list[tuple[Any, Any]] = []
    for note in expected:
        shape = polygon(note["poly"])
        overlap, best = max(((iou(shape, shapes[j]), j) for j in sorted(free)), default=(0.0, -1))
        if overlap >= 0.5:
            free.discard(best)
            matched.append((note, given[best]))
    precision, recall = len(matched) / max(1, len(given)), len(matched) / len(expected)
    scores: Scores = {"note_f1": 2 * precision * recall / (precision + recall) if matched else 0.0}
    named = [(t, g) for t, g in matched if t.get("colour")]
    if named:
        scores["note_colour"] = sum(t["colour"] == g.get("colour") for t, g in named) / len(named)
    return scores


def _folded(text: str) -> str:
    return text.lower().replace("’", "'")


def table(truths: Iterable[Truth], runs: Iterable[Run]) -> str:
    """Means over all photos and by kind."""
    by_photo = {run["photo"]: run for run in runs}
    values: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for truth in truths:
        for metric, value in score_photo(truth, by_photo.get(truth["photo"], {})).items():
            values["all"][metric].append(value)
            values[truth["kind"]][metric].append(value)
    head = f"{'kind':12s}    n " + " ".join(f"{metric:>11s}" for metric in METRICS)
    return "\n".join([head, *(_row(kind, by) for kind, by in values.items())])


def _row(kind: str, by: Mapping[str, list[float]]) -> str:
    count = max(map(len, by.values()))
    cells = (f"{sum(by[m]) / len(by[m]):11.3f}" if by.get(m) else f"{'-':>11s}" for m in METRICS)
    return f"{kind:12s} {count:4d} " + " ".join(cells)


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    print(table(read_jsonl(Path(sys.argv[1])), read_jsonl(Path(sys.argv[2]))))
