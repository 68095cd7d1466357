"""What a running server holds: the archive, the worker beside it, and what is shared between requests."""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from archive.audit import Act
from archive.catalog import Catalog
from archive.copies import CACHE
from archive.model import Board
from fresque.app import App
from fresque.web.limits import Limits

if TYPE_CHECKING:
    from fresque.web.keeper import Keeper

MOST_BOARDS = 1000  # in memory; some twenty kilobytes each
AUDIT_SECONDS = 60.0
"""A page and its pictures are one reading: the same act of the same person is logged once in that time."""


@dataclass(frozen=True)
class Provider:
    """An OpenID Connect provider: FRESQUE_OIDC_ISSUER, _CLIENT_ID, _CLIENT_SECRET, _NAME."""

    issuer: str
    client_id: str
    client_secret: str
    name: str

    @classmethod
    def from_environment(cls) -> Provider | None:
        values = {key: os.environ.get(f"FRESQUE_OIDC_{key}", "") for key in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")}
        if not values["ISSUER"] or not values["CLIENT_ID"]:
            return None
        name = os.environ.get("FRESQUE_OIDC_NAME", "") or values["ISSUER"].split("//")[-1]
        return cls(values["ISSUER"].rstrip("/"), values["CLIENT_ID"], values["CLIENT_SECRET"], name)


@dataclass(frozen=True)
class Served:
    """How it is served. ``address``: what people type, for links that leave the pages (FRESQUE_ADDRESS).
    ``apart``: sessions are settled and indexed by a process of its own. ``metrics_token``: what gives the figures to
    another machine (FRESQUE_METRICS_TOKEN)."""

    address: str = "http://127.0.0.1:8000"
    provider: Provider | None = None
    processing: bool = True
    apart: bool = False
    metrics_token: str = field(default="", repr=False)

    @property
    def secure(self) -> bool:
        return self.address.startswith("https://")


@dataclass
class State:
    app: App
    served: Served
    keeper: Keeper
    limits: Limits = field(default_factory=Limits)
    _with_accounts: bool = False
    _noted: dict[tuple[str, str, str], float] = field(default_factory=dict)
    _boards: OrderedDict[str, Board] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def catalog(self) -> Catalog:
        return self.app.archive.catalog

    @property
    def cache(self) -> Path:
        """Pictures made again at any time from the blobs."""
        return self.app.archive.path / CACHE

    @property
    def uploads(self) -> Path:
        return self.app.archive.path / "uploads"

    def with_accounts(self) -> bool:
        """Once there is an account there always is one."""
        self._with_accounts = self._with_accounts or self.catalog.has_accounts()
        return self._with_accounts

    def boards(self, ids: Sequence[str]) -> dict[str, Board]:
        """As ``boards_by_id``; those looked at lately come from memory while their revision is the same."""
        revisions = self.catalog.revisions(ids)
        with self._lock:
            found = {i: b for i, n in revisions.items() if (b := self._boards.get(i)) is not None and b.revision == n}
        missing = [i for i in revisions if i not in found]
        loaded = self.catalog.boards_by_id(missing) if missing else {}
        with self._lock:
            for board in (*found.values(), *loaded.values()):
                self._boards.pop(board.id, None)
                self._boards[board.id] = board
            while len(self._boards) > MOST_BOARDS:
                self._boards.popitem(last=False)
        return found | loaded

    def boards_of(self, session_id: str) -> list[Board]:
        """As ``catalog.boards`` of a session; those looked at lately come from memory."""
        ids = self.catalog.board_ids(session_id)
        found = self.boards(ids)
        return [found[key] for key in ids if key in found]

    def note(self, act: Act) -> None:
        key, moment = (act.actor, act.action, act.object_id), time.monotonic()
        with self._lock:
            if moment - self._noted.get(key, -AUDIT_SECONDS) < AUDIT_SECONDS:
                return
            if len(self._noted) > 5000:
                self._noted = {k: t for k, t in self._noted.items() if moment - t < AUDIT_SECONDS}
            self._noted[key] = moment
        self.catalog.note_act(act)
