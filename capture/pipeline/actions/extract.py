"""From the lines of a board to what was decided on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from statistics import median

from archive.model import Decided, DecidedKind, Homography, Line, Region, RegionKind
from capture.pipeline.actions import dates, grid, owners, slots
from capture.pipeline.actions.casing import cased, civil
from capture.pipeline.actions.dates import Due
from capture.pipeline.actions.names import NOBODY
from capture.pipeline.actions.owners import Owner
from capture.pipeline.actions.readable import readable
from capture.pipeline.actions.units import Part, Piece, Unit, over, pieces, units
from capture.pipeline.phase.words import fold

VERSION = 3
TITLE = 1.3  # times as high as the board's other lines
_UNMOVED: Homography = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))

_HEADERS = {
    DecidedKind.ACTION: re.compile(
        r"^(?:.{0,24}[:–-]\s?)?\W*(?:plan d ?'?actions?|actions?|qui (?:fait )?quoi|qui\b.*\bquand"
        r"|prochaines? etapes?|feuille de route|a faire"
        r"|to ?do|next steps?|action plan|who\b.*\b(?:when|what)|quick wins?|engagements?|calendrier"
        r"|retroplanning|on s'engage)\b.{0,24}$"
    ),
    DecidedKind.DECISION: re.compile(
        r"^\W*(?:(?:releve de )?decisions?|ce qu'on (?:arrete|decide)|decide|acte|decided)\b.{0,20}$"
    ),
    DecidedKind.QUESTION: re.compile(
        r"^\W*(?:questions?(?: ouvertes?)?|reste a (?:trancher|decider|voir)|a trancher|en suspens|points? ouverts?"
        r"|open questions?|parked|to decide)\b.{0,20}$"
    ),
}
_DECISION = re.compile(
    r"^\W{0,3}(?:decision|decide|acte|valide|vote|adopte|retenu|arbitrage|tranche|agreed|decided|approved|ok pour"
    r"|oui a|non a|stop|go\b|c'est (?:oui|non)|feu vert|abandon|fin d[eu]"
    r"|on (?:garde|arrete|lance|prend|retient|part sur|abandonne|renonce|maintient|generalise|ouvre|ferme|ne fait pas"
    r"|fait|commence|valide|choisit|reporte|stoppe)|we (?:go|keep|stop|drop|start|will not))\b"
)
_OPEN = re.compile(r"\?|\b(?:a trancher|reste a (?:voir|decider|trancher)|en suspens|to be decided|tbd)\b")
_DOES = re.compile(r"^\W{0,3}[a-z]{2,}(?:er|ir|dre|tre|oir|ire)\b")
_SAYS = re.compile(r"[^\W\d_]{3}")
_COLUMNS = re.compile(
    r"(?:^|(?<=[.,;|]))\s*(?:quoi|quand|action|tache|what|when|task|due|echeance|delai|pour quand)\s*\d?\s*:\s*"
)
_EDGE = " \t\n@:;,.-–—|()[]→➔➜►=>•*□☐☑✓✔~/"


def decided(
    regions: Sequence[Region], to_photo: Homography, day: date, people: Sequence[str] = ()
) -> tuple[Decided, ...]:
    """Actions, decisions and open questions in reading order, each with its place in the photo.

    ``day`` is that on which the board was written, ``people`` the names of the session's.
    """
    known = tuple(people)
    placed = pieces(regions, to_photo, lambda text: cased(text, people))
    titles = _titles(placed)
    under = next((kind for p in titles if (kind := _header(p.text))), None)
    rest = [p for p in placed if p not in titles]
    ruled, rest = grid.table(placed, rest)
    under = DecidedKind.ACTION if ruled else under
    made = [over(p) for p in titles if _says_when(p.text, day)]
    made += ruled + units(rest, lambda text: _part_of(text, day, known), lambda text: _has_owner(text, day, known))
    return tuple(_items(made, under, day, known))


def _says_when(title: str, day: date) -> bool:
    """Whether a title says when all is due: «Pour le 30 avril», «À faire avant Noël»."""
    return any(dates.is_limit(due) for due in dates.find(readable(title), day))


def _items(made: Sequence[Unit], under: DecidedKind | None, day: date, known: tuple[str, ...]) -> list[Decided]:
    """The units of a board as what they say; owners that are not sure are weighed by where the others stand."""
    lines = [_line(unit, day, known) for unit in made]
    named = slots.agreed([line.bare for line in lines], [line.owner for line in lines], known)
    over = [line for line in lines if line.unit.heads]
    found = []
    for line, owner in zip(lines, named, strict=True):
        header = _header(" ".join(line.unit.cells))
        if header is not None:
            under = header
        elif not line.unit.heads:
            item = _item(_told_by_heads(replace(line, owner=owner), over), under)
            found += [item] if item else []
    return found


def items(regions: Sequence[Region], to_photo: Homography) -> tuple[str, ...]:
    """What is written, an item a text: wrapped lines joined, whatever the board is about."""
    some_day = date(2000, 1, 1)  # whether a text is a date does not depend on the day
    found = units(
        pieces(regions, to_photo, cased),
        lambda text: _part_of(text, some_day, ()),
        lambda text: _has_owner(text, some_day, ()),
    )
    return tuple(" ".join(line.text.strip() for line in unit.lines) for unit in found)


def decided_in_texts(
    lines: Sequence[str], day: date, people: Sequence[str] = (), title: str = ""
) -> tuple[Decided, ...]:
    """The same of texts without a place: they stand one under the other, under the title. A line break in one of
    them parts its lines, a tab the cells of a row."""
    made, y = [], 0.0
    for n, text in enumerate([title, *lines]):
        height, read = 12.0 if n else 18.0, []
        for part in text.split("\n"):
            cells = part.split("\t")
            width = 1000.0 / len(cells)
            for column, cell in enumerate(cells):
                x0, x1 = column * width, (column + 0.9) * width
                box = ((x0, y), (x1, y), (x1, y + height), (x0, y + height))
                read += [Line(cell, box, 1.0, "text")] if cell.strip() else []
            y += height + (3.0 if n else 8.0)
        y += 5.0
        made += [Region(RegionKind.TEXT, read[0].polygon, tuple(read))] if read else []
    return decided(made, _UNMOVED, day, people)


def _titles(placed: Sequence[Piece]) -> list[Piece]:
    """Lines at the top that are written much larger than the rest."""
    if len(placed) < 3:
        return []
    usual = median(p.height for p in placed)
    top = sorted(placed, key=lambda p: p.box[1])[:2]
    return [p for p in top if p.height >= TITLE * usual or (p is top[0] and _header(p.text))]


def _header(line: str) -> DecidedKind | None:
    text = fold(line).strip(" :")
    if len(text) > 48:
        return None
    return next((kind for kind, pattern in _HEADERS.items() if pattern.search(text)), None)


@dataclass(frozen=True, slots=True)
class _Line:
    """A unit as one text; ``bare`` the same with its dates blanked. ``owner`` and ``due`` as they stand in it, or, with
    places of -1, as its table or a heading says."""

    unit: Unit
    whole: str
    bare: str
    owner: Owner | None
    due: Due | None


def _line(unit: Unit, day: date, known: tuple[str, ...]) -> _Line:
    whole = civil(unit.joined(lambda text: _part_of(text, day, known)))
    found = dates.find(readable(whole), day)
    bare = _without_dates(whole, found)
    owner, due = owners.find(bare, known), _main(found, whole)
    if unit.heads:
        name = owners.spelt(bare.strip(_EDGE), known) if owners.is_owner(bare.strip(_EDGE), known) else ""
        owner = Owner(name, -1, -1, place=-1) if name else None
    if unit.ruled:
        cell = _without_dates(unit.who, dates.find(readable(unit.who), day)).strip(_EDGE)
        owner = _in_column(cell, whole, known) if unit.who else owner
        forms = ("", "pour le ", "→ ")  # in that column a number is a day, «71» a misread quarter
        when = next((found for form in forms if (found := dates.find(readable(form + unit.when), day))), [])
        due = _main(when, unit.when) if when else due if not unit.when else None
        if due is not None and when:
            at = whole.find(unit.when)
            due = Due(due.day, at, at + len(unit.when), unit.when) if at >= 0 else Due(due.day, -1, -1, unit.when)
    return _Line(unit, whole, bare, owner, due)


def _in_column(cell: str, whole: str, known: tuple[str, ...]) -> Owner | None:
    """What stands in the column of owners is one, unless it says that there is none."""
    if not sum(c.isalpha() for c in cell) or NOBODY.search(fold(cell)):
        return None
    at = whole.find(cell)
    return Owner(owners.spelt(cell, known), at, at + len(cell) if at >= 0 else -1, place=at)


def _told_by_heads(line: _Line, over: Sequence[_Line]) -> _Line:
    """Owner and date that a line does not name are those of the nearest heading over its column."""
    if line.owner is None and (head := _head(line, [h for h in over if h.owner])) and head.owner:
        line = replace(line, owner=Owner(head.owner.name, -1, -1, place=-1))
    if line.due is None and (head := _head(line, [h for h in over if h.due])) and head.due:
        line = replace(line, due=Due(head.due.day, -1, -1, head.due.text))
    return line


def _head(line: _Line, over: Sequence[_Line]) -> _Line | None:
    """The lowest of the headings above a line, of the column that begins nearest to it."""
    box = line.unit.box
    above = [h for h in over if h.unit.box[1] < box[1]]
    if not above:
        return None
    nearest = min(abs(h.unit.box[0] - box[0]) for h in above)
    column = [h for h in above if abs(h.unit.box[0] - box[0]) <= nearest + 2 * (box[3] - box[1])]
    return max(column, key=lambda h: h.unit.box[1])


def _item(line: _Line, under: DecidedKind | None) -> Decided | None:
    """Owner and date are taken out of the text where they stand at its edges, and left where they are part of it."""
    spans = [(s.start, s.end) for s in (line.due, line.owner) if s and s.start >= 0]
    text, owner = _tidy(_trimmed(line.whole, spans)), line.owner.name if line.owner else ""
    if owner and not _SAYS.search(text):  # «Comité de pilotage : 9 juillet» is what happens, not who does it
        text, owner = _tidy(_trimmed(line.whole, spans[:1] if line.due else [])), ""
    kind = _kind(text, line.whole, owner, line.due, under)
    if kind is None or not text:
        return None
    due, told = (line.due.day, line.due.text) if line.due else (None, "")
    return Decided(kind, text, owner, due, told, line.unit.source, line.unit.polygon)


def _main(found: Sequence[Due], whole: str) -> Due | None:
    """The date that begins the text, if no later one is said to be the end; else its last."""
    if not found:
        return None
    limits = [d for d in found if dates.is_limit(d)]
    if not whole[: found[0].start].strip(_EDGE) and not limits:
        return found[0]
    exact = [d for d in limits or found if dates.is_exact(d)]
    return (exact or limits or found)[-1]


def _trimmed(whole: str, spans: Sequence[tuple[int, int]]) -> str:
    """What is left when spans that stand at an edge, or in brackets, are cut away, as often as that helps."""
    start, end, left = 0, len(whole), list(spans)
    while left:
        edge = [s for s in left if not whole[start : s[0]].strip(_EDGE) or not whole[s[1] : end].strip(_EDGE)]
        if not edge:
            break
        first = edge[0]
        left.remove(first)
        if not whole[first[1] : end].strip(_EDGE):
            end = max(start, first[0])
        else:
            start = max(start, first[1])
    kept = whole[start:end]
    for s in left:
        inside = whole[max(0, s[0] - 1) : s[1] + 1]
        if inside.startswith("(") and inside.endswith(")"):
            kept = kept.replace(inside, " ")
    return kept


def _kind(text: str, whole: str, owner: str, due: Due | None, under: DecidedKind | None) -> DecidedKind | None:
    folded = fold(whole)
    if _OPEN.search(folded) and not owner:
        return DecidedKind.QUESTION
    if _DECISION.search(folded) and not owner:
        return DecidedKind.DECISION
    if owner or due:
        return DecidedKind.ACTION if text else None
    if under is DecidedKind.ACTION and len(text.split()) < 2:
        return None
    if under is not None:
        return under
    return DecidedKind.ACTION if _DOES.search(fold(text)) and len(text.split()) > 1 else None


@lru_cache(maxsize=1 << 14)
def _has_owner(text: str, day: date, people: tuple[str, ...]) -> bool:
    return owners.find(_without_dates(text, dates.find(readable(text), day)), people) is not None


@lru_cache(maxsize=1 << 14)
def _part_of(text: str, day: date, people: tuple[str, ...]) -> Part:
    """A date, an owner, or both, and nothing else."""
    found = dates.find(readable(text), day)
    rest = _without_dates(text, found).strip(_EDGE)
    if not rest:
        return Part.DATE if found else Part.NO
    if not owners.is_owner(rest, people):
        return Part.NO
    kind = Part.OWNER if owners.is_person(rest, people) else Part.OWNER | Part.BODY
    return kind | Part.DATE if found else kind


def _without_dates(text: str, found: Sequence[Due]) -> str:
    """The text with its dates blanked, each place kept: what stood before and after them stays apart."""
    for due in found:
        text = text[: due.start] + "|" + " " * (due.end - due.start - 1) + text[due.end :]
    return text


def _tidy(text: str) -> str:
    for label in reversed(list(_COLUMNS.finditer(readable(text).folded))):
        if len(readable(text).folded) == len(text):  # else places moved
            text = text[: label.start()] + " " + text[label.end() :]
    text = re.sub(r"\s*\|\s*", ", ", text.strip(_EDGE))
    text = " ".join(re.sub(r"\(\s*\)", " ", text).split())
    if text.count("(") == text.count(")") + 1:  # its partner was cut away
        return text + ")"
    return text.replace(")", "") if ")" in text and "(" not in text else text
