"""Screenshots of the pages on the sample session: python -m samples.screens ARCHIVE [--out docs/images/pages].

Each page light and dark, on a desktop and on a phone, by Debian's Chromium; WebP of at most 60 kB.
"""

from __future__ import annotations

import argparse
import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image

OUT = Path("docs/images/pages")
LIMIT = 60_000
SIZES = {"desktop": (1280, 860), "phone": (390, 780)}
SCHEMES = ("light", "dark")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def addresses(board: str, session: str) -> dict[str, str]:
    return {
        "sessions": "/",
        "upload": "/upload",
        "session": f"/sessions/{session}",
        "board": f"/boards/{board}?q=simulateur",
        "search": "/search?q=assistante+maternelle",
        "atlas": "/atlas",
        "timeline": "/timeline",
    }


def shots(server: str, board: str, session: str) -> Iterator[tuple[str, bytes]]:
    """Name and PNG of each."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for device, (width, height) in SIZES.items():
            for scheme in SCHEMES:
                settings: dict[str, Any] = {"color_scheme": scheme, "viewport": {"width": width, "height": height}}
                page = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", **settings).new_page()
                for name, address in addresses(board, session).items():
                    page.goto(server + address)
                    if name == "atlas":
                        page.wait_for_selector(".atlas svg")
                    page.wait_for_timeout(900)  # pictures that are decoded beside the page
                    yield f"{name}-{device}-{scheme}", page.screenshot()
        browser.close()


def webp(png: bytes) -> bytes:
    """At the best quality that keeps it under LIMIT."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    for quality in (80, 65, 50, 35, 20):
        out = io.BytesIO()
        image.save(out, "WEBP", quality=quality, method=6)
        if len(out.getvalue()) <= LIMIT:
            break
    return out.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m samples.screens", description=__doc__)
    parser.add_argument("archive", type=Path, help="with the sample session, as ./run demo leaves it")
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    from fresque.app import App
    from tests.browser.conftest import serve

    with App.open(str(args.archive)) as app:
        app.refresh()
        session = app.archive.catalog.sessions()[0].id
        board = next(hit.id for hit in app.search("maquette simulateur", 1).hits)
    args.out.mkdir(parents=True, exist_ok=True)
    total = 0
    with serve(args.archive) as server:
        for name, png in shots(server.address, board, session):
            data = webp(png)
            total += len(data)
            (args.out / f"{name}.webp").write_bytes(data)
    print(f"{args.out}: {total / 1000:.0f} kB")


if __name__ == "__main__":
    main()
