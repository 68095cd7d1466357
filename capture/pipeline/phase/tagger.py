"""A board's phase: the model's probabilities, a label, and the evidence in the board's own words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from archive.model import METHOD_PHASES, Phase, PhaseTag, Region, RegionKind
from capture.pipeline.phase import form, model
from capture.pipeline.phase.features import CLASSES, DENSE, PHASE_OF, STEPS, Features, Seen, Written, features, see

VERSION = 1


@dataclass(frozen=True)
class Params:
    """``sure``: a label with a lower probability becomes ``unsure``. ``evidence``: how many reasons are given."""

    sure: float = 0.45
    evidence: int = 4


def tag(regions: Sequence[Region], params: Params | None = None) -> PhaseTag:
    """The phase of a board, from what was read on it and from its notes."""
    lines = [(line.text, region.kind is RegionKind.NOTE) for region in regions for line in region.lines]
    colours = {region.colour for region in regions if region.kind is RegionKind.NOTE}
    share = sum(on_note for _, on_note in lines) / max(1, len(lines))
    return _tag(Written(tuple(text for text, _ in lines), share, len(colours)), params or Params())


def tag_texts(lines: Sequence[str], params: Params | None = None) -> PhaseTag:
    """The phase of bare text, line by line."""
    return _tag(Written(tuple(lines)), params or Params())


def models() -> Mapping[str, str]:
    """Name → SHA-256 of what the tagger loads."""
    folder = resources.files(__package__) / "data"
    names = ("model.npz", "lexicon.tsv", "first_names.txt")
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}


def _tag(written: Written, params: Params) -> PhaseTag:
    seen = see(written)
    if not seen.board.lines:
        # nothing was read, which says nothing of the board: a person has to look
        return PhaseTag(Phase.UNSURE, {str(p): 1 / 3 for p in METHOD_PHASES})
    found, trained = features(seen), model.shipped()
    chances = dict(zip(CLASSES, model.softmax(trained.phases.logits(found)).tolist(), strict=True))
    best = max(chances, key=lambda name: chances[name])
    label = Phase(best) if chances[best] >= params.sure else Phase.UNSURE
    method = sum(chances[p] for p in METHOD_PHASES)
    probabilities = {str(p): chances[p] / method for p in METHOD_PHASES}
    likeliest = best if best in METHOD_PHASES else max(probabilities, key=lambda name: probabilities[name])
    steps = _steps(found, trained, likeliest) if label is not Phase.NONE else {}
    return PhaseTag(label, probabilities, steps, _evidence(seen, found, trained, best, params.evidence))


def _steps(found: Features, trained: model.Model, phase: str) -> dict[str, float]:
    """Probabilities of the steps inside a phase."""
    chances = dict(zip(STEPS, model.softmax(trained.steps.logits(found)).tolist(), strict=True))
    inside = {step: chance for step, chance in chances.items() if PHASE_OF[step] == phase}
    return {step: chance / sum(inside.values()) for step, chance in inside.items()}


def _evidence(seen: Seen, found: Features, trained: model.Model, label: str, most: int) -> tuple[str, ...]:
    """The method's words that stand on the board, then the forms that speak for the label, strongest first."""
    column = CLASSES.index(label)
    words = sorted((m for m in seen.matches if m.entry.phase == label), key=lambda m: -m.weight)
    forms = []
    for cue in form.CUES:
        place = DENSE.index(f"has {cue.name}")
        pull = float(found.dense[place] * trained.phases.weights[place, column])
        if cue.evidence and found.dense[place] and pull > 0:
            forms.append((pull, cue.evidence))
    told = [f"« {match.found} »" for match in words] + [text for _, text in sorted(forms, reverse=True)]
    return tuple(dict.fromkeys(told))[:most]
