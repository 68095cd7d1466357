"""Latency and indexing rate over many made-up boards: lines out of the lexicon's expressions, real in length."""

from __future__ import annotations

import random
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from archive.model import ChangeKind, Document, Line, Phase
from index.engine import Engine
from index.judged import queries
from index.lexicon import lexicon_folder, read_concepts

NAMES = ("Karim", "Lucie", "Nadia", "Mme Ferrand", "Diallo", "Sophie", "Julien", "Fatou", "Paul", "Yann")
LABS = ("Nantes", "Paris", "Lyon", "Lille", "Rennes")
FACETS = ("phase", "type", "lab", "year", "colour")
ROUNDS = 3


def made_up(count: int, seed: int = 0) -> Iterator[Document]:
    """Boards of 5 to 9 lines on three concepts each, ten to a session."""
    rng = random.Random(seed)
    concepts = read_concepts(lexicon_folder())
    everything = [expression for concept in concepts for expression in concept.fr]
    for number in range(count):
        session = number // 10
        topics = rng.choices(concepts, k=3)
        lines = []
        for place in range(rng.randint(5, 9)):
            said = f"{rng.choice(rng.choice(topics).fr)} {rng.choice(everything)}"
            if rng.random() < 0.3:
                said += f" ({rng.choice(NAMES)}, {rng.randint(1, 28)}/{rng.randint(1, 12)})"
            top = 60.0 + 90.0 * place
            box = ((40.0, top), (1200.0, top), (1200.0, top + 70), (40.0, top + 70))
            lines.append(Line(said, box, rng.uniform(0.5, 0.99), "ppocr"))
        fields = {"lab": (LABS[session % 5],), "type": ("codesign_flash",), "year": (str(2015 + session % 10),)}
        yield Document(
            f"b{number:07d}", ChangeKind.BOARD, f"s{session}", f"Atelier {concepts[session % len(concepts)].name}",
            tuple(lines), rng.choice(list(Phase)), f"p{number}", "", fields,
        )  # fmt: skip


def speed(count: int, model: str | None, folder: Path | None = None) -> None:
    """Prints rates, latencies by the clock and by the processor, and memory. An index left in ``folder`` is taken."""
    with tempfile.TemporaryDirectory() as scratch:
        place = folder or Path(scratch)
        if Engine.open(place, model).count != count:
            began = time.perf_counter(), time.process_time()
            Engine.open(place, model).rebuild(made_up(count), 1)
            spent = time.perf_counter() - began[0], time.process_time() - began[1]
            print(
                f"indexing: {count / spent[0]:.0f} boards/s (making them up included), {count / spent[1]:.0f} a second"
            )
            print(f"of processor; peak memory {_peak():.0f} MB, and of what follows if in one process")
        size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
        print(f"on disk: {size / 1e6:.0f} MB")
        began = time.perf_counter(), time.process_time()
        engine = Engine.open(place, model)
        engine.search("file d'attente au guichet")
        spent = time.perf_counter() - began[0], time.process_time() - began[1]
        print(f"open and first search: {spent[0] * 1000:.0f} ms, {spent[1] * 1000:.0f} of processor")
        took = np.array([_took(engine, q.query) for _ in range(ROUNDS) for q in queries()])
        for name, part in (("once", took[: len(queries())]), ("again", took[len(queries()) :])):
            for clock, values in zip(("clock", "processor"), part.T, strict=True):
                median, late = np.percentile(values, (50, 95))
                print(f"asked {name}, by the {clock}: median {median:.0f} ms, p95 {late:.0f} ms")
        print(f"peak memory: {_peak():.0f} MB, of which {_own():.0f} the process's own, the rest pages of mapped files")


def _took(engine: Engine, query: str) -> tuple[float, float]:
    """Milliseconds of a search with boxes and facets, by the clock and by the processor."""
    began = time.process_time()
    by_clock = engine.search(query, facets=FACETS).took_ms
    return by_clock, (time.process_time() - began) * 1000


def _peak() -> float:
    """Megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def _own() -> float:
    """Megabytes of memory that is no file's, as it is now."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon")) / 1e3
