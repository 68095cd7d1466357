"""What a running Fresque says of itself: lines for people, or JSON for machines when FRESQUE_LOG=json.

Every line that is written while a request is answered carries the request's id, which the answer carries too.
"""

from __future__ import annotations

import json
import logging
import os
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

REQUEST: ContextVar[str] = ContextVar("fresque_request", default="")
FORM = "FRESQUE_LOG"
FORMS = ("text", "json")
LEVEL = "FRESQUE_LOG_LEVEL"


class Json(logging.Formatter):
    """One object a line: ``at`` (UTC), ``level``, ``logger``, ``message``, ``request``, and what the call adds under
    ``extra={"fields": {…}}``."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request := REQUEST.get():
            said["request"] = request
        said |= getattr(record, "fields", {})
        if record.exc_info:
            said["fault"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False, default=str)


class Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = "".join(f" {name}={value}" for name, value in getattr(record, "fields", {}).items())
        request = REQUEST.get()
        said = f"{record.levelname.lower()} {record.name}: {record.getMessage()}{fields}"
        said += f" request={request}" if request else ""
        return f"{said}\n{self.formatException(record.exc_info)}" if record.exc_info else said


def configure() -> None:
    """To standard error, once a process; systemd and containers keep it from there. Raises UsageError."""
    from archive.errors import UsageError

    form, level = os.environ.get(FORM, "text"), os.environ.get(LEVEL, "info").upper()
    if form not in FORMS:
        raise UsageError(f"{FORM}={form!r} is no form of log", " or ".join(FORMS))
    if level not in logging.getLevelNamesMapping():
        raise UsageError(f"{LEVEL}={level!r} is no level", "debug, info, warning or error")
    handler = logging.StreamHandler()
    handler.setFormatter(Json() if form == "json" else Text())
    logger = logging.getLogger("fresque")
    logger.handlers = [handler]
    logger.propagate = False
    logger.setLevel(level)
