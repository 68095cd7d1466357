"""``python -m index.build_model``: the default embedding, made from the lexicon in seconds.

The model is a build product, never committed: its name carries the digest of the concepts and of the code that learns
from them. A wheel brings it along (``setup.py``); a checkout whose lexicon has changed makes it at its first use and
keeps it in the user's cache, where other checkouts of the same lexicon find it.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from index import lexicon, static, train
from index.lexicon import Concept

LEARNS = (
    "analysis.py",
    "lexicon.py",
    "train.py",
    "associations.py",
    "expressions.py",
    "spelling.py",
    "language.py",
    "static.py",
)
"""Files of this package that decide what the model holds."""
KEPT = 4
"""Models kept in the user's cache: checkouts side by side use different ones."""


def digest(folder: Path, more: Sequence[Concept] = ()) -> str:
    """SHA-256 (16 hex digits) over the concepts, ``more`` of them, and the code that learns from them."""
    found = hashlib.sha256()
    code = [Path(__file__).with_name(name) for name in LEARNS]
    for path in (*code, *sorted(folder.glob("*.jsonl"))):
        found.update(path.read_bytes())
    found.update(repr(more).encode() if more else b"")
    return found.hexdigest()[:16]


def build(source: Path, target: Path, more: Sequence[Concept] = ()) -> static.StaticModel:
    """Train on the concepts of a folder, and ``more``, and write the model, in one step."""
    concepts = (*lexicon.read_concepts(source), *more)
    model = static.compose(train.factor(concepts), concepts)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(f".{os.getpid()}")
    static.save(model, fresh)
    fresh.replace(target)
    return model


@cache
def default_model() -> Path:
    """The file of the model that belongs to the lexicon as it is now: the package's, the cache's, or made now."""
    source = lexicon.lexicon_folder()
    name = f"meaning-{digest(source)}.npz"
    packaged = source.parent / name
    if packaged.exists():
        return packaged
    cached = _cache() / name
    with (cached.parent / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # whoever comes second finds it made
        if not cached.exists():
            logging.getLogger("fresque").info("making the embedding from the lexicon; this happens once")
            build(source, cached)
            prune(cached.parent)
    with suppress(OSError):
        os.utime(cached)
    return cached


def taught_model(folder: Path, more: Sequence[Concept]) -> Path:
    """The file of the model of the lexicon and of what one archive teaches, in a folder of that archive's."""
    source = lexicon.lexicon_folder()
    target = folder / f"taught-{digest(source, more)}.npz"
    if not target.exists():
        build(source, target, more)
        for path in folder.glob("taught-*.npz"):
            if path != target:
                path.unlink(missing_ok=True)
    return target


def prune(folder: Path) -> None:
    """Remove models of earlier lexicons, all but those used last: each takes some 20 MB."""
    for path in sorted(folder.glob("meaning-*.npz"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        path.unlink(missing_ok=True)


def _cache() -> Path:
    """A folder that can be written, the user's cache where there is one."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fresque"
    try:
        base.mkdir(parents=True, exist_ok=True)
        if os.access(base, os.W_OK):
            return base
    except OSError:
        pass
    spare = Path(tempfile.gettempdir()) / f"fresque-{os.getuid()}"
    spare.mkdir(exist_ok=True)
    return spare


def install(data: Path) -> Path:
    """Put the model into a package's data folder, in place of older ones; where it is."""
    made = default_model()
    target = data / made.name
    for path in data.glob("meaning-*.npz"):
        if path != target:
            path.unlink()
    if not target.exists():
        shutil.copyfile(made, target)
    return target


def main() -> None:
    began = time.perf_counter()
    target = install(lexicon.lexicon_folder().parent)
    model = static.load(target)
    size = target.stat().st_size / 1e6
    seconds = time.perf_counter() - began
    sys.stdout.write(
        f"{target}: {len(model.names)} rows of {model.dimension}, {size:.1f} MB, "
        f"revision {model.revision}, {seconds:.1f} s\n"
    )


if __name__ == "__main__":
    main()
