"""Tables with a heading over each column: who, what, by when. Their cells are told by where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from statistics import median

from capture.pipeline.actions.pieces import Piece, in_midst, is_open
from capture.pipeline.actions.readable import MONTHS
from capture.pipeline.actions.units import Unit
from capture.pipeline.phase.words import fold

BAND = 0.6  # of a line's height: headings of one row are level within that
SLACK = 1.2  # heights that a cell may begin to the left of its column's heading
JUMP = 1.12  # ratio between the steps inside cells and those between rows, from which they fall apart
SIDE_BY_SIDE = 0.3  # of the lines under the headings, at least, have a cell beside them
FAR = 2.0  # heights by which a line reaches over into the next column when two cells were read as one


class Column(StrEnum):
    WHO = "who"
    WHAT = "what"
    WHEN = "when"
    OTHER = "other"


_NAMES = {
    Column.WHO: (
        "(?:par )?qui|responsables?|resp|pilotes?|porteurs?|referents?|acteurs?|charge de|(?:by )?who|owners?|lead"
    ),
    Column.WHAT: (
        "(?:fait |pour )?quoi|que faire|a faire|actions?|taches?|chantiers?|sujets?|objectifs?|livrables?|etapes?"
        "|mesures?|projets?|missions?|travail|idees?|descriptions?|points?|what|tasks?"
    ),
    Column.WHEN: (
        "(?:pour |d'ici )?quand|echeances?|dates?|delais?|calendrier|avant(?: le)?|pour(?: le)?|d'ici(?: le)?"
        "|by|(?:by )?when|due(?: date)?|deadlines?"
    ),
    Column.OTHER: (
        "comment|moyens?|budget|statut|avec(?: qui)?|ou|fait|ok|how|status|notes?|remarques?|cout|etat|priorite"
    ),
}
_HEADING = {kind: re.compile(rf"\W*(?:{names})\W*") for kind, names in _NAMES.items()}


@dataclass(frozen=True, slots=True)
class Head:
    kind: Column
    left: float
    piece: Piece


def _heads(found: Sequence[Piece]) -> list[Head]:
    """The headings of a table from left to right; empty where the board has none."""
    named = [head for piece in found if not piece.note for head in _named(piece)]
    best: list[Head] = []
    for head in named:
        row = [h for h in named if _level_with(h.piece, head.piece)]
        kinds = {h.kind for h in row}
        whole = len({id(h.piece) for h in row}) > 1 or Column.OTHER not in kinds  # «qui fait quoi» is a title
        if whole and _pieces(row) > _pieces(best) and len(kinds) >= 2 and kinds & {Column.WHO, Column.WHEN}:
            best = row
    named_by = [h.piece for h in best]
    others = [
        p
        for p in found
        if len(named_by) > 1 and not p.note and p not in named_by and len(p.text.split()) <= 2
        if _level_with(p, named_by[0])
    ]
    return sorted([*best, *(Head(Column.OTHER, p.box[0], p) for p in others)], key=lambda h: h.left)


def _level_with(a: Piece, b: Piece) -> bool:
    return abs(_middle(a) - _middle(b)) <= BAND * min(a.height, b.height)


def _pieces(row: Sequence[Head]) -> tuple[int, int]:
    return len({id(h.piece) for h in row}), len(row)


def _named(piece: Piece) -> list[Head]:
    """A heading, or several that were read as one line."""
    text = fold(piece.text).strip(" .:?")
    for said in (text, re.sub(r"\bgui\b|\bqul\b", "qui", text)):
        for kind, pattern in _HEADING.items():
            if pattern.fullmatch(said):
                return [Head(kind, piece.box[0], piece)]
    words = list(re.finditer(r"[^\s|/]+", fold(piece.text)))
    kinds = [next((k for k, p in _HEADING.items() if p.fullmatch(w.group())), None) for w in words]
    if len(words) < 2 or None in kinds or len(set(kinds)) < 2:
        return []
    width = (piece.box[2] - piece.box[0]) / max(1, len(piece.text))
    return [Head(k, piece.box[0] + w.start() * width, piece) for k, w in zip(kinds, words, strict=True) if k]


def table(found: Sequence[Piece], untitled: Sequence[Piece]) -> tuple[list[Unit], list[Piece]]:
    """The rows under a table's headings, and what is no part of it: all of ``untitled``, the board without its title,
    where there is no table."""
    columns = _heads(found)
    if not columns:
        return [], list(untitled)
    if len({id(h.piece) for h in columns}) == 1:  # the title says it: «Qui / quoi / quand»
        columns = _under(columns, [p for p in untitled if not p.note and p is not columns[0].piece])
    top = max(_middle(h.piece) for h in columns)
    heading = {id(h.piece) for h in columns}
    inside = [p for p in untitled if not p.note and id(p) not in heading and _middle(p) > top]
    outside = [p for p in untitled if id(p) not in heading and (p.note or _middle(p) <= top)]
    cells = [(column, part) for piece in inside for column, part in _shared_out(piece, columns)]
    beside = [len(level) > 1 for level in _levels([(_column(p, columns), p) for p in inside])]
    if sum(beside) < max(1, SIDE_BY_SIDE * len(beside)):
        return [], list(untitled)
    return [_row(row, columns) for row in _rows(cells, columns)], outside


def _under(columns: Sequence[Head], cells: Sequence[Piece]) -> list[Head]:
    """The same columns where the cells begin: the widest gaps between their left edges part them."""
    lefts = sorted(p.box[0] for p in cells)
    gaps = sorted(range(1, len(lefts)), key=lambda n: lefts[n] - lefts[n - 1], reverse=True)[: len(columns) - 1]
    begins = [lefts[0], *(lefts[n] for n in sorted(gaps))] if lefts else []
    if len(begins) < len(columns):
        return list(columns)
    return [replace(head, left=left) for head, left in zip(columns, begins, strict=True)]


def _middle(piece: Piece) -> float:
    return (piece.box[1] + piece.box[3]) / 2


def _column(piece: Piece, columns: Sequence[Head]) -> int:
    return max((n for n, h in enumerate(columns) if h.left - SLACK * piece.height <= piece.box[0]), default=0)


def _shared_out(piece: Piece, columns: Sequence[Head]) -> list[tuple[int, Piece]]:
    """A line in its column, or cut where it was read over two of them."""
    first = _column(piece, columns)
    over = [h for h in columns[first + 1 :] if piece.box[2] - h.left >= FAR * piece.height]
    if not over or " " not in piece.text.strip():
        return [(first, piece)]
    share = (over[0].left - piece.box[0]) / (piece.box[2] - piece.box[0])
    spaces = [m.start() for m in re.finditer(r"\s", piece.text)]
    cut = min(spaces, key=lambda n: abs(n - share * len(piece.text)))
    x0, y0, x1, y1 = piece.box
    left = replace(piece, text=piece.text[:cut], box=(x0, y0, over[0].left, y1))
    right = replace(piece, text=piece.text[cut:], box=(over[0].left, y0, x1, y1))
    return [(first, left), *_shared_out(right, columns)]


def _rows(cells: Sequence[tuple[int, Piece]], columns: Sequence[Head]) -> list[list[tuple[int, Piece]]]:
    levels = _levels(cells)
    if not levels:
        return []
    height = median(p.height for _, p in cells)
    steps = [(_level(b) - _level(a)) / max(1.0, height) for a, b in pairwise(levels)]
    wide = _wide(steps)
    begun = [p.text.strip()[:1].isupper() for n, p in cells if columns[n].kind is Column.WHAT]
    raised = sum(begun) >= 0.6 * len(begun)
    rows = [list(levels[0])]
    for step, level in zip(steps, levels[1:], strict=True):
        if _continues(rows[-1], level, columns, 0 if wide is None else 1 if step < wide else -1, raised):
            rows[-1] += level
        else:
            rows.append(list(level))
    return rows


def _continues(
    row: Sequence[tuple[int, Piece]],
    level: Sequence[tuple[int, Piece]],
    columns: Sequence[Head],
    near: int,
    raised: bool,
) -> bool:
    """Whether lines go on with the row above: they are near, no new owner begins, they begin in lower case."""
    here = {columns[n].kind for n, _ in level}
    there = {columns[n].kind for n, _ in row}
    owned = Column.WHO in here or Column.WHEN in here
    score = float(near) + (0.7 if not owned and Column.WHO in there else 0.0)
    score += 0.5 if raised and all(not p.text.strip()[:1].isupper() for _, p in level) else 0.0
    score -= 0.6 if (Column.WHO if Column.WHO in here else Column.WHEN) in here & there and len(here) > 1 else 0.0
    score += 1.2 if any(_half_said(text, p) for n, p in level if (text := _last(row, n))) else 0.0
    score += 0.8 if not here & there else 0.0  # cells that stand a little lower than the rest of their row
    return score > 0.3


def _last(row: Sequence[tuple[int, Piece]], column: int) -> str:
    return next((p.text for n, p in reversed(row) if n == column), "")


def _half_said(above: str, below: Piece) -> bool:
    """Whether a cell cannot end where its line does: «Pôle achats +», «28» over «mars»."""
    if above.strip().isdigit():
        return any(fold(below.text).strip(" .").startswith(names[0][:3]) for names in MONTHS)
    return is_open(above) and not in_midst(above)


def _levels(cells: Sequence[tuple[int, Piece]]) -> list[list[tuple[int, Piece]]]:
    """Lines that stand side by side, from the top."""
    levels: list[list[tuple[int, Piece]]] = []
    for column, piece in sorted(cells, key=lambda c: _middle(c[1])):
        last = levels[-1] if levels else None
        level = last is not None and _middle(piece) - _level(last) <= BAND * piece.height
        if last is not None and level and all(column != n for n, _ in last):
            last.append((column, piece))
        else:
            levels.append([(column, piece)])
    return levels


def _level(level: Sequence[tuple[int, Piece]]) -> float:
    return sum(_middle(p) for _, p in level) / len(level)


def _wide(steps: Sequence[float]) -> float | None:
    """The step from which two lines are of two rows; None where all steps are alike."""
    ordered = sorted(s for s in steps if s > 0)
    ratio, middle = max(((b / a, (a + b) / 2) for a, b in pairwise(ordered)), default=(1.0, 0.0))
    return middle if ratio >= JUMP else None


def _row(row: Sequence[tuple[int, Piece]], columns: Sequence[Head]) -> Unit:
    texts: dict[int, list[str]] = {}
    for column, piece in sorted(row, key=lambda c: (c[0], _middle(c[1]))):
        texts.setdefault(column, []).append(piece.text.strip())
    joined = {column: " ".join(parts) for column, parts in texts.items()}
    of = {kind: ", ".join(t for n, t in joined.items() if columns[n].kind is kind) for kind in Column}
    order = [joined[n] for n in sorted(joined)]
    lines = {id(p.line): p.line for _, p in sorted(row, key=lambda c: (c[0], _middle(c[1])))}
    boxes = [p.box for _, p in row]
    box = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
    return Unit(tuple(order), tuple(lines.values()), box, of[Column.WHO], of[Column.WHEN], True, what=of[Column.WHAT])
