"""The phases of a session's boards, settled together: text, agenda, hour, neighbours, and what people said."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib import resources

import numpy as np

from archive.model import Method, Phase, PhaseTag
from capture.pipeline.phase.features import CLASSES, Written
from capture.pipeline.phase.tagger import Judged, Params, judge, tag_of
from capture.pipeline.session import chain
from capture.pipeline.session.chain import Array
from capture.pipeline.session.when import Programme, When, gap, placed

VERSION = 3
TOLD = 1.25  # time or neighbours are named when they make the label this many times likelier


@dataclass(frozen=True, slots=True)
class SessionBoard:
    """``at`` by the shifted clock of the camera; ``known`` is the phase that a person or a phase card gave."""

    written: Written
    at: datetime | None = None
    known: Phase | None = None


@cache
def table() -> str:
    return (resources.files(__package__) / "data" / "chain.json").read_text(encoding="utf-8")


@cache
def shipped() -> chain.Tables:
    return chain.from_json(json.loads(table()))


@cache
def digest() -> str:
    return sha256(table().encode()).hexdigest()


def settle(
    boards: Sequence[SessionBoard],
    programme: Programme,
    method: Method = Method.ASE,
    trained: bytes | None = None,
) -> tuple[PhaseTag, ...]:
    """A tag for each board, in the order given. What is ``known`` is not changed here: it only speaks for others.

    ``trained`` is the archive's own model. Boards without a time keep what their text says; in a session of another
    method no board has a phase.
    """
    params = Params()
    judged = [judge(board.written, trained) for board in boards]
    if method is not Method.ASE:
        of_none = tuple(float(name == Phase.NONE) for name in CLASSES)
        return tuple(tag_of(j, of_none, params, ("session d'une autre méthode",)) for j in judged)
    when = placed([board.at for board in boards], programme)
    order = sorted((n for n, w in enumerate(when) if w), key=lambda n: (when[n].at, n))  # type: ignore[union-attr]
    timed = [w for n in order if (w := when[n])]
    if not timed:
        return tuple(tag_of(j, j.chances, params) for j in judged)
    said = np.array([_said(boards[n].known, judged[n]) for n in order])
    both, alone = chain.posterior(said, timed, shipped()), chain.time_alone(timed, shipped())
    labels = [CLASSES[int(row.argmax())] for row in both]
    tags = {}
    for place, n in enumerate(order):
        told = _told(place, labels, timed, both, alone, said)
        tags[n] = tag_of(judged[n], both[place].tolist(), params, told)
    return tuple(tags[n] if n in tags else tag_of(j, j.chances, params) for n, j in enumerate(judged))


def _said(known: Phase | None, judged: Judged) -> Sequence[float]:
    if known is None or known is Phase.UNSURE:
        return judged.chances
    return [float(name == known) for name in CLASSES]


def _told(
    place: int, labels: Sequence[str], when: Sequence[When], both: Array, alone: Array, said: Array
) -> tuple[str, ...]:
    """What time and neighbours add, where they speak for the label."""
    label, here = labels[place], when[place]
    column = CLASSES.index(label)
    told = []
    if alone[place, column] > TOLD * alone[:, column].mean() or here.phase == label:
        clock = f"jour {here.day}, {here.at:%H:%M}"
        told.append(f"{clock} : l'agenda en est à {label}" if here.phase == label else clock)
    timed = chain.likelihoods(said[place], shipped()) * alone[place]
    beside = [n for n in (place - 1, place + 1) if 0 <= n < len(when) and abs(gap(when[n], here)) <= chain.NEAR]
    if both[place, column] > TOLD * timed[column] / max(1e-12, timed.sum()) and any(labels[n] == label for n in beside):
        told.append(f"tableaux photographiés juste avant ou après : {label}")
    return tuple(told)
