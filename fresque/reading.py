"""How photos are read here: by PP-OCR, and by a service of the organisation's own where one is named."""

from __future__ import annotations

from capture.pipeline import read
from capture.pipeline.read.service import NAME, ServiceParams
from fresque.settings import Settings


def params(settings: Settings, reader: str | None = None) -> read.Params:
    """``reader``: a name of the table; otherwise the service where one is named, PP-OCR where none is."""
    chosen = reader or (NAME if settings.reader_url else read.Params().reader)
    service = ServiceParams(url=settings.reader_url, model=settings.reader_model)
    return read.Params(reader=chosen, service=service, service_key=settings.reader_key)
