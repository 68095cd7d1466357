"""An archive that outgrows its place or its lab: `relocate`, `signer`."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from fresque.commands.options import with_json
from fresque.terminal import echo_json, progress, table


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
    click.echo(f"  export FRESQUE_ARCHIVE={shlex.quote(str(folder.absolute()))}")


def _without_password(url: str) -> str:
    import sqlalchemy as sa

    return sa.make_url(url).render_as_string(hide_password=True) if url.startswith("postgresql") else url


@click.group()
def signer() -> None:
    """Labs whose signed bags this archive takes in.

    \b
    Example, at a lab and at the national archive:
      fresque signer key ~/.fresque-key                        (prints the public key, to be sent once)
      fresque backup ~/transmis --session conge-parental --key ~/.fresque-key
      fresque signer add Nantes RWQ…
      fresque merge ~/recu/2026-03-07T101500-conge-parental-k3v9ab
    """


@signer.command()
@click.argument("file", type=click.Path(path_type=Path))
def key(file: Path) -> None:
    """Make a secret key in FILE and print the public one. Whoever has FILE can sign as you.

    \b
    Example:
      fresque signer key ~/.fresque-key
    """
    from archive.signature import make_key

    click.echo(make_key(file).text)


@signer.command()
@click.argument("lab")
@click.argument("key")
@click.option("--author", default="", help="Who decides it.")
@click.pass_obj
def add(archive: str | None, lab: str, key: str, author: str) -> None:
    """Take in what KEY (public) has signed, of sessions of LAB; '*' for those of every lab.

    From then on 'fresque merge' refuses what no known key has signed.

    \b
    Example:
      fresque signer add Nantes RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3
    """
    from archive.signature import Key
    from fresque.app import App

    with App.open(archive) as app:
        app.archive.catalog.add_signer("" if lab == "*" else lab, Key(key), author)
    click.echo(f"Bags signed by it are taken in, with sessions of {'every lab' if lab == '*' else lab}.")


@signer.command()
@click.argument("key")
@click.option("--author", default="", help="Who decides it.")
@click.pass_obj
def remove(archive: str | None, key: str, author: str) -> None:
    """Take in nothing more that KEY has signed; what came in before stays.

    \b
    Example:
      fresque signer remove RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3
    """
    from archive.signature import Key
    from fresque.app import App

    with App.open(archive) as app:
        app.archive.catalog.remove_signer(Key(key), author)
    click.echo("Its bags are taken in no more.")


@signer.command("list")
@with_json
@click.pass_obj
def list_(archive: str | None, as_json: bool) -> None:
    """List the labs and their keys.

    \b
    Example:
      fresque signer list
    """
    from fresque.app import App

    with App.open(archive) as app:
        found = app.archive.catalog.signers()
    if as_json:
        for each in found:
            echo_json({"lab": each.lab or "*", "key": each.key.text, "added_at": each.added_at.isoformat()})
        return
    table(("lab", "public key", "since"), [(s.lab or "*", s.key.text, f"{s.added_at:%Y-%m-%d}") for s in found])
