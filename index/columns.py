"""What documents are filtered and counted by: phase, lab, type, year, colour, people …"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from archive.model import Document
from index import analysis

Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Column:
    """Values of document ``i``: ``values[codes[starts[i]:starts[i + 1]]]``."""

    values: tuple[str, ...]
    codes: NDArray[np.int32]
    starts: NDArray[np.int64]

    def rows_with(self, wanted: Bools) -> Bools:
        """Documents that have at least one of the values marked."""
        mask = np.zeros(len(self.starts) - 1, np.bool_)
        places = np.flatnonzero(wanted[self.codes])
        mask[np.searchsorted(self.starts, places, side="right") - 1] = True
        return mask

    def of(self, row: int) -> tuple[str, ...]:
        return tuple(self.values[code] for code in self.codes[self.starts[row] : self.starts[row + 1]])

    def counts(self, rows: NDArray[np.int64]) -> dict[str, int]:
        """How many of the given documents have each value."""
        chosen = np.zeros(len(self.starts) - 1, np.bool_)
        chosen[rows] = True
        found = np.bincount(self.codes[np.repeat(chosen, np.diff(self.starts))], minlength=len(self.values))
        return {value: int(n) for value, n in zip(self.values, found, strict=True) if n}


def fields_of(document: Document) -> dict[str, tuple[str, ...]]:
    """The document's fields, with its phase, kind and session among them."""
    fields = {name: tuple(values) for name, values in document.fields.items() if values}
    fields["kind"] = (document.kind.value,)
    if document.phase is not None:
        fields["phase"] = (document.phase.value,)
    session = tuple(value for value in (document.session_id, document.session_title) if value)
    if session:
        fields["session"] = session
    return fields


def build(rows: Sequence[Mapping[str, tuple[str, ...]]]) -> dict[str, Column]:
    """One column for each field that any document has."""
    names = sorted({name for row in rows for name in row})
    return {name: _column([row.get(name, ()) for row in rows]) for name in names}


def _column(rows: Sequence[tuple[str, ...]]) -> Column:
    values = tuple(sorted({value for row in rows for value in row}))
    code = {value: number for number, value in enumerate(values)}
    codes = np.array([code[value] for row in rows for value in row], np.int32)
    return Column(values, codes, np.cumsum([0, *(len(row) for row in rows)]).astype(np.int64))


def alike(value: str, wanted: str) -> bool:
    """Whether a field's value answers to what was asked: the same, or holding all the words asked for."""
    asked = {token.exact for token in analysis.tokens(wanted)}
    return bool(asked) and asked <= {token.exact for token in analysis.tokens(value.replace("_", " "))}
