"""The words an archive brings to reading: titles, organisations, themes of its sessions, texts that people confirmed.

A snapshot, taken when somebody asks for it and kept in the archive: the recipe of what is read names its digest, so a
reading can be repeated, and a recipe does not age with every new session. Names of people are left out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from archive.model import CorrectionField, Session
from archive.store import Archive

NAME = "vocabulary"
MOST = 20_000  # texts


@dataclass(frozen=True)
class Vocabulary:
    """``digest``: SHA-256 (hex) of the texts as they are kept."""

    texts: tuple[str, ...]
    digest: str


def take(archive: Archive, author: str = "") -> Vocabulary:
    """Snapshot the archive's words as they are now, in place of the snapshot before."""
    confirmed = [c for c in archive.catalog.corrections() if c.field == CorrectionField.TEXT and c.board_id]
    texts = {" ".join(text.split()) for session in archive.catalog.sessions() for text in _of_session(session)}
    texts |= {" ".join(str(c.value).split()) for c in confirmed}
    kept = tuple(sorted(text for text in texts if text))[:MOST]
    blob = archive.blobs.put(json.dumps(kept, ensure_ascii=False).encode())
    boards = sorted({c.board_id for c in confirmed if c.board_id})
    archive.catalog.keep_trained(NAME, blob, boards, {"texts": len(kept)}, author)
    return Vocabulary(kept, blob.sha256)


def in_use(archive: Archive) -> Vocabulary | None:
    """The snapshot that reading uses; None where none was taken."""
    kept = archive.catalog.trained(NAME)
    return Vocabulary(tuple(json.loads(archive.blobs.get(kept.blob))), kept.blob) if kept else None


def drop(archive: Archive, author: str = "") -> bool:
    """Read without; whether there was a snapshot."""
    return archive.catalog.forget_trained(NAME, author)


def _of_session(session: Session) -> tuple[str, ...]:
    organisations = (o.name for o in (*session.requesters, *session.partners))
    return (session.title, session.lab, *session.themes, *organisations)
