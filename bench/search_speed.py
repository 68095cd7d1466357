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


def speed(count: int, model: str | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        Engine.open(Path(folder), model).rebuild(made_up(count), 1)
        print(f"indexing: {count / (time.perf_counter() - began):.0f} boards/s (making them up included)")
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        print(f"on disk: {size / 1e6:.0f} MB")
        began = time.perf_counter()
        engine = Engine.open(Path(folder), model)
        engine.search("file d'attente au guichet")
        print(f"open and first search: {(time.perf_counter() - began) * 1000:.0f} ms")
        took = [engine.search(q.query, facets=FACETS).took_ms for _ in range(ROUNDS) for q in queries()]
        first, later = np.array(took[: len(queries())]), np.array(took[len(queries()) :])
        for name, part in (("asked once", first), ("asked again", later)):
            print(f"{name}: median {np.median(part):.0f} ms, p95 {np.percentile(part, 95):.0f} ms")
        print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")
