"""Why a board was given its phase, in words that a person can check against the photo."""

from __future__ import annotations

from collections.abc import Iterator

from capture.pipeline.phase import form
from capture.pipeline.phase.features import CLASSES, DENSE, Features, Seen, hashed_words
from capture.pipeline.phase.model import Linear

_QUOTE = 60  # characters of a line that are quoted
_PLACE = {name: i for i, name in enumerate(DENSE)}


def evidence(seen: Seen, found: Features, model: Linear, phase: str, limit: int) -> tuple[str, ...]:
    """At most ``limit`` pieces, the weightiest first: expressions of the phase as the board spells them, then the
    form with the line that shows it, then single words when there is nothing else."""
    told: list[str] = []
    expressions = [piece for _, piece in sorted(_expressions(seen, phase), key=lambda e: -e[0])]
    cues = [piece for _, piece in sorted(_cues(seen, found, model, phase), key=lambda e: -e[0])]
    for piece in [*expressions[: limit - min(2, len(cues))], *cues]:
        if piece not in told:
            told.append(piece)
    if not told:
        told = [f"« {word} »" for word in _words(seen, model, phase)]
    return tuple(told[:limit])


def _expressions(seen: Seen, phase: str) -> Iterator[tuple[float, str]]:
    for match in seen.matches:
        if match.entry.phase == phase and match.entry.weight >= 2:
            meant = "" if match.exact else f" (lu pour « {match.entry.text} »)"
            yield match.weight, f"« {match.found} »{meant}"


def _cues(seen: Seen, found: Features, model: Linear, phase: str) -> Iterator[tuple[float, str]]:
    """One line for each kind of form that pushed the board towards the phase, with what it pushed."""
    best: dict[str, tuple[float, str]] = {}
    for name, label in form.EVIDENCE.items():
        line = next((i for i, cues in enumerate(seen.cues) if name in cues), None)
        if not label or line is None:
            continue
        push = sum(_push(found, model, phase, _PLACE[f"{kind} {name}"]) for kind in ("has", "share"))
        if push > 0 and push > best.get(label, (0.0, ""))[0]:
            best[label] = (push, f"{label} : « {_short(seen.board.lines[line])} »")
    yield from best.values()


def _push(found: Features, model: Linear, phase: str, place: int) -> float:
    """How far a feature moves the phase's logit away from the mean of the others'."""
    weights = model.weights[place]
    mine = weights[CLASSES.index(phase)]
    return float(found.dense[place] * (mine - (weights.sum() - mine) / (len(CLASSES) - 1)))


def _words(seen: Seen, model: Linear, phase: str) -> list[str]:
    column = CLASSES.index(phase)
    weighed = {text: model.weights[place, column] for text, place in hashed_words(seen)}
    return sorted((w for w in weighed if weighed[w] > 0 and len(w) > 2), key=lambda w: -weighed[w])[:3]


def _short(line: str) -> str:
    line = " ".join(line.split()).strip("-•* ")
    return line if len(line) <= _QUOTE else line[: _QUOTE - 1].rstrip() + "…"
