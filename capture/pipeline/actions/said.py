"""What an item says of who and when: in its own text, by its table, by what stands over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from capture.pipeline.actions import dates, owners
from capture.pipeline.actions.casing import civil
from capture.pipeline.actions.dates import Due
from capture.pipeline.actions.names import NOBODY, Sure
from capture.pipeline.actions.owners import Owner
from capture.pipeline.actions.pieces import Part
from capture.pipeline.actions.readable import readable
from capture.pipeline.actions.units import Unit
from capture.pipeline.phase.words import fold

EDGE = " \t\n@:;,.-–—|()[]→➔➜►=>•*□☐☑✓✔~/"


def says_when(title: str, day: date) -> bool:
    """Whether a title says when all is due: «Pour le 30 avril», «À faire avant Noël»; «Dès demain» is a call."""
    found = dates.find(readable(title), day)
    return any(dates.is_limit(due) and not readable(due.text).folded.startswith("des ") for due in found)


@dataclass(frozen=True, slots=True)
class Said:
    """A unit as one text; ``bare`` the same with its dates blanked. ``owner`` and ``due`` as they stand in it, or, with
    places of -1, as its table or a heading says."""

    unit: Unit
    whole: str
    bare: str
    owner: Owner | None
    due: Due | None


def said_by(unit: Unit, day: date, known: tuple[str, ...]) -> Said:
    whole = civil(unit.joined(lambda text: part_of(text, day, known)))
    found = dates.find(readable(whole), day)
    bare = without_dates(whole, found)
    owner, due = owners.find(bare, known), _main(found, whole)
    if unit.heads:
        name = owners.spelt(bare.strip(EDGE), known) if owners.is_owner(bare.strip(EDGE), known) else ""
        owner = Owner(name, -1, -1, place=-1) if name else None
    if unit.ruled:
        cell = without_dates(unit.who, dates.find(readable(unit.who), day)).strip(EDGE)
        stray = owner if owner and owner.sure is Sure.PERSON else None  # an empty cell says that there is none
        owner = _in_column(cell, whole, known) if unit.who else stray
        forms = ("", "pour le ", "→ ", "fin ")  # in that column a number is a day, «71» a misread quarter, 2025 a year
        when = next((found for form in forms if (found := dates.find(readable(form + unit.when), day))), [])
        due = _main(when, unit.when) if when else due if not unit.when else None
        if due is not None and when:
            at = whole.find(unit.when)
            due = Due(due.day, at, at + len(unit.when), unit.when) if at >= 0 else Due(due.day, -1, -1, unit.when)
    return Said(unit, whole, bare, owner, due)


def _in_column(cell: str, whole: str, known: tuple[str, ...]) -> Owner | None:
    """What stands in the column of owners is one, unless it says that there is none."""
    if not sum(c.isalpha() for c in cell) or NOBODY.search(fold(cell)):
        return None
    at = whole.find(cell)
    return Owner(owners.spelt(cell, known), at, at + len(cell) if at >= 0 else -1, place=at)


def told_by_heads(line: Said, over: Sequence[Said]) -> Said:
    """Owner and date that a line does not name are those of the nearest heading over its column."""
    if line.owner is None and (head := _head(line, [h for h in over if h.owner])) and head.owner:
        line = replace(line, owner=Owner(head.owner.name, -1, -1, place=-1))
    if line.due is None and (head := _head(line, [h for h in over if h.due])) and head.due:
        line = replace(line, due=Due(head.due.day, -1, -1, head.due.text))
    return line


def _head(line: Said, over: Sequence[Said]) -> Said | None:
    """The lowest of the headings above a line, of the column that begins nearest to it."""
    box = line.unit.box
    above = [h for h in over if h.unit.box[1] < box[1]]
    if not above:
        return None
    nearest = min(abs(h.unit.box[0] - box[0]) for h in above)
    column = [h for h in above if abs(h.unit.box[0] - box[0]) <= nearest + 2 * (box[3] - box[1])]
    return max(column, key=lambda h: h.unit.box[1])


def _main(found: Sequence[Due], whole: str) -> Due | None:
    """The date that begins the text, if no later one is said to be the end; else its last."""
    if not found:
        return None
    limits = [d for d in found if dates.is_limit(d)]
    if not whole[: found[0].start].strip(EDGE) and not limits:
        return found[0]
    exact = [d for d in limits or found if dates.is_exact(d)]
    return (exact or limits or found)[-1]


@lru_cache(maxsize=1 << 14)
def has_owner(text: str, day: date, people: tuple[str, ...]) -> bool:
    return owners.find(without_dates(text, dates.find(readable(text), day)), people) is not None


@lru_cache(maxsize=1 << 14)
def part_of(text: str, day: date, people: tuple[str, ...]) -> Part:
    """A date, an owner, or both, and nothing else."""
    found = dates.find(readable(text), day)
    rest = without_dates(text, found).strip(EDGE)
    if not rest:
        return Part.DATE if found else Part.NO
    if not owners.is_owner(rest, people):
        return Part.NO
    kind = Part.OWNER if owners.is_person(rest, people) else Part.OWNER | Part.BODY
    return kind | Part.DATE if found else kind


def without_dates(text: str, found: Sequence[Due]) -> str:
    """The text with its dates blanked, each place kept: what stood before and after them stays apart."""
    for due in found:
        text = text[: due.start] + "|" + " " * (due.end - due.start - 1) + text[due.end :]
    return text
