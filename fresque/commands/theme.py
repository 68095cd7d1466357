"""The archive's vocabulary of themes: `theme list`, `add`, `words`, `rename`, `merge`, `remove`, `suggest`, `set`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archive.model import CorrectionField
from fresque.commands.options import with_author, with_json
from fresque.terminal import echo_json, table
from index.lexicon import lexicon_folder, read_concepts

if TYPE_CHECKING:
    from fresque.app import App

NO_SUBJECTS = frozenset(
    (
        *("français courant", "expressions et métaphores", "émotions et conflits", "situations vécues"),
        *("vie quotidienne", "vie au travail", "ateliers et facilitation", "coconception", "gestion de projet"),
    )
)
"""Areas of the lexicon of concepts whose words name no theme."""


@click.group()
def theme() -> None:
    """Themes of boards, from a vocabulary that grows with the archive.

    \b
    Example:
      fresque theme suggest
      fresque theme add "Mode de garde" --word crèche --word "assistante maternelle"
    """


@theme.command("list")
@with_json
@click.pass_obj
def list_(archive: str | None, as_json: bool) -> None:
    """List the themes and how many boards carry each.

    \b
    Example:
      fresque theme list
    """
    from fresque.app import App

    with App.open(archive) as app:
        app.settle()
        themes = app.archive.catalog.themes()
        carried = [name for board in app.archive.catalog.boards() for name in board.themes] if themes else []
    if as_json:
        for t in themes:
            echo_json({"id": t.id, "name": t.name, "words": list(t.words), "boards": carried.count(t.name)})
        return
    if not themes:
        click.echo("No theme yet. What the boards speak of: fresque theme suggest")
        return
    table(("theme", "boards", "words"), [(t.name, str(carried.count(t.name)), ", ".join(t.words)) for t in themes])


@theme.command()
@click.argument("name")
@click.option("--word", "words", multiple=True, help="An expression that speaks for it; may be repeated.")
@with_author
@click.pass_obj
def add(archive: str | None, name: str, words: tuple[str, ...], author: str) -> None:
    """Add a theme; boards that hold its name or one of its words carry it.

    \b
    Example:
      fresque theme add "Mode de garde" --word crèche
    """
    from fresque.app import App

    with App.open(archive) as app:
        made = app.archive.catalog.add_theme(name, words, author)
        count = _settle_all(app)
    click.echo(f"Theme '{made.name}' added; {count} boards changed.")


@theme.command()
@click.argument("name")
@click.argument("words", nargs=-1)
@with_author
@click.pass_obj
def words(archive: str | None, name: str, words: tuple[str, ...], author: str) -> None:
    """Say which expressions speak for a theme, instead of those before.

    \b
    Example:
      fresque theme words "Mode de garde" crèche "assistante maternelle"
    """
    from fresque.app import App

    with App.open(archive) as app:
        made = app.archive.catalog.say_theme(name, words, author)
        count = _settle_all(app)
    click.echo(f"Theme '{made.name}': {', '.join(made.words)}; {count} boards changed.")


@theme.command()
@click.argument("name")
@click.argument("new_name")
@with_author
@click.pass_obj
def rename(archive: str | None, name: str, new_name: str, author: str) -> None:
    """Rename a theme; its old name still speaks for it.

    \b
    Example:
      fresque theme rename crèche "Petite enfance"
    """
    from fresque.app import App

    with App.open(archive) as app:
        made = app.archive.catalog.rename_theme(name, new_name, author)
        _settle_all(app)
    click.echo(f"Theme '{made.name}'.")


@theme.command()
@click.argument("name")
@click.argument("into")
@with_author
@click.pass_obj
def merge(archive: str | None, name: str, into: str, author: str) -> None:
    """Make a theme one with another, on every board.

    \b
    Example:
      fresque theme merge crèche "Mode de garde"
    """
    from fresque.app import App

    with App.open(archive) as app:
        made = app.archive.catalog.merge_themes(name, into, author)
        _settle_all(app)
    click.echo(f"Theme '{made.name}': {', '.join(made.words)}.")


@theme.command()
@click.argument("name")
@with_author
@click.pass_obj
def remove(archive: str | None, name: str, author: str) -> None:
    """Remove a theme from the vocabulary and from every board.

    \b
    Example:
      fresque theme remove crèche
    """
    from fresque.app import App

    with App.open(archive) as app:
        app.archive.catalog.remove_theme(name, author)
        _settle_all(app)
    click.echo(f"Theme '{name}' removed.")


@theme.command("set")
@click.argument("board_id", metavar="BOARD")
@click.argument("names", nargs=-1)
@with_author
@click.pass_obj
def set_(archive: str | None, board_id: str, names: tuple[str, ...], author: str) -> None:
    """Say which themes a board has (none: it has none); no later reading changes it.

    \b
    Example:
      fresque theme set 7K3QZP "Mode de garde" Emploi
    """
    from fresque.app import App

    with App.open(archive) as app:
        board = app.archive.catalog.board(board_id)
        ids = [app.archive.catalog.theme(name).id for name in names]
        photo = board.views[0].photo_id
        app.archive.catalog.correct(photo, board_id, CorrectionField.THEMES, ids, author=author)
        app.refresh()
    click.echo(f"Board {board_id}: {', '.join(names) or 'no theme'}.")


@theme.command()
@click.option("--session", "session_id", metavar="ID", help="Of one session only.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 500))
@with_json
@click.pass_obj
def suggest(archive: str | None, session_id: str | None, limit: int, as_json: bool) -> None:
    """Suggest expressions that several boards share and no theme has yet.

    \b
    Example:
      fresque theme suggest --limit 30
    """
    from capture.pipeline.session import themes
    from fresque.app import App

    with App.open(archive) as app:
        boards = app.archive.catalog.boards(session_id=session_id)
        texts = [(b.session_id, [line.text for line in b.lines]) for b in boards]
        people = [person.name for s in app.archive.catalog.sessions() for person in s.people]
        found = themes.suggest(texts, app.archive.catalog.themes(), limit, subjects(), people)
    if as_json:
        for s in found:
            echo_json({"text": s.text, "boards": s.boards, "sessions": s.sessions, "score": round(s.score, 2)})
        return
    if not found:
        click.echo("Nothing to suggest: no expression is on two boards.")
        return
    table(("expression", "boards", "sessions"), [(s.text, str(s.boards), str(s.sessions)) for s in found])


def subjects() -> frozenset[str]:
    """What the lexicon of concepts knows as subjects; what everybody says of anything, and workshops, are none."""
    concepts = read_concepts(lexicon_folder())
    return frozenset(text for c in concepts if c.area not in NO_SUBJECTS for text in (c.name, *c.fr, *c.en))


def _settle_all(app: App) -> int:
    """A vocabulary that has changed may change every board."""
    count = app.settle([session.id for session in app.archive.catalog.sessions()])
    app.refresh()
    return count
