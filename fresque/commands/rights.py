"""Authors' and people's rights: `retention`, `personal`, `forget`, `audit`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from archive.errors import BatchPartlyFailed, UsageError
from fresque.commands.options import with_doer, with_json
from fresque.terminal import echo_json, table

if TYPE_CHECKING:
    from archive.remains import Remains
    from fresque.app import App

with_reason = click.option("--reason", required=True, help="Why; kept with the tombstone.")
with_yes = click.option("--yes", is_flag=True, help="Do not ask.")
DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def retention() -> None:
    """How long sessions may be kept, and why: set, due.

    \b
    Example:
      fresque retention due
    """


@retention.command("set")
@click.argument("session_id", metavar="SESSION")
@click.option("--until", type=DAY, metavar="YYYY-MM-DD", help="Last day on which it may be kept.")
@click.option("--basis", help="Legal basis, such as 'mission d'intérêt public' or 'consentement'.")
@with_doer
@click.pass_obj
def set_(archive: str | None, session_id: str, until: datetime | None, basis: str | None, author: str) -> None:
    """Set until when a session may be kept, and on which legal basis.

    \b
    Example:
      fresque retention set conge-parental --until 2031-03-05 --basis consentement
    """
    from fresque.app import App

    if until is None and basis is None:
        raise UsageError("nothing to set", "give --until or --basis")
    with App.open(archive) as app:
        found = app.archive.catalog.session(session_id)
        found = replace(
            found,
            retention_until=until.date() if until else found.retention_until,
            legal_basis=basis if basis is not None else found.legal_basis,
        )
        app.archive.catalog.update_session(found, author)
    click.echo(f"{session_id}: until {found.retention_until or 'no date'}, {found.legal_basis or 'no legal basis'}.")


@retention.command()
@click.option("--on", "day", type=DAY, metavar="YYYY-MM-DD", help="As of that day (default: today).")
@with_json
@click.pass_obj
def due(archive: str | None, day: datetime | None, as_json: bool) -> None:
    """List the sessions whose retention has ended, and those that have no date or no legal basis.

    \b
    Example:
      fresque retention due --on 2027-01-01
    """
    from fresque.app import App

    today = day.date() if day else datetime.now(UTC).date()
    with App.open(archive) as app:
        sessions = app.archive.catalog.sessions()
    ended = [s for s in sessions if s.retention_until is not None and s.retention_until < today]
    unsettled = [s for s in sessions if s.retention_until is None or not s.legal_basis]
    if as_json:
        for s in ended:
            echo_json({"session": s.id, "until": str(s.retention_until), "basis": s.legal_basis, "due": True})
        for s in unsettled:
            until = str(s.retention_until) if s.retention_until else None
            echo_json({"session": s.id, "until": until, "basis": s.legal_basis, "due": s in ended})
        return
    if ended:
        rows = [(s.id, s.title, str(s.retention_until), s.legal_basis) for s in ended]
        table(("session", "title", "until", "legal basis"), rows, title="Retention has ended")
        click.echo("'fresque forget session ID' destroys one, 'fresque retention set' gives it more time.")
    else:
        click.echo("No session is due.")
    if unsettled:
        click.echo(f"Without a date or a legal basis: {', '.join(s.id for s in unsettled)}")


@click.command()
@click.option("--session", "session_id", metavar="ID", help="Only of this session.")
@with_json
@click.pass_obj
def personal(archive: str | None, session_id: str | None, as_json: bool) -> None:
    """List the personal data found on boards and in texts, for a person to look at: e-mail, telephone, social
    security numbers, names beside them.

    \b
    Example:
      fresque personal --session conge-parental
    """
    from archive.personal import findings
    from fresque.app import App

    with App.open(archive) as app:
        boards = [b for b in app.archive.catalog.boards(session_id=session_id) if b.personal]
        texts = app.archive.catalog.materials(session_id)
    found = [(b.id, f) for b in boards for f in findings([line.text for line in b.lines])]
    found += [(m.id, f) for m in texts for f in findings(m.text.splitlines())]
    if as_json:
        for key, f in found:
            echo_json({"id": key, "kind": f.kind, "text": f.text, "line": f.line + 1})
        return
    if not found:
        click.echo("No personal data was found by its form. A look by a person is worth it all the same.")
        return
    table(("where", "kind", "what", "line"), [(key, f.kind, f.text, str(f.line + 1)) for key, f in found])


@click.group()
def forget() -> None:
    """Destroy for good: a photo, a text, a session, a person's name. It says where copies remain.

    \b
    Example:
      fresque forget person "Karim Benali" --reason "demande du 12 mars"
    """


@forget.command()
@click.argument("photo_ids", nargs=-1, required=True, metavar="PHOTO...")
@with_reason
@with_doer
@with_yes
@click.pass_obj
def photo(archive: str | None, photo_ids: tuple[str, ...], reason: str, author: str, yes: bool) -> None:
    """Destroy photos with their boards, readings, corrections and images.

    \b
    Example:
      fresque forget photo 1m8h2w496gwwgpz2 --reason "prise sans accord"
    """
    from archive.forget import forget_photos
    from fresque.app import App

    with App.open(archive) as app:
        names = [app.archive.catalog.photo(photo_id).file_name for photo_id in photo_ids]
        _ask(yes, f"Destroy {', '.join(names)} for good?")
        gone = forget_photos(app.archive, photo_ids, reason, author)
        _clean_up(app)
    click.echo(f"{len(gone.photos)} photos and {len(gone.boards)} boards destroyed.")
    _tell(gone.remains)


@forget.command()
@click.argument("text_ids", nargs=-1, required=True, metavar="TEXT...")
@with_reason
@with_doer
@with_yes
@click.pass_obj
def text(archive: str | None, text_ids: tuple[str, ...], reason: str, author: str, yes: bool) -> None:
    """Destroy texts and the files they were read from.

    \b
    Example:
      fresque forget text 1m8h2w496gwwgpz2 --reason "données de santé"
    """
    from archive.forget import forget_materials
    from fresque.app import App

    with App.open(archive) as app:
        _ask(yes, f"Destroy {len(text_ids)} texts for good?")
        gone = forget_materials(app.archive, text_ids, reason, author)
        _clean_up(app)
    click.echo(f"{len(gone.materials)} texts destroyed.")
    _tell(gone.remains)


@forget.command()
@click.argument("session_id", metavar="SESSION")
@with_reason
@with_doer
@with_yes
@click.pass_obj
def session(archive: str | None, session_id: str, reason: str, author: str, yes: bool) -> None:
    """Destroy a session with everything in it.

    \b
    Example:
      fresque forget session essai --reason "fin de conservation"
    """
    from archive.forget import forget_session
    from fresque.app import App

    with App.open(archive) as app:
        title = app.archive.catalog.session(session_id).title
        _ask(yes, f"Destroy the session {title} and everything in it for good?")
        gone = forget_session(app.archive, session_id, reason, author)
        _clean_up(app)
    click.echo(f"Session {session_id}: {len(gone.photos)} photos and {len(gone.materials)} texts destroyed.")
    _tell(gone.remains)


@forget.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@with_reason
@with_doer
@with_yes
@click.option("--dry-run", is_flag=True, help="Only say where it stands.")
@click.pass_obj
def person(archive: str | None, names: tuple[str, ...], reason: str, author: str, yes: bool, dry_run: bool) -> None:
    """Paint a person's name over in every photo and take it out of every record; give all ways it is written.

    The photos are read again at once. Handwriting that no reader has read cannot be found: look at the boards of the
    person's sessions as well.

    \b
    Example:
      fresque forget person "Karim Benali" "K. Benali" --reason "demande du 12 mars"
    """
    from archive.naming import Name
    from capture.forget import forget_name
    from fresque.app import App

    with App.open(archive) as app:
        name = Name(names)
        places = app.archive.catalog.find_person(name)
        files = [app.archive.catalog.photo(i).file_name for i in places.polygons]
        click.echo(f"It stands in {len(files)} photos ({', '.join(files) or 'none'}), {len(places.texts)} texts.")
        if dry_run or places.nothing:
            return
        _ask(yes, "Take it out for good?")
        done = forget_name(app.archive, name, reason, author)
        if not done.failed:
            for result in app.process():
                click.echo(f"{result.file_name}: {result.error or 'read again'}")
        _clean_up(app)
    for file, why in done.failed:
        click.echo(f"{file}: {why}", err=True)
    if done.failed:
        raise BatchPartlyFailed("nothing was changed: not every photo could be painted", "mend these first")
    click.echo(f"{len(done.painted)} photos painted over, {len(done.digests)} files destroyed.")
    _tell(done.remains)
    if done.remains.looked_into:
        click.echo("What people typed (captions, comments, who took part) is in these backups too: after a restore,")
        click.echo("forget the name again; or make a new backup and destroy the old ones.")


def _ask(yes: bool, question: str) -> None:
    if not yes:
        click.confirm(f"{question} It cannot be undone.", abort=True)


def _clean_up(app: App) -> None:
    """What was made of the records holds what they held: it goes, and the index is built anew."""
    from archive.forget import scrub

    for name in scrub(app.archive):
        click.echo(f"{name} removed; it is made again when it is needed.")
    app.rebuild_index()


def _tell(left: Remains) -> None:
    for bag in left.holding:
        click.echo(f"A copy remains in the backup {bag}; a restore from it leaves out what was destroyed.")
    for bag in left.unreachable:
        click.echo(f"The backup {bag} cannot be looked into now; it may hold a copy.")
    click.echo("Other copies (exports, phones, e-mail) are not known here.")


@click.command()
@click.option("--of", "object_id", metavar="ID", help="Of one session, photo or board.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000))
@with_json
@click.pass_obj
def audit(archive: str | None, object_id: str | None, limit: int, as_json: bool) -> None:
    """The log of acts: who changed, exported and removed what, the latest first. It is never changed.

    \b
    Example:
      fresque audit --of conge-parental
    """
    from fresque.app import App

    with App.open(archive) as app:
        acts = app.archive.catalog.acts(object_id, limit)
    if as_json:
        for act in acts:
            echo_json(
                {"at": act.at.isoformat() if act.at else None, "actor": act.actor, "action": act.action}
                | {"kind": act.kind, "id": act.object_id, "detail": dict(act.detail)}
            )
        return
    rows = [(f"{a.at:%Y-%m-%d %H:%M:%S}", a.actor, a.action, a.kind, a.object_id, str(dict(a.detail))) for a in acts]
    table(("when", "who", "did", "to", "id", "detail"), rows)
