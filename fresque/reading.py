"""How photos are read here: by PP-OCR, and by a service of the organisation's own where one is named."""

from __future__ import annotations

from dataclasses import replace

from capture.pipeline import read
from capture.pipeline.read.service import NAME, ServiceParams
from fresque.settings import Settings


def params(settings: Settings, reader: str | None = None, vocabulary: tuple[str, ...] = ()) -> read.Params:
    """``vocabulary``: texts whose words are expected; ``reader``: a name of the table, else the service where one is
    named, else PP-OCR."""
    chosen = reader or (NAME if settings.reader_url else read.Params().reader)
    service = ServiceParams(url=settings.reader_url, model=settings.reader_model)
    ppocr = replace(read.Params().ppocr, vocabulary=vocabulary)
    return read.Params(reader=chosen, service=service, service_key=settings.reader_key, ppocr=ppocr)
