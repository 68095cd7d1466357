"""OpenID Connect against a real provider (npm's oidc-provider), run here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import PASSWORD, ROOT, Server, _wait_for, free_port, fresque

HERE = Path(__file__).parent
NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(
    NODE is None or not (HERE / "node_modules" / "oidc-provider").exists(), reason="npm has not been run"
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An archive whose people come by the provider; both end with the test."""
    archive = tmp_path_factory.mktemp("oidc") / "archive"
    fresque(archive, "init", str(archive))
    fresque(archive, "account", "add", "ada", "--role", "administrator", "--password-stdin", stdin=f"{PASSWORD}\n")
    ours, theirs = free_port(), free_port()
    address, issuer = f"http://127.0.0.1:{ours}", f"http://127.0.0.1:{theirs}"
    log = (archive.parent / "log").open("wb")
    command = [str(NODE), str(HERE / "provider.mjs"), str(theirs), f"{address}/oidc/return"]
    provider = subprocess.Popen(command, cwd=HERE, stdout=log, stderr=log)
    environment = os.environ | {
        "FRESQUE_OIDC_ISSUER": issuer, "FRESQUE_OIDC_CLIENT_ID": "fresque",
        "FRESQUE_OIDC_CLIENT_SECRET": "only-for-tests", "FRESQUE_OIDC_NAME": "Annuaire",
    }  # fmt: skip
    serve = [sys.executable, "-m", "fresque", "--archive", str(archive), "serve", "--port", str(ours), "--no-process"]
    running = subprocess.Popen(serve, cwd=ROOT, stdout=log, stderr=log, env=environment)
    try:
        _wait_for(address, running, archive.parent / "log")
        _wait_for_provider(issuer)
        yield Server(address, archive)
    finally:
        for process in (running, provider):
            process.terminate()
            process.wait(timeout=60)
        log.close()


def _wait_for_provider(issuer: str) -> None:
    for _ in range(60):
        try:
            urllib.request.urlopen(f"{issuer}/.well-known/openid-configuration", timeout=5).close()
            return
        except OSError:
            time.sleep(0.5)
    raise AssertionError("the provider does not answer")


def page_of(chromium: Browser, served: Server) -> Page:
    page = chromium.new_context(base_url=served.address, locale="fr-FR").new_page()
    page.set_default_timeout(30_000)
    return page


def log_in(page: Page, name: str) -> None:
    page.goto("/login?next=/account")
    page.get_by_role("link", name="Se connecter avec Annuaire").click()
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill("any")
    page.locator("button[type=submit]").click()
    page.get_by_role("button", name="Continue").click()


def test_who_comes_first_gets_a_readers_account(chromium: Browser, served: Server) -> None:
    page = page_of(chromium, served)
    log_in(page, "mona")
    page.wait_for_url("**/account")
    me = page.evaluate("fetch('/api/v1/me').then((r) => r.json())")["account"]
    assert (me["login"], me["name"], me["role"], me["labs"]) == ("mona@lab.example", "Name of mona", "reader", [])
    again = page_of(chromium, served)
    log_in(again, "mona")
    again.wait_for_url("**/account")
    assert again.evaluate("fetch('/api/v1/me').then((r) => r.json())")["account"]["id"] == me["id"]


def test_a_closed_account_does_not_come_in(chromium: Browser, served: Server) -> None:
    page = page_of(chromium, served)
    log_in(page, "nils")
    page.wait_for_url("**/account")
    account = page.evaluate("fetch('/api/v1/me').then((r) => r.json())")["account"]["id"]
    ada = page_of(chromium, served)
    ada.goto("/login")
    ada.locator("#login").fill("ada")
    ada.locator("#password").fill(PASSWORD)
    ada.locator("main form button").click()
    ada.goto("/people")
    ada.locator(f"[data-account='{account}'] [data-set=active]").uncheck()
    ada.locator(".toast").wait_for()
    page.goto("/account")
    assert "/login" in page.url, "out at once"
    back = page_of(chromium, served)
    log_in(back, "nils")
    back.wait_for_url("**/oidc/return**")
    assert "Ce compte est fermé" in back.content()


def test_an_answer_that_another_browser_asked_for_logs_nobody_in(chromium: Browser, served: Server) -> None:
    attacker = page_of(chromium, served)
    asked: list[str] = []
    attacker.on("request", lambda request: asked.append(request.url) if "/oidc/return" in request.url else None)
    attacker.goto("/login")
    attacker.get_by_role("link", name="Se connecter avec Annuaire").click()
    attacker.locator("input[name=login]").fill("eve")
    attacker.locator("input[name=password]").fill("any")
    attacker.locator("button[type=submit]").click()
    attacker.context.clear_cookies(name="fresque_oidc")  # so that the answer is not used up here
    attacker.get_by_role("button", name="Continue").click()
    attacker.wait_for_url("**/oidc/return**")
    victim = page_of(chromium, served)
    answer = victim.goto(asked[0])
    assert answer is not None
    assert answer.status == 403
    assert "fresque_login" not in {c["name"] for c in victim.context.cookies()}
