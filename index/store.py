"""Generations on disk: ``gen-0001/`` holds segments, vocabulary and full text; its manifest is written last.

The manifest says what belongs to the index and what it was built with. It is replaced in one step, so a crash
between files leaves the state before; a folder without one is no generation. A rebuild writes the next generation
beside the one that answers, and its manifest makes it the current one.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from archive.errors import ArchiveBusy, IndexFault, IndexMismatch
from index import analysis, segment, senses, static
from index.embed import Embedder
from index.fulltext import FullText
from index.snapshot import Snapshot
from index.words import Vocabulary

SCHEMA = 5
"""Raised when files change their meaning; indexes of another schema are rebuilt."""

MANIFEST = "manifest.json"
UNFINISHED = "unfinished.json"
"""The manifest of a generation under way: what a rebuild that was stopped goes on from."""
VOCABULARY = "vocabulary.txt"
SENSES = "senses.bin"
TEXT = "text"

_NO_SENSES = np.zeros(0, senses.SENSE)


@dataclass(frozen=True, slots=True)
class Identity:
    """What an index was built with; all of it must be the same for it to answer."""

    schema: int
    analysis: int
    model: str
    revision: str
    dimension: int


def identity_of(model: Embedder) -> Identity:
    return Identity(SCHEMA, analysis.VERSION, model.name, model.revision, model.dimension)


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment of the manifest; ``dead`` are its rows that were replaced or deleted."""

    name: str
    count: int
    dead: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    identity: Identity
    sequence: int
    next_serial: int
    vocabulary: int
    pieces: tuple[Piece, ...]


def generations(folder: Path) -> list[Path]:
    """Complete generations, oldest first."""
    return sorted(path.parent for path in folder.glob(f"gen-*/{MANIFEST}"))


def next_generation(folder: Path) -> Path:
    """The place of the next generation; it may hold what an interrupted rebuild left there."""
    complete = generations(folder)
    number = int(complete[-1].name.split("-")[1]) + 1 if complete else 1
    return folder / f"gen-{number:04d}"


def clear(generation: Path) -> Path:
    """Remove what lies in the place of a new generation."""
    shutil.rmtree(generation, ignore_errors=True)
    return generation


def unfinished(generation: Path, identity: Identity) -> Manifest | None:
    """How far a rebuild with today's model and analysis had come when it was stopped, if any was."""
    try:
        manifest = read_manifest(generation, UNFINISHED)
    except IndexFault:
        return None
    return manifest if manifest.identity == identity else None


def drop_older(folder: Path, current: Path) -> None:
    """Remove all generations before the current one; those who still read them keep their open files."""
    for path in folder.glob("gen-*"):
        if path.name < current.name:
            shutil.rmtree(path, ignore_errors=True)


def read_manifest(generation: Path, name: str = MANIFEST) -> Manifest:
    """Raises IndexFault when it cannot be read."""
    try:
        value = json.loads((generation / name).read_text(encoding="utf-8"))
        pieces = tuple(Piece(p["name"], p["count"], tuple(p["dead"])) for p in value.pop("pieces"))
        return Manifest(identity=Identity(**value.pop("identity")), pieces=pieces, **value)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexFault(f"the index in {generation} has no readable manifest: {error}") from error


def write_manifest(generation: Path, manifest: Manifest, name: str = MANIFEST) -> None:
    """Replace the manifest in one step."""
    target = generation / name
    fresh = target.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(asdict(manifest), file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(target)
    if name == MANIFEST:
        (generation / UNFINISHED).unlink(missing_ok=True)


def check(built: Identity, identity: Identity) -> None:
    """Raises IndexMismatch when the index was built with something else."""
    have, want = asdict(built), asdict(identity)
    parts = [f"{name} {have[name]} instead of {want[name]}" for name in want if have[name] != want[name]]
    if parts:
        raise IndexMismatch(f"the index was built with another {', '.join(parts)}")


def check_files(built: Identity) -> None:
    """``check`` of what decides whether files and words can be read at all: not of the model."""
    check(built, replace(built, schema=SCHEMA, analysis=analysis.VERSION))


def read_snapshot(generation: Path, manifest: Manifest) -> Snapshot:
    """Open everything that the manifest names. Raises IndexFault on whatever is missing or damaged."""
    try:
        segments = tuple(segment.read(generation / piece.name) for piece in manifest.pieces)
        for part, piece in zip(segments, manifest.pieces, strict=True):
            if not part.count == piece.count == len(part.serials) == part.words.count == part.vectors.count:
                raise ValueError(f"{piece.name} does not hold its {piece.count} documents")
        vocabulary = Vocabulary.read(generation / VOCABULARY, manifest.vocabulary)
        path = generation / SENSES
        known = senses.read(path, manifest.vocabulary) if manifest.identity.model == static.DEFAULT else _NO_SENSES
        text = FullText.open(generation / TEXT).view()
    except IndexFault:
        raise
    except Exception as error:  # damaged files fail in every way there is
        raise IndexFault(f"the index in {generation} is damaged: {error}") from error
    alive = np.ones(sum(piece.count for piece in manifest.pieces), np.bool_)
    offset = 0
    for piece in manifest.pieces:
        alive[offset + np.array(piece.dead, np.int64)] = False
        offset += piece.count
    return Snapshot(segments, alive, text, vocabulary, known, manifest.sequence)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the one write lock; freed by the system when its holder dies. Raises ArchiveBusy at once when it is held."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "write.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ArchiveBusy(f"the index in {folder} is being written by another process") from error
        yield
