"""What readings gave, before and after: `readings`, `diff`, `undo`, `prune`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from archive.errors import UsageError
from fresque.commands.options import with_author, with_json
from fresque.terminal import echo_json, table

if TYPE_CHECKING:
    from archive.difference import BoardDifference
    from archive.readings import KeptReading
    from fresque.app import App

MOMENTS = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"])


@click.command()
@click.argument("photo_id", metavar="PHOTO")
@with_json
@click.pass_obj
def readings(archive: str | None, photo_id: str, as_json: bool) -> None:
    """List the readings of a photo that are kept, the latest first.

    \b
    Example:
      fresque readings 1m8h2w496gwwgpz2
    """
    from fresque.app import App

    with App.open(archive) as app:
        found = app.archive.catalog.readings(photo_id)
    if as_json:
        for each in found:
            echo_json(_object(each))
        return
    rows = [
        (str(r.number), f"{r.made_at:%Y-%m-%d %H:%M}", "current" if r.current else "", str(len(r.board_ids)), _words(r))
        for r in found
    ]
    table(("reading", "made", "", "boards", "words"), rows)


def _words(reading: KeptReading) -> str:
    return str(sum(len(surface.text.split()) for surface in reading.scan.surfaces))


def _object(reading: KeptReading) -> dict[str, Any]:
    return {
        "photo": reading.photo_id,
        "reading": reading.number,
        "made_at": reading.made_at.isoformat(),
        "current": reading.current,
        "recipe": {stage.name: stage.version for stage in reading.recipe.stages},
        "boards": [
            {"id": board_id, "text": surface.text, "phase": surface.phase.label}
            for board_id, surface in zip(reading.board_ids, reading.scan.surfaces, strict=True)
        ],
    }


def _chosen(app: App, photo_id: str | None, session_id: str | None, since: datetime | None) -> list[str]:
    """Photos whose latest reading is meant: one, or those read again since a moment. Raises UsageError, NotFound."""
    if photo_id is not None:
        return [app.archive.catalog.photo(photo_id).id]
    if since is None:
        raise UsageError("nothing says which photos", "name one, or give --since, alone or with --session")
    if session_id is not None:
        app.archive.catalog.session(session_id)
    return app.archive.catalog.read_since(since.astimezone(), session_id)


def choosing(command: Any) -> Any:
    """The arguments that say which photos."""
    command = click.argument("photo_id", metavar="[PHOTO]", required=False)(command)
    command = click.option("--session", "session_id", metavar="ID", help="Only of this session.")(command)
    return click.option("--since", type=MOMENTS, metavar="TIME", help="Photos read again since then.")(command)


@click.command()
@choosing
@with_json
@click.pass_obj
def diff(
    archive: str | None, photo_id: str | None, session_id: str | None, since: datetime | None, as_json: bool
) -> None:
    """What the latest reading changed: words gained and lost, board by board.

    \b
    Example:
      fresque diff 1m8h2w496gwwgpz2
      fresque diff --since 2026-03-01
    """
    from fresque.app import App

    with App.open(archive) as app:
        found = [
            (app.archive.catalog.photo(photo).file_name, each)
            for photo in _chosen(app, photo_id, session_id, since)
            for each in differences(app, photo)
        ]
    if as_json:
        for name, each in found:
            echo_json(_difference_object(name, each))
        return
    changed = [(name, each) for name, each in found if not each.same]
    rows = [(name, d.board_id, _phases(d), _shown("+", d.gained), _shown("-", d.lost)) for name, d in changed]
    if rows:
        table(("photo", "board", "phase", "gained", "lost"), rows)
    click.echo(
        f"{len(changed)} of {len(found)} boards differ: {sum(len(d.gained) for _, d in changed)} words gained,"
        f" {sum(len(d.lost) for _, d in changed)} lost."
    )


def _shown(sign: str, words: tuple[str, ...]) -> str:
    return f"{sign}{len(words)} {' '.join(words)}"[:60] if words else ""


def differences(app: App, photo_id: str) -> list[BoardDifference]:
    """Between a photo's current reading and the one before it; none when there is none."""
    from archive.difference import difference

    kept = app.archive.catalog.readings(photo_id)
    current = next((n for n, reading in enumerate(kept) if reading.current), None)
    if current is None or current + 1 >= len(kept):
        return []
    return difference(kept[current + 1], kept[current])


def _phases(d: BoardDifference) -> str:
    if d.phase_before == d.phase_after:
        return str(d.phase_after or "")
    return f"{d.phase_before or 'none there'} → {d.phase_after or 'gone'}"


def _difference_object(name: str, d: BoardDifference) -> dict[str, Any]:
    return {
        "photo": name,
        "board": d.board_id,
        "before": d.before,
        "after": d.after,
        "gained": list(d.gained),
        "lost": list(d.lost),
        "phase_before": d.phase_before,
        "phase_after": d.phase_after,
    }


@click.command()
@choosing
@click.option("--to", "number", type=click.IntRange(1), metavar="READING", help="That reading (one photo).")
@with_author
@click.pass_obj
def undo(
    archive: str | None,
    photo_id: str | None,
    session_id: str | None,
    since: datetime | None,
    number: int | None,
    author: str,
) -> None:
    """Bring back the reading before the latest; corrections stay, and the later reading is kept too.

    \b
    Example:
      fresque undo 1m8h2w496gwwgpz2
      fresque undo --since 2026-03-01 --session conge-parental
    """
    from fresque.app import App

    if number is not None and photo_id is None:
        raise UsageError("--to is the number of one photo's reading", "name the photo")
    with App.open(archive) as app:
        photos = _chosen(app, photo_id, session_id, since)
        for photo in photos:
            app.archive.catalog.bring_back(photo, number, author)
        app.refresh()
    click.echo(f"{len(photos)} photos have their earlier reading again.")


@click.command()
@click.option(
    "--older-than", "days", required=True, type=click.FloatRange(0), metavar="DAYS", help="Readings of before."
)
@with_json
@click.pass_obj
def prune(archive: str | None, days: float, as_json: bool) -> None:
    """Let go earlier readings that no longer count, and their images. What counts now is never touched.

    \b
    Example:
      fresque prune --older-than 365
    """
    from archive.prune import before_days
    from archive.prune import prune as let_go
    from fresque.app import App

    with App.open(archive) as app:
        gone = let_go(app.archive, before_days(days))
    if as_json:
        echo_json({"readings": gone.readings, "results": gone.results, "files": gone.blobs})
    else:
        click.echo(f"{gone.readings} readings and {gone.blobs} files let go.")
