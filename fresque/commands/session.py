"""Sessions: `session add`, `edit`, `list`, `show`, `clock`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.errors import UsageError
from archive.model import METHOD_PHASES, Phase, Photo, PhotoState, Session
from fresque.commands.options import with_author, with_json
from fresque.commands.session_fields import session_object, with_fields, with_given
from fresque.session_file import session_from_toml
from fresque.terminal import echo_json, table

if TYPE_CHECKING:
    from fresque.app import App

with_file = click.option(
    "--from", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A session.toml to start from."
)


@click.group()
def session() -> None:
    """Sessions: add, edit, list, show; the clocks of their cameras.

    \b
    Example:
      fresque session add conge-parental --title "Le congé parental" --lab Nantes --start 2024-03-05
    """


@session.command()
@click.argument("session_id", metavar="ID")
@with_fields
@with_file
@with_json
@click.pass_obj
def add(archive: str | None, /, session_id: str, file: Path | None, as_json: bool, **given: Any) -> None:
    """Add a session; flags win over the file.

    \b
    Example:
      fresque session add conge-parental --title "Le congé parental" --theme famille --theme droits
      fresque session add conge-parental --from session.toml --agenda "2024-03-05 09:30 SCAN"
    """
    from dataclasses import replace

    from fresque.app import App

    base = session_from_toml(file, session_id) if file else Session(session_id, "")
    made = with_given(replace(base, id=session_id), given)
    if not made.title:
        raise UsageError("the session has no title", "give --title, or --from a session.toml")
    with App.open(archive) as app:
        app.ensure_project(made.project_id)
        app.archive.catalog.add_session(made)
    if as_json:
        echo_json({"session": session_id})
    else:
        click.echo(f"Session {session_id} added. Next: fresque ingest PHOTOS --session {session_id}")


@session.command()
@click.argument("session_id", metavar="ID")
@with_fields
@with_author
@with_json
@click.pass_obj
def edit(archive: str | None, /, session_id: str, author: str, as_json: bool, **given: Any) -> None:
    """Change a session; what no flag names stays. A flag that may be repeated replaces all it names.

    \b
    Example:
      fresque session edit conge-parental --agenda "2024-03-05 09:30 SCAN" --agenda "2024-03-05 14:00 FOCUS"
    """
    from fresque.app import App

    if not any(given.values()):
        raise UsageError("nothing says what to change", "give --title, --agenda, --person …")
    with App.open(archive) as app:
        made = with_given(app.archive.catalog.session(session_id), given)
        app.ensure_project(made.project_id)
        app.archive.catalog.update_session(made, author)
        app.refresh()
    if as_json:
        echo_json(session_object(made))
    else:
        click.echo(f"Session {session_id} changed.")


@session.command("list")
@click.option("--project", "project_id", metavar="ID", help="Only those of a project.")
@with_json
@click.pass_obj
def list_(archive: str | None, project_id: str | None, as_json: bool) -> None:
    """List the sessions.

    \b
    Example:
      fresque session list
    """
    from fresque.app import App

    with App.open(archive) as app:
        numbers = app.archive.catalog.counts_by_session()
        rows = [(s, *_totals(numbers[s.id])) for s in app.archive.catalog.sessions(project_id)]
    if as_json:
        for s, photos, boards in rows:
            echo_json(session_object(s) | {"photos": photos, "boards": boards})
        return
    if not rows:
        click.echo("No session yet. Add one: fresque session add ID --title TITLE")
        return
    table(
        ("session", "title", "kind", "lab", "start", "photos", "boards"),
        [(s.id, s.title, s.kind, s.lab, str(s.start or ""), str(photos), str(boards)) for s, photos, boards in rows],
    )


@session.command("show")
@click.argument("session_id", metavar="ID")
@with_json
@click.pass_obj
def show_session(archive: str | None, session_id: str, as_json: bool) -> None:
    """Show a session and its boards by phase.

    \b
    Example:
      fresque session show conge-parental
    """
    from fresque.app import App

    with App.open(archive) as app:
        found = app.archive.catalog.session(session_id)
        counts = app.archive.catalog.counts(session_id)
        boards = app.archive.catalog.boards(session_id=session_id)
    if as_json:
        echo_json(
            session_object(found)
            | {"photos": sum(counts.photos.values()), "waiting": counts.to_do, "failed": counts.failed}
            | {"boards": [{"id": b.id, "phase": b.phase.label, "text": b.text} for b in boards]}
        )
        return
    click.echo(f"{found.title} ({found.id}), {found.kind}, {found.start or 'no date'}, lab: {found.lab or '–'}")
    click.echo(f"{sum(counts.photos.values())} photos, {counts.to_do} waiting, {counts.failed} failed")
    for item in found.agenda:
        click.echo(f"  {item.begins:%Y-%m-%d %H:%M} {item.phase}")
    order = [*METHOD_PHASES, Phase.UNSURE, Phase.NONE]
    rows = sorted(boards, key=lambda b: order.index(b.phase.label))
    table(
        ("phase", "board", "words", "first line"),
        [(b.phase.label, b.id, str(len(b.text.split())), b.text.split("\n")[0][:70]) for b in rows],
    )


@session.command()
@click.argument("session_id", metavar="ID")
@click.option("--shift", metavar="SHIFT", help="To add to the camera's clock: +1h, -45min, 2d; 0 takes it back.")
@click.option("--uploader", help="Only the photos that this person brought.")
@click.option("--camera", help="Only the photos of this camera, as EXIF names it.")
@with_author
@with_json
@click.pass_obj
def clock(
    archive: str | None,
    session_id: str,
    shift: str | None,
    uploader: str | None,
    camera: str | None,
    author: str,
    as_json: bool,
) -> None:
    """Show what the cameras' clocks say, and shift those that were wrong, all photos of one together.

    Without --shift it proposes one where a camera's photos lie outside the session's days and hours.

    \b
    Example:
      fresque session clock conge-parental
      fresque session clock conge-parental --uploader Anne --shift +1h
    """
    from capture.cameras import cameras
    from capture.pipeline.session.clocks import parse_shift, spell
    from fresque.app import App

    with App.open(archive) as app:
        found = app.archive.catalog.session(session_id)
        photos = app.archive.catalog.photos(session_id=session_id)
        chosen = [p for p in photos if p.taken_at and (uploader is None or p.uploader == uploader)]
        of = cameras(app.archive, chosen)
        chosen = [p for p in chosen if camera is None or of[p.id] == camera]
        if shift is not None:
            seconds = int(parse_shift(shift).total_seconds())
            app.archive.catalog.shift_clocks([p.id for p in chosen], seconds, author)
            app.refresh()
            click.echo(f"{len(chosen)} photos: {spell(timedelta(seconds=seconds))}.")
            return
        rows = [(who, some, proposed(some, found)) for who, some in by_camera(chosen, of).items()]
    if as_json:
        for (who, what), some, best in rows:
            said = spell(best) if best is not None else None
            told = {"photos": len(some), "shift": some[0].clock_shift, "proposed": said}
            echo_json({"uploader": who, "camera": what} | told)
        return
    table(
        ("uploader", "camera", "photos", "first", "last", "shifted by", "proposed"),
        [
            (
                who or "–",
                what or "–",
                str(len(some)),
                f"{min(times(some)):%Y-%m-%d %H:%M}",
                f"{max(times(some)):%Y-%m-%d %H:%M}",
                spell(timedelta(seconds=some[0].clock_shift)),
                spell(best) if best is not None else "",
            )
            for (who, what), some, best in rows
        ],
    )


def by_camera(photos: list[Photo], of: Mapping[str, str]) -> dict[tuple[str, str], list[Photo]]:
    """Photos with a time, by who brought them and by their camera: one camera has one clock."""
    found: dict[tuple[str, str], list[Photo]] = {}
    for photo in photos:
        if photo.taken_at is not None:
            found.setdefault((photo.uploader, of.get(photo.id, "")), []).append(photo)
    return found


def times(photos: list[Photo]) -> list[datetime]:
    return [photo.at for photo in photos if photo.at]


def proposed(photos: list[Photo], session: Session) -> timedelta | None:
    """The shift to give one camera's photos, on top of nothing."""
    from capture.pipeline.session.clocks import propose
    from capture.pipeline.session.when import Programme

    if any(photo.clock_shift for photo in photos):
        return None
    return propose(times(photos), Programme(session.start, session.end, session.agenda))


def tell_wrong_clocks(app: App, session_id: str) -> None:
    """After photos were taken in: the command that would set their clocks right, where they look wrong."""
    from capture.cameras import cameras
    from capture.pipeline.session.clocks import all_inside, spell
    from capture.pipeline.session.when import Programme

    session = app.archive.catalog.session(session_id)
    photos = [p for p in app.archive.catalog.photos(session_id=session_id) if p.taken_at]
    if all_inside(times(photos), Programme(session.start, session.end, session.agenda)):
        return  # the originals need not be asked for their cameras
    for (who, what), some in by_camera(photos, cameras(app.archive, photos)).items():
        best = proposed(some, session)
        if best is not None:
            whose = (f" --uploader '{who}'" if who else "") + (f" --camera '{what}'" if what else "")
            click.echo(
                f"The clock of {len(some)} photos looks wrong (first {min(times(some)):%Y-%m-%d %H:%M}). To shift it: "
                f"fresque session clock {session_id}{whose} --shift={spell(best)}"
            )


def _totals(by: tuple[Mapping[PhotoState, int], Mapping[Phase, int]]) -> tuple[int, int]:
    """Photos and boards, from their numbers by state and by phase."""
    return sum(by[0].values()), sum(by[1].values())
