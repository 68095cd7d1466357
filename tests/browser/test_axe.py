"""WCAG's rules by axe-core on every page, light and dark; what people see first comes soon."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE, Open

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
Uploaded = tuple[str, dict[str, str]]

pytestmark = pytest.mark.skipif(not AXE.exists(), reason="npm has not been run (./run test does)")


def violations(page: Page) -> list[str]:
    page.evaluate("scrollTo(0, 0)")  # what lies half under the bar on top is too small for a moment only
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: Any = page.evaluate("(tags) => axe.run({runOnly: tags})", RULES)
    return [f"{v['id']}: {n['target']} {n['failureSummary']}" for v in found["violations"] for n in v["nodes"]]


def addresses(uploaded: Uploaded) -> list[str]:
    path, boards = uploaded
    board = boards["IMG_2201.jpg"]
    return [
        "/", path, f"{path}/edit", f"/boards/{board}?q=simulateur", "/search?q=simulateur", "/search", "/upload",
        "/timeline", "/account", "/people", "/nowhere", "/atlas", f"/similar/{board}", "/trash",
    ]  # fmt: skip


def test_axe_sees_a_fault(visit: Open) -> None:
    page = visit("ada")
    page.evaluate(
        """() => { const main = document.querySelector("main"); main.innerHTML = "<img src=x><p>pale</p>";
        Object.assign(main.querySelector("p").style, {color: "#ccc", background: "#fff"}); }"""
    )
    ids = {v.split(":")[0] for v in violations(page)}
    assert {"image-alt", "color-contrast"} <= ids


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_a_rule(visit: Open, uploaded: Uploaded, scheme: str) -> None:
    page = visit("ada", scheme=scheme)
    faults = {}
    for address in addresses(uploaded):
        page.goto(address)
        page.wait_for_load_state("networkidle") if "/sessions/" not in address else page.wait_for_timeout(300)
        if found := violations(page):
            faults[address] = found
    anyone = visit(None, scheme=scheme)
    anyone.goto("/login")
    faults |= {"/login": found} if (found := violations(anyone)) else {}
    assert not faults, faults


def test_no_open_editor_breaks_a_rule(visit: Open, uploaded: Uploaded) -> None:
    page = visit("ada")
    page.goto(f"/boards/{uploaded[1]['IMG_2201.jpg']}")
    page.wait_for_selector("html[data-ready]")
    page.locator("#lines button.text").first.click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.locator("[data-corners]").click()
    assert violations(page) == []
    page.locator(".menu summary").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.locator("[data-cancel-corners]").click()
    page.locator("summary", has_text="Changer les thèmes").click()
    page.locator("[data-export]").click()
    expect(page.locator("#x-format")).to_be_visible()
    assert violations(page) == []
    page.goto(uploaded[0])
    page.locator("[data-add-deed]").click()
    expect(page.locator("#d-text")).to_be_focused()
    assert violations(page) == []
    page.goto("/search?q=simulateur")
    page.locator("[data-save]").click()
    expect(page.locator("#feed")).to_be_focused()
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_face_to_blur_breaks_a_rule(visit: Open, uploaded: Uploaded, scheme: str) -> None:
    page = visit("ada", scheme=scheme)
    page.goto(f"/boards/{uploaded[1]['IMG_2201.jpg']}")
    page.get_by_role("link", name="Flouter des visages").click()
    expect(page.locator("#faces-bar")).to_be_visible(timeout=PATIENCE)
    page.locator("[data-add-face]").click()
    assert violations(page) == []


LARGEST = """() => new Promise((done) => new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime))
    .observe({type: 'largest-contentful-paint', buffered: true}))"""


def test_the_largest_paint_comes_soon(visit: Open, uploaded: Uploaded) -> None:
    """The first of ten that does, for the machine may be busy with other tests: the pages must not be what is slow."""
    path, boards = uploaded
    page = visit("fatou")
    for address in ("/", path, f"/boards/{boards['IMG_2201.jpg']}", "/search?q=simulateur"):
        times: list[float] = []
        while len(times) < 10 and min(times, default=1500) >= 1500:
            page.goto(address)
            times.append(page.evaluate(LARGEST))
        assert min(times) < 1500, (address, times)
