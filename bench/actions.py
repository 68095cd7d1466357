"""Owners and dates found on ACT boards: ``python -m bench.actions [--half tune|measure|all] [--photos [N]]``.

60 boards (bench/judged/actions.jsonl) whose owners and dates are written beside each line. By default the texts are
given as they are written; with --photos each board is drawn by the renderer and read by the whole pipeline; a tab in a
line parts the cells of a table, a line break lines. An owner counts when it is the same but for case, accents,
punctuation and an article; a date when it is the same day. A line is matched to the action most like it, as
read or as told.
"""

from __future__ import annotations

import argparse
import json
import pickle
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rapidfuzz import fuzz

from archive.model import Decided, DecidedKind, Homography, Region
from capture.pipeline.actions import decided, decided_in_texts
from capture.pipeline.phase.words import fold

JUDGED = Path(__file__).parent / "judged" / "actions.jsonl"
KINDS = ("whiteboard", "flipchart", "notes")
SAME = 60.0  # rapidfuzz ratio from which an action may be of a line


@dataclass(frozen=True, slots=True)
class Said:
    text: str
    owner: str
    due: date | None


@dataclass(frozen=True, slots=True)
class Board:
    id: str
    half: str
    day: date
    title: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Count:
    right: int = 0
    found: int = 0
    true: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.right + other.right, self.found + other.found, self.true + other.true)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, self.found + self.true)


def boards(half: str = "all", source: Path = JUDGED) -> list[Board]:
    rows = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    return [
        Board(
            r["id"],
            r["half"],
            date.fromisoformat(r["day"]),
            r["title"],
            tuple(Said(s["text"], s["owner"], date.fromisoformat(s["due"]) if s["due"] else None) for s in r["lines"]),
        )
        for r in rows
        if half in ("all", r["half"])
    ]


def score(board: Board, found: Sequence[Decided]) -> tuple[Count, Count]:
    """Counts of owners and of dates. What was found on no line of the truth counts as found wrongly."""
    actions = [d for d in found if d.kind is DecidedKind.ACTION]
    pairs = sorted(
        (
            (max(fuzz.ratio(fold(s.text), fold(told)) for told in (d.source, d.text)), i, j)
            for i, s in enumerate(board.said)
            for j, d in enumerate(actions)
        ),
        reverse=True,
    )
    of: dict[int, Decided] = {}
    used: set[int] = set()
    for likeness, i, j in pairs:
        if likeness >= SAME and i not in of and j not in used:
            of[i] = actions[j]
            used.add(j)
    owners = sum(bool(s.owner) and i in of and same(s.owner, of[i].owner) for i, s in enumerate(board.said))
    dues = sum(s.due is not None and i in of and s.due == of[i].due for i, s in enumerate(board.said))
    return (
        Count(owners, sum(bool(d.owner) for d in actions), sum(bool(s.owner) for s in board.said)),
        Count(dues, sum(d.due is not None for d in actions), sum(s.due is not None for s in board.said)),
    )


def same(a: str, b: str) -> bool:
    """But for case, accents, punctuation and an article before them."""
    return _plain(a) == _plain(b)


def _plain(text: str) -> str:
    return re.sub(r"\W", "", re.sub(r"^(?:les?|la|the)\s|^l['’]", "", fold(text)))


def by_text(board: Board) -> tuple[Decided, ...]:
    return decided_in_texts([s.text for s in board.said], board.day, title=board.title)


Surfaces = tuple[tuple[tuple[Region, ...], Homography], ...]


def by_photo(board: Board, number: int, seed: int = 7_000, keep: Path | None = None) -> tuple[Decided, ...]:
    """Drawn with the fonts, hands and walls of the measuring set, and read from the photo; ``keep``: a folder in
    which readings stay, so that a change of the extractor alone is measured again in seconds."""
    kept = keep / f"{board.id}_{seed + number}.pickle" if keep else None
    if kept and kept.exists():
        surfaces: Surfaces = pickle.loads(kept.read_bytes())
    else:
        surfaces = _read(board, number, seed, keep)
        if kept:
            kept.write_bytes(pickle.dumps(surfaces))
    return tuple(d for regions, homography in surfaces for d in decided(regions, homography, board.day))


def _read(board: Board, number: int, seed: int, keep: Path | None) -> Surfaces:
    from capture.pipeline import stages
    from samples.look import look
    from samples.render import render
    from samples.spec import Spec
    from samples.tables import is_table
    from samples.texts import BoardText

    lines = tuple(s.text for s in board.said)
    text = BoardText(board.id, board.title, lines, "ACT", board.id, "measure")
    kinds = KINDS[:2] if is_table(list(lines)) else KINDS
    spec = Spec(text, kinds[number % len(kinds)], (3000, 2250), look("plain", "measure", False), f"{board.id}.jpg")
    photo = render(spec, seed + number).jpeg
    if keep:
        (keep / f"{board.id}_{seed + number}.jpg").write_bytes(photo)
    scan = stages.run(photo, stages.Options(renditions=False, threads=1)).scan
    return tuple((s.regions, s.homography) for s in scan.surfaces)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.actions", description=__doc__)
    parser.add_argument("--half", choices=("tune", "measure", "all"), default="all")
    parser.add_argument("--photos", nargs="?", const=10**6, type=int, metavar="N", help="read N boards from photos")
    parser.add_argument("--show", action="store_true", help="each line that was got wrong")
    parser.add_argument("--texts", type=Path, default=JUDGED, help="other boards, in the same form")
    parser.add_argument("--seed", type=int, default=7_000, help="of the drawings: other hands, pens and walls")
    parser.add_argument("--keep", type=Path, help="a folder in which photos and readings stay")
    given = parser.parse_args(arguments)
    chosen = boards(given.half, given.texts)[: given.photos]
    if given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
    owners, dues = Count(), Count()
    for number, board in enumerate(chosen):
        found = by_text(board) if given.photos is None else by_photo(board, number, given.seed, given.keep)
        o, d = score(board, found)
        owners, dues = owners + o, dues + d
        if given.show and (o.right < max(o.found, o.true) or d.right < max(d.found, d.true)):
            _show(board, found)
        sys.stdout.flush()
    how = "texts as written" if given.photos is None else "read from photos"
    print(
        f"{len(chosen)} boards ({given.half}), {how}: owner F1 {owners.f1:.3f} {owners}, date F1 {dues.f1:.3f} {dues}"
    )


def _show(board: Board, found: Sequence[Decided]) -> None:
    print(f"--- {board.id} {board.day}")
    for said in board.said:
        print(f"    {said.text}   # {said.owner} # {said.due or ''}")
    for item in found:
        source = item.source.replace("\n", " / ")
        print(f"  > {item.kind.value}: {item.text} | {item.owner} | {item.due or ''} | from: {source}")


if __name__ == "__main__":
    main()
