"""The main job on the sample session: take in, process, show the boards, search. Leaves ``demo/`` to look at."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import click

from fresque.app import App
from fresque.cli import cli
from fresque.report import gather, html
from fresque.report.job import Job

SAMPLE = Path(__file__).parent / "session"
PLACE = Path("demo")
SESSION = "conge-parental-2025"


def fresque(archive: Path, *arguments: str) -> None:
    """One command, echoed as a person would type it."""
    shown = " ".join(f'"{a}"' if " " in a else a for a in arguments)
    click.secho(f"\n$ fresque {shown}", bold=True)
    cli.main(["--archive", str(archive), *arguments], prog_name="fresque", standalone_mode=False)


def search(archive: Path, query: str, photo: str, how: str) -> bool:
    """Search as a person would; whether the first hit is on that photo."""
    click.echo(f"\n# {how}")
    fresque(archive, "search", query, "--limit", "3")
    with App.open(str(archive)) as app:
        hits = app.search(query, 1).hits
        first = app.file_name(hits[0]) if hits else "nothing"
    click.echo(f"first hit: {first}, " + ("right" if first == photo else f"wrong: it is {photo}"))
    return first == photo


def main() -> int:
    archive = PLACE / "archive"
    if not archive.exists():
        PLACE.mkdir(exist_ok=True)
        fresque(archive, "init", str(archive))
        fresque(archive, "session", "add", SESSION, "--from", str(SAMPLE / "session.toml"))
    fresque(archive, "ingest", *map(str, sorted(SAMPLE.glob("*.jpg"))), "--session", SESSION)
    searches = tomllib.loads((SAMPLE / "session.toml").read_text(encoding="utf-8"))["searches"]
    right = [search(archive, s["query"], s["photo"], s["how"]) for s in searches]
    with App.open(str(archive)) as app:
        html.write(Job(gather.session_report(app.archive, SESSION, gather.Wanted()), app.archive), PLACE)
    page = PLACE / "index.html"
    click.echo(f"\n{sum(right)} of {len(right)} searches right at the first hit. To look at: {page}")
    return 0 if all(right) else 1


if __name__ == "__main__":
    sys.exit(main())
