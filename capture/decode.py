"""The picture behind a photo's bytes, whatever they are: trusted formats here, the others in the sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np

from capture.kinds import Kind, kind_of
from capture.pipeline import load
from capture.pipeline.frame import Frame
from capture.sandbox import Sandbox


def decode(data: bytes, sandbox: Sandbox, params: load.Params | None = None, page: int = 0) -> load.Decoded:
    """``page``, from 1, is one of a PDF's. Raises PhotoError."""
    params = params or load.Params()
    bounds = {"max_pixels": params.max_pixels, "max_side": params.max_side}
    if page:
        return _decoded(*sandbox.call("pdf_page", data, page=page, **bounds))
    if kind_of(data) is Kind.HEIF:
        return _decoded(*sandbox.call("decode", data, **bounds))
    return load.decode(data, params)


def check(data: bytes, sandbox: Sandbox, params: load.Params | None = None) -> tuple[str, datetime | None]:
    """The format and the time taken, from the header alone. Raises PhotoError."""
    params = params or load.Params()
    if kind_of(data) is not Kind.HEIF:
        return load.check(data, params)
    found, _ = sandbox.call("check", data, max_pixels=params.max_pixels, max_side=params.max_side)
    return str(found["format"]), _moment(found)


def _decoded(found: Mapping[str, Any], pixels: bytes) -> load.Decoded:
    width, height = found["size"]
    frame = Frame(np.frombuffer(pixels, dtype=np.uint8).reshape(height, width, 3))
    return load.Decoded(frame, str(found["format"]), _moment(found), tuple(found.get("warnings", ())))


def _moment(found: Mapping[str, Any]) -> datetime | None:
    return datetime.fromisoformat(found["taken_at"]) if found.get("taken_at") else None
