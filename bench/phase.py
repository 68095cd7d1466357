"""How well boards are tagged from their text alone: ``python -m bench.phase [TEXTS.jsonl ...]``.

Judged on the kept half of the labelled boards (bench/judged/phase.jsonl), whose themes the shipped model never saw,
then on each file given: JSON Lines with a phase and «text» (and «title»), or «lines». An unsure tag counts as wrong
in «accuracy»; «likeliest» takes the likeliest phase instead.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from archive.model import Phase, PhaseTag
from capture.pipeline.phase import tag_texts
from capture.pipeline.phase.features import CLASSES, STEPS, see, texts
from capture.pipeline.phase.misread import misread

JUDGED = Path(__file__).parent / "judged" / "phase.jsonl"
MISREAD = 0.2
BINS = 10


@dataclass(frozen=True, slots=True)
class Case:
    id: str
    lines: tuple[str, ...]
    phase: str
    step: str | None = None


@dataclass(frozen=True, slots=True)
class Score:
    accuracy: float  # unsure counts as wrong
    likeliest: float
    unsure: float
    calibration: float  # expected calibration error of the likeliest label
    steps: float  # macro-F1 over the steps, a step of a wrong phase counting as wrong; 0 where none is labelled


def cases(path: Path) -> tuple[Case, ...]:
    """Rows without a phase are left out."""
    rows = [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines() if row.strip()]
    return tuple(
        Case(str(row.get("id") or row.get("photo")), _lines(row), phase, row.get("step"))
        for row in rows
        if (phase := row.get("label") or row.get("phase"))
    )


def _lines(row: dict[str, object]) -> tuple[str, ...]:
    lines = row.get("lines")
    if isinstance(lines, list):
        return tuple(str(line["text"] if isinstance(line, dict) else line) for line in lines)
    parts = [str(row.get("title") or ""), *str(row["text"]).splitlines()]
    return tuple(part for part in parts if part.strip())


def garbled(judged: Sequence[Case], rate: float = MISREAD) -> tuple[Case, ...]:
    return tuple(Case(c.id, misread(c.lines, rate, crc32(c.id.encode())), c.phase, c.step) for c in judged)


def score(judged: Sequence[Case], tags: Sequence[PhaseTag]) -> Score:
    pairs = list(zip(judged, tags, strict=True))
    return Score(
        accuracy=_share([t.label == c.phase for c, t in pairs]),
        likeliest=_share([t.likeliest == c.phase for c, t in pairs]),
        unsure=_share([t.label is Phase.UNSURE for _, t in pairs]),
        calibration=calibration_error([(_confidence(t), t.likeliest == c.phase) for c, t in pairs if _phased(c, t)]),
        steps=steps_f1([(c.step, _step(t)) for c, t in pairs if c.step]),
    )


def _phased(case: Case, tag: PhaseTag) -> bool:
    """Probabilities are of the three phases, so calibration is asked where truth and tag are one of them."""
    return case.phase != Phase.NONE and tag.label is not Phase.NONE


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / max(1, len(hits))


def _confidence(tag: PhaseTag) -> float:
    return max(tag.probabilities.values())


def _step(tag: PhaseTag) -> str:
    return max(tag.steps, key=lambda s: tag.steps[s]) if tag.steps else ""


def calibration_error(said: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error over ten equal bins of confidence (Guo et al., 2017)."""
    error = 0.0
    for number in range(BINS):
        inside = [(p, hit) for p, hit in said if min(BINS - 1, int(p * BINS)) == number]
        if inside:
            error += abs(sum(p for p, _ in inside) - sum(hit for _, hit in inside)) / len(said)
    return error


def steps_f1(pairs: Sequence[tuple[str | None, str]]) -> float:
    """Mean over the labelled steps of the harmonic mean of precision and recall."""
    scores = []
    for step in STEPS:
        true = sum(t == step for t, _ in pairs)
        given = sum(g == step for _, g in pairs)
        both = sum(t == step == g for t, g in pairs)
        if true:
            scores.append(2 * both / (true + given))
    return sum(scores) / max(1, len(scores))


def by_lexicon(judged: Sequence[Case]) -> float:
    """Accuracy of the lexicon alone: the phase whose expressions weigh most, SCAN where there is none."""
    hits = []
    for case in judged:
        weights = dict.fromkeys(CLASSES, 0.0)
        for match in see(texts(case.lines)).matches:
            weights[match.entry.phase] += match.weight
        hits.append(max(CLASSES, key=lambda name: weights[name]) == case.phase)
    return _share(hits)


def report(name: str, judged: Sequence[Case]) -> None:
    tag_texts(judged[0].lines)  # loads the lexicon and the model
    start = time.process_time()
    tags = [tag_texts(c.lines) for c in judged]
    each = (time.process_time() - start) / max(1, len(judged)) * 1000
    noisy = garbled(judged)
    rows = (("as written", score(judged, tags)), ("20 % misread", score(noisy, [tag_texts(c.lines) for c in noisy])))
    print(f"\n{name}: {len(judged)} boards, {each:.1f} ms of processor each")
    print_score(rows)
    print(f"lexicon alone {by_lexicon(judged):.3f}, misread {by_lexicon(noisy):.3f}")
    confusion(judged, tags)


def print_score(rows: Sequence[tuple[str, Score]]) -> None:
    print(f"{'':14s}{'accuracy':>10s}{'likeliest':>10s}{'unsure':>8s}{'ECE':>7s}{'steps F1':>10s}")
    for label, s in rows:
        print(f"{label:14s}{s.accuracy:10.3f}{s.likeliest:10.3f}{s.unsure:8.3f}{s.calibration:7.3f}{s.steps:10.3f}")


def confusion(judged: Sequence[Case], tags: Sequence[PhaseTag]) -> None:
    columns = (*CLASSES, Phase.UNSURE.value)
    print(f"{'true / given':14s}" + "".join(f"{c:>8s}" for c in columns))
    for true in CLASSES:
        given = Counter(t.label.value for c, t in zip(judged, tags, strict=True) if c.phase == true)
        if given:
            print(f"{true:14s}" + "".join(f"{given[c]:8d}" for c in columns))


def main(arguments: Sequence[str]) -> None:
    for path in (JUDGED, *map(Path, arguments)):
        report(path.name, cases(path))


if __name__ == "__main__":
    main(sys.argv[1:])
