"""fresque walls: boards that are one surface."""

from __future__ import annotations

import click

from fresque.commands.options import with_json
from fresque.terminal import echo_json, table


@click.group()
def walls() -> None:
    """Boards of a session that are one surface: photographed again, or piece by piece.

    They are looked for after processing. Of states the sharpest is shown first; overlapping parts of a long fresco
    become one board with a view for each photo. Nothing is thrown away, and 'part' undoes a wrong finding.

    \b
    Example:
      fresque walls list conge-parental
    """


@walls.command("find")
@click.argument("session_id", metavar="SESSION")
@with_json
@click.pass_obj
def find(archive: str | None, session_id: str, as_json: bool) -> None:
    """Look for the walls of a session now (done by 'process' anyway where something has changed).

    \b
    Example:
      fresque walls find conge-parental
    """
    from fresque.app import App

    with App.open(archive) as app:
        changed = app.find_walls([session_id])
        app.refresh()
        _print(app, session_id, as_json, changed)


@walls.command("list")
@click.argument("session_id", metavar="SESSION")
@with_json
@click.pass_obj
def list_(archive: str | None, session_id: str, as_json: bool) -> None:
    """Print the walls of a session, the board that is shown first ahead.

    \b
    Example:
      fresque walls list conge-parental
    """
    from fresque.app import App

    with App.open(archive) as app:
        _print(app, session_id, as_json, 0)


@walls.command("part")
@click.argument("board_id", metavar="BOARD")
@click.option("--undo", is_flag=True, help="Take that back.")
@click.pass_obj
def part(archive: str | None, board_id: str, undo: bool) -> None:
    """Say that BOARD stands for itself: it leaves its wall and is taken for no state or part again.

    \b
    Example:
      fresque walls part 01J9ZQ…
      fresque walls part 01J9ZQ… --undo
    """
    from fresque.app import App

    with App.open(archive) as app:
        session_id = app.archive.catalog.board(board_id).session_id
        (app.archive.catalog.unpart if undo else app.archive.catalog.part)(board_id)
        app.find_walls([session_id])
        app.refresh()
        click.echo(f"{board_id} may be part of a wall again." if undo else f"{board_id} stands for itself.")


def _print(app: object, session_id: str, as_json: bool, changed: int) -> None:
    from fresque.app import App

    assert isinstance(app, App)
    found = app.archive.catalog.walls(session_id)
    if as_json:
        kinds = [{"kind": "parts" if wall.parts else "states", "boards": list(wall.boards)} for wall in found]
        echo_json({"session": session_id, "changed": bool(changed), "walls": kinds})
        return
    table(
        ("wall", "boards", "shown first"),
        [("one fresco" if wall.parts else "states", str(len(wall.boards)), wall.boards[0]) for wall in found],
    )
    if not found:
        click.echo("No two boards of this session are one surface.")
