"""What failed, and another try: `failures`, `retry`."""

from __future__ import annotations

import click

from archive.errors import NotFound
from fresque.commands.options import with_json
from fresque.terminal import echo_json, table


@click.command()
@click.option("--session", "session_id", metavar="ID", help="Only of this session.")
@with_json
@click.pass_obj
def failures(archive: str | None, session_id: str | None, as_json: bool) -> None:
    """List the photos that failed, each with its reason, the latest first.

    \b
    Example:
      fresque failures --session conge-parental
    """
    from fresque.app import App

    with App.open(archive) as app:
        if session_id is not None:
            app.archive.catalog.session(session_id)
        found = app.archive.jobs.failures(session_id)
    if as_json:
        for f in found:
            echo_json(
                {"photo": f.photo_id, "session": f.session_id, "file": f.file_name, "reason": f.reason}
                | {"attempts": f.attempts, "at": f.at.isoformat()}
            )
        return
    if not found:
        click.echo("Nothing failed.")
        return
    table(
        ("photo", "session", "file", "tries", "when", "reason"),
        [(f.photo_id, f.session_id, f.file_name, str(f.attempts), f"{f.at:%Y-%m-%d %H:%M}", f.reason) for f in found],
    )


@click.command()
@click.argument("photo_ids", nargs=-1, metavar="[PHOTO]...")
@click.pass_obj
def retry(archive: str | None, photo_ids: tuple[str, ...]) -> None:
    """Have failed photos tried again: those named, or all.

    \b
    Example:
      fresque retry && fresque process
    """
    from fresque.app import App

    with App.open(archive) as app:
        for photo_id in photo_ids:
            app.archive.catalog.photo(photo_id)
        count = app.archive.jobs.retry(photo_ids or None)
    if photo_ids and not count:
        raise NotFound("none of these photos has failed", "'fresque failures' lists those that have")
    click.echo(f"{count} photos wait again. Next: fresque process" if count else "Nothing failed.")
