"""A life of an archive, in a process that is to be killed: it does all that writes, and says what is kept as soon as
it is. A fault injector kills it at its n-th write: a file opened to be written, renamed, linked or removed, a
statement that changes the database, a commit."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from archive.backup import backup, bags
from archive.columns import now
from archive.forget import forget_photos
from archive.merge import merge
from archive.model import CorrectionField
from archive.prune import prune
from archive.restore import restore
from archive.store import CATALOG, IDENTITY, Archive
from tests.archive.making import LEFT, NEW, OLD, RIGHT, box, line, scan, surface

TITLE = box(60, 60, 200, 30)
RELEASED = Path(__file__).parent / "released" / "0001.sql"
WRITES = ("INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP")

Said = tuple[str, str, Any]


def kill_at(count: int) -> None:
    """SIGKILL at the ``count``-th write from now; never when it is 0."""
    left = [count]

    def write() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def hook(event: str, given: tuple[Any, ...]) -> None:
        if event in ("os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir") or (
            event == "open" and isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR)
        ):
            write()

    def statement(_c: Any, _cursor: Any, text: str, *_more: Any) -> None:
        if text.lstrip().upper().startswith(WRITES):
            write()

    sys.addaudithook(hook)
    sa.event.listen(sa.Engine, "before_cursor_execute", statement)
    sa.event.listen(sa.Engine, "commit", lambda _connection: write())


class Life:
    """Everything that writes, one act at a time, by dice."""

    def __init__(self, place: Path, said: Connection, seed: int) -> None:
        self._place = place
        self._said = said
        self._dice = random.Random(seed)
        self._aside = place.parent / "aside"

    def live(self) -> None:
        acts: list[tuple[int, Callable[[Archive], None]]] = [
            (6, self._take), (6, self._process), (2, self._reprocess), (2, self._undo), (1, self._prune),
            (1, self._trash), (1, self._forget), (1, self._backup), (1, self._restore), (1, self._merge),
            (1, self._migrate),
        ]  # fmt: skip
        every = [act for weight, act in acts for _ in range(weight)]
        with Archive.open(self._place) as archive:
            for act in (self._take, self._process, self._backup):
                act(archive)
            while True:
                self._dice.choice(every)(archive)

    def _say(self, kind: str, key: str, value: Any) -> None:
        self._said.send((kind, key, value))

    def _take(self, archive: Archive) -> None:
        blob = archive.blobs.put(self._dice.randbytes(self._dice.randrange(1, 200_000)))
        photo, _ = archive.catalog.add_photo("s1", blob, f"{blob.sha256[:8]}.jpg")
        self._say("photo", photo.id, blob.sha256)

    def _process(self, archive: Archive) -> None:
        lease = archive.jobs.lease("w", 0.01)
        if lease is None:
            return
        image = archive.blobs.put(self._dice.randbytes(1000)).sha256
        recipe = self._dice.choice((OLD, NEW))
        surfaces = [surface(LEFT, line("enjeus", TITLE)), surface(RIGHT)]
        boards = archive.catalog.commit_scan(lease.photo_id, scan(surfaces, recipe), [{"clean": image}, {}])
        self._say("boards", lease.photo_id, [board.id for board in boards])
        correction = archive.catalog.correct(lease.photo_id, boards[0].id, CorrectionField.TEXT, "enjeux", TITLE)
        self._say("correction", correction.id, boards[0].id)

    def _reprocess(self, archive: Archive) -> None:
        done = [photo.id for photo in archive.catalog.photos() if photo.width]
        archive.jobs.enqueue(self._dice.sample(done, min(2, len(done))))

    def _undo(self, archive: Archive) -> None:
        for photo in archive.catalog.photos():
            kept = archive.catalog.readings(photo.id)
            if len(kept) > 1:
                archive.catalog.bring_back(photo.id, self._dice.choice(kept).number)
                return

    def _prune(self, archive: Archive) -> None:
        prune(archive, now())

    def _trash(self, archive: Archive) -> None:
        photos = [photo.id for photo in archive.catalog.photos()]
        for photo in self._dice.sample(photos, min(1, len(photos))):
            archive.catalog.trash([photo])
            archive.catalog.untrash([photo])

    def _forget(self, archive: Archive) -> None:
        photos = archive.catalog.photos()
        if len(photos) > 6:
            photo = self._dice.choice(photos)
            self._say("asked to forget", photo.id, photo.blob)
            forget_photos(archive, [photo.id], "asked")
            self._say("forgotten", photo.id, photo.blob)

    def _backup(self, archive: Archive) -> None:
        made = backup(archive, self._aside / "bags")
        self._say("backup", str(made.bag), made.files)
        for old in bags(self._aside / "bags")[:-3]:
            shutil.rmtree(old)

    def _restore(self, archive: Archive) -> None:
        place = self._aside / "restored"
        (place / IDENTITY).unlink(missing_ok=True)  # first: killed half way through the rest, it is no archive any more
        shutil.rmtree(place, ignore_errors=True)
        restore(bags(self._aside / "bags")[-1], place).close()
        self._say("restored", str(place), None)

    def _merge(self, archive: Archive) -> None:
        merge(archive, bags(self._aside / "bags")[-1])

    def _migrate(self, archive: Archive) -> None:
        """An archive of the first schema, opened: its rows name blobs that it lacks, which is of no interest here."""
        place = self._aside / "old"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        with closing(sqlite3.connect(place / CATALOG)) as connection:
            connection.executescript(RELEASED.read_text(encoding="utf-8"))
        shutil.copy(archive.path / IDENTITY, place / IDENTITY)
        Archive.open(place).close()
        self._say("migrated", str(place), None)


def live(place: Path, said: Connection, seed: int, writes: int) -> None:
    """``writes``: at which one it is killed; 0 where the parent does it."""
    life = Life(place, said, seed)
    kill_at(writes)
    life.live()
