"""The main job on the sample session: take in, process, show the boards, search. Leaves ``demo/`` to look at."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from fresque.app import App
from fresque.cli import cli
from fresque.report import gallery

SAMPLE = Path(__file__).parent / "session"
PLACE = Path("demo")
SESSION = "demo"


def fresque(archive: Path, *arguments: str) -> None:
    """One command, echoed as a person would type it."""
    shown = " ".join(f'"{a}"' if " " in a else a for a in arguments)
    click.secho(f"\n$ fresque {shown}", bold=True)
    cli.main(["--archive", str(archive), *arguments], prog_name="fresque", standalone_mode=False)


def main() -> int:
    archive = PLACE / "archive"
    if not archive.exists():
        PLACE.mkdir(exist_ok=True)
        fresque(archive, "init", str(archive))
        fresque(archive, "session", "add", SESSION, "--from", str(SAMPLE / "session.toml"))
    fresque(archive, "ingest", str(SAMPLE / "photos"), "--session", SESSION)
    searches = json.loads((SAMPLE / "searches.json").read_text(encoding="utf-8"))
    right = 0
    for search in searches:
        fresque(archive, "search", search["query"], "--limit", "3")
        with App.open(str(archive)) as app:
            hits = app.search(search["query"], 1).hits
            first = app.file_name(hits[0]) if hits else ""
        right += first == search["photo"]
        click.echo(
            f"first hit {first or 'none'}: {'right' if first == search['photo'] else 'wrong, it is ' + search['photo']}"
        )
    with App.open(str(archive)) as app:
        page = gallery.write(app.archive, SESSION, PLACE)
    click.echo(f"\n{right} of {len(searches)} searches right at the first hit. To look at: {page}")
    return 0 if right == len(searches) else 1


if __name__ == "__main__":
    sys.exit(main())
