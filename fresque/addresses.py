"""Ids in addresses. A session's id is what people typed; a slash in it must not end a part of the path."""

from __future__ import annotations

from urllib.parse import quote


def to_path(key: str) -> str:
    """Percent-encoded for a path, with ~ and / written as JSON pointers do (RFC 6901)."""
    return quote(key.replace("~", "~0").replace("/", "~1"), safe="~")


def from_path(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")


API = "/api/v1"
