"""An action written as a card: «Action : …», under it «Responsable : …», «Échéance : …», each on a line of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from capture.pipeline.actions.grid import Column
from capture.pipeline.actions.pieces import GAP, Piece, gap_to
from capture.pipeline.actions.units import Unit, unit_of
from capture.pipeline.phase.words import fold

LEFT = 3.0  # heights by which two lines of a card may begin apart
STEP = 2 * GAP  # heights between two lines of a card at most
_LABELS = {
    Column.WHO: (
        r"qu[il1)]|gui|responsables?|resp|pilotes?|porteurs?|porteuses?|referente?s?|en charge|chef(?:fe)? de projet"
        r"|who|owners?|lead|assigned to"
    ),
    Column.WHAT: (
        r"quoi|actions?|taches?|objet|intitule|projet|livrables?|mesure|que faire|what|tasks?|action item|deliverable"
    ),
    Column.WHEN: (
        r"quand|pour quand|echeances?|dates?(?: limite| de fin| butoir)?|delais?|pour le|calendrier"
        r"|when|by when|due(?: date)?|deadline|end date"
    ),
    Column.OTHER: (
        r"budget|couts?|combien|statut|etat|moyens?|ressources?|risques?|partenaires?|indicateurs?|avec(?: qui)?|ou"
        r"|comment|pourquoi|remarques?|notes?|priorite|freins?|besoins?|debut|resultats?|cost|status|how(?: much)?"
        r"|where|why|with|start|risks?|support|measure|priority|resources"
    ),
}
_LINE = {
    kind: re.compile(rf"\W{{0,3}}(?:{words})\s?(?:n ?[°o]?\s?)?\d?\s?[:?=]\s*(?=\S)") for kind, words in _LABELS.items()
}


@dataclass(frozen=True, slots=True)
class _Field:
    """A line of a card without its label; ``goes_on`` the lines that its value runs over to."""

    kind: Column
    value: str
    piece: Piece
    goes_on: tuple[Piece, ...] = ()

    @property
    def text(self) -> str:
        return " ".join((self.value, *(p.text.strip() for p in self.goes_on)))

    @property
    def last(self) -> Piece:
        return (self.piece, *self.goes_on)[-1]


def cards(found: Sequence[Piece]) -> tuple[list[Unit], list[Piece]]:
    """The cards among lines in reading order, and the lines that are of none."""
    made: list[Unit] = []
    used: set[int] = set()
    for run, above in _runs(found):
        kinds = [f.kind for f in run]
        if Column.WHAT not in kinds and above is not None:
            run = [_Field(Column.WHAT, above.text, above), *run]
        if Column.WHAT in (f.kind for f in run) and sum(k is not Column.OTHER for k in kinds) > 1:
            made.append(_card(run))
            used |= {id(p) for f in run for p in (f.piece, *f.goes_on)}
    return made, [p for p in found if id(p) not in used]


def _runs(found: Sequence[Piece]) -> list[tuple[list[_Field], Piece | None]]:
    """Labelled lines under one another, no label twice; with each run the line right above it."""
    runs: list[tuple[list[_Field], Piece | None]] = []
    for n, piece in enumerate(found):
        field, before = _field(piece), found[n - 1] if n else None
        run = runs[-1][0] if runs else []
        follows = bool(run) and before is not None and run[-1].last is before and _under(before, piece)
        if field is None:
            after = _field(found[n + 1]) if n + 1 < len(found) else None
            if not follows or after is None or any(after.kind is f.kind for f in run):
                continue
            if piece.text.strip()[:1].islower():
                run[-1] = replace(run[-1], goes_on=(*run[-1].goes_on, piece))
            elif all(f.kind is not Column.WHAT for f in run):  # «Pilote : Ana», what she does, «Date : …»
                run.append(_Field(Column.WHAT, piece.text.strip(), piece))
        elif follows and (field.kind is Column.OTHER or all(field.kind is not f.kind for f in run)):
            run.append(field)
        else:
            plain = before is not None and _under(before, piece) and _field(before) is None
            runs.append(([field], before if plain else None))
    return runs


def _field(piece: Piece) -> _Field | None:
    folded = fold(piece.text)
    for kind, pattern in _LINE.items():
        if (match := pattern.match(folded)) and len(folded) == len(piece.text):
            return _Field(kind, piece.text[match.end() :].strip(), piece)
    return None


def _under(above: Piece, below: Piece) -> bool:
    apart = abs(above.box[0] - below.box[0])
    return apart <= LEFT * above.height and -0.5 <= gap_to(above, below) <= STEP


def _card(run: Sequence[_Field]) -> Unit:
    """As a row of a table, its costs and states left out."""
    kept = [f for f in run if f.kind is not Column.OTHER]
    of = {kind: ", ".join(f.text for f in kept if f.kind is kind) for kind in Column}
    whole = unit_of([p for f in kept for p in (f.piece, *f.goes_on)])
    cells = tuple(of[kind] for kind in (Column.WHAT, Column.WHO, Column.WHEN) if of[kind])
    return replace(
        whole,
        cells=cells,
        who=of[Column.WHO],
        when=of[Column.WHEN],
        what=of[Column.WHAT],
        ruled=True,
        level=frozenset(),
    )
