"""Fifty people search and five upload at once for two minutes: no error, answers that come soon, memory that stays.

People type a query, look at what came, and type the next: each asks every two seconds or so. ./run soak runs it; it
wants the machine for itself.
"""

from __future__ import annotations

import hashlib
import io
import json
import random
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import numpy as np
import psutil
import pytest
from PIL import Image

from samples.tour import SAMPLE
from tests.browser.conftest import Server, fresque, serve

SEARCHERS, UPLOADERS = 50, 5
SECONDS = 120.0
THINK = (1.0, 3.0)  # seconds between two queries of one person
QUERIES = (
    "guichet", "simulateur maquette", "nounou introuvable", "plan d'action", "parrain", "simmulateurs", "qui décide",
    "congé parental phase:scan", "assistante maternelle", "budget validé", "marraine", "retour au travail",
)  # fmt: skip


@dataclass
class Told:
    times: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    uploads: int = 0


def search(address: tuple[str, int], until: float, told: Told, seed: int) -> None:
    chance = random.Random(seed)
    while time.monotonic() < until:
        time.sleep(chance.uniform(*THINK))
        connection = HTTPConnection(*address, timeout=60)
        began = time.monotonic()
        try:
            connection.request("GET", f"/search?part=1&q={quote(chance.choice(QUERIES))}")
            answer = connection.getresponse()
            body = answer.read()
            told.times.append(time.monotonic() - began)
            if answer.status != 200 or b"card" not in body:
                told.faults.append(f"search: {answer.status} {body[:100]!r}")
        except OSError as error:
            told.faults.append(f"search: {error!r}")
        finally:
            connection.close()


def upload(address: tuple[str, int], until: float, told: Told, seed: int) -> None:
    noise = np.random.default_rng(seed)
    csrf = "u" * 43
    headers = {"Cookie": f"fresque_csrf={csrf}", "X-CSRF-Token": csrf, "Content-Type": "application/json"}
    while time.monotonic() < until:
        out = io.BytesIO()
        Image.fromarray(noise.integers(0, 255, (600, 800, 3), dtype=np.uint8)).save(out, "JPEG", quality=90)
        data = out.getvalue()
        body = {"name": f"p{seed}.jpg", "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        try:
            connection = HTTPConnection(*address, timeout=60)
            connection.request("POST", "/api/v1/sessions/load/uploads", json.dumps(body), headers)
            opened = json.loads(connection.getresponse().read())
            connection.request("PUT", f"/api/v1/uploads/{opened['upload']}?offset=0", data, headers)
            answer = connection.getresponse()
            said = json.loads(answer.read())
            if answer.status != 200 or said["state"] != "added":
                told.faults.append(f"upload: {answer.status} {said}")
            told.uploads += 1
            connection.close()
        except (OSError, KeyError, ValueError) as error:
            told.faults.append(f"upload: {error!r}")
        time.sleep(2.0)


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_fifty_search_and_five_upload(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    fresque(archive, "init", str(archive))
    fresque(archive, "session", "add", "sample", "--from", str(SAMPLE / "session.toml"))
    fresque(archive, "session", "add", "load", "--title", "Charge")
    fresque(archive, "ingest", *map(str, sorted(SAMPLE.glob("*.jpg"))), "--session", "sample")
    with serve(archive) as server:
        told, memory = run(server)
    p95 = float(np.percentile(told.times, 95))
    found = f"{len(told.times)} searches, p95 {p95 * 1000:.0f} ms, {told.uploads} uploads, memory {memory}"
    assert not told.faults, told.faults[:5]
    assert told.uploads >= UPLOADERS * 10, found
    assert p95 <= 0.3, found
    assert memory[-1] <= memory[0] * 1.15 + 30e6, found


def run(server: Server) -> tuple[Told, list[float]]:
    """Memory of the pages' process (its worker is another) once all is warm, then every ten seconds."""
    host, port = server.address.removeprefix("http://").split(":")
    address, told = (host, int(port)), Told()
    warm = Told()
    search(address, time.monotonic() + 8, warm, 0)
    until = time.monotonic() + SECONDS
    people = [threading.Thread(target=search, args=(address, until, told, n)) for n in range(SEARCHERS)]
    people += [threading.Thread(target=upload, args=(address, until, told, n)) for n in range(UPLOADERS)]
    for each in people:
        each.start()
    time.sleep(20)
    memory = []
    while time.monotonic() < until:
        memory.append(float(psutil.Process(server.pid).memory_info().rss))
        time.sleep(10)
    for each in people:
        each.join()
    return told, memory
