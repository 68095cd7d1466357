"""Learning from corrections: `phase train`, `phase reset`, `phase settle`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from fresque.commands.options import with_doer, with_json
from fresque.terminal import echo_json, table

if TYPE_CHECKING:
    from fresque.app import App


@click.group()
def phase() -> None:
    """Phases of boards: learn from what people confirmed, settle sessions again.

    \b
    Example:
      fresque tag 7K3QZP ACT
      fresque phase train
    """


@phase.command()
@click.option("--dry-run", is_flag=True, help="Only compare; keep the model in use.")
@with_doer
@with_json
@click.pass_obj
def train(archive: str | None, dry_run: bool, author: str, as_json: bool) -> None:
    """Learn again with the phases that people confirmed; the model in use stays unless the new one is better.

    Both are judged by cross-validation over the archive's sessions. The model belongs to this archive: it is kept in
    it, and named in the recipe of what it tags. Boards are tagged again at once.

    \b
    Example:
      fresque phase train --dry-run
    """
    from dataclasses import asdict

    from capture.learn import train_phases
    from fresque.app import App

    with App.open(archive) as app:
        report, kept = train_phases(app.archive, not dry_run, author)
        touched = _settle(app) if kept else 0
    if as_json:
        echo_json(asdict(report) | {"better": report.better, "kept": kept, "boards_changed": touched})
        return
    rows = [(name, str(n), f"{now:.3f}", f"{new:.3f}") for name, (n, now, new) in report.by_label.items()]
    total = ("all", str(report.boards), f"{report.now.accuracy:.3f}", f"{report.new.accuracy:.3f}")
    table(("phase", "boards", "right now", "right then"), [*rows, total])
    click.echo(f"Log-likelihood {report.now.likelihood:.3f} → {report.new.likelihood:.3f}, {report.sessions} sessions.")
    if kept:
        click.echo(f"The new model is better and in use; {touched} boards changed.")
    elif report.better:
        click.echo("The new model would be better. Nothing was changed.")
    else:
        click.echo("The model in use is not worse: it stays.")


@phase.command()
@with_doer
@click.pass_obj
def reset(archive: str | None, author: str) -> None:
    """Go back to the model that Fresque brings.

    \b
    Example:
      fresque phase reset
    """
    from capture.settle import PHASE
    from fresque.app import App

    with App.open(archive) as app:
        gone = app.archive.catalog.forget_trained(PHASE, author)
        touched = _settle(app) if gone else 0
    click.echo(f"Back to the shipped model; {touched} boards changed." if gone else "The shipped model is in use.")


@phase.command()
@click.option("--session", "session_id", metavar="ID", help="One session only.")
@click.pass_obj
def settle(archive: str | None, session_id: str | None) -> None:
    """Settle sessions again: phases by text, time and neighbours, what was decided, themes.

    It is done by itself when something changes; after an update of Fresque this command does it for all.

    \b
    Example:
      fresque phase settle --session conge-parental
    """
    from fresque.app import App

    with App.open(archive) as app:
        touched = _settle(app, session_id)
    click.echo(f"{touched} boards changed.")


def _settle(app: App, session_id: str | None = None) -> int:
    ids = [session_id] if session_id else [session.id for session in app.archive.catalog.sessions()]
    touched = app.settle(ids)
    app.refresh()
    return touched
