"""A folder watched: `watch`."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.errors import Stopped, UsageError
from fresque.commands.take import count

if TYPE_CHECKING:
    from fresque.app import App

State = tuple[int, int]
"""Size in bytes, time of the last change in nanoseconds."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--session", "session_id", required=True, metavar="ID", help="The session they belong to.")
@click.option(
    "--every", default=2.0, show_default=True, type=click.FloatRange(0.1, 3600), help="Seconds between looks."
)
@click.option("--no-process", is_flag=True, help="Only take the files in.")
@click.option("--uploader", default="", help="Who brings them.")
@click.pass_obj
def watch(archive: str | None, folder: Path, session_id: str, every: float, no_process: bool, uploader: str) -> None:
    """Take in and process what is put into FOLDER, until Ctrl-C.

    A file is taken once it has stayed the same between two looks: one that is still being copied waits. What lies
    there is left there.

    \b
    Example:
      fresque watch ~/photos/arrivage --session conge-parental
    """
    from fresque.app import App
    from fresque.workers import stopping

    with App.open(archive) as app, stopping() as stop:
        app.archive.catalog.session(session_id)
        click.echo(f"Watching {folder}; Ctrl-C stops.")
        for files in settled(folder, every, stop):
            _take(app, files, session_id, uploader)
            if not no_process and not stop.is_set():
                try:
                    _process(app)
                except Stopped:  # it had the signal instead of us
                    return


def settled(folder: Path, every: float, stop: threading.Event) -> Iterator[list[Path]]:
    """The files that are new or changed, once they have stayed the same between two looks."""
    from capture.intake import files_in

    before: dict[Path, State] = {}
    given: dict[Path, State] = {}
    while not stop.is_set():
        if not folder.is_dir():
            raise UsageError(f"{folder} is gone", "is the disk still there? start again when it is")
        if not os.access(folder, os.R_OK | os.X_OK):
            raise UsageError(f"{folder} may not be read", "give yourself the right to read it (chmod u+rx)")
        # a folder that holds nothing yet is itself in that list
        files = [path for path in files_in([folder]) if path != folder]
        seen = {path: state for path in files if (state := _state(path)) is not None}
        ready = [path for path, state in seen.items() if before.get(path) == state and given.get(path) != state]
        given |= {path: seen[path] for path in ready}
        before = seen
        if ready:
            yield ready
        stop.wait(every)


def _state(path: Path) -> State | None:
    try:
        status = path.stat()
    except OSError:  # gone between two looks
        return None
    return status.st_size, status.st_mtime_ns


def _take(app: App, files: list[Path], session_id: str, uploader: str) -> None:
    from capture.intake import Intake

    counts = {"added": 0, "texts": 0, "known": 0, "refused": 0}
    with Intake(app.archive, session_id, uploader, app.opening()) as intake:
        for path in files:
            for result in intake.take(path):
                count(counts, result)
                click.echo(f"{result.name}: {result.taken}")


def _process(app: App) -> None:
    for done in app.process():
        click.echo(f"{done.file_name}: {done.error or f'{done.boards} boards'}")
    app.refresh()
