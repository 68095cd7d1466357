"""Why a board was given its phase, in words that a person can check against the photo."""

from __future__ import annotations

from collections.abc import Iterator

from capture.pipeline.phase import form
from capture.pipeline.phase.features import CLASSES, DENSE, Features, Seen, hashed_words
from capture.pipeline.phase.model import Linear

_QUOTE = 60  # characters of a line that are quoted
_PLACE = {name: i for i, name in enumerate(DENSE)}
_TOLD = tuple(name for name, label in form.EVIDENCE.items() if label)


def evidence(seen: Seen, found: Features, model: Linear, phase: str, limit: int) -> tuple[str, ...]:
    """At most ``limit`` pieces, the weightiest first: expressions of the phase as the board spells them, then the
    form with the line that shows it, then single words when there is nothing else."""
    expressions = list(dict.fromkeys(_expressions(seen, phase)))
    cues = list(_cues(seen, found, model, phase))
    told = [*expressions[: max(1, limit - min(2, len(cues)))], *cues]
    return tuple((told or [f"« {word} »" for word in _words(seen, model, phase)])[:limit])


def _expressions(seen: Seen, phase: str) -> Iterator[str]:
    said = [m for m in seen.matches if m.entry.phase == phase and m.entry.weight >= 2]
    for match in sorted(said, key=lambda m: (-m.entry.weight, not m.exact)):
        meant = "" if match.exact else f" (lu pour « {match.entry.text} »)"
        yield f"« {match.found} »{meant}"


def _cues(seen: Seen, found: Features, model: Linear, phase: str) -> Iterator[str]:
    """What pushed the board towards the phase, the strongest first, each with a line that no other piece quotes."""
    pushes = {name: sum(_push(found, model, phase, _PLACE[f"{k} {name}"]) for k in ("has", "share")) for name in _TOLD}
    labels: set[str] = set()
    lines: set[int] = set()
    for name in sorted((n for n in _TOLD if pushes[n] > 0), key=lambda n: -pushes[n]):
        line = next((i for i, cues in enumerate(seen.cues) if name in cues and i not in lines), None)
        if line is None:
            continue
        named = name in form.OF_TIME and "name_when" in seen.cues[line]
        label = form.EVIDENCE["name_when" if named else name]
        if label not in labels:
            labels.add(label)
            lines.add(line)
            yield f"{label} : « {_short(seen.board.lines[line])} »"


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
    line = " ".join(line.split()).strip("-•*«» ")
    return line if len(line) <= _QUOTE else line[: _QUOTE - 1].rstrip() + "…"
