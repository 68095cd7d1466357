"""Exports as jobs: written by a process of its own, watched while it writes, kept an hour for who asked for it.

A report of three hundred boards takes seconds and hundreds of megabytes: a page must not wait for it, nor the others
for its processor. What goes in is decided when it is asked for, with the rights of that moment, and asked again when it
is fetched.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from archive.errors import FresqueError, NotFound
from archive.ids import new_id
from fresque.web.faults import TooMany

AT_ONCE = 2
MOST = 40  # kept or under way
MOST_OF_ONE = 8  # of one person
KEPT = 3600.0  # seconds
NICE = 5


@dataclass(frozen=True)
class Order:
    """What to write: a whole session, or boards in order. ``sessions``: ids of all that may be put in."""

    title: str
    format: str
    session: str | None
    boards: tuple[str, ...]
    sessions: frozenset[str]
    language: str | None
    people: bool


@dataclass
class Export:
    """``state``: "waiting", "writing", "done" or "failed". ``done`` of ``total`` boards are written."""

    id: str
    owner: str
    order: Order
    folder: Path
    state: str = "waiting"
    done: int = 0
    total: int = 0
    file: Path | None = None
    error: str = ""
    made_at: float = field(default_factory=time.monotonic)

    @property
    def over(self) -> bool:
        return self.state in ("done", "failed")


class Exports:
    def __init__(self, archive: Path) -> None:
        self._archive = archive
        self._held: dict[str, Export] = {}
        self._lock = threading.Lock()
        self._turns = threading.Semaphore(AT_ONCE)
        self._context = multiprocessing.get_context("spawn")
        self._closing = threading.Event()

    def begin(self, owner: str, order: Order) -> Export:
        """Raises TooMany."""
        self._sweep()
        with self._lock:
            mine = [each for each in self._held.values() if each.owner == owner and not each.over]
            if len(mine) >= MOST_OF_ONE or len(self._held) >= 2 * MOST:
                raise TooMany("Trop d’exports sont en cours.")
            made = Export(new_id(), owner, order, Path(tempfile.mkdtemp(prefix="fresque-export-")))
            self._held[made.id] = made
        threading.Thread(target=self._run, args=(made,), name="fresque-export", daemon=True).start()
        return made

    def find(self, export_id: str, owner: str) -> Export:
        """Raises NotFound for one that is gone, or another person's."""
        with self._lock:
            found = self._held.get(export_id)
        if found is None or found.owner != owner:
            raise NotFound(f"no export '{export_id}'")
        return found

    def drop(self, export: Export) -> None:
        """Away with it; one under way is ended."""
        with self._lock:
            self._held.pop(export.id, None)
        shutil.rmtree(export.folder, ignore_errors=True)

    def close(self) -> None:
        self._closing.set()
        for export in list(self._held.values()):
            self.drop(export)

    def _sweep(self) -> None:
        old = [e for e in list(self._held.values()) if time.monotonic() - e.made_at > KEPT]
        written = [e for e in list(self._held.values()) if e.over and e not in old]
        for export in [*old, *written[: max(0, len(self._held) - MOST)]]:
            self.drop(export)

    def _run(self, export: Export) -> None:
        with self._turns:
            if self._gone(export):
                return
            export.state = "writing"
            ours, theirs = self._context.Pipe(duplex=False)
            process = self._context.Process(target=write, args=(self._archive, export.order, export.folder, theirs))
            process.start()
            theirs.close()
            try:
                while not self._told(export, ours):
                    if self._gone(export):
                        process.terminate()
                        return
            except (EOFError, OSError):
                export.state, export.error = "failed", "L’export s’est arrêté ; recommencez."
            finally:
                ours.close()
                process.join(timeout=20)

    def _told(self, export: Export, pipe: Connection) -> bool:
        """One message of the writer, if there is one; whether it was the last."""
        if not pipe.poll(0.5):
            return False
        kind, value = pipe.recv()
        match kind:
            case "total":
                export.total = value
            case "board":
                export.done += 1
            case "done":
                export.file, export.state = Path(value), "done"
            case _:
                export.error, export.state = value, "failed"
        return kind in ("done", "failed")

    def _gone(self, export: Export) -> bool:
        return self._closing.is_set() or export.id not in self._held


def write(archive: Path, order: Order, folder: Path, told: Any) -> None:
    """A writer's life, in its own process."""
    os.nice(NICE)
    from archive.store import Archive
    from fresque.report import formats, gather
    from fresque.report.job import Job

    with suppress(BrokenPipeError), Archive.open(archive) as opened:
        try:
            wanted = gather.Wanted(order.people, order.language, lambda session: session.id in order.sessions)
            report = (
                gather.session_report(opened, order.session, wanted)
                if order.session is not None
                else gather.boards_report(opened, order.title, order.boards, wanted)
            )
            told.send(("total", len(report.sheets)))
            job = Job(report, opened, advance=lambda: told.send(("board", 1)))
            place = formats.write(job, order.format, folder / formats.default_name(job, order.format))
            told.send(("done", str(packed(place))))
        except FresqueError as error:
            told.send(("failed", error.message))
        except Exception as error:
            told.send(("failed", f"{type(error).__name__}: {error}"))
            raise


def packed(place: Path) -> Path:
    """A folder as a zip."""
    return Path(shutil.make_archive(str(place), "zip", place)) if place.is_dir() else place
