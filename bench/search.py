"""How well and how fast boards are found.

    python -m bench.search                 the table, held-out themes
    python -m bench.search --split fresh   the table, themes to tune on
    python -m bench.search --fit           weights fitted on the themes to tune on
    python -m bench.search --speed 10000   latency and indexing rate over so many boards
    python -m bench.search --engine postgresql    the embedded engine and that one, asked the same

Side by side on the same boards: Whoosh alone, n-grams alone, meaning alone, reciprocal rank fusion of the three, ours.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.postgres_server import scratch
from bench.search_fit import fit
from bench.search_judged import NOISE, SPLITS, Judged, boards, collect, quality, queries
from index import rank
from index.compare import agreement, found
from index.compare import quality as mean
from index.embed import open_model
from index.engine import Engine
from index.judged import KINDS, document
from index.language import Language
from index.postgres.engine import PostgresEngine
from index.rank import Scores, Weights

Floats = NDArray[np.float64]
SYSTEMS = ("Whoosh", "n-grams", "meaning", "RRF", "ours")


def _rrf(scores: Scores, weights: Weights) -> Floats:
    lists = (scores.text, scores.letters, rank.meaning(scores, weights))
    places = [np.argsort(np.argsort(-part, kind="stable"), kind="stable") for part in lists]
    silent = [part <= 0 if n < 2 else np.zeros(len(part), np.bool_) for n, part in enumerate(lists)]
    return np.asarray(sum(np.where(mute, 0, 1 / (60 + place)) for place, mute in zip(places, silent, strict=True)))


def totals(scores: Scores, weights: Weights) -> dict[str, Floats]:
    """What each system sorts by."""
    return {
        "Whoosh": scores.text,
        "n-grams": scores.letters,
        "meaning": rank.meaning(scores, weights),
        "RRF": _rrf(scores, weights),
        "ours": rank.fuse(scores, weights).total,
    }


def table(every: Sequence[Judged], weights: Mapping[Language, Weights]) -> dict[str, dict[str, float]]:
    """Mean nDCG@10 by system and kind of query."""
    cells: dict[str, dict[str, list[float]]] = {name: {kind: [] for kind in (*KINDS, "all")} for name in SYSTEMS}
    for judged in every:
        for name, total in totals(judged.scores, weights[judged.spoken]).items():
            value = quality(judged, total)
            cells[name][judged.query.kind].append(value)
            cells[name]["all"].append(value)
    return {name: {kind: float(np.mean(v)) if v else 0.0 for kind, v in row.items()} for name, row in cells.items()}


def show(split: str, model: str | None) -> None:
    clean, noisy = (table(collect(share, split, model), rank.FITTED) for share in (0.0, NOISE))
    kinds = (*KINDS, "all")
    print(f"nDCG@10 on {len(queries(split))} {split} queries over {len(boards(split))} boards")
    print(f"{'':10}" + "".join(f"{kind:>12}" for kind in kinds) + "".join(f"{kind + ' 20 %':>17}" for kind in kinds))
    for name in SYSTEMS:
        left = "".join(f"{clean[name][kind]:12.3f}" for kind in kinds)
        print(f"{name:10}" + left + "".join(f"{noisy[name][kind]:17.3f}" for kind in kinds))


def compare(split: str, model: str | None) -> None:
    """Both engines through their doors, candidates and all; PostgreSQL is a scratch one out of the wheel."""
    embedder = open_model(model)
    asked = queries(split)
    with tempfile.TemporaryDirectory() as folder, scratch(Path(folder)) as url:
        reference, other = Engine.temporary(embedder), PostgresEngine(url, embedder)
        print(f"nDCG@10 on {len(asked)} {split} queries over {len(boards(split))} boards, embedded and postgresql")
        for share in (0.0, NOISE):
            answers = []
            for engine in (reference, other):
                engine.rebuild((document(board, share) for board in boards(split)), 1)
                answers.append(found(engine, [query.query for query in asked]))
            for kind in (*KINDS, "all"):
                places = [n for n, query in enumerate(asked) if kind in (query.kind, "all")]
                one, two = (mean([part[n] for n in places], [asked[n] for n in places]) for part in answers)
                print(f"{kind:12} {share:4.0%} misread  {one:.3f}  {two:.3f}  {two - one:+.3f}")
            print(f"{agreement(*answers):.1%} of the first ten answers are the same")
        other.server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=SPLITS, default="held")
    parser.add_argument("--model", help="a sentence-transformers model instead of the bundled one")
    parser.add_argument("--fit", action="store_true", help="fit the weights on the themes to tune on")
    parser.add_argument("--speed", type=int, metavar="BOARDS", help="measure latency and indexing rate")
    parser.add_argument("--folder", type=Path, help="with --speed: where the index is kept, or was left")
    parser.add_argument("--engine", choices=("postgresql",), help="compare the answers of another engine")
    args = parser.parse_args()
    if args.engine:
        compare(args.split, args.model)
    elif args.fit:
        fit(args.model)
    elif args.speed:
        from bench.search_speed import speed

        speed(args.speed, args.model, args.folder)
    else:
        show(args.split, args.model)


if __name__ == "__main__":
    main()
