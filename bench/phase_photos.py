"""How well boards are tagged from their photos: ``python -m bench.phase_photos [TEXTS.jsonl | FOLDER ...]``.

Texts (bench/judged/phase.jsonl unless others are named) are drawn by the renderer, in turn as whiteboards, flip charts,
walls of notes and frescoes, with fonts and walls of one split, and read by the whole pipeline; a folder of photos with
a ``truth.jsonl`` is read as it is. The tag is that of the photo alone: no session, no time. ``--keep FOLDER`` keeps
what was read, so that a change of the tagger alone is measured again in seconds.
"""

from __future__ import annotations

import argparse
import pickle
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zlib import crc32

from archive.model import Homography, Region
from bench.phase import JUDGED, Case, cases, confusion, print_score, score
from bench.photos import truths
from capture.pipeline import stages
from capture.pipeline.phase import tag, tag_texts
from samples.boards import KINDS
from samples.look import LOOKS, look
from samples.render import render
from samples.spec import Spec
from samples.texts import BoardText

TITLE = 34  # letters of a first line that may stand as a title; half of the boards that could have none


@dataclass(frozen=True, slots=True)
class Read:
    """The largest board of a photo as it was read, and the truth."""

    case: Case
    regions: tuple[Region, ...]
    homography: Homography


def drawn(case: Case, number: int, split: str, difficulty: str) -> bytes:
    """A photo of the board; the same arguments give the same."""
    seed = crc32(case.id.encode())
    first, *rest = case.lines
    titled = len(first) <= TITLE and bool(rest) and seed % 2 == 0
    title, lines = (first, tuple(rest)) if titled else ("", case.lines)
    text = BoardText(case.id, title, lines, case.phase, case.id, split)
    spec = Spec(text, KINDS[number % len(KINDS)], (2800, 2100), look(difficulty, split), f"{case.id}.jpg")
    return render(spec, seed % 100_000).jpeg


def read(case: Case, photo: bytes) -> Read:
    scan = stages.run(photo, stages.Options(renditions=False, threads=1)).scan
    surface = max(scan.surfaces, key=lambda s: sum(len(line.text) for line in s.lines))
    return Read(case, surface.regions, surface.homography)


def _one(item: tuple[int, Case], keep: Path | None, split: str, difficulty: str) -> Read:
    number, case = item
    kept = keep / f"{case.id}_{split}_{difficulty}.pickle" if keep else None
    if kept and kept.exists():
        regions, homography = pickle.loads(kept.read_bytes())
        return Read(case, regions, homography)
    made = read(case, drawn(case, number, split, difficulty))
    if kept:
        kept.write_bytes(pickle.dumps((made.regions, made.homography)))
    return made


def photographed(folder: Path) -> Iterator[Read]:
    for truth in truths(folder):
        lines = tuple(line["text"] for line in truth["lines"])
        yield read(Case(truth["photo"], lines, truth["phase"]), (folder / truth["photo"]).read_bytes())


def report(name: str, found: Sequence[Read]) -> None:
    judged = [r.case for r in found]
    by_kind = [[n for n in range(len(found)) if n % len(KINDS) == k] for k in range(len(KINDS))]
    tags = [tag(r.regions, r.homography) for r in found]
    print(f"\n{name}: {len(found)} photos")
    print_score((("as written", score(judged, [tag_texts(c.lines) for c in judged])), ("photos", score(judged, tags))))
    confusion(judged, tags)
    for kind, places in zip(KINDS, by_kind, strict=True):
        part = score([judged[n] for n in places], [tags[n] for n in places])
        print(f"  {kind:12s}{part.accuracy:10.3f}{part.likeliest:10.3f}")
    for one, given in zip(found, tags, strict=True):
        if given.likeliest != one.case.phase and given.label != one.case.phase:
            print(f"  {one.case.id}: {one.case.phase}, tagged {given.label}; {' / '.join(given.evidence)}")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.phase_photos", description=__doc__)
    parser.add_argument("sources", nargs="*", type=Path, default=[JUDGED])
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--split", choices=("tune", "measure"), default="measure", help="whose fonts and walls")
    parser.add_argument("--look", choices=tuple(LOOKS), default="plain")
    parser.add_argument("--count", type=int)
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args(arguments)
    if given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
    one = partial(_one, keep=given.keep, split=given.split, difficulty=given.look)
    for source in given.sources:
        if source.is_dir():
            report(source.name, list(photographed(source)))
            continue
        items = list(enumerate(cases(source)))[: given.count]
        with ProcessPoolExecutor(given.workers) as pool:
            report(source.name, list(pool.map(one, items)))


if __name__ == "__main__":
    main()
