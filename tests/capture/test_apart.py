"""A photo that kills its worker: a real process dies on it, and the queue does not give it back for ever."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.model import PhotoState, Session
from archive.store import Archive
from capture import process
from capture.pipeline import stages
from fresque import workers
from tests.capture import making

KILLER = b"the picture that kills"


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    """Every process that opens it kills itself on one photo, as a fault in a C library would; the others are read."""
    (tmp_path / "sitecustomize.py").write_text(
        "import os, signal, sys\n"
        "def fault(event, given):\n"
        f"    if event == 'open' and str(given[0]).endswith({making_name()!r}):\n"
        "        os.kill(os.getpid(), signal.SIGSEGV)\n"
        "sys.addaudithook(fault)\n"
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{Path(process.__file__).parents[1]}")
    with Archive.create(tmp_path / "archive") as made:
        made.catalog.add_session(Session("s", "Une session"))
        for name, data in (("bad.jpg", KILLER), ("good.png", making.picture("PNG"))):
            made.catalog.add_photo("s", made.blobs.put(data), name)
        yield made


def making_name() -> str:
    import hashlib

    return hashlib.sha256(KILLER).hexdigest()


@pytest.mark.slow
def test_the_killer_fails_with_its_reason_and_the_rest_is_read(archive: Archive) -> None:
    done = list(workers.process(archive, stages.Options(renditions=False, threads=1), 2))
    by_name = {each.file_name: each for each in done}
    assert by_name["good.png"].error is None
    assert "SIGSEGV" in (by_name["bad.jpg"].error or "")
    states = {p.file_name: p.state for p in archive.catalog.photos()}
    assert states == {"bad.jpg": PhotoState.FAILED, "good.png": PhotoState.DONE}
    (failure,) = archive.jobs.failures()
    assert "alone" in failure.reason
    assert archive.jobs.next_due() is None


def test_a_worker_that_was_killed_by_others_costs_no_photo(archive: Archive) -> None:
    for _ in range(process.SUSPECT + 3):
        assert archive.jobs.lease("dead", 300) is not None
        assert archive.jobs.release_dead(lambda worker: worker == "dead") == 1
    lease = archive.jobs.lease("w", 300)
    assert lease is not None
    assert lease.attempt == 1
    assert lease.deaths > 0
