"""A ``session.toml`` beside the photos: it names the session they belong to, and fills what is not known of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import NotFound, UsageError
from fresque.session_file import NAME, filled, session_from_toml

if TYPE_CHECKING:
    from fresque.app import App


def session_of(app: App, paths: Sequence[Path], session_id: str | None) -> str:
    """The session's id, given or written in the file; a new one is made, a known one filled where it is empty.

    Raises UsageError where nothing names a session or files name several, NotFound where one that is only named is
    not there.
    """
    files = [path / NAME for path in paths if (path / NAME).is_file()]
    written = [session_from_toml(file, session_id or "") for file in files]
    if session_id is None:
        named = sorted({session.id for session in written})
        if len(named) != 1:
            said = f"{NAME} files name {', '.join(named)}" if named else f"no {NAME} lies beside the photos"
            raise UsageError(said, "give --session ID")
        session_id = named[0]
    from dataclasses import replace

    for other in written:
        app.ensure_project(other.project_id)
        meant = replace(other, id=session_id)
        try:
            known = app.archive.catalog.session(session_id)
        except NotFound:
            app.archive.catalog.add_session(meant)
        else:
            app.archive.catalog.update_session(filled(known, meant))
    app.archive.catalog.session(session_id)
    return session_id
