"""The Whoosh field that takes a bag of stems with weights as it comes; a module of its own since Whoosh pickles it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from whoosh import analysis, fields, formats

_ONCE = b"\0\0\0\1"  # the frequency format's value; the weight beside it is what counts


class Bag(fields.FieldType):  # type: ignore[misc]
    """Indexes ``{stem: weight}``; analysis has been done before."""

    format = None
    analyzer = None
    scorable = True
    stored = False
    unique = False
    vector = None
    column_type = None
    spelling = False
    multitoken_query = "default"

    def __init__(self) -> None:
        self.format = formats.Frequency()
        self.analyzer = analysis.IDAnalyzer()

    def index(self, value: Mapping[str, float], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        for stem, weight in value.items():
            yield stem.encode(), 1, weight, _ONCE
