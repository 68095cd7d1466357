"""Renders the demo session: python -m samples.demo [--out samples/session].

Three days about parental leave with a family allowance fund; names and figures are invented. The texts and times are
in ``data/session.jsonl``; what makes each photo hard is in ``SHOTS``.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from samples.look import PLAIN, Look
from samples.render import Rendered, render
from samples.spec import Spec
from samples.texts import DATA, BoardText

HERE = Path(__file__).resolve().parent / "session"
ZONE = ZoneInfo("Europe/Paris")
LIMIT = 450_000
SMALL, LARGE = (2000, 1500), (4000, 3000)
WALLS = ((150, 172, 160), (165, 182, 192), (78, 75, 72), (120, 128, 150))
BASE = replace(
    PLAIN, walls=WALLS, art=replace(PLAIN.art, small=0.1, slow=0.0, wobble=0.8), noise=(1.0, 2.2), quality=(82, 88)
)


@dataclass(frozen=True)
class Shot:
    """``split``: whose fonts and walls."""

    seed: int
    split: str = "tune"
    size: tuple[int, int] = SMALL
    look: Look = BASE
    orientation: int | None = None


SHOTS = {
    "s01": Shot(1, "measure"),
    "s02": Shot(2),
    "s03": Shot(3, "measure"),
    "s04": Shot(34, look=replace(BASE, glare=1.0)),
    "s05": Shot(5),
    "s06": Shot(36, "measure", LARGE),
    "s07": Shot(7),
    "s08": Shot(8, "measure", look=replace(BASE, shadow=1.0)),
    "s09": Shot(9, "measure"),
    "s10": Shot(10),
    "s11": Shot(11, "measure"),
    "s12": Shot(12, "measure"),
    "s13": Shot(13, look=replace(BASE, window=1.0)),
    "s14": Shot(14, "measure", look=replace(BASE, cut=1.0)),
    "s15": Shot(15, "tune", LARGE),
    "s16": Shot(16),
    "s17": Shot(17, "measure"),
    "s18": Shot(18, look=replace(BASE, half_lit=1.0)),
    "s19": Shot(19, "measure", orientation=3),
    "s20": Shot(50, "measure"),
    "s21": Shot(41, look=replace(BASE, front=1.0)),
    "s22": Shot(22, "measure"),
    "s23": Shot(23, look=replace(BASE, person=1.0)),
    "s24": Shot(24, look=replace(BASE, same_wall=1.0)),
}


def specs() -> list[tuple[Spec, int]]:
    """Every photo of the session with its seed, in the order it was taken."""
    rows = [json.loads(row) for row in (DATA / "session.jsonl").read_text(encoding="utf-8").splitlines()]
    out = []
    for number, row in enumerate(rows):
        shot = SHOTS[row["id"]]
        text = BoardText(row["id"], row["title"], tuple(row["text"].split("\n")), row["phase"], row["theme"], "demo")
        taken = datetime.fromisoformat(row["at"]).replace(tzinfo=ZONE)
        name = f"IMG_{2101 + number * 7 + number % 3}.jpg"
        look = replace(shot.look, art=replace(shot.look.art, split=shot.split))
        spec = Spec(text, row["kind"], shot.size, look, name, orientation=shot.orientation, taken_at=taken)
        out.append((spec, shot.seed))
    return out


def small_enough(spec: Spec, seed: int, limit: int = LIMIT) -> Rendered:
    """The photo at the best quality that keeps it under ``limit`` bytes."""
    done = render(spec, seed)
    while len(done.jpeg) > limit:
        low, high = spec.look.quality
        spec = replace(spec, look=replace(spec.look, quality=(low - 4, high - 4)))
        done = render(spec, seed)
    return done


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m samples.demo", description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE)
    parser.add_argument("--only", default="", help="comma-separated ids; truth.jsonl is then left as it is")
    args = parser.parse_args()
    wanted = set(filter(None, args.only.split(",")))
    args.out.mkdir(parents=True, exist_ok=True)
    truths = []
    for spec, seed in specs():
        if not wanted or spec.text.id in wanted:
            done = small_enough(spec, seed)
            (args.out / spec.name).write_bytes(done.jpeg)
            truths.append(json.dumps(done.truth, ensure_ascii=False) + "\n")
    if not wanted:
        (args.out / "truth.jsonl").write_text("".join(truths), encoding="utf-8")
    print(f"{len(truths)} photos in {args.out}")


if __name__ == "__main__":
    main()
