"""The archive itself: `init`, `session`, `status`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from archive.errors import UsageError
from archive.model import METHOD_PHASES, Method, Organisation, Phase, PhotoState, Session, SessionKind
from fresque.commands.session_file import session_from_toml
from fresque.terminal import echo_json, table

with_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Make an archive in FOLDER (new or empty).

    \b
    Example:
      fresque init ~/archive
    """
    from archive.store import Archive

    Archive.create(folder).close()
    click.echo(f"Archive made in {folder}. Name it in each command, or once: export FRESQUE_ARCHIVE={folder}")


@click.group()
def session() -> None:
    """Sessions: add, list, show.

    \b
    Example:
      fresque session add conge-parental --title "Le congé parental" --lab Nantes --start 2024-03-05
    """


@session.command()
@click.argument("session_id", metavar="ID")
@click.option("--title", help="As people call it.")
@click.option("--kind", type=click.Choice([str(k) for k in SessionKind]), help="Service of the lab.")
@click.option("--method", type=click.Choice([str(m) for m in Method]), help="The phases are those of ASE.")
@click.option("--lab", help="The lab that runs it.")
@click.option("--requester", "requesters", multiple=True, help="Who asked for it; may be repeated.")
@click.option("--start", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="First day.")
@click.option("--end", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="Last day.")
@click.option("--theme", "themes", multiple=True, help="What it is about; may be repeated.")
@click.option(
    "--from", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A session.toml to start from."
)
@with_json
@click.pass_obj
def add(
    archive: str | None,
    session_id: str,
    title: str | None,
    kind: str | None,
    method: str | None,
    lab: str | None,
    requesters: tuple[str, ...],
    start: datetime | None,
    end: datetime | None,
    themes: tuple[str, ...],
    file: Path | None,
    as_json: bool,
) -> None:
    """Add a session; flags win over the file.

    \b
    Example:
      fresque session add conge-parental --title "Le congé parental" --theme famille --theme droits
      fresque session add conge-parental --from session.toml
    """
    from fresque.app import App

    base = session_from_toml(file) if file else Session(session_id, title or "")
    given: dict[str, Any] = {
        "title": title,
        "kind": SessionKind(kind) if kind else None,
        "method": Method(method) if method else None,
        "lab": lab,
        "requesters": tuple(Organisation(name) for name in requesters),
        "start": start.date() if start else None,
        "end": end.date() if end else None,
        "themes": themes,
    }
    made = replace(base, id=session_id, **{name: value for name, value in given.items() if value})
    if not made.title:
        raise UsageError("the session has no title", "give --title, or --from a session.toml")
    if made.start and made.end and made.end < made.start:
        raise UsageError(f"the session ends ({made.end}) before it starts ({made.start})")
    with App.open(archive) as app:
        app.archive.catalog.add_session(made)
    if as_json:
        echo_json({"session": session_id})
    else:
        click.echo(f"Session {session_id} added. Next: fresque ingest PHOTOS --session {session_id}")


@session.command("list")
@with_json
@click.pass_obj
def list_(archive: str | None, as_json: bool) -> None:
    """List the sessions.

    \b
    Example:
      fresque session list
    """
    from fresque.app import App

    with App.open(archive) as app:
        numbers = app.archive.catalog.counts_by_session()
        rows = [(s, *_totals(numbers[s.id])) for s in app.archive.catalog.sessions()]
    if as_json:
        for s, photos, boards in rows:
            echo_json(_session_object(s) | {"photos": photos, "boards": boards})
        return
    if not rows:
        click.echo("No session yet. Add one: fresque session add ID --title TITLE")
        return
    table(
        ("session", "title", "kind", "lab", "start", "photos", "boards"),
        [(s.id, s.title, s.kind, s.lab, str(s.start or ""), str(photos), str(boards)) for s, photos, boards in rows],
    )


@session.command("show")
@click.argument("session_id", metavar="ID")
@with_json
@click.pass_obj
def show_session(archive: str | None, session_id: str, as_json: bool) -> None:
    """Show a session and its boards by phase.

    \b
    Example:
      fresque session show conge-parental
    """
    from fresque.app import App

    with App.open(archive) as app:
        found = app.archive.catalog.session(session_id)
        counts = app.archive.catalog.counts(session_id)
        boards = app.archive.catalog.boards(session_id=session_id)
    if as_json:
        echo_json(
            _session_object(found)
            | {"photos": sum(counts.photos.values()), "waiting": counts.to_do, "failed": counts.failed}
            | {"boards": [{"id": b.id, "phase": b.phase.label, "text": b.text} for b in boards]}
        )
        return
    click.echo(f"{found.title} ({found.id}), {found.kind}, {found.start or 'no date'}, lab: {found.lab or '–'}")
    click.echo(f"{sum(counts.photos.values())} photos, {counts.to_do} waiting, {counts.failed} failed")
    order = [*METHOD_PHASES, Phase.UNSURE, Phase.NONE]
    rows = sorted(boards, key=lambda b: order.index(b.phase.label))
    table(
        ("phase", "board", "words", "first line"),
        [(b.phase.label, b.id, str(len(b.text.split())), b.text.split("\n")[0][:70]) for b in rows],
    )


def _totals(by: tuple[Mapping[PhotoState, int], Mapping[Phase, int]]) -> tuple[int, int]:
    """Photos and boards, from their numbers by state and by phase."""
    return sum(by[0].values()), sum(by[1].values())


def _session_object(s: Session) -> dict[str, object]:
    return {
        "session_id": s.id,
        "title": s.title,
        "kind": s.kind,
        "method": s.method,
        "lab": s.lab,
        "requesters": [r.name for r in s.requesters],
        "partners": [p.name for p in s.partners],
        "start": str(s.start) if s.start else None,
        "end": str(s.end) if s.end else None,
        "themes": list(s.themes),
        "visibility": s.visibility,
    }


@click.command()
@with_json
@click.pass_obj
def status(archive: str | None, as_json: bool) -> None:
    """What the archive holds, what waits, what failed and why.

    \b
    Example:
      fresque status
    """
    from fresque.app import App

    with App.open(archive) as app:
        sessions = len(app.archive.catalog.sessions())
        counts = app.archive.catalog.counts()
        failures = [(f.session_id, f.file_name, f.reason) for f in app.archive.jobs.failures()]
        failures += app.archive.catalog.refused()
        orphans = app.archive.catalog.corrections(orphaned=True)
        behind = app.behind()
    photos, boards = sum(counts.photos.values()), sum(counts.boards.values())
    if as_json:
        echo_json(
            {
                "sessions": sessions,
                "photos": photos,
                "waiting": counts.to_do,
                "failed": counts.failed,
                "refused": counts.refused,
                "boards": boards,
                "doubtful": counts.doubtful,
                "phases": counts.boards,
                "materials": counts.materials,
                "index_behind": behind,
                "failures": [{"session": s, "photo": name, "reason": reason} for s, name, reason in failures],
                "orphaned_corrections": [
                    {"id": c.id, "photo": c.photo_id, "field": c.field, "value": c.value} for c in orphans
                ],
            }
        )
        return
    phases = ", ".join(f"{label} {count}" for label, count in counts.boards.items() if count)
    click.echo(f"{sessions} sessions, {photos} photos, {boards} boards ({phases or 'none'}), {counts.materials} texts")
    click.echo(f"{counts.to_do} photos wait, {counts.failed} failed, {counts.refused} files were refused")
    click.echo(f"{counts.doubtful} boards are doubtful; the index is {behind} changes behind")
    if failures:
        table(("session", "file", "reason"), failures, title="Failed or refused")
    if orphans:
        table(
            ("photo", "what", "value"),
            [(c.photo_id, c.field, str(c.value)) for c in orphans],
            title="Corrections that lost their place",
        )
