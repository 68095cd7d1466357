"""What time and neighbours add to the text: ``python -m bench.phase_sessions [--sessions N] [--soft RATE]``.

Sessions are made up (capture/pipeline/session/generate.py says how), each photo with a labelled board of the kept
half, whose themes neither the tagger nor the chain saw. A board's text enters as it would be read. «text» is the
tagger's likeliest class, «time» what agenda and hour say, «both» the chain. All are judged on the same boards.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bench.phase import JUDGED, Case, cases
from capture.pipeline.phase.features import CLASSES, texts
from capture.pipeline.phase.misread import misread
from capture.pipeline.phase.tagger import judge
from capture.pipeline.session import chain, generate
from capture.pipeline.session.phases import shipped
from capture.pipeline.session.when import placed

READ = 0.085
"""Characters misread on real photos kept for reporting (bench.reading, odd half); 0.08 on those tuned on."""


@dataclass(frozen=True, slots=True)
class Texts:
    """How the boards come: ``rate`` of characters misread; ``part``: of half the boards only this share of the lines
    is in view or legible."""

    name: str
    rate: float = 0.0
    part: float = 1.0


KINDS = (Texts("as written"), Texts("as read", READ), Texts("as read, half of the boards cut", READ, 0.5))


@dataclass(frozen=True, slots=True)
class Shares:
    time: float
    text: float
    timed: float  # text and time, no neighbours
    both: float

    @property
    def gain(self) -> float:
        return self.both - self.text


def chances(judged: Sequence[Case], kind: Texts) -> NDArray[np.float64]:
    """Probabilities of CLASSES by the text alone, a row a board."""
    rows = []
    for case in judged:
        seed = crc32(case.id.encode())
        lines = case.lines
        if seed % 2 and kind.part < 1:
            lines = lines[: max(1, round(len(lines) * kind.part))]
        rows.append(judge(texts(misread(lines, kind.rate, seed))).chances)
    return np.array(rows)


def compare(
    judged: Sequence[Case], said: NDArray[np.float64], sessions: int, spec: generate.Spec, agenda: bool
) -> Shares:
    """Shares of the boards that are given their true class."""
    tables = shipped()
    of_class = [[n for n, c in enumerate(judged) if c.phase == name] for name in CLASSES]
    hits = []
    for seed in range(sessions):
        made, chance = generate.session(seed, spec), random.Random(seed)
        chosen = [_draw(of_class[CLASSES.index(t.board)], chance) for t in made.taken]
        programme = made.programme if agenda else replace(made.programme, agenda=())
        when = [w for w in placed([t.time for t in made.taken], programme) if w]
        true = np.array([CLASSES.index(t.board) for t in made.taken])
        alone = chain.time_alone(when, tables)
        timed = chain.likelihoods(said[chosen], tables) * alone
        given = (alone, said[chosen], timed, chain.posterior(said[chosen], when, tables))
        hits.append([(p.argmax(axis=1) == true) for p in given])
    return Shares(*(float(np.concatenate(part).mean()) for part in zip(*hits, strict=True)))


def _draw(boards: Sequence[int], chance: random.Random) -> int:
    return chance.choice(boards)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.phase_sessions", description=__doc__)
    parser.add_argument("--sessions", type=int, default=200)
    count: int = parser.parse_args(arguments).sessions
    judged = cases(JUDGED)
    print(f"{count} made-up sessions; {len(judged)} texts of themes not learned from; 30 % of the boards out of phase")
    print(
        f"{'texts':34s}{'out of phase':>14s}{'agenda':>8s}"
        + "".join(f"{n:>8s}" for n in ("time", "text", "+time", "both", "gain"))
    )
    for kind in KINDS:
        said = chances(judged, kind)
        for out, spec in (("by rounds", generate.Spec()), ("each alone", generate.Spec(runs=False))):
            for agenda in (True, False):
                s = compare(judged, said, count, spec, agenda)
                figures = "".join(f"{v:8.3f}" for v in (s.time, s.text, s.timed, s.both, s.gain))
                print(f"{kind.name:34s}{out:>14s}{'yes' if agenda else 'no':>8s}{figures}")


if __name__ == "__main__":
    main()
