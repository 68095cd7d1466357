"""Photos and texts in: `ingest`, `process`, `reprocess`, `import`."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.errors import BatchPartlyFailed, IndexFault, UsageError
from archive.model import Material, Session
from fresque.commands.options import with_json
from fresque.commands.session import tell_wrong_clocks
from fresque.commands.session_folder import session_of
from fresque.session_file import NAME as SESSION_FILE
from fresque.session_file import session_from_import
from fresque.terminal import batched, echo_json, progress, table, warn

if TYPE_CHECKING:
    from capture.intake import Result
    from fresque.app import App, Estimate

IMPORT_BATCH = 500  # texts a commit
STAY_SECONDS = 1.0  # between two looks at the queue

with_workers = click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes at work."
)
with_cluster = click.option(
    "--on",
    metavar="CLUSTER",
    help="A Dask cluster: dask://HOST:8786, tls://HOST:8786, or local for one on this machine.",
)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--session", "session_id", metavar="ID", help="The session they belong to; a session.toml beside them may say it."
)
@click.option("--clock-shift", metavar="SHIFT", help="The camera's clock was off: to add, +1h, -45min, 2d.")
@click.option("--no-process", is_flag=True, help="Only take the photos in; 'fresque process' reads them later.")
@click.option("--uploader", default="", help="Who brings them.")
@with_workers
@with_cluster
@with_json
@click.pass_obj
def ingest(
    archive: str | None,
    paths: tuple[Path, ...],
    session_id: str | None,
    clock_shift: str | None,
    no_process: bool,
    uploader: str,
    workers: int,
    on: str | None,
    as_json: bool,
) -> None:
    """Take in PATHS (photos, documents, zips or folders) for a session, then process them.

    Photos: JPEG, PNG, HEIC, WebP, TIFF, pages of a PDF. Documents (PDF with text, PPTX, DOCX, Markdown, text) become
    searchable beside the boards. Taking in the same files again adds nothing and says so; a batch that was stopped
    goes on where it was. A session.toml in a folder makes the session, or fills what is not known of it.

    \b
    Example:
      fresque ingest ~/photos/2024-03-05 --session conge-parental
      fresque ingest ~/photos/conge-parental --clock-shift +1h
    """
    from capture.pipeline.session.clocks import parse_shift
    from fresque.app import App

    with App.open(archive) as app:
        session_id = session_of(app, paths, session_id)
        shift = parse_shift(clock_shift) if clock_shift else None
        before = {photo.id for photo in app.archive.catalog.photos(session_id=session_id)}
        counts = _take_in(app, paths, session_id, uploader)
        if shift is not None:
            new = [p.id for p in app.archive.catalog.photos(session_id=session_id) if p.id not in before]
            app.archive.catalog.shift_clocks(new, int(shift.total_seconds()), uploader)
        failed = 0 if no_process else _process(app, workers, on)
        if as_json:
            echo_json(counts | {"failed": failed})
        else:
            texts = f" and {counts['texts']} texts" if counts["texts"] else ""
            known = f", {counts['known']} were there already" if counts["known"] else ""
            refused = f", {counts['refused']} refused" if counts["refused"] else ""
            click.echo(f"{counts['added']} photos{texts} taken in{known}{refused}.")
            if not no_process and counts["added"]:
                _print_boards(app, session_id)
                _print_lookalikes(app, session_id)
            if counts["added"]:
                tell_wrong_clocks(app, session_id)
    _raise_if_failed(counts["refused"] + failed)


def _take_in(app: App, paths: tuple[Path, ...], session_id: str, uploader: str) -> dict[str, int]:
    from capture.intake import Intake, files_in

    files = [path for path in files_in(paths) if path.name != SESSION_FILE]
    counts = {"added": 0, "texts": 0, "known": 0, "refused": 0}
    with (
        progress("taking in", len(files)) as advance,
        Intake(app.archive, session_id, uploader, app.opening()) as intake,
    ):
        for path in files:
            for result in intake.take(path):
                count(counts, result)
            advance()
    return counts


def count(counts: dict[str, int], result: Result) -> None:
    """Add what became of a file to the counts, and tell what must be told."""
    if result.taken == "added":
        counts["added"] += result.photos
        counts["texts"] += result.text
    else:
        counts[result.taken] += 1
    told = result.reason or result.warning
    if told:
        warn(f"{result.name}: {told}")


def _process(app: App, workers: int, on: str | None) -> int:
    """Process what waits with a bar; how many photos failed."""
    waiting = app.archive.catalog.counts().to_do
    failed = 0
    sessions: set[str] = set()
    with progress("processing", waiting) as advance:
        for done in app.process(workers, on, warn):
            if done.error:
                failed += 1
                warn(f"{done.file_name}: {done.error}")
            else:
                sessions.add(app.archive.catalog.photo(done.photo_id).session_id)
            advance(note=done.file_name)
    app.find_walls(sorted(sessions))
    _refresh(app)
    return failed


def _refresh(app: App) -> None:
    """What was taken in is safe whatever the index says: its fault is told, and mended by the next search."""
    try:
        app.refresh()
    except IndexFault as error:
        warn(f"not findable yet: {error}")


def _raise_if_failed(failed: int) -> None:
    if failed:
        raise BatchPartlyFailed(f"{failed} photos could not be taken in or processed; the rest is done")


def _print_boards(app: App, session_id: str) -> None:
    """The table of a session's boards: photo, phase, words read, confidence."""
    names = {p.id: p.file_name for p in app.archive.catalog.photos(session_id=session_id)}
    rows = []
    for board in app.archive.catalog.boards(session_id=session_id):
        words = len(board.text.split())
        confidence = sum(line.confidence for line in board.lines) / max(1, len(board.lines))
        first = next((line.text for line in board.lines), "")
        name = names.get(board.views[0].photo_id, "")
        rows.append((name, board.id, str(board.phase.label), str(words), f"{confidence:.2f}", first[:50]))
    table(("photo", "board", "phase", "words", "confidence", "first line"), sorted(rows))


def _print_lookalikes(app: App, session_id: str) -> None:
    """Photos that may show one wall twice: said, never removed."""
    names = {p.id: p.file_name for p in app.archive.catalog.photos(session_id=session_id)}
    for group in app.archive.catalog.lookalikes(session_id):
        click.echo(f"Look alike: {', '.join(names[i] for i in group)}")


@click.command()
@with_workers
@with_cluster
@click.option("--stay", is_flag=True, help="Go on with what comes, until Ctrl-C: a worker beside the pages.")
@with_json
@click.pass_obj
def process(archive: str | None, workers: int, on: str | None, stay: bool, as_json: bool) -> None:
    """Process the photos that wait (taken in with --no-process, or left by a stop).

    With --stay the index is left to the pages, which follow what is processed.

    \b
    Example:
      fresque process --workers 2
      fresque process --on dask://scheduler:8786
    """
    from fresque.app import App

    with App.open(archive) as app:
        if stay:
            _stay(app, workers, on)
            return
        waiting = app.archive.catalog.counts().to_do
        failed = _process(app, workers, on)
        if as_json:
            echo_json({"processed": waiting - failed, "failed": failed})
        else:
            click.echo(f"{waiting - failed} photos processed." if waiting else "Nothing waits.")
    _raise_if_failed(failed)


def _stay(app: App, workers: int, on: str | None) -> None:
    """What fails is in the catalogue: a worker that stays ends for no photo, and waits where the database is silent."""
    from archive.columns import now
    from archive.errors import ArchiveBusy, Stopped
    from fresque.workers import stopping

    click.echo("Processing what comes; Ctrl-C stops.")
    with stopping() as stop:
        while not stop.wait(STAY_SECONDS):
            try:
                due = app.archive.jobs.next_due()
                if due is None or due > now():
                    continue
                for done in app.process(workers, on, warn):
                    click.echo(f"{done.file_name}: {done.error or f'{done.boards} boards'}")
            except ArchiveBusy as error:
                warn(str(error))
            except Stopped:  # it had the signal instead of us
                return


@click.command()
@click.option("--older-than-recipe", is_flag=True, help="What an older recipe made.")
@click.option("--stage", help="What a version of this stage (find, read, phase …) other than today's made.")
@click.option("--session", "session_id", metavar="ID", help="One session.")
@click.option("--since", type=click.DateTime(), metavar="DATE", help="Photos taken in since that day.")
@click.option("--below", type=click.FloatRange(0, 1), metavar="CONFIDENCE", help="Boards read with less confidence.")
@click.option("--all", "everything", is_flag=True, help="Every photo.")
@click.option("--dry-run", is_flag=True, help="Only count.")
@with_workers
@with_cluster
@with_json
@click.pass_obj
def reprocess(
    archive: str | None,
    older_than_recipe: bool,
    stage: str | None,
    session_id: str | None,
    since: datetime | None,
    below: float | None,
    everything: bool,
    dry_run: bool,
    workers: int,
    on: str | None,
    as_json: bool,
) -> None:
    """Process photos again; corrections and tags by people stay.

    Only the stages that have changed since, and those after them, are run; all of them when none has. The earlier
    readings are kept: 'fresque diff' shows what changed, 'fresque undo' brings them back.

    \b
    Example:
      fresque reprocess --older-than-recipe --dry-run
      fresque reprocess --session conge-parental
    """
    from archive.columns import now
    from archive.selection import Selection
    from fresque.app import App

    if not (older_than_recipe or stage or session_id or since or below is not None or everything):
        raise UsageError("nothing says what to process again", "give --older-than-recipe, --session, … or --all")
    with App.open(archive) as app:
        selection = Selection(session_id=session_id, since=since.date() if since else None, below=below)
        photos = app.select_for_reprocess(older_than_recipe, stage, selection)
        if dry_run:
            _report_dry_run(app.estimate(photos, workers), as_json)
            return
        app.archive.jobs.enqueue(photos)
        begun = now()
        failed = _process(app, workers, on)
        gained, lost = _words_changed(app, begun)
        if as_json:
            echo_json({"photos": len(photos), "failed": failed, "gained": gained, "lost": lost})
        else:
            click.echo(f"{len(photos) - failed} photos processed again: {gained} words gained, {lost} lost.")
            when = f"--since {begun.astimezone():%Y-%m-%dT%H:%M:%S}"
            click.echo(f"'fresque diff {when}' shows them, 'fresque undo {when}' takes them back.")
    _raise_if_failed(failed)


def _words_changed(app: App, begun: datetime) -> tuple[int, int]:
    from fresque.commands.readings import differences

    found = [d for photo in app.archive.catalog.read_since(begun) for d in differences(app, photo)]
    return sum(len(d.gained) for d in found), sum(len(d.lost) for d in found)


def _report_dry_run(estimate: Estimate, as_json: bool) -> None:
    if as_json:
        stages = dict(estimate.photos_by_stage)
        echo_json({"photos": estimate.photos, "stages": stages, "seconds": estimate.seconds, "dry_run": True})
        return
    minutes = f", about {max(1, round(estimate.seconds / 60))} min" if estimate.seconds is not None else ""
    click.echo(f"{estimate.photos} photos would be processed again{minutes}. Nothing was changed.")
    if estimate.photos_by_stage:
        table(("stage", "photos"), [(stage, str(count)) for stage, count in estimate.photos_by_stage.items()])


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@with_json
@click.pass_obj
def import_(archive: str | None, file: Path, as_json: bool) -> None:
    """Import texts from FILE, one JSON object a line; an id seen before is updated.

    \b
    Example of a line:
      {"id": "m1", "text": "…", "phase": null, "session": {"session_id": "s1", "title": "…", "date": "2023-05-02"}}
    Example:
      fresque import comptes-rendus.jsonl
    """
    from fresque.app import App

    taken = failed = 0
    lines = [(n, line) for n, line in enumerate(_lines(file), start=1) if line.strip()]
    with App.open(archive) as app, progress("importing", len(lines)) as advance:
        for batch in batched(lines, IMPORT_BATCH):
            items = [item for number, line in batch if (item := _import_item(file, number, line))]
            app.import_materials(items)
            taken += len(items)
            failed += len(batch) - len(items)
            advance(len(batch))
        _refresh(app)
    if as_json:
        echo_json({"imported": taken, "failed": failed})
    else:
        click.echo(f"{taken} texts imported.")
    if failed:
        raise BatchPartlyFailed(f"{failed} lines of {file.name} could not be imported", "each is named above")


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise UsageError(f"{file.name} is not UTF-8 text", "save it as UTF-8, one JSON object a line") from error


def _import_item(file: Path, number: int, line: str) -> tuple[Session | None, Material] | None:
    """What a line holds; None, and a message that names it, when it cannot be understood."""
    try:
        return session_from_import(json.loads(line))
    except (ValueError, TypeError, AttributeError) as error:
        warn(f"{file.name}, line {number}: {error}")
        return None
