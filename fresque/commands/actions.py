"""What was decided: `actions list`, `export`, `fix`, `add`, `remove`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.errors import NotFound, UsageError
from archive.model import Board, CorrectionField, Decided, Polygon
from fresque import decided
from fresque.commands.options import with_author, with_json
from fresque.decided import COLUMNS, KINDS, Row, as_calendar, as_csv, by_urgency
from fresque.free_place import place_for
from fresque.terminal import echo_json, table

if TYPE_CHECKING:
    from fresque.app import App


@click.group()
def actions() -> None:
    """What the boards decided: actions with owner and date, decisions, open questions.

    \b
    Example:
      fresque actions list conge-parental
      fresque actions export conge-parental --format ics --out actions.ics
    """


@actions.command("list")
@click.argument("session_id", metavar="SESSION")
@click.option("--kind", type=click.Choice(KINDS), help="Only actions, decisions or open questions.")
@click.option("--owner", help="Only what this person has to do (a part of the name is enough).")
@with_json
@click.pass_obj
def list_(archive: str | None, session_id: str, kind: str | None, owner: str | None, as_json: bool) -> None:
    """List what a session decided, the earliest date first.

    \b
    Example:
      fresque actions list conge-parental --owner Karim
    """
    from fresque.app import App

    with App.open(archive) as app:
        found = rows(app, session_id)
    found = [r for r in found if not kind or r.item.kind == kind]
    found = [r for r in found if not owner or owner.casefold() in r.item.owner.casefold()]
    found.sort(key=by_urgency)
    if as_json:
        for row in found:
            places = [list(point) for point in row.item.polygon]
            echo_json(dict(zip(COLUMNS, row.values(), strict=True)) | {"id": row.key, "polygon": places})
        return
    if not found:
        click.echo("Nothing was found decided. Only boards of phase ACT are looked at.")
        return
    table(
        ("id", "what", "owner", "due", "done", "text", "photo"),
        [
            (
                r.key,
                r.item.kind,
                r.item.owner,
                _when(r),
                "✓" if r.item.done else "",
                r.item.text[:60],
                r.photo,
            )
            for r in found
        ],
    )


def _when(row: Row) -> str:
    if not row.again:
        return str(row.item.due or "")
    return f"{row.again.text}{f', next {row.first}' if row.first else ''}"


@actions.command()
@click.argument("session_id", metavar="SESSION")
@click.option("--format", "form", type=click.Choice(["csv", "ics"]), default="csv", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="File to write (default: standard output).")
@click.pass_obj
def export(archive: str | None, session_id: str, form: str, out: Path | None) -> None:
    """Export a session's actions as CSV (all of them) or iCalendar (a to-do for each action).

    \b
    Example:
      fresque actions export conge-parental --format csv --out actions.csv
    """
    from fresque.app import App

    with App.open(archive) as app:
        title = app.archive.catalog.session(session_id).title
        found = rows(app, session_id)
    data = as_csv(found) if form == "csv" else as_calendar(found, title)
    if out is None:
        sys.stdout.buffer.write(data)
        return
    out.write_bytes(data)
    click.echo(f"{len(found)} written to {out}.")


@actions.command()
@click.argument("key", metavar="ID")
@click.option("--text", help="What is to be done.")
@click.option("--owner", help="Who does it; empty: nobody.")
@click.option("--due", metavar="YYYY-MM-DD", help="By when; empty: no date.")
@click.option("--kind", type=click.Choice(KINDS))
@click.option("--done/--not-done", default=None, help="It was done, or was not.")
@with_author
@click.pass_obj
def fix(
    archive: str | None,
    key: str,
    text: str | None,
    owner: str | None,
    due: str | None,
    kind: str | None,
    done: bool | None,
    author: str,
) -> None:
    """Correct what was found; no later reading changes it. ID is that of the list.

    \b
    Example:
      fresque actions fix 7K3QZP:2 --owner "Karim B." --due 2024-03-15
    """
    from fresque.app import App

    with App.open(archive) as app:
        board, item = _find(app, key)
        value = {
            "kind": kind or item.kind.value,
            "text": item.text if text is None else text,
            "owner": item.owner if owner is None else owner,
            "due": (item.due.isoformat() if item.due else None) if due is None else due or None,
            "done": item.done if done is None else done,
        }
        _correct(app, board, value, item.polygon, author)
    said = f"{value['owner'] or 'nobody'}, {value['due'] or 'no date'}"
    click.echo(f"{key}: {value['text']} ({said}){', done' if value['done'] else ''}.")


@actions.command()
@click.argument("board_id", metavar="BOARD")
@click.argument("text")
@click.option("--owner", default="", help="Who does it.")
@click.option("--due", metavar="YYYY-MM-DD", help="By when.")
@click.option("--kind", type=click.Choice(KINDS), default="action", show_default=True)
@with_author
@click.pass_obj
def add(archive: str | None, board_id: str, text: str, owner: str, due: str | None, kind: str, author: str) -> None:
    """Add what was not found on BOARD. Its place is the line that reads like it, else an empty spot.

    \b
    Example:
      fresque actions add 7K3QZP "clés de la salle" --owner Karim --due 2024-03-15
    """
    from fresque.app import App

    with App.open(archive) as app:
        board = app.archive.catalog.board(board_id)
        value = {"kind": kind, "text": text, "owner": owner, "due": due}
        _correct(app, board, value, place_for(board, text), author)
    click.echo(f"Board {board_id}: {kind} added.")


@actions.command()
@click.argument("key", metavar="ID")
@with_author
@click.pass_obj
def remove(archive: str | None, key: str, author: str) -> None:
    """Take away what was found wrongly.

    \b
    Example:
      fresque actions remove 7K3QZP:2
    """
    from fresque.app import App

    with App.open(archive) as app:
        board, item = _find(app, key)
        _correct(app, board, None, item.polygon, author)
    click.echo(f"{key} taken away: {item.text}")


# --- what the commands share ---------------------------------------------------------------------------------


def rows(app: App, session_id: str) -> list[Row]:
    """What a session decided, in the order of its boards; settled first where something has changed."""
    session = app.archive.catalog.session(session_id)
    app.settle()
    photos = {p.id: p for p in app.archive.catalog.photos(session_id=session_id)}
    return decided.rows(app.archive.catalog.boards(session_id=session_id), photos, session)


def _find(app: App, key: str) -> tuple[Board, Decided]:
    board_id, _, number = key.partition(":")
    if not number.isdigit() or int(number) < 1:
        raise UsageError(f"'{key}' is no id of an action", "'fresque actions list SESSION' shows them")
    app.settle()
    board = app.archive.catalog.board(board_id)
    if int(number) > len(board.decided):
        raise NotFound(f"board {board_id} has {len(board.decided)} actions", "'fresque actions list' shows them")
    return board, board.decided[int(number) - 1]


def _correct(app: App, board: Board, value: object, place: Polygon, author: str) -> None:
    photo = board.views[0].photo_id
    app.archive.catalog.correct(photo, board.id, CorrectionField.DECIDED, value, place, author)
    app.refresh()
