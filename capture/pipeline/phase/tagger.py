"""A board's phase: the model's probabilities, a label, the steps inside the phase, and the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256

from archive.model import METHOD_PHASES, Homography, Phase, PhaseTag, Region, RegionKind
from capture.pipeline.phase import features, form, lexicon, model
from capture.pipeline.phase.evidence import evidence
from capture.pipeline.phase.features import CLASSES, PHASE_OF, STEPS, Features, Seen, Written

VERSION = 5
PROMISES = 2  # owners, and a day, make a board that would be none one of ACT
_SOME_DAY = date(2000, 1, 1)  # whether a text holds a date does not depend on the day


@dataclass(frozen=True)
class Params:
    sure: float = 0.45  # the likeliest phase must be this likely, or the tag is unsure
    none: float = 0.5  # probability from which a board belongs to no phase
    evidence: int = 4  # pieces shown


def models(trained: bytes | None = None) -> dict[str, str]:
    """SHA-256 of everything the tags come from besides the code; ``trained`` is an archive's own model."""
    found = dict(_digests())
    return found if trained is None else found | {"phase model": sha256(trained).hexdigest()}


@cache
def _digests() -> tuple[tuple[str, str], ...]:
    names = "\n".join(sorted(form.first_names()))
    parts = {"phase model": model.shipped_bytes(), "lexicon": lexicon.table().encode(), "first names": names.encode()}
    return tuple((name, sha256(data).hexdigest()) for name, data in parts.items())


def tag(
    regions: Sequence[Region],
    to_photo: Homography | None = None,
    params: Params | None = None,
    trained: bytes | None = None,
) -> PhaseTag:
    """The phase of a board from its regions in reading order; see ``tag_texts``. ``to_photo`` maps the upright
    board's pixels to the photo's: with it, lines that were only wrapped are read as one."""
    return _tag(written(regions, to_photo), params or Params(), trained)


def written(regions: Sequence[Region], to_photo: Homography | None = None) -> Written:
    from capture.pipeline import actions  # it needs this package for its words

    lines = [(line.text, region.kind is RegionKind.NOTE) for region in regions for line in region.lines]
    colours = {region.colour for region in regions if region.colour}
    share = sum(on_note for _, on_note in lines) / max(1, len(lines))
    texts = tuple(text for text, _ in lines) if to_photo is None else actions.items(regions, to_photo)
    return Written(texts, share, len(colours))


def tag_texts(lines: Sequence[str], params: Params | None = None) -> PhaseTag:
    """The phase of a board known by its text alone; a string with line breaks is several lines.

    ``none`` when the board more likely than not belongs to no phase, ``unsure`` when no phase is likely enough. Where
    nothing was read the tag is ``unsure``: that says nothing of the board, and a person has to look.
    """
    return _tag(features.texts(lines), params or Params(), None)


def _tag(board: Written, params: Params, trained: bytes | None) -> PhaseTag:
    judged = judge(board, trained)
    return tag_of(judged, judged.chances, params)


@dataclass(frozen=True, eq=False)
class Judged:
    """A board and what its text alone says: ``chances`` in the order of CLASSES; even where nothing was read."""

    seen: Seen
    found: Features
    chances: tuple[float, ...]
    model: model.Model


def judge(board: Written, trained: bytes | None = None) -> Judged:
    """``trained`` is an archive's own model, else the shipped one judges."""
    seen = features.see(board)
    found = features.features(seen)
    if not seen.words:
        return Judged(seen, found, (1 / len(CLASSES),) * len(CLASSES), model.of(trained))
    by = model.of(trained)
    return Judged(seen, found, tuple(model.softmax(by.phases.logits(found)).tolist()), by)


def tag_of(judged: Judged, chances: Sequence[float], params: Params, told: Sequence[str] = ()) -> PhaseTag:
    """The tag for probabilities of CLASSES, the text's own or those that time and neighbours left.

    ``told`` is evidence that is not on the board; it comes after what is.
    """
    of = dict(zip(CLASSES, chances, strict=True))
    likeliest = max(METHOD_PHASES, key=lambda p: of[p])
    label = _settle(of, likeliest, params)
    if label is Phase.NONE and likeliest is Phase.ACT and _promised(judged.seen.board.lines):
        label = Phase.ACT
    of_method = max(1e-12, sum(of[p] for p in METHOD_PHASES))
    shown = Phase.NONE if label is Phase.NONE else likeliest
    room = max(1, params.evidence - len(told))
    read = evidence(judged.seen, judged.found, judged.model.phases, shown.value, room) if judged.seen.words else ()
    return PhaseTag(
        label,
        {p.value: round(of[p] / of_method, 4) for p in METHOD_PHASES},
        {} if label is Phase.NONE or not judged.seen.words else _steps(judged, likeliest),
        (*read, *told),
    )


def _settle(chances: dict[str, float], likeliest: Phase, params: Params) -> Phase:
    if chances[Phase.NONE] >= params.none:
        return Phase.NONE
    return likeliest if chances[likeliest] >= params.sure else Phase.UNSURE


def _promised(lines: Sequence[str]) -> bool:
    """Whether a board says who does what by when, in words that welcome boards and menus have too: «scène : mairie»,
    «buvette : foyer, 5 juillet». Groups and programmes name people, but no days."""
    from capture.pipeline import actions  # it needs this package for its words

    found = [d for d in actions.decided_in_texts(lines, _SOME_DAY) if d.owner or d.due]
    return sum(bool(d.owner) for d in found) >= PROMISES and any(d.due and d.due > _SOME_DAY for d in found)


def _steps(judged: Judged, phase: Phase) -> dict[str, float]:
    """The phase's own steps; sums to 1."""
    logits = judged.model.steps.logits(judged.found)
    chances = dict(zip(STEPS, model.softmax(logits).tolist(), strict=True))
    mine = {step: p for step, p in chances.items() if PHASE_OF[step] == phase}
    total = max(1e-12, sum(mine.values()))
    return {step: round(p / total, 4) for step, p in mine.items()}
