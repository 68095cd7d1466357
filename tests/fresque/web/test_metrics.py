"""Figures, readiness, ids of requests: read by Prometheus's own parser, against an archive that is known."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from fresque import logs
from fresque.web.server import create
from fresque.web.state import Served
from tests.fresque.web.conftest import Place


@pytest.fixture
def far(place: Place) -> Iterator[TestClient]:
    """From another machine, where a token is known."""
    served = Served("http://fresque.lab", processing=False, metrics_token="m" * 30)
    with TestClient(create(place.app, served), base_url="http://fresque.lab", client=("10.0.0.7", 1)) as client:
        yield client


def figures(text: str) -> dict[tuple[str, str], float]:
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_figures_are_those_of_the_archive(place: Place) -> None:
    local = place.clients["anonymous"]
    before = figures(local.get("/metrics").text)
    assert place.clients["reader"].get("/api/v1/search?q=partout").status_code == 200
    assert place.clients["reader"].get("/api/v1/search?q=partout").status_code == 200
    found = figures(local.get("/metrics").text)
    counts = place.app.archive.catalog.counts()
    assert found["fresque_queue_photos", "waiting"] == counts.waiting
    assert found["fresque_photos", "done"] == len(place.photos)
    assert sum(v for (name, _), v in found.items() if name == "fresque_boards") == sum(counts.boards.values())
    assert found["fresque_index_lag_changes", ""] == place.app.behind()
    assert 0.3 < found["fresque_reader_confidence", "0.5"] <= 0.8
    searched = found["fresque_search_seconds_count", ""] - before.get(("fresque_search_seconds_count", ""), 0.0)
    assert searched == 2
    assert ("fresque_request_seconds_count", "GET,/api/v1/search,200") in found


def test_another_machine_needs_the_token(far: TestClient, place: Place) -> None:
    assert far.get("/metrics").status_code == 403
    assert far.get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 403
    assert "fresque_queue_photos" in far.get("/metrics", headers={"authorization": f"Bearer {'m' * 30}"}).text
    forwarded = place.clients["anonymous"].get("/metrics", headers={"x-forwarded-for": "10.0.0.7"})
    assert forwarded.status_code == 403
    assert far.get("/health").json() == {"status": "ok"}
    assert far.get("/ready").status_code == 200


def test_figures_name_no_session_and_no_secret(place: Place) -> None:
    client = place.clients["anonymous"]
    client.get("/feeds/secretsecret.atom")
    client.get("/invitation/secretsecret")
    text = client.get("/metrics").text
    assert "secretsecret" not in text
    assert not [session for session in place.boards if session in text]


def test_not_ready_without_its_bytes(alone: Place) -> None:
    client = alone.clients["local"]
    assert client.get("/ready").json()["parts"] == {"catalogue": True, "bytes": True, "index": True}
    blobs = alone.app.archive.path / "blobs"
    blobs.rename(blobs.with_name("away"))
    answer = client.get("/ready")
    assert (answer.status_code, answer.json()["parts"]["bytes"]) == (503, False)
    assert client.get("/health").status_code == 200


def test_every_line_of_the_log_has_the_id_of_its_request(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRESQUE_LOG", "json")
    logger = logging.getLogger("fresque")
    before = logger.handlers, logger.propagate, logger.level
    logs.configure()
    try:
        client = place.clients["reader"]
        answer = client.get("/api/v1/search?q=Jeanne+Martin", headers={"x-request-id": "from-the-proxy"})
        assert answer.headers["x-request-id"] == "from-the-proxy"
        bad = client.get("/api/v1/sessions", headers={"x-request-id": "a b"})
        assert bad.headers["x-request-id"] not in ("", "a b")
    finally:
        logger.handlers, logger.propagate = before[0], before[1]
        logger.setLevel(before[2])
    written = capsys.readouterr().err
    lines = [json.loads(line) for line in written.splitlines()]
    (line,) = [each for each in lines if each.get("request") == "from-the-proxy"]
    assert (line["route"], line["status"], line["method"]) == ("/api/v1/search", 200, "GET")
    assert "Martin" not in written, "what people search for is theirs"


def test_several_processes_count_together(tmp_path: Path) -> None:
    """As when the pages are served by several: each counts in the shared folder, any of them tells the sum."""
    one = "from fresque.web import metrics; metrics.answered('GET', '/search', 200, 0.01)"
    told = "from fresque.web import metrics; from prometheus_client import generate_latest as g"
    told += "; import sys; sys.stdout.buffer.write(g(metrics._counted()))"
    env = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PYTHONPATH": ":".join(sys.path)}
    for _ in range(2):
        subprocess.run([sys.executable, "-c", one], env=env, check=True)
    text = subprocess.run([sys.executable, "-c", told], env=env, check=True, capture_output=True, text=True).stdout
    assert figures(text)["fresque_search_seconds_count", ""] == 2


def test_settings_that_mean_nothing_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from archive.errors import UsageError

    monkeypatch.setenv("FRESQUE_LOG", "xml")
    with pytest.raises(UsageError, match="no form of log"):
        logs.configure()
