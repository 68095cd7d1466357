"""Requests made up from the OpenAPI description (schemathesis): whatever is asked, it is never a fault of ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok

from archive.accounts import Scope
from tests.fresque.web.conftest import PEOPLE, Place, client_of, opened

API = "/api/v1"
ENDLESS = "events"  # does not end
SLOW = "export|preview"  # tested where they are made
CASES = 5  # of each operation; ./run soak makes COUNT in all
COUNT = 2000


@pytest.fixture
def fuzzed(
    filled: tuple[Path, dict[str, str], dict[str, str]], tmp_path: Path
) -> Iterator[tuple[Place, dict[str, str], Any]]:
    from fastapi.testclient import TestClient

    from fresque.web.server import create
    from fresque.web.state import Served

    with opened(filled[0], tmp_path / "archive") as app:
        made = app.archive.catalog.add_account(PEOPLE[2])
        _, secret = app.archive.catalog.add_token(made.id, "fuzz", list(Scope))
        web = TestClient(
            create(app, Served(processing=False)), base_url="http://127.0.0.1", raise_server_exceptions=False
        )
        # nothing goes on beside it: two threads in Python 3.11's ast at once (Hypothesis reads the source of what it
        # draws from, the keeper imports) are a fault of the interpreter (gh-106905)
        client = client_of(web, token=secret)
        yield Place(app, {"token": client}, dict(filled[1]), dict(filled[2])), {"account": made.id}, client


def known(place: Place, name: str, session: str) -> str | None:
    return {
        "session_id": session, "board_id": place.boards[session], "photo_id": place.photos[session],
        "material_id": f"text-{session}", "account_id": next(iter(place.clients)), "name": "thumb",
    }.get(name)  # fmt: skip


def attack(place: Place, client: Any, per_operation: int) -> tuple[Counter[int], list[str]]:
    """Statuses that came back, and what was a fault. In two of three cases the ids are those of things there are."""
    schema = schemathesis.openapi.from_dict(client.get(f"{API}/openapi.json").json())
    statuses: Counter[int] = Counter()
    faults: list[str] = []
    limits = settings(
        max_examples=per_operation, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    sessions = list(place.boards)

    def send(case: Any) -> None:
        number = sum(statuses.values())
        for name in case.path_parameters or {}:
            real = known(place, name, sessions[number % len(sessions)])
            if number % 3 and real is not None:
                case.path_parameters[name] = real
        sent = case.as_transport_kwargs(base_url="http://127.0.0.1")
        headers = {str(k): str(v) for k, v in dict(sent.get("headers") or {}).items() if k.lower() != "authorization"}
        body = {name: sent[name] for name in ("json", "data") if sent.get(name) is not None}
        if "data" in body:
            body["content"] = body.pop("data")
        answer = client.request(case.method, sent["url"], params=sent.get("params"), headers=headers, **body)
        statuses[answer.status_code] += 1
        if answer.status_code >= 500:
            faults.append(
                f"{case.method} {sent['url']} {sent.get('params')} {body}: {answer.status_code} {answer.text[:200]}"
            )

    for result in schema.exclude(path_regex=f"{ENDLESS}|{SLOW}").get_all_operations():
        assert isinstance(result, Ok)
        limits(given(case=result.ok().as_strategy())(send))()
    return statuses, faults


def test_no_request_is_a_fault_of_ours(fuzzed: tuple[Place, dict[str, str], Any]) -> None:
    statuses, faults = attack(fuzzed[0], fuzzed[2], CASES)
    assert not faults, faults[:10]
    assert sum(statuses.values()) > 150
    assert sum(n for status, n in statuses.items() if status < 300) > 20, statuses


@pytest.mark.soak
def test_two_thousand_requests(fuzzed: tuple[Place, dict[str, str], Any]) -> None:
    operations = sum(attack(fuzzed[0], fuzzed[2], 1)[0].values())
    statuses, faults = attack(fuzzed[0], fuzzed[2], COUNT // operations + 8)
    assert not faults, faults[:10]
    assert sum(statuses.values()) >= COUNT, statuses
