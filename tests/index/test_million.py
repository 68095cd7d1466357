"""A million boards in PostgreSQL, searched on two cores: what docs/scale.md says, held."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from bench import million
from bench.postgres_server import scratch
from index.postgres.engine import PostgresEngine

COUNT = int(os.environ.get("FRESQUE_MILLION", "1000000"))
P95_MS = 100.0


@pytest.mark.soak
def test_a_hybrid_search_of_a_million_boards_takes_a_tenth_of_a_second(tmp_path: Path) -> None:
    """Warm, by the clock: run it on a machine that does nothing else."""
    with scratch(tmp_path) as url:
        engine = PostgresEngine(url)
        million.build(engine, COUNT, tmp_path, workers=2)
        assert engine.count == COUNT
        million.timed(engine, (), 1)
        warm = million.timed(engine, ())
        million.told("warm", warm)
        engine.close()
    assert np.percentile(warm, 95) <= P95_MS


def test_boards_made_of_lines_are_like_boards_that_were_embedded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The generator's short cut (a board is the sum of its lines) gives vectors near those of the model itself."""
    from index import segment
    from index.embed import open_model
    from index.prepare import prepare

    monkeypatch.setattr(million, "LINES_A_SUBJECT", 1)
    million.make_pool(tmp_path)
    pool = million._pool(tmp_path)
    boards = [million._board(number, pool)[0] for number in range(40)]
    vectors = segment.embed([prepare(board) for board in boards], open_model())
    real = np.stack([vectors.board(row) for row in range(40)])
    rows = million.made(0, 40, tmp_path)
    made = np.stack([np.frombuffer(row.document[2][4:], ">f2").astype(np.float32) for row in rows])
    alike = made @ real.T
    assert np.median(np.diag(alike)) > 0.9
    assert np.mean(alike.argmax(axis=1) // 10 == np.arange(40) // 10) > 0.9  # ten of a session say much the same
