"""From the lines of a board to what was decided on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from statistics import median

from archive.model import Decided, DecidedKind, Homography, Line, Region, RegionKind
from capture.pipeline.actions import grid, recurring, slots
from capture.pipeline.actions.cards import cards
from capture.pipeline.actions.casing import cased
from capture.pipeline.actions.dates import Due
from capture.pipeline.actions.owners import Owner
from capture.pipeline.actions.pieces import Part, Piece, pieces
from capture.pipeline.actions.readable import readable
from capture.pipeline.actions.said import EDGE, Said, has_owner, part_of, said_by, says_when, told_by_heads
from capture.pipeline.actions.units import Unit, over, units
from capture.pipeline.phase.words import fold

VERSION = 4
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
_SIGNED = re.compile(r"\W*(?:signes?|signees?|signed|signatures?)(?: (?:par|by))?\s?:")
_IDEM = re.compile(r"\W*(?:idem|id|ditto|same)\W*", re.IGNORECASE)
_STAGE = re.compile(r"^\W*(?:phase|etape|lot|vague|sprint|palier|volet|axe|temps|step|stage|part)\s?\w{1,3}\s?[:,(–—-]")
_WHO = re.compile(r"\W*(?:qui|who)?\s?\?+\W*")
_DOES = re.compile(r"^\W{0,3}[a-z]{2,}(?:er|ir|dre|tre|oir|ire)\b")
_SAYS = re.compile(r"[^\W\d_]{3}")
_COLUMNS = re.compile(
    r"(?:^|(?<=[.,;|]))\s*(?:quoi|quand|action|tache|what|when|task|due|echeance|delai|pour quand)\s*\d?\s*:\s*"
)


def decided(
    regions: Sequence[Region], to_photo: Homography, day: date, people: Sequence[str] = ()
) -> tuple[Decided, ...]:
    """Actions, decisions and open questions in reading order, each with its place in the photo.

    ``day`` is that on which the board was written, ``people`` the names of the session's.
    """
    known = tuple(people)
    placed = pieces(regions, to_photo, lambda text: cased(text, people))
    carded, placed = cards(placed)
    titles = _titles(placed)
    under = next((kind for p in titles if (kind := _header(p.text))), None)
    rest = [p for p in placed if p not in titles]
    ruled, rest = grid.table(placed, rest)
    under = DecidedKind.ACTION if ruled else under
    stages = [p for p in rest if _STAGE.search(fold(p.text)) and _only_when(p.text, day)]
    rest = [p for p in rest if p not in stages]
    made = [over(p) for p in [*titles, *stages] if says_when(p.text, day)]
    made += (
        carded + ruled + units(rest, lambda text: part_of(text, day, known), lambda text: has_owner(text, day, known))
    )
    return tuple(_items(made, under, day, known))


def _items(made: Sequence[Unit], under: DecidedKind | None, day: date, known: tuple[str, ...]) -> list[Decided]:
    """The units of a board as what they say; owners that are not sure are weighed by where the others stand."""
    lines = [said_by(unit, day, known) for unit in made]
    lines = [
        replace(line, owner=_same(lines[:n])) if _IDEM.fullmatch(line.unit.who) else line
        for n, line in enumerate(lines)
    ]
    named = slots.agreed([line.bare for line in lines], [line.owner for line in lines], known)
    over = [line for line in lines if line.unit.heads]
    found = []
    for line, owner in zip(lines, named, strict=True):
        header = _header(" ".join(line.unit.cells))
        if header is not None:
            under = header
        elif not line.unit.heads:
            item = _item(told_by_heads(replace(line, owner=owner), over), under)
            found += [item] if item else []
    return found


def _same(above: Sequence[Said]) -> Owner | None:
    """Of «idem» in the column of owners: the owner of the row above that names one."""
    owner = next(
        (s.owner for s in reversed(above) if s.unit.ruled and s.owner and not _IDEM.fullmatch(s.unit.who)), None
    )
    return Owner(owner.name, -1, -1, place=-1) if owner else None


def items(regions: Sequence[Region], to_photo: Homography) -> tuple[str, ...]:
    """What is written, an item a text: wrapped lines joined, whatever the board is about."""
    some_day = date(2000, 1, 1)  # whether a text is a date does not depend on the day
    found = units(
        pieces(regions, to_photo, cased),
        lambda text: part_of(text, some_day, ()),
        lambda text: has_owner(text, some_day, ()),
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


def _only_when(text: str, day: date) -> bool:
    """«Phase 2 – d'ici le 30 juin»: by when the lines under it are due, and nothing to do."""
    label = _STAGE.search(fold(text))
    return says_when(text, day) and bool(label) and Part.DATE in part_of(text[label.end() if label else 0 :], day, ())


def _header(line: str) -> DecidedKind | None:
    text = fold(line).strip(" :")
    if len(text) > 48:
        return None
    return next((kind for kind, pattern in _HEADERS.items() if pattern.search(text)), None)


def _item(line: Said, under: DecidedKind | None) -> Decided | None:
    """Owner and date are taken out of the text where they stand at its edges, and left where they are part of it."""
    spans = [(s.start, s.end) for s in (line.due, line.owner) if s and s.start >= 0]
    if _SIGNED.match(fold(line.whole)):
        return None
    told = _tidy(line.unit.what)
    text, owner = told or _tidy(_trimmed(line.whole, spans)), line.owner.name if line.owner else ""
    if owner and not _SAYS.search(text):  # «Comité de pilotage : 9 juillet» is what happens, not who does it
        text, owner = _tidy(_trimmed(line.whole, spans[:1] if line.due else [])), ""
    if owner and _WHO.fullmatch(fold(text)):  # «Compost : qui ?»
        text, owner = _tidy(line.whole), ""
    kind = _kind(text, line.whole, owner, line.due, under)
    if kind is None or not text:
        return None
    again = recurring.find(line.whole)  # no day by which it is done: that it comes again is told in its place
    due, told = (line.due.day, line.due.text) if line.due else (None, again.text if again else "")
    return Decided(kind, text, owner, due, told, line.unit.source, line.unit.polygon)


def _trimmed(whole: str, spans: Sequence[tuple[int, int]]) -> str:
    """What is left when spans that stand at an edge, or in brackets, are cut away, as often as that helps."""
    start, end, left = 0, len(whole), list(spans)
    while left:
        edge = [s for s in left if not whole[start : s[0]].strip(EDGE) or not whole[s[1] : end].strip(EDGE)]
        if not edge:
            break
        first = edge[0]
        left.remove(first)
        if not whole[first[1] : end].strip(EDGE):
            end = max(start, first[0])
        else:
            start = max(start, first[1])
    kept = whole[start:end]
    if start and (about := re.match(r"[\s@]*\((?!avec|with|et|and|\+)[^()]{1,24}\)(?=\s*\w)", kept)):
        kept = kept[about.end() :]  # «Nathalie (mairie) prend contact»
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


def _tidy(text: str) -> str:
    for label in reversed(list(_COLUMNS.finditer(readable(text).folded))):
        if len(readable(text).folded) == len(text):  # else places moved
            text = text[: label.start()] + " " + text[label.end() :]
    text = re.sub(r"\s*\|\s*", ", ", text.strip(EDGE))
    text = " ".join(re.sub(r"\(\s*\)", " ", text).split())
    text = re.sub(r"(?:\s(?:du|le|la|les|au|à|dès|par|the|by|on|from|until))+$", "", text)
    if text.count("(") == text.count(")") + 1:  # its partner was cut away
        return text + ")"
    return text.replace(")", "") if ")" in text and "(" not in text else text
