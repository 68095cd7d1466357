"""A million boards in PostgreSQL: how long they take to build, how many bytes, how soon they are found.

    python -m bench.million 100000                        builds them in a scratch server, then times searches
    python -m bench.million 1000000 --folder /srv/scratch --keep
    python -m bench.million --folder /srv/scratch         times searches in what was kept

Boards are made as ``bench.search_speed`` makes them, of the lexicon's expressions, a session's boards on the same few
subjects and some words misread. What makes a million quick is that a line is analysed and embedded once and stands on
several boards: a board's vector is the sum of its lines' and of its session's title, a window's that of two lines.
Rows are then the engine's own, written and indexed by it.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from archive.model import ChangeKind, Document, Line, Phase
from bench.postgres_server import scratch
from bench.search_speed import FACETS, LABS, NAMES
from index import vectors
from index.embed import open_model
from index.judged import misread, queries
from index.lexicon import Concept, lexicon_folder, read_concepts
from index.postgres import rows, tables, writer
from index.postgres.engine import PostgresEngine
from index.postgres.rows import Row
from index.prepare import prepare
from index.vectors import Matrix

LINES_A_SUBJECT = 36
BATCH = 2000
MISREAD = 0.04
"""Share of words that are misread, each in one of VARIANTS ways."""
VARIANTS = 5
ROUNDS = 3
_BOX = ((40.0, 60.0), (1200.0, 60.0), (1200.0, 130.0), (40.0, 130.0))


@dataclass(frozen=True, eq=False)
class Pool:
    """Lines by subject: those of subject ``i`` are ``texts[i * LINES_A_SUBJECT:(i + 1) * LINES_A_SUBJECT]``."""

    texts: tuple[str, ...]
    vectors: Matrix
    titles: Matrix  # of sessions that are called after a subject


@cache
def _concepts() -> list[Concept]:
    return list(read_concepts(lexicon_folder()))


def _spoilt(text: str, rng: random.Random) -> str:
    return " ".join(
        misread(word, 0.25, random.Random(f"{word}{rng.randrange(VARIANTS)}")) if rng.random() < MISREAD else word
        for word in text.split()
    )


def title(subject: int) -> str:
    return f"Atelier {_concepts()[subject].name}"


def make_pool(path: Path) -> None:
    """Analyse and embed every line once; kept in a file that the builders map."""
    rng = random.Random(0)
    concepts = _concepts()
    everything = [expression for concept in concepts for expression in concept.fr]
    texts = []
    for concept in concepts:
        for _ in range(LINES_A_SUBJECT):
            said = f"{rng.choice(concept.fr)} {rng.choice(everything)}"
            if rng.random() < 0.3:
                said += f" ({rng.choice(NAMES)}, {rng.randint(1, 28)}/{rng.randint(1, 12)})"
            texts.append(_spoilt(said, rng))
    model = open_model()
    parts = [model.passages(texts[at : at + 4000]) for at in range(0, len(texts), 4000)]
    np.save(path / "lines.npy", np.concatenate(parts).astype(np.float16))
    np.save(path / "titles.npy", model.passages([title(n) for n in range(len(concepts))]).astype(np.float16))
    (path / "lines.json").write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")


@cache
def _pool(path: Path) -> Pool:
    texts = tuple(json.loads((path / "lines.json").read_text(encoding="utf-8")))
    lines, titles = (np.load(path / f"{name}.npy", mmap_mode="r").view(np.ndarray) for name in ("lines", "titles"))
    return Pool(texts, lines, titles)


def _board(number: int, pool: Pool) -> tuple[Document, list[int], int]:
    """One board, its lines' places in the pool, and its session's subject; ten to a session."""
    session, rng = number // 10, random.Random(number)
    about = random.Random(f"session {session}")
    subjects = [about.randrange(len(pool.titles)) for _ in range(4)]
    places = [rng.choice(subjects) * LINES_A_SUBJECT + rng.randrange(LINES_A_SUBJECT) for _ in range(rng.randint(5, 9))]
    lines = tuple(Line(pool.texts[place], _BOX, round(rng.uniform(0.5, 0.99), 2), "ppocr") for place in places)
    fields = {"lab": (LABS[session % 5],), "type": ("codesign_flash",), "year": (str(2015 + session % 10),)}
    phase = list(Phase)[rng.randrange(len(Phase))]
    document = Document(
        f"b{number:07d}", ChangeKind.BOARD, f"s{session}", title(subjects[0]), lines, phase, f"p{number}", "", fields
    )
    return document, places, subjects[0]


def made(first: int, count: int, path: Path) -> list[Row]:
    """Rows of the boards from ``first`` on."""
    pool = _pool(path)
    boards = [_board(number, pool) for number in range(first, first + count)]
    every = np.array([place for _, places, _ in boards for place in places], np.int64)
    counts = [len(places) for _, places, _ in boards]
    starts = np.cumsum([0, *counts])
    said = pool.vectors[every].astype(np.float32)
    heads = pool.titles[[subject for _, _, subject in boards]].astype(np.float32)
    whole = vectors.unit(np.add.reduceat(said, starts[:-1], axis=0) + heads)
    pairs = np.setdiff1d(np.arange(len(every) - 1), starts[1:-1] - 1)
    owner = np.repeat(np.arange(count), counts)[pairs]
    windows = vectors.unit(said[pairs] + said[pairs + 1] + heads[owner])
    return rows.build(
        [prepare(document) for document, _, _ in boards],
        vectors.build(whole, windows, [number - 1 for number in counts]),
    )


def build(engine: PostgresEngine, count: int, path: Path, workers: int) -> dict[str, float]:
    """Seconds by step, by the clock."""
    took: dict[str, float] = {}
    began = time.perf_counter()

    def step(name: str) -> None:
        nonlocal began
        took[name] = time.perf_counter() - began
        began = time.perf_counter()
        print(f"{name}: {took[name]:.0f} s", flush=True)

    if not (path / "lines.json").exists():
        make_pool(path)
    step("lines analysed and embedded")
    generation, held = writer.begin(engine.server, engine.home, engine.model, 1)
    starts = range(len(held) // BATCH * BATCH, count, BATCH)
    with ProcessPoolExecutor(workers) as pool:
        for fresh in _in_order(pool, starts, path):
            writer.fill(engine.server, generation, fresh)
    step("rows made and copied")
    writer.count(engine.server, generation, engine.model)
    step("corpus statistics, sessions")
    writer.index(engine.server, generation)
    step("indexes")
    writer.swap(engine.server, generation)
    step("analysed, put in place")
    return took


def _in_order(pool: ProcessPoolExecutor, starts: Sequence[int], path: Path) -> Iterator[list[Row]]:
    """Few batches ahead: rows wait in memory."""
    waiting = [pool.submit(made, first, BATCH, path) for first in starts[:4]]
    for following in (*starts[4:], *[None] * 4):
        if not waiting:
            return
        yield waiting.pop(0).result()
        if following is not None:
            waiting.append(pool.submit(made, following, BATCH, path))


def sizes(engine: PostgresEngine) -> dict[str, int]:
    """Bytes of each table with its TOAST, and of each index."""
    with engine.server.reading() as cursor:
        current = tables.newest(cursor, engine.home, "current")
        assert current is not None
        cursor.execute(
            "SELECT relname, CASE relkind WHEN 'r' THEN pg_table_size(oid) ELSE pg_relation_size(oid) END FROM pg_class"
            " WHERE relnamespace = %s::regnamespace AND relkind IN ('r', 'i') ORDER BY 2 DESC",
            (current.schema,),
        )
        return {str(name): int(size) for name, size in cursor.fetchall()}


def timed(engine: PostgresEngine, facets: Sequence[str], rounds: int = ROUNDS) -> NDArray[np.float64]:
    """Milliseconds by the clock of each judged query, rounds × queries."""
    asked = [query.query for query in queries()]
    return np.array([[engine.search(text, facets=facets).took_ms for text in asked] for _ in range(rounds)])


def told(name: str, took: NDArray[np.float64]) -> None:
    print(f"{name}: median {np.median(took):.0f} ms, p95 {np.percentile(took, 95):.0f} ms, largest {took.max():.0f} ms")


def search(engine: PostgresEngine) -> None:
    count = engine.count
    for table, size in list(sizes(engine).items())[:14]:
        print(f"{table}: {size / 1e6:.0f} MB, {size / count:.0f} bytes a board")
    print(f"load while timing: {Path('/proc/loadavg').read_text().split()[0]}")
    told("first round", timed(engine, (), 1))
    told("warm", timed(engine, ()))
    told("warm, with five facets", timed(engine, FACETS, 2))
    print(f"the searching process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", nargs="?", type=int, help="boards to build; none: what the folder holds is searched")
    parser.add_argument("--folder", type=Path, default=Path("/tmp/fresque-million"))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", action="store_true", help="leave the database in the folder")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    with scratch(args.folder) as url:
        engine = PostgresEngine(url)
        if args.count:
            build(engine, args.count, args.folder, args.workers)
        search(engine)
        engine.server.close()
    if not args.keep:
        shutil.rmtree(args.folder)


if __name__ == "__main__":
    main()
