"""Each part of reading off in turn: what it pays, on photos with known text.

    python -m bench.ablation ../shared/eval/real/truth.jsonl --half even
    python -m bench.ablation ../shared/eval/rendered/truth.jsonl --only "second view" --only "notes"

Finding is fixed: the true corners, or the whole photo where none are known. What the models see of a photo is kept
while the variants take their turn, so that all of them cost little more than one.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from archive.model import Region, running_text
from bench.reading import HEAD, Table, Truth, frame_of, scorer_beside, with_text
from capture.pipeline import notes
from capture.pipeline.read import Params, read
from capture.pipeline.read.ppocr import PpocrParams


def as_they_stand(regions: Sequence[Region]) -> str:
    """The lines, no word joined."""
    return "\n".join(line.text for region in regions for line in region.lines)


@dataclass(frozen=True)
class Variant:
    """``notes``: whether outlines of notes are known; ``whole``: every symbol the model knows may be said."""

    params: Params
    text: Callable[[Sequence[Region]], str] = running_text
    notes: bool = True
    whole: bool = False


def variants() -> dict[str, Variant]:
    """What is off → how to read without it."""
    pp = PpocrParams()
    language, greedy = pp.decide.language, replace(pp.decode, weight=0.0, symbol=0.0, sign=0.0)
    mute = replace(language, foreign=0.0, rarest=0.0, at_home=-99.0)
    off = {
        "the words (greedy reading)": replace(pp, decode=greedy),
        "the second view": replace(pp, second_view=False),
        "its sparing (two views of every line)": replace(pp, decide=replace(pp.decide, clear=0.85, settled=2.0)),
        "tall crops in both quarter turns": replace(pp, tall=1e9),
        "dropping what is no text": replace(pp, least_clarity=0.0),
        "languages by line": replace(pp, decide=replace(pp.decide, language=mute)),
        "French spaces": replace(pp, decide=replace(pp.decide, language=replace(language, tight=0.0))),
        "hours, dates, ordinals": replace(pp, words=replace(pp.words, form=-99.0)),
        "words said elsewhere": replace(pp, said=False),
        "words in context": replace(pp, phrases=False),
        "notes in their own crops": replace(pp, detect=replace(pp.detect, own=replace(pp.detect.own, side=0))),
        "tiles (small text from afar)": replace(pp, detect=replace(pp.detect, tiles=replace(pp.detect.tiles, small=0))),
        "1,280 px: detection at 1,504": replace(pp, detect=replace(pp.detect, long_side=1504)),
        "1,280 px: detection at 1,024": replace(pp, detect=replace(pp.detect, long_side=1024)),
    }
    whole = Variant(Params())
    return {
        "nothing": whole,
        **{name: Variant(Params(ppocr=params)) for name, params in off.items()},
        "the alphabet (all symbols), greedy": Variant(Params(ppocr=replace(pp, decode=greedy)), whole=True),
        "words joined at line ends": replace(whole, text=as_they_stand),
        "notes (their outlines unknown)": replace(whole, notes=False),
    }


def ablate(truth: Path, photos: Iterable[Truth], only: Sequence[str], straighten: bool) -> Iterator[tuple[str, Table]]:
    score = scorer_beside(truth)
    chosen = {name: v for name, v in variants().items() if not only or any(part in name for part in only)}
    tables = {name: Table() for name in chosen}
    for photo in photos:
        frame = frame_of(truth.parent / photo["photo"], photo, straighten)
        found = notes.find_notes(frame)
        with models_kept():
            for name, variant in chosen.items():
                with every_symbol() if variant.whole else nullcontext():
                    stickies = found if variant.notes else ()
                    text = variant.text(read(frame, partial(tuple, stickies), variant.params).regions)
                tables[name].add(photo["kind"], score(photo, {"text": text}))
    yield from tables.items()


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


@contextmanager
def every_symbol() -> Iterator[None]:
    """Readings may hold any symbol of the model, each by itself."""
    from capture.pipeline.read import alphabet, decode, likelihood
    from capture.pipeline.read.models import symbols

    known = "".join(dict.fromkeys(s for s in symbols() if len(s) == 1))
    kept = (alphabet.SIGNS, alphabet.LETTERS, alphabet.CAPITALS, alphabet.DIGITS, alphabet.FOLDED, decode.SPACE)
    caches = (alphabet.allowed, alphabet.columns, likelihood._places)
    place: Any = alphabet
    place.LETTERS, place.CAPITALS, place.DIGITS, place.SIGNS, place.FOLDED = known, "", "", "", {}
    decode.SPACE = known.index(" ") + 1
    for made in caches:
        made.cache_clear()
    try:
        yield
    finally:
        place.SIGNS, place.LETTERS, place.CAPITALS, place.DIGITS, place.FOLDED, decode.SPACE = kept
        for made in caches:
            made.cache_clear()


def main() -> None:
    parser = argparse.ArgumentParser(description="Each part of reading off in turn, on photos with known text.")
    parser.add_argument("truth", type=Path, help="a truth.jsonl; its photos lie beside it")
    parser.add_argument("--half", choices=("even", "odd", "all"), default="all")
    parser.add_argument("--only", action="append", default=[], help="names, or parts of names, of what to turn off")
    parser.add_argument("--straighten", action="store_true", help="cut out the true quad first, where there is one")
    parser.add_argument("--count", type=int, help="so many photos at most, evenly spread")
    args = parser.parse_args()
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    print(HEAD)
    photos = list(with_text(args.truth, args.half))
    if args.count:
        photos = photos[:: -(-len(photos) // args.count)]
    for name, table in ablate(args.truth, photos, args.only, args.straighten):
        print(f"{next(table.rows())}  {name}", flush=True)


if __name__ == "__main__":
    main()
