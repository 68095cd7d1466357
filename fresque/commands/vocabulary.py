"""The words an archive brings to reading: `vocabulary take`, `vocabulary show`, `vocabulary drop`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from fresque.commands.options import with_doer, with_json
from fresque.terminal import echo_json

if TYPE_CHECKING:
    from fresque.vocabulary import Vocabulary


@click.group()
def vocabulary() -> None:
    """Words that reading should expect: titles, organisations, themes, texts people confirmed.

    \b
    Example:
      fresque vocabulary take
      fresque reprocess --older-than-recipe
    """


@vocabulary.command()
@with_doer
@with_json
@click.pass_obj
def take(archive: str | None, author: str, as_json: bool) -> None:
    """Snapshot the archive's words as they are now; photos read from now on expect them.

    \b
    Example:
      fresque vocabulary take
    """
    from fresque import vocabulary as words
    from fresque.app import App

    with App.open(archive) as app:
        taken = words.take(app.archive, author)
    if as_json:
        echo_json(_object(taken))
    else:
        click.echo(f"{len(taken.texts)} texts, {taken.digest[:12]}")
        click.echo("Photos that were read before: fresque reprocess --older-than-recipe")


@vocabulary.command()
@with_json
@click.pass_obj
def show(archive: str | None, as_json: bool) -> None:
    """The snapshot in use.

    \b
    Example:
      fresque vocabulary show
    """
    from fresque import vocabulary as words
    from fresque.app import App

    with App.open(archive) as app:
        used = words.in_use(app.archive)
    if as_json:
        echo_json(_object(used) if used else None)
    elif used is None:
        click.echo("None was taken: fresque vocabulary take")
    else:
        click.echo("\n".join((f"{len(used.texts)} texts, {used.digest}", *used.texts)))


@vocabulary.command()
@with_doer
@click.pass_obj
def drop(archive: str | None, author: str) -> None:
    """Read without a vocabulary of the archive again.

    \b
    Example:
      fresque vocabulary drop
    """
    from fresque import vocabulary as words
    from fresque.app import App

    with App.open(archive) as app:
        gone = words.drop(app.archive, author)
    click.echo("Dropped." if gone else "None was in use.")


def _object(used: Vocabulary) -> dict[str, object]:
    return {"digest": used.digest, "texts": list(used.texts)}
