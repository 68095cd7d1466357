"""Uploads that can be broken off: each is a file that grows, its length is where it goes on.

An upload is named by who sends what where, so that a browser that comes back finds it by asking again. The bytes are
counted as they come; the whole is checked against the digest that was promised before anything is kept.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from pathlib import Path

from archive.errors import NotFound, UsageError
from fresque.web.faults import Conflict, TooMany

LARGEST = 200_000_000  # bytes of one file
MOST_OPEN = 2000  # uploads under way in an archive
DAYS = 7.0  # after which an upload that was broken off is forgotten
_NAME = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True)
class Upload:
    id: str
    session_id: str
    viewer: str
    name: str
    size: int
    sha256: str


class Parts:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._busy: set[str] = set()
        self._lock = threading.Lock()

    def open(self, session_id: str, viewer: str, name: str, size: int, sha256: str) -> tuple[Upload, int]:
        """The upload and how many bytes of it are there. Raises UsageError, TooMany."""
        if size > LARGEST:
            raise UsageError(f"{name} : trop grand (au plus {LARGEST // 10**6} Mo).")
        if size == 0:
            raise UsageError(f"{name} : le fichier est vide.", "copiez-le de nouveau depuis l’appareil")
        key = hashlib.sha256(json.dumps([session_id, viewer, sha256, size]).encode()).hexdigest()
        upload = Upload(key, session_id, viewer, name, size, sha256)
        self._folder.mkdir(exist_ok=True)
        if not self._note(key).exists():
            self._sweep()
            half = self._note(key).with_suffix(".half")
            half.write_text(json.dumps(asdict(upload)), encoding="utf-8")
            half.replace(self._note(key))
        return upload, self.offset(upload)

    def find(self, key: str, viewer: str) -> Upload:
        """Raises NotFound for one that is not there, or another person's."""
        if _NAME.match(key):
            try:
                upload = Upload(**json.loads(self._note(key).read_text(encoding="utf-8")))
            except (FileNotFoundError, ValueError, TypeError):
                upload = None
            if upload is not None and upload.viewer == viewer:
                return upload
        raise NotFound(f"no upload '{key}'")

    def offset(self, upload: Upload) -> int:
        try:
            return self._data(upload.id).stat().st_size
        except FileNotFoundError:
            return 0

    async def append(self, upload: Upload, offset: int, chunks: AsyncIterator[bytes]) -> int:
        """Write what comes at ``offset``; how many bytes there are then. What came before a line broke stays.

        Raises Conflict when the upload is elsewhere or in another request's hands, UsageError for bytes too many.
        """
        with self._lock:
            if upload.id in self._busy:
                raise Conflict("Ce fichier est déjà en cours d’envoi.")
            self._busy.add(upload.id)
        try:
            here = self.offset(upload)
            if offset != here:
                raise Conflict("L’envoi reprend ailleurs.", f"offset={here}")
            with self._data(upload.id).open("ab") as file:
                async for chunk in chunks:
                    here += len(chunk)
                    if here > upload.size:
                        file.truncate(0)
                        raise UsageError("Plus d’octets qu’annoncé.")
                    file.write(chunk)
            return here
        finally:
            with self._lock:
                self._busy.discard(upload.id)

    def finish(self, upload: Upload) -> Path:
        """The file of all its bytes. Raises UsageError, and forgets them, when they are not those promised."""
        with self._data(upload.id).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest != upload.sha256:
            self.forget(upload)
            raise UsageError(f"{upload.name} est arrivé abîmé.", "envoyez-le de nouveau")
        return self._data(upload.id)

    def forget(self, upload: Upload) -> None:
        self._data(upload.id).unlink(missing_ok=True)
        self._note(upload.id).unlink(missing_ok=True)

    def _sweep(self) -> None:
        files = list(self._folder.iterdir())
        if len(files) > 2 * MOST_OPEN:
            raise TooMany("Trop d’envois sont en cours.")
        if len(files) % 50 == 0:
            for file in files:
                try:
                    if time.time() - file.stat().st_mtime > DAYS * 86_400:
                        file.unlink()
                except FileNotFoundError:
                    continue

    def _data(self, key: str) -> Path:
        return self._folder / f"{key}.part"

    def _note(self, key: str) -> Path:
        return self._folder / f"{key}.json"
