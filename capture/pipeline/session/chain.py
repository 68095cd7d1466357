"""The boards of a session as a chain: what the session is at, hidden or told by its agenda, and what each board is.

A hidden Markov model over pairs (what the session is at, what the board is); what a board's own text says enters as
the likelihood of its state, so in log-odds all of it is added (Rabiner, 1989, forward-backward). Photos taken within
seconds are mostly of one team's wall, those a minute apart of the next team's, so there is a table of neighbours for
each kind of gap.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from archive.model import METHOD_PHASES
from capture.pipeline.phase.features import CLASSES
from capture.pipeline.session.when import BINS, When, gap

Array = NDArray[np.float64]
NEAR = timedelta(minutes=3)
GAPS = (15.0, 30.0, 45.0, 75.0, NEAR.total_seconds())
"""Seconds between two photos at which another table begins."""
STATES, PHASES, HABITS = len(CLASSES), len(METHOD_PHASES), 2


@dataclass(frozen=True, eq=False)
class Tables:
    """Probabilities, the last axis summing to 1.

    ``hours``: bin of the day × what the session is at. ``stays``: at × at next. ``begins``: at × the first board.
    ``follows``: habit × kind of gap × at × the board before × the board. ``classes``: shares of CLASSES among the
    boards that the texts' model learned from: a text's probabilities over them are its likelihoods, which is what
    enters a chain. ``trust``: how far a text's log-likelihood counts. A habit is how boards get out of phase in a
    session: a team's wall at a time, or each by itself.
    """

    hours: Array
    stays: Array
    begins: Array
    follows: Array
    classes: Array
    trust: float

    def __post_init__(self) -> None:
        shapes = (self.hours.shape, self.stays.shape, self.begins.shape, self.follows.shape, self.classes.shape)
        assert shapes == (
            (BINS, PHASES),
            (PHASES, PHASES),
            (PHASES, STATES),
            (HABITS, len(GAPS) + 1, PHASES, STATES, STATES),
            (STATES,),
        )


def posterior(chances: Array, when: Sequence[When], tables: Tables) -> Array:
    """N×4 probabilities of CLASSES from those of the texts alone, for boards in the order of their times.

    A row of ``chances`` that is 0 but for one class is taken as known, and speaks for its neighbours.
    """
    if not len(chances):
        return chances
    by_habit = [_by_habit(chances, when, tables, habit) for habit in range(HABITS)]
    evidence = np.array([e for _, e in by_habit])
    weights = np.exp(evidence - evidence.max())
    return np.asarray(sum(w * p for w, (p, _) in zip(weights / weights.sum(), by_habit, strict=True)))


def _by_habit(chances: Array, when: Sequence[When], tables: Tables, habit: int) -> tuple[Array, float]:
    """Forward-backward; the second value is the log-likelihood of the whole session."""
    seen = likelihoods(chances, tables)[:, None, :]
    sessions = np.array([_session(w, tables) for w in when])
    steps = [_step(a, b, tables, habit) for a, b in pairwise(when)]
    came = sessions[0][:, None] * tables.begins * seen[0]
    forward, evidence = [came / came.sum()], float(np.log(came.sum()))
    for n, step in enumerate(steps, start=1):
        came = np.einsum("as,asbt->bt", forward[-1], step) * sessions[n][:, None] * seen[n]
        forward.append(came / came.sum())
        evidence += float(np.log(came.sum()))
    backward = [np.full((PHASES, STATES), 1.0)]
    for n in range(len(steps), 0, -1):
        ahead = sessions[n][:, None] * seen[n] * backward[-1]
        left = np.einsum("asbt,bt->as", steps[n - 1], ahead)
        backward.append(left / left.max())
    both = np.array([f * b for f, b in zip(forward, reversed(backward), strict=True)]).sum(axis=1)
    return both / both.sum(axis=1, keepdims=True), evidence


def likelihoods(chances: Array, tables: Tables) -> Array:
    """Of a text under each class, but for a factor, from the probabilities that its words alone give."""
    return np.asarray((np.maximum(chances, 1e-300) / tables.classes) ** tables.trust)


def _session(when: When, tables: Tables) -> Array:
    """How far the hour and the agenda speak for each phase that the session may be at."""
    if when.phase is None:
        return np.asarray(tables.hours[when.bin])
    return np.asarray(np.eye(PHASES)[METHOD_PHASES.index(when.phase)])


def gap_kind(between: timedelta) -> int:
    return bisect_left(GAPS, between.total_seconds())


def _step(before: When, after: When, tables: Tables, habit: int) -> Array:
    """at × board → at × board, from one board to the next."""
    near = gap_kind(gap(before, after))
    # the hour's own odds come with the next board: here only how far a session stays where it was
    return np.asarray(tables.stays[:, None, :, None] * tables.follows[habit, near].transpose(1, 0, 2)[None])


def time_alone(when: Sequence[When], tables: Tables) -> Array:
    """What the hour and the agenda say of each board, N×4, its text and its neighbours left out."""
    at = np.array([_session(w, tables) for w in when])
    at /= at.sum(axis=1, keepdims=True)
    return np.asarray(at @ tables.begins)


_ARRAYS = ("hours", "stays", "begins", "follows", "classes")


def to_json(tables: Tables) -> dict[str, object]:
    return {name: np.round(getattr(tables, name), 5).tolist() for name in _ARRAYS} | {"trust": tables.trust}


def from_json(value: dict[str, object]) -> Tables:
    hours, stays, begins, follows, classes = (np.array(value[n], np.float64) for n in _ARRAYS)
    return Tables(hours, stays, begins, follows, classes, float(str(value["trust"])))
