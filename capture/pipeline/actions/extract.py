"""From the lines of a board to what was decided on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from statistics import median

from archive.model import Decided, DecidedKind, Homography, Line, Region, RegionKind
from capture.pipeline.actions import dates, owners
from capture.pipeline.actions.dates import Due
from capture.pipeline.actions.readable import readable
from capture.pipeline.actions.units import Piece, Unit, pieces, units
from capture.pipeline.phase.words import fold

VERSION = 1
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
_EDGE = " \t\n:;,.-–—|()[]→➔➜►=>•*□☐☑✓✔~/"


def decided(
    regions: Sequence[Region], to_photo: Homography, day: date, people: Sequence[str] = ()
) -> tuple[Decided, ...]:
    """Actions, decisions and open questions in reading order, each with its place in the photo.

    ``day`` is that on which the board was written, ``people`` the names of the session's.
    """

    known = tuple(people)

    def is_part(text: str) -> bool:
        return _is_part(text, day, known)

    def has_owner(text: str) -> bool:
        return _has_owner(text, day, known)

    placed = pieces(regions, to_photo, lambda text: owners.cased(text, people))
    titles = _titles(placed)
    under = next((kind for p in titles if (kind := _header(p.text))), None)
    found = []
    for unit in units([p for p in placed if p not in titles], is_part, has_owner):
        header = _header(" ".join(unit.cells))
        if header is not None:
            under = header
            continue
        item = _item(unit, under, day, people)
        if item is not None:
            found.append(item)
    return tuple(found)


def items(regions: Sequence[Region], to_photo: Homography) -> tuple[str, ...]:
    """What is written, an item a text: wrapped lines joined, whatever the board is about."""
    some_day = date(2000, 1, 1)  # whether a text is a date does not depend on the day
    found = units(
        pieces(regions, to_photo, owners.cased),
        lambda text: _is_part(text, some_day, ()),
        lambda text: _has_owner(text, some_day, ()),
    )
    return tuple(" ".join(line.text.strip() for line in unit.lines) for unit in found)


def decided_in_texts(lines: Sequence[str], day: date, people: Sequence[str] = ()) -> tuple[Decided, ...]:
    """The same of texts without a place: the lines stand one under the other."""
    made = []
    for n, text in enumerate(lines):
        box = ((0.0, 20.0 * n), (1000.0, 20.0 * n), (1000.0, 20.0 * n + 12), (0.0, 20.0 * n + 12))
        made.append(Region(RegionKind.TEXT, box, (Line(text, box, 1.0, "text"),)))
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


def _item(unit: Unit, under: DecidedKind | None, day: date, people: Sequence[str]) -> Decided | None:
    """Owner and date are taken out of the text where they stand at its edges, and left where they are part of it."""
    whole = owners.civil(unit.joined(lambda text: _is_part(text, day, tuple(people))))
    found = dates.find(readable(whole), day)
    due = _main(found, whole)
    bare = _without_dates(whole, found)
    named = owners.find(bare, people)
    spans = [(due.start, due.end)] if due else []
    spans += [(named.start, named.end)] if named else []
    text = _tidy(_trimmed(whole, spans))
    owner = named.name if named else ""
    kind = _kind(text, whole, owner, due, under)
    if kind is None or not text:
        return None
    told = due.text if due else ""
    return Decided(kind, text, owner, due.day if due else None, told, unit.source, unit.polygon)


def _main(found: Sequence[Due], whole: str) -> Due | None:
    """The date that begins the text, else its last."""
    if not found:
        return None
    return found[0] if not whole[: found[0].start].strip(_EDGE) else found[-1]


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
def _is_part(text: str, day: date, people: tuple[str, ...]) -> bool:
    """A date, an owner, or both, and nothing else."""
    found = dates.find(readable(text), day)
    rest = _without_dates(text, found).strip(_EDGE)
    return bool(found) if not rest else owners.is_owner(rest, people)


def _without_dates(text: str, found: Sequence[Due]) -> str:
    """The text with its dates blanked, each place kept: what stood before and after them stays apart."""
    for due in found:
        text = text[: due.start] + "|" + " " * (due.end - due.start - 1) + text[due.end :]
    return text


def _tidy(text: str) -> str:
    text = re.sub(r"\s*\|\s*", ", ", text.strip(_EDGE))
    text = " ".join(re.sub(r"\(\s*\)", " ", text).split())
    if text.count("(") == text.count(")") + 1:  # its partner was cut away
        return text + ")"
    return text.replace(")", "") if ")" in text and "(" not in text else text
