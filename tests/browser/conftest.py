"""A served archive in a process of its own, and Debian's Chromium to look at it."""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "samples" / "session"
PASSWORD = "a password for tests"
PEOPLE = (("ada", "administrator", "Val"), ("fatou", "facilitator", "Val"), ("bo", "reader", "Ailleurs"))
PATIENCE = 90_000  # ms, for what is read beside others' work on two processors


@dataclass(frozen=True)
class Server:
    address: str
    archive: Path
    pid: int = 0


def fresque(archive: Path, *arguments: str, stdin: str | None = None) -> None:
    command = [sys.executable, "-m", "fresque", "--archive", str(archive), *arguments]
    subprocess.run(command, check=True, cwd=ROOT, input=stdin, text=True, capture_output=True)


def free_port() -> int:
    """Below those that the system gives out by itself: one of these may be another's before our server has started."""
    while True:
        with socket.socket() as taken, suppress(OSError):
            taken.bind(("127.0.0.1", random.randrange(20_000, 32_000)))
            return int(taken.getsockname()[1])


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """With an administrator, a facilitator of «Val» and a reader of another lab; nothing is in it yet."""
    archive = tmp_path_factory.mktemp("served") / "archive"
    fresque(archive, "init", str(archive))
    for login, role, lab in PEOPLE:
        person = ("--name", login.title(), "--role", role, "--lab", lab, "--password-stdin")
        fresque(archive, "account", "add", login, *person, stdin=f"{PASSWORD}\n")
    with serve(archive) as served:
        yield served


@contextmanager
def serve(archive: Path) -> Iterator[Server]:
    """In a process of its own on a free port, ended afterwards."""
    port = free_port()
    log = (archive.parent / "log").open("wb")
    running = subprocess.Popen(
        [sys.executable, "-m", "fresque", "--archive", str(archive), "serve", "--port", str(port)],
        cwd=ROOT, stdout=log, stderr=log, env=os.environ | {"OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, running, archive.parent / "log")
        yield Server(address, archive, running.pid)
    finally:
        running.terminate()
        running.wait(timeout=60)
        log.close()


def _wait_for(address: str, running: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{address}/health", timeout=5).close()
            return
        except OSError:
            assert running.poll() is None, log.read_text()
            time.sleep(0.5)
    raise AssertionError(f"does not answer: {log.read_text()}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    expect.set_options(timeout=30_000)  # five seconds are Playwright's own
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


Open = Callable[..., Page]


@pytest.fixture(scope="session")
def visit(chromium: Browser, server: Server) -> Iterator[Open]:
    """A page for somebody: ``visit("fatou", width=390, scheme="dark", locale="en-GB")``. Errors in it fail the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(login: str | None, width: int = 1280, scheme: str = "light", locale: str = "fr-FR") -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 860},
            color_scheme=scheme,  # type: ignore[arg-type]
            locale=locale,
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
            base_url=server.address,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on("console", lambda m: faults.append(f"{page.url}: {m.text}") if "Content Security" in m.text else None)
        if login is not None:
            page.goto("/login")
            page.locator("#login").fill(login)
            page.locator("#password").fill(PASSWORD)
            page.locator("main form button").click()
            page.wait_for_url("**/")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults, faults


@pytest.fixture(scope="session")
def uploaded(visit: Open, server: Server) -> tuple[str, dict[str, str]]:
    """Three photos of the sample session, brought through the page; the session's path, and file name → board."""
    page = visit("fatou")
    page.goto("/upload")
    page.locator("#files").set_input_files([SAMPLE / f"IMG_{n}.jpg" for n in (2122, 2201, 2248)])
    expect(page.locator("#f-title")).to_be_focused()  # what was chosen waits for it
    page.locator("#f-title").fill("Congé parental")
    page.locator("#new-session summary").first.click()
    page.locator("#f-start").fill("2025-11-04")
    page.locator("#f-end").fill("2025-11-06")
    page.locator("#f-lab").fill("Val")
    page.locator("#f-visibility").select_option("lab")
    page.locator("#f-title").press("Enter")
    page.wait_for_selector("#going[data-finished=true]", timeout=4 * PATIENCE)
    path = str(page.locator("#open-session").get_attribute("href"))
    boards: dict[str, str] = {}
    for board in page.evaluate(f"fetch('/api/v1{path}/boards').then((r) => r.json())"):
        photo = page.evaluate(f"fetch('/api/v1/photos/{board['views'][0]['photo']}').then((r) => r.json())")
        boards.setdefault(photo["file_name"], board["id"])
    return path, boards
