"""Everyday mending: `move`, `board`, `trash`, `originals`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from archive.errors import BatchPartlyFailed, FresqueError, UsageError
from archive.model import CorrectionField, Quad
from fresque.commands.options import with_author, with_json
from fresque.terminal import echo_json, table, warn


@click.command()
@click.argument("photo_ids", nargs=-1, metavar="[PHOTO]...")
@click.option("--to", "target", required=True, metavar="ID", help="The session they belong to.")
@click.option("--from", "source", metavar="ID", help="Instead of naming photos: all of this session.")
@click.option("--since", type=click.DateTime(), metavar="TIME", help="With --from: only those taken in since then.")
@with_author
@click.pass_obj
def move(
    archive: str | None,
    photo_ids: tuple[str, ...],
    target: str,
    source: str | None,
    since: datetime | None,
    author: str,
) -> None:
    """Move photos, with their boards and all that was said of them, to another session.

    \b
    Example:
      fresque move --from brouillon --since 2026-03-05 --to conge-parental
    """
    from fresque.app import App

    if bool(photo_ids) == bool(source):
        raise UsageError("name photos, or a session with --from", "fresque move --help shows both")
    failed = 0
    with App.open(archive) as app:
        catalog = app.archive.catalog
        catalog.session(target)
        chosen = list(photo_ids)
        if source is not None:
            catalog.session(source)
            moment = since.astimezone() if since else None
            photos = catalog.photos(session_id=source)
            chosen = [p.id for p in photos if moment is None or (p.added_at is not None and p.added_at >= moment)]
        for photo_id in chosen:
            try:
                catalog.correct(photo_id, None, CorrectionField.SESSION, target, author=author)
            except FresqueError as error:
                failed += 1
                warn(f"{photo_id}: {error}")
        app.refresh()
    click.echo(f"{len(chosen) - failed} photos moved to {target}.")
    if failed:
        raise BatchPartlyFailed(f"{failed} photos were not moved", "each is named above with its reason")


# --- boards --------------------------------------------------------------------------------------------------


@click.group()
def board() -> None:
    """Boards: merge, unmerge, split, describe, comment.

    \b
    Example:
      fresque board merge 1m8h2w496gwwgpz2 1m8h2w496gwwgpz3
    """


@board.command("merge")
@click.argument("board_id", metavar="BOARD")
@click.argument("others", nargs=-1, required=True, metavar="OTHER...")
@with_author
@click.pass_obj
def merge_(archive: str | None, board_id: str, others: tuple[str, ...], author: str) -> None:
    """Say that OTHERs are the same surface as BOARD: they show as one.

    \b
    Example:
      fresque board merge 1m8h2w496gwwgpz2 1m8h2w496gwwgpz3
    """
    from fresque.app import App

    with App.open(archive) as app:
        made = app.archive.catalog.merge_boards(board_id, others, author)
        app.refresh()
    click.echo(f"Board {board_id} has {len(made.views)} views and {len(made.lines)} lines now.")


@board.command()
@click.argument("board_id", metavar="BOARD")
@with_author
@click.pass_obj
def unmerge(archive: str | None, board_id: str, author: str) -> None:
    """Take BOARD out of the one it was merged into; or, given that one, take all apart.

    \b
    Example:
      fresque board unmerge 1m8h2w496gwwgpz3
    """
    from fresque.app import App

    with App.open(archive) as app:
        app.archive.catalog.unmerge_board(board_id, author)
        app.refresh()
    click.echo(f"Board {board_id} stands by itself again.")


@board.command()
@click.argument("board_id", metavar="BOARD")
@click.argument("corners", nargs=-1, required=True, metavar="CORNERS...")
@with_author
@click.pass_obj
def split(archive: str | None, board_id: str, corners: tuple[str, ...], author: str) -> None:
    """Say that BOARD is several: CORNERS of each as x,y x 4 in photo pixels, clockwise from its top left.

    The photo is read again by the next 'fresque process'.

    \b
    Example:
      fresque board split 1m8h2w496gwwgpz2 10,10,900,10,900,800,10,800 950,10,1900,10,1900,800,950,800
    """
    from fresque.app import App

    quads = [_quad(each) for each in corners]
    with App.open(archive) as app:
        app.archive.catalog.split_board(board_id, quads, author)
        app.refresh()
    click.echo(f"Board {board_id} is {len(quads)} boards. Next: fresque process")


def _quad(text: str) -> Quad:
    try:
        n = [float(part) for part in text.replace(",", " ").split()]
        a, b, c, d, e, f, g, h = n
    except ValueError as error:
        hint = 'x,y of four corners, as in "0,0 600,0 600,900 0,900"'
        raise UsageError(f"'{text}' is not eight numbers", hint) from error
    return ((a, b), (c, d), (e, f), (g, h))


@board.command()
@click.argument("board_id", metavar="BOARD")
@click.option("--artist", help="Who drew it: a graphic facilitator is an author.")
@click.option("--credit", help="How the author is to be named.")
@click.option("--uses", help="What the author permits.")
@click.option("--caption", help="What it shows.")
@with_author
@click.pass_obj
def describe(
    archive: str | None,
    board_id: str,
    artist: str | None,
    credit: str | None,
    uses: str | None,
    caption: str | None,
    author: str,
) -> None:
    """Set author, credit, permitted uses or caption of BOARD; carried into every export, searched as artiste:.

    \b
    Example:
      fresque board describe 1m8h2w496gwwgpz2 --artist "Lise Roux" --uses "usage interne, CC BY-NC 4.0"
    """
    from fresque.app import App

    asked = {"artist": artist, "credit": credit, "permitted_uses": uses, "caption": caption}
    given = {name: text for name, text in asked.items() if text is not None}
    if not given:
        raise UsageError("nothing to set", "give --artist, --credit, --uses or --caption")
    with App.open(archive) as app:
        app.archive.catalog.describe_board(board_id, author, **given)
        app.refresh()
    click.echo(f"Board {board_id}: {', '.join(given)} set.")


@board.command()
@click.argument("board_id", metavar="BOARD")
@click.argument("text", required=False)
@with_author
@click.pass_obj
def comment(archive: str | None, board_id: str, text: str | None, author: str) -> None:
    """Comment on BOARD; without a TEXT, list its comments.

    \b
    Example:
      fresque board comment 1m8h2w496gwwgpz2 "voté par le groupe 2" --author Anne
    """
    from fresque.app import App

    with App.open(archive) as app:
        app.archive.catalog.board(board_id)
        if text is not None:
            app.archive.catalog.comment(board_id, text, author, None)
        found = app.archive.catalog.comments(board_id)
    table(("when", "who", "comment"), [(f"{c.made_at:%Y-%m-%d %H:%M}", c.author, c.text) for c in found])


# --- trash ---------------------------------------------------------------------------------------------------


@click.group()
def trash() -> None:
    """The trash: put, list, restore, empty.

    \b
    Example:
      fresque trash put 1m8h2w496gwwgpz2
    """


@trash.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@with_author
@click.pass_obj
def put(archive: str | None, ids: tuple[str, ...], author: str) -> None:
    """Put photos or texts into the trash: out of lists and search, nothing is lost.

    \b
    Example:
      fresque trash put 1m8h2w496gwwgpz2
    """
    from fresque.app import App

    with App.open(archive) as app:
        count = app.archive.catalog.trash(ids, author)
        app.refresh()
    click.echo(f"{count} put into the trash. 'fresque trash restore' brings them back.")


@trash.command("list")
@with_json
@click.pass_obj
def list_(archive: str | None, as_json: bool) -> None:
    """List what lies in the trash, the latest first.

    \b
    Example:
      fresque trash list
    """
    from fresque.app import App

    with App.open(archive) as app:
        found = app.archive.catalog.trashed()
    if as_json:
        for each in found:
            echo_json({"id": each.id, "kind": each.kind, "session": each.session_id, "name": each.name})
        return
    table(
        ("id", "kind", "session", "name", "since"),
        [(e.id, e.kind, e.session_id or "", e.name, f"{e.at:%Y-%m-%d %H:%M}") for e in found],
    )


@trash.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@with_author
@click.pass_obj
def restore(archive: str | None, ids: tuple[str, ...], author: str) -> None:
    """Take photos or texts out of the trash, as they were.

    \b
    Example:
      fresque trash restore 1m8h2w496gwwgpz2
    """
    from fresque.app import App

    with App.open(archive) as app:
        count = app.archive.catalog.untrash(ids, author)
        app.refresh()
    click.echo(f"{count} restored.")


@trash.command()
@click.option(
    "--older-than", "days", required=True, type=click.FloatRange(0), metavar="DAYS", help="There since before."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_author
@click.pass_obj
def empty(archive: str | None, days: float, yes: bool, author: str) -> None:
    """Destroy what lies in the trash. It cannot be undone, and backups still hold it.

    \b
    Example:
      fresque trash empty --older-than 30
    """
    from archive.forget import forget_materials, forget_photos
    from archive.prune import before_days
    from fresque.app import App

    with App.open(archive) as app:
        found = app.archive.catalog.trashed(before_days(days))
        if found and not yes:
            click.confirm(f"Destroy {len(found)} photos and texts?", abort=True)
        forget_photos(app.archive, [e.id for e in found if e.kind == "photo"], "trash emptied", author)
        forget_materials(app.archive, [e.id for e in found if e.kind == "material"], "trash emptied", author)
        app.refresh()
    click.echo(f"{len(found)} destroyed.")


@click.command()
@click.option("--session", "session_id", required=True, metavar="ID")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The zip to write.")
@with_author
@click.pass_obj
def originals(archive: str | None, session_id: str, out: Path, author: str) -> None:
    """Write all originals of a session into one zip, without the place of shooting.

    \b
    Example:
      fresque originals --session conge-parental --out conge-parental.zip
    """
    from archive.originals import write_zip
    from fresque.app import App

    with App.open(archive) as app:
        count = write_zip(app.archive, session_id, out, author)
    click.echo(f"{count} files in {out}.")
