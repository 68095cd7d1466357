"""The archive itself: `init`, `status`."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from fresque.commands.options import with_json
from fresque.terminal import echo_json, table


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
    named = shlex.quote(str(folder.absolute()))  # what is exported holds in other folders too
    click.echo(f"Archive made in {folder}. Name it in each command, or once: export FRESQUE_ARCHIVE={named}")


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
