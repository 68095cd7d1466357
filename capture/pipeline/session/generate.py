"""Sessions as the labs run them, made up: to learn how boards follow one another, and to be judged on.

Day 1 is mostly SCAN, day 2 FOCUS, day 3 ACT, and each day repeats the cycle. A few teams work side by side; at the end
of each round someone walks along their walls and photographs one to four boards of each. In three rounds of ten a
team is out of phase: it lags behind, runs ahead, or an older wall is taken again. Welcome boards, agendas and parking
lots come at the start, at the end, and now and then between.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.model import METHOD_PHASES, AgendaItem, Phase
from capture.pipeline.session.when import Programme

SHARES = {  # of a day's working hours, for the only day, a first, a middle and a last one
    "only": (0.38, 0.37, 0.25),
    "first": (0.60, 0.26, 0.14),
    "middle": (0.20, 0.58, 0.22),
    "last": (0.14, 0.26, 0.60),
}
FIRST = datetime(2024, 3, 4)


@dataclass(frozen=True, slots=True)
class Spec:
    """``out``: share of a method's boards that are of another phase than the session is at. ``runs``: a team is out of
    phase for a whole round; else each board by itself."""

    out: float = 0.3
    runs: bool = True
    none_between: float = 0.06


@dataclass(frozen=True, slots=True)
class Taken:
    """One photo; ``at`` is what the session is at, ``board`` what the board is."""

    at: Phase
    board: Phase
    time: datetime


@dataclass(frozen=True, slots=True)
class Made:
    programme: Programme
    taken: tuple[Taken, ...]  # in the order of their times


def session(seed: int, spec: Spec | None = None) -> Made:
    """One session of one to three days; the same seed gives the same session."""
    chance, spec = random.Random(seed), spec or Spec()
    days = chance.choice((1, 2, 3, 3))
    agenda: list[AgendaItem] = []
    taken: list[Taken] = []
    teams = chance.randint(3, 6)
    for day in range(days):
        kind = "only" if days == 1 else "first" if day == 0 else "last" if day == days - 1 else "middle"
        morning = FIRST + timedelta(days=day, hours=9, minutes=chance.choice((0, 0, 15, 30)))
        blocks = _blocks(morning, kind, chance)
        agenda += [AgendaItem(phase, begins) for phase, begins, _ in blocks]
        taken += _welcome(morning, chance)
        for phase, begins, ends in blocks:
            taken += _block(phase, begins, ends, teams, chance, spec)
        closing = blocks[-1][2]
        if chance.random() < 0.5:
            taken.append(Taken(Phase.ACT, Phase.NONE, closing + timedelta(minutes=chance.randint(5, 20))))
    start = FIRST.date()
    programme = Programme(start, start + timedelta(days=days - 1), tuple(agenda))
    return Made(programme, tuple(sorted(taken, key=lambda t: t.time)))


def _blocks(morning: datetime, kind: str, chance: random.Random) -> list[tuple[Phase, datetime, datetime]]:
    shares = [max(0.08, share * chance.uniform(0.7, 1.3)) for share in SHARES[kind]]
    hours = chance.uniform(7.5, 9.0)
    begins, found = morning + timedelta(minutes=20), []
    for phase, share in zip(METHOD_PHASES, shares, strict=True):
        ends = begins + timedelta(hours=hours * share / sum(shares))
        found.append((phase, begins, ends))
        begins = ends
    return found


def _welcome(morning: datetime, chance: random.Random) -> list[Taken]:
    number = chance.choice((0, 1, 1, 2))
    return [Taken(Phase.SCAN, Phase.NONE, morning + timedelta(minutes=4 * n + chance.random())) for n in range(number)]


def _block(
    phase: Phase, begins: datetime, ends: datetime, teams: int, chance: random.Random, spec: Spec
) -> list[Taken]:
    """Rounds of 50 to 90 minutes; the walls are photographed at the end of each."""
    taken, end = [], begins
    while end < ends:
        end = min(ends, end + timedelta(minutes=chance.uniform(50, 90)))
        if ends - end < timedelta(minutes=30):
            end = ends
        time = end - timedelta(minutes=chance.uniform(4, 12))
        for _ in range(teams):
            out = chance.random() < spec.out
            other = _other(phase, chance)
            for _ in range(chance.choice((1, 2, 2, 3, 4))):
                if not spec.runs:
                    out, other = chance.random() < spec.out, _other(phase, chance)
                board = Phase.NONE if chance.random() < spec.none_between else other if out else phase
                taken.append(Taken(phase, board, time))
                time += timedelta(seconds=chance.uniform(8, 40))
            time += timedelta(seconds=chance.uniform(20, 120))
    return [t for t in taken if t.time < ends]


def _other(phase: Phase, chance: random.Random) -> Phase:
    """Two of three lag behind, where there is a phase before."""
    place = METHOD_PHASES.index(phase)
    before, after = METHOD_PHASES[:place], METHOD_PHASES[place + 1 :]
    behind = bool(before) and (not after or chance.random() < 2 / 3)
    return chance.choice(before if behind else after)
