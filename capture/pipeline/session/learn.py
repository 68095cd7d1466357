"""Learn how boards follow one another: ``python -m capture.pipeline.session.learn [--out FILE]``.

Counts over made-up sessions give the tables; how far a text counts beside them is fitted on the labelled boards, each
judged by a model that never saw its theme. Seconds on one core, the same bytes each time.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar

from archive.model import METHOD_PHASES
from capture.pipeline.phase import examples, train
from capture.pipeline.phase.features import CLASSES
from capture.pipeline.session import generate
from capture.pipeline.session.chain import GAPS, HABITS, PHASES, STATES, Array, Tables, gap_kind, posterior, to_json
from capture.pipeline.session.generate import Made, Spec
from capture.pipeline.session.when import BINS, When, placed

SESSIONS = 1000
FITTED_ON = 60
SPECS = (Spec(runs=True), Spec(runs=False))  # a habit each
FIRST_SEED = 1_000_000  # sessions to be judged on have smaller seeds
RARE = 0.002  # what never happens in made-up sessions happens in real ones
AGENDA_KNOWN = 0.5
"""Of the sessions that the trust in texts is fitted on: half the labs write an agenda down, half do not."""


def tables(made: Sequence[Sequence[Made]], classes: Array, trust: float = 1.0) -> Tables:
    """Counted; a list of sessions for each habit. ``classes``: shares of CLASSES among the boards learned from."""
    hours, stays = np.ones((BINS, PHASES)), np.ones((PHASES, PHASES))
    begins, follows = np.ones((PHASES, STATES)), np.ones((HABITS, len(GAPS) + 1, PHASES, STATES, STATES))
    for habit, session in ((h, s) for h, sessions in enumerate(made) for s in sessions):
        bins = [w.bin for w in _when(session)]
        at = [METHOD_PHASES.index(t.at) for t in session.taken]
        board = [CLASSES.index(t.board) for t in session.taken]
        for n, taken in enumerate(session.taken):
            hours[bins[n], at[n]] += 1
            begins[at[n], board[n]] += 1
            if n:
                near = gap_kind(taken.time - session.taken[n - 1].time)
                stays[at[n - 1], at[n]] += 1
                follows[habit, near, at[n], board[n - 1], board[n]] += 1
    return Tables(_shares(hours), _shares(stays), _shares(begins), _shares(follows), classes, trust)


def _shares(counts: Array) -> Array:
    shares = np.maximum(counts / counts.sum(axis=-1, keepdims=True), RARE)
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True))


def fit() -> Tables:
    boards = examples.shipped()
    shares = np.bincount([CLASSES.index(b.label) for b in boards], minlength=STATES) / len(boards)
    found = tables([[generate.session(FIRST_SEED + n, spec) for n in range(SESSIONS)] for spec in SPECS], shares)
    rows, chances = train.held_out(boards)
    labels = np.array([CLASSES.index(b.label) for b in boards])[rows.owner]
    filled = [_filled(FIRST_SEED + SESSIONS + n, labels, chances) for n in range(FITTED_ON)]

    def loss(trust: float) -> float:
        tried = replace(found, trust=trust)
        given = [posterior(texts, _when(made), tried) for made, texts in filled]
        true = [[CLASSES.index(t.board) for t in made.taken] for made, _ in filled]
        each = [np.log(p[np.arange(len(t)), t]).mean() for p, t in zip(given, true, strict=True)]
        return -float(np.mean(each))

    best = minimize_scalar(loss, bounds=(0.3, 2.0), method="bounded", options={"xatol": 0.01})
    return replace(found, trust=round(float(best.x), 2))


def _when(made: Made) -> list[When]:
    return [w for w in placed([t.time for t in made.taken], made.programme) if w]


def _filled(seed: int, labels: Array, chances: Array) -> tuple[Made, Array]:
    """A made-up session with a labelled board, as written or misread, for each of its photos."""
    made, chance = generate.session(seed, SPECS[seed % len(SPECS)]), random.Random(seed)
    if chance.random() >= AGENDA_KNOWN:
        made = replace(made, programme=replace(made.programme, agenda=()))
    of_class = [np.flatnonzero(labels == n) for n in range(STATES)]
    chosen = [chance.choice(of_class[CLASSES.index(t.board)]) for t in made.taken]
    return made, chances[chosen]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m capture.pipeline.session.learn", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "data" / "chain.json")
    out: Path = parser.parse_args(arguments).out
    found = fit()
    out.write_text(json.dumps(to_json(found)) + "\n", encoding="utf-8")
    sys.stdout.write(f"{SESSIONS * len(SPECS)} sessions, trust in texts {found.trust}: {out}\n")


if __name__ == "__main__":
    main()
