"""Figures for Prometheus: what the archive holds and waits for, asked of the catalogue when they are asked for; and
how long answers took, counted as they are given, over all the processes that serve.

They name no session and no person. They are given to this machine, and to who sends FRESQUE_METRICS_TOKEN.
"""

from __future__ import annotations

import hmac
import os
import threading
import time
from collections.abc import Callable, Iterator

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CollectorRegistry, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from archive.figures import Figures
from fresque.addresses import API
from fresque.app import App
from fresque.web.desk import state_of
from fresque.web.faults import Forbidden
from fresque.web.guard import is_local

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""Folder in which several processes count together; prometheus_client reads it when it is imported."""

KEPT = 10.0  # seconds for which figures of the catalogue are given again: a million boards are not counted twice
FORM = "text/plain; version=0.0.4; charset=utf-8"
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

COUNTED = CollectorRegistry()
ANSWERS = Histogram(
    "fresque_request_seconds", "Time to answer", ("method", "route", "status"), registry=COUNTED, buckets=BOUNDS
)
SEARCHES = Histogram("fresque_search_seconds", "Time to answer a search", registry=COUNTED, buckets=BOUNDS)
SEARCH_ROUTES = ("/search", f"{API}/search")


def answered(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answer. ``route`` is the pattern of the address: the address itself may hold a secret."""
    ANSWERS.labels(method, route, str(status)).observe(seconds)
    if route in SEARCH_ROUTES and status < 400:
        SEARCHES.observe(seconds)


class Catalogue:
    """Figures of an archive, as prometheus_client's collectors are."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._kept: tuple[float, Figures, dict[str, float], int] | None = None

    def collect(self) -> Iterator[Metric]:
        figures, stages, behind = self._figures()
        yield _gauge("fresque_queue_photos", "Photos by what they wait for", "state", figures.queue)
        yield GaugeMetricFamily(
            "fresque_queue_oldest_seconds", "How long the first of those that wait has been waiting", figures.oldest
        )
        yield _gauge("fresque_photos", "Photos by state", "state", figures.photos)
        yield _gauge("fresque_boards", "Boards by phase", "phase", figures.boards)
        yield _gauge(
            "fresque_stage_seconds", "Mean of the latest thousand readings in which the stage ran", "stage", stages
        )
        yield _gauge("fresque_reader_confidence", "Of the latest thousand boards read", "quantile", figures.confidence)
        yield GaugeMetricFamily("fresque_index_lag_changes", "Changes that cannot be found yet", behind)

    def _figures(self) -> tuple[Figures, dict[str, float], int]:
        with self._lock:
            if self._kept is None or time.monotonic() - self._kept[0] > KEPT:
                catalog = self._app.archive.catalog
                found = catalog.figures(), catalog.seconds_by_stage(), self._app.behind()
                self._kept = (time.monotonic(), *found)
            return self._kept[1:]


def _gauge(name: str, told: str, label: str, values: dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, told, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def metrics(request: Request) -> Response:
    """Raises Forbidden."""
    if not (is_local(request) or _has_token(request)):
        raise Forbidden("Les mesures sont pour cette machine ou pour un jeton (FRESQUE_METRICS_TOKEN).")
    catalogue = CollectorRegistry()
    catalogue.register(request.app.state.figures)
    return Response(generate_latest(catalogue) + generate_latest(_counted()), media_type=FORM)


def _counted() -> CollectorRegistry:
    if not os.environ.get(SHARED):
        return COUNTED
    every = CollectorRegistry()
    multiprocess.MultiProcessCollector(every)  # type: ignore[no-untyped-call]
    return every


def _has_token(request: Request) -> bool:
    wanted = state_of(request).served.metrics_token
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    return bool(wanted) and kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), wanted.encode())


def health() -> dict[str, str]:
    """The process lives."""
    return {"status": "ok"}


def ready(request: Request) -> Response:
    """Whether it can answer: catalogue, bytes and index, each asked. Of a part that fails only its name is told."""
    app = state_of(request).app
    parts = {
        "catalogue": _works(lambda: app.archive.catalog.last_sequence() >= 0),
        "bytes": _works(app.archive.blobs.reachable),
        "index": _works(lambda: app.engine.fault is None),
    }
    good = all(parts.values())
    return JSONResponse({"status": "ready" if good else "not ready", "parts": parts}, 200 if good else 503)


def _works(asked: Callable[[], bool]) -> bool:
    try:
        return asked()
    except Exception:  # whatever a database, a store or a damaged index may raise
        return False
