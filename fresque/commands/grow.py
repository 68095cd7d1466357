"""An archive that outgrows its place: `relocate`."""

from __future__ import annotations

from pathlib import Path

import click

from fresque.terminal import echo_json, progress

with_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--database",
    metavar="URL",
    envvar="FRESQUE_TO_DATABASE",
    help="Records go to this database (postgresql+psycopg://…); without it, into FOLDER. Also FRESQUE_TO_DATABASE.",
)
@click.option(
    "--blobs",
    metavar="URL",
    envvar="FRESQUE_TO_BLOBS",
    help="Bytes go to this store (s3://bucket/prefix); without it, into FOLDER. Also FRESQUE_TO_BLOBS.",
)
@with_json
@click.pass_obj
def relocate(archive: str | None, folder: Path, database: str | None, blobs: str | None, as_json: bool) -> None:
    """Move the archive to FOLDER (new or empty), its records and bytes to servers or back from them.

    Every record and byte arrives as it was, and is checked; the index is made anew. The old place keeps its files and
    is marked as left. Stop the pages and the workers before. A move that was stopped goes on when it is done again.

    \b
    Example:
      fresque relocate /srv/fresque --database postgresql+psycopg://db/fresque --blobs s3://bucket/fresque
      FRESQUE_DATABASE=… FRESQUE_BLOBS=… fresque --archive /srv/fresque relocate ~/archive
    """
    from archive.places import Places
    from archive.relocate import relocate as move
    from archive.store import Archive
    from archive.verify import verify
    from fresque.app import App

    places = Places(database, blobs)
    with App.open(archive) as app:
        app.settle()
        with progress("moving", None) as advance:
            found = move(app.archive, folder, places, lambda _done, _total: advance())
        settings = app.settings
    with Archive.open(folder, places) as opened:
        moved = App(opened, settings)
        with progress("verifying", None) as advance:
            report = verify(opened, lambda _done, _total: advance())
        moved.rebuild_index()
    if as_json:
        echo_json({"records": found.records, "blobs": found.blobs, "faults": len(report.faults)})
        return
    click.echo(f"{found.records} records and {found.blobs} files moved to {folder}, {len(report.faults)} faults.")
    for name, value in (("FRESQUE_DATABASE", database), ("FRESQUE_BLOBS", blobs)):
        click.echo(f"  export {name}={_without_password(value)}" if value else f"  unset {name}")
    click.echo(f"  export FRESQUE_ARCHIVE={folder}")


def _without_password(url: str) -> str:
    import sqlalchemy as sa

    return sa.make_url(url).render_as_string(hide_password=True) if url.startswith("postgresql") else url
