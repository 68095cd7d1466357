"""Renders a set: python -m samples.make --seed 1 --count 24 --out DIR [--split measure] [--difficulty hard]."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import cv2

from archive.errors import FresqueError
from samples.boards import KINDS
from samples.look import LOOKS
from samples.sets import SetSpec, photo_set


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m samples.make", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=8)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--size", default="4000x3000", help="long x short side, in pixels")
    parser.add_argument("--split", choices=("tune", "measure"), default="tune")
    parser.add_argument("--difficulty", choices=tuple(LOOKS), default="plain")
    parser.add_argument("--kinds", default=",".join(KINDS), help="comma-separated, in turn")
    parser.add_argument("--extra-fonts", action="store_true", help="also use what samples/fetch_fonts.sh fetched")
    parser.add_argument("--flat", action="store_true", help="also write NAME.flat.png and NAME.ink.png")
    return parser.parse_args()


def main() -> int:
    args = arguments()
    long, short = (int(v) for v in args.size.split("x"))
    chosen = SetSpec(
        args.split, args.difficulty, (long, short), args.extra_fonts, tuple(args.kinds.split(",")), args.flat
    )
    args.out.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    with (args.out / "truth.jsonl").open("w", encoding="utf-8") as rows:
        for done in photo_set(args.seed, args.count, chosen):
            path = args.out / done.truth["photo"]
            path.write_bytes(done.jpeg)
            rows.write(json.dumps(done.truth, ensure_ascii=False) + "\n")
            if done.flat is not None and done.ink is not None:
                cv2.imwrite(str(path.with_suffix(".flat.png")), done.flat)
                cv2.imwrite(str(path.with_suffix(".ink.png")), done.ink)
    print(f"{args.count} photos in {args.out}, {(time.perf_counter() - began) / max(1, args.count):.2f} s each")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except FresqueError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
