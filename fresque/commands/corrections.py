"""What people set right: `corrections export`."""

from __future__ import annotations

from pathlib import Path

import click

from fresque.commands.options import with_json
from fresque.terminal import echo_json, warn


@click.group()
def corrections() -> None:
    """What people set right, taken out for other uses.

    \b
    Example:
      fresque corrections export ~/lines
    """


@corrections.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--session", "session_id", metavar="ID", help="Of this session only.")
@with_json
@click.pass_obj
def export(archive: str | None, folder: Path, session_id: str | None, as_json: bool) -> None:
    """Write a picture of each line whose text a person gave, with that text, into FOLDER (new or empty).

    The form is that of PaddleOCR's recognition training: rec_gt_train.txt, rec_gt_val.txt (one photo in ten), images/;
    manifest.jsonl tells where each line comes from.

    \b
    Example:
      fresque corrections export ~/lines
      fresque corrections export ~/lines-parental --session conge-parental
    """
    from archive.store import Archive
    from fresque import training
    from fresque.settings import Settings

    with Archive.open(Settings.from_environment(archive).archive_path()) as opened:
        done = training.export(opened, folder, session_id)
    for name in done.unreadable:
        warn(f"{name}: the original cannot be decoded; its lines are left out. See it with: fresque doctor")
    if as_json:
        echo_json({"train": done.train, "val": done.judge, "photos": done.photos, "unreadable": done.unreadable})
    elif done.train + done.judge == 0:
        click.echo("No text has been corrected yet: correct some lines first.")
    else:
        click.echo(
            f"{done.train + done.judge} lines of {done.photos} photos in {folder}, {done.judge} of them to judge by"
        )
