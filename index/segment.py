"""One batch of documents on disk: written once, never changed, read through memory maps."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.model import ChangeKind, Document, Line, Phase, Reading
from index import columns, ngrams, vectors, words
from index.columns import Column
from index.embed import Embedder
from index.ngrams import Grams
from index.prepare import Prepared, windows_of
from index.static import StaticModel
from index.vectors import Matrix, Vectors
from index.words import Vocabulary, Words

Bools = NDArray[np.bool_]
EMBEDDED = 512


@dataclass(frozen=True, eq=False)
class Segment:
    """Everything but the full text about a batch; row ``i`` is the document ``ids[i]``, full-text ``serials[i]``."""

    ids: tuple[str, ...]
    serials: NDArray[np.int64]
    confidence: Matrix
    payload: NDArray[np.uint8]
    payload_starts: NDArray[np.int64]
    words: Words
    grams: Grams
    vectors: Vectors
    columns: dict[str, Column]

    @property
    def count(self) -> int:
        return len(self.ids)

    def document(self, row: int) -> Document:
        return thaw(self.payload[self.payload_starts[row] : self.payload_starts[row + 1]].tobytes())


def build(batch: Sequence[Prepared], serials: Sequence[int], vocabulary: Vocabulary, model: Embedder) -> Segment:
    """Index a batch; new words are added to the vocabulary."""
    frozen = [freeze(prepared.document) for prepared in batch]
    return Segment(
        tuple(prepared.document.id for prepared in batch),
        np.array(serials, np.int64),
        np.array([prepared.confidence for prepared in batch], np.float32),
        np.frombuffer(b"".join(frozen), np.uint8),
        np.cumsum([0, *(len(blob) for blob in frozen)]).astype(np.int64),
        words.build(batch, vocabulary),
        ngrams.build([prepared.letters for prepared in batch]),
        embed(batch, model),
        columns.build([columns.fields_of(prepared.document) for prepared in batch]),
    )


def embed(batch: Sequence[Prepared], model: Embedder) -> Vectors:
    """A few hundred documents at a time: their windows in float32 would take much memory."""
    chunks = [batch[start : start + EMBEDDED] for start in range(0, len(batch), EMBEDDED)] or [batch]
    parts = [_embed_some(chunk, model) for chunk in chunks]
    return vectors.merge(parts, [np.ones(part.count, np.bool_) for part in parts])


def _embed_some(batch: Sequence[Prepared], model: Embedder) -> Vectors:
    if isinstance(model, StaticModel):  # takes words as they are, which spares a second analysis
        said = [prepared.board_said() for prepared in batch]
        together = model.vectors_of([*said, *(window for prepared in batch for window in prepared.windows_said())])
        boards, every = together[: len(batch)], together[len(batch) :]
    else:
        boards = model.passages([prepared.board_text() for prepared in batch])
        every = model.passages([window for prepared in batch for window in prepared.window_texts()])
    return vectors.build(boards, every, [len(windows_of(prepared.lines)) for prepared in batch])


def merge(parts: Sequence[Segment], kept: Sequence[Bools]) -> Segment:
    """One segment out of several; ``kept`` says for each which documents live on, in order."""
    chosen = list(zip(parts, kept, strict=True))
    blobs = [
        part.payload[part.payload_starts[row] : part.payload_starts[row + 1]]
        for part, alive in chosen
        for row in np.flatnonzero(alive)
    ]
    fields = [
        {name: column.of(int(row)) for name, column in part.columns.items()}
        for part, alive in chosen
        for row in np.flatnonzero(alive)
    ]
    return Segment(
        tuple(part.ids[row] for part, alive in chosen for row in np.flatnonzero(alive)),
        np.concatenate([part.serials[alive] for part, alive in chosen]),
        np.concatenate([part.confidence[alive] for part, alive in chosen]),
        np.concatenate([*blobs, np.zeros(0, np.uint8)]),
        np.cumsum([0, *(len(blob) for blob in blobs)]).astype(np.int64),
        words.merge([part.words for part in parts], kept),
        ngrams.merge([part.grams for part in parts], kept),
        vectors.merge([part.vectors for part in parts], kept),
        columns.build(fields),
    )


# --- documents as bytes --------------------------------------------------------------------------------------


def freeze(document: Document) -> bytes:
    value = {
        "id": document.id,
        "kind": document.kind.value,
        "session_id": document.session_id,
        "session_title": document.session_title,
        "phase": document.phase.value if document.phase else None,
        "photo_id": document.photo_id,
        "title": document.title,
        "fields": {name: list(values) for name, values in document.fields.items()},
        "lines": [
            [
                line.text,
                [[round(float(x), 1), round(float(y), 1)] for x, y in line.polygon],
                round(line.confidence, 3),
                line.reader,
                [[other.text, round(other.confidence, 3)] for other in line.others],
            ]
            for line in document.lines
        ],
    }
    return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), 1)


@lru_cache(maxsize=2000)
def thaw(data: bytes) -> Document:
    value = json.loads(zlib.decompress(data))
    return Document(
        id=value["id"],
        kind=ChangeKind(value["kind"]),
        session_id=value["session_id"],
        session_title=value["session_title"],
        lines=tuple(_line(*parts) for parts in value["lines"]),
        phase=Phase(value["phase"]) if value["phase"] else None,
        photo_id=value["photo_id"],
        title=value["title"],
        fields={name: tuple(values) for name, values in value["fields"].items()},
    )


def _line(text: str, polygon: Any, confidence: float, reader: str, others: Any) -> Line:
    points = tuple((float(x), float(y)) for x, y in polygon)
    return Line(text, points, confidence, reader, tuple(Reading(*other) for other in others))


# --- on disk -------------------------------------------------------------------------------------------------


def _arrays(segment: Segment) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {
        "serials": segment.serials,
        "confidence": segment.confidence,
        "payload": segment.payload,
        "payload_starts": segment.payload_starts,
    }
    for prefix, part in (("words", segment.words), ("grams", segment.grams), ("vectors", segment.vectors)):
        arrays |= {f"{prefix}_{name}": value for name, value in vars(part).items()}
    for number, column in enumerate(segment.columns.values()):
        arrays |= {f"column{number}_codes": column.codes, f"column{number}_starts": column.starts}
    return arrays


def write(segment: Segment, folder: Path) -> None:
    """Write to a new folder."""
    folder.mkdir(parents=True)
    for name, array in _arrays(segment).items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    head = {"ids": segment.ids, "columns": {name: column.values for name, column in segment.columns.items()}}
    (folder / "head.json").write_text(json.dumps(head, ensure_ascii=False), encoding="utf-8")


def read(folder: Path) -> Segment:
    """Open a segment. Raises OSError, ValueError or KeyError when something is missing or damaged."""

    def array(name: str) -> Any:
        path = folder / f"{name}.npy"
        try:
            return np.load(path, mmap_mode="r", allow_pickle=False).view(np.ndarray)  # memmap slices are slow
        except ValueError:  # an empty array cannot be mapped
            return np.load(path, allow_pickle=False)

    def group(prefix: str, names: Sequence[str]) -> list[Any]:
        return [array(f"{prefix}_{name}") for name in names]

    head = json.loads((folder / "head.json").read_text(encoding="utf-8"))
    values = {
        name: Column(tuple(known), *group(f"column{number}", ("codes", "starts")))
        for number, (name, known) in enumerate(head["columns"].items())
    }
    return Segment(
        tuple(head["ids"]),
        array("serials"),
        array("confidence"),
        array("payload"),
        array("payload_starts"),
        Words(*group("words", ("ids", "lines", "starts"))),
        Grams(*group("grams", ("keys", "starts", "rows", "weights", "scales"))),
        Vectors(*group("vectors", ("boards", "board_scales", "windows", "scales", "starts"))),
        values,
    )
