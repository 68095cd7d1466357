"""Whoosh: stems and their weights on disk, BM25F over them.

Title, text, session and doubtful readings go into one bag with weighted frequencies, which is what BM25F asks for
(Robertson, Zaragoza and Taylor 2004: weigh the fields before the saturation, not after). Whoosh keeps the postings;
the formula runs over whole postings in numpy, because Whoosh's own loop costs some 15 µs a posting.

Only what every fork of Whoosh shares is used. Its table of contents is a pickle: never open an index from elsewhere.
"""

from __future__ import annotations

import gc
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from archive.errors import ArchiveBusy, FresqueError, IndexFault

P = ParamSpec("P")
T = TypeVar("T")
Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Bag = tuple[int, Mapping[str, float]]
"""A document's serial and the weights of its stems."""

K1 = 1.2
B = 0.6
FEW, SMALL = 8, 128
"""So many segments of fewer documents become one."""


@contextmanager
def _quiet() -> Iterator[None]:
    """Whoosh is old: its warnings are not ours to mend, nor the files that it leaves open when it fails."""
    with warnings.catch_warnings():
        for kind in (DeprecationWarning, SyntaxWarning, ResourceWarning):
            warnings.simplefilter("ignore", kind)
        yield


def _guarded(work: Callable[P, T]) -> Callable[P, T]:
    """Whoosh's errors in our words. A damaged index can raise nearly anything (UnpicklingError, struct.error)."""

    @wraps(work)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        with _quiet():
            try:
                return work(*args, **kwargs)
            except FresqueError:
                raise
            except Exception as error:
                fault = _translated(error)
            gc.collect()  # the error is forgotten by now, so the files that its frames held close here
        raise fault

    return guarded


def _translated(error: Exception) -> FresqueError:
    if type(error).__name__ == "LockError":
        return ArchiveBusy("the full-text index is being written by another process")
    return IndexFault(f"the full-text index is damaged: {type(error).__name__}: {error}")


@cache
def _schema() -> Any:
    from whoosh import columns, fields

    from index.whoosh_bag import Bag

    return fields.Schema(
        text=Bag(), serial=fields.COLUMN(columns.NumericColumn("q")), length=fields.COLUMN(columns.NumericColumn("f"))
    )


class FullText:
    """The Whoosh index in a folder. Documents are known by ``serial``, a number that the caller never gives twice."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    @_guarded
    def create(cls, folder: Path) -> FullText:
        from whoosh import index

        folder.mkdir(parents=True, exist_ok=True)
        return cls(index.create_in(str(folder), _schema()))

    @classmethod
    @_guarded
    def open(cls, folder: Path) -> FullText:
        """Raises IndexFault when the folder holds no index that can be read."""
        from whoosh import index

        return cls(index.open_dir(str(folder)))

    @_guarded
    def write(self, added: Iterable[Bag], gone: Collection[int], merge: bool = True) -> None:
        """Add bags by serial and delete serials, in one commit. Raises ArchiveBusy when another writer is at work."""
        writer = self._index.writer(limitmb=64)
        try:
            if gone:
                for number in np.flatnonzero(np.isin(self._serials(), list(gone))):
                    writer.delete_document(int(number))
            for serial, bag in added:
                writer.add_document(text=bag, serial=serial, length=float(sum(bag.values())))
        except BaseException:
            writer.cancel()
            raise
        writer.commit(mergetype=_merge_few if merge else _merge_none)

    @_guarded
    def last_serial(self) -> int:
        """The highest serial ever written here and not yet purged; 0 when empty."""
        return int(self._serials().max(initial=0))

    def _serials(self) -> Rows:
        with self._index.reader() as reader:
            serials: Rows = _column(reader, "serial", np.int64)
            return serials

    @_guarded
    def view(self) -> TextView:
        """The index as it is now; later writes do not change it."""
        return TextView(self._index.reader())


def _merge_none(writer: Any, segments: list[Any]) -> list[Any]:
    return segments


def _merge_few(writer: Any, segments: list[Any]) -> list[Any]:
    """Put the small segments together once there are many. Whoosh's own policy would take large ones along: after a
    rebuild of 100,000 boards one change then cost 22 s."""
    from whoosh.reading import SegmentReader

    small = [segment for segment in segments if segment.doc_count_all() < SMALL]
    if len(small) < FEW:
        return segments
    for segment in small:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return [segment for segment in segments if segment not in small]


def _column(reader: Any, name: str, kind: Any) -> Any:
    leaves = [leaf for leaf, _ in reader.leaf_readers() if leaf.doc_count_all()]
    parts = [np.asarray(leaf.column_reader(name).load(), dtype=kind) for leaf in leaves]
    return np.concatenate(parts) if parts else np.zeros(0, kind)


class TextView:
    """One state of the full-text index. ``serials[i]`` is the document that Whoosh numbers ``i``."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self._postings: dict[str, tuple[Rows, Floats]] = {}
        self.serials: Rows = _column(reader, "serial", np.int64)
        self._lengths: Floats = _column(reader, "length", np.float64)
        self._mean_length = float(self._lengths.mean()) if len(self._lengths) else 1.0

    def close(self) -> None:
        self._reader.close()

    def postings(self, stem: str) -> tuple[Rows, Floats]:
        """Whoosh numbers and weighted frequencies of a stem, deleted documents among them."""
        if stem not in self._postings:
            if len(self._postings) > 512:
                self._postings.clear()
            self._postings[stem] = self._read(stem)
        return self._postings[stem]

    @_guarded
    def _read(self, stem: str) -> tuple[Rows, Floats]:
        numbers, weights = [], []
        for leaf, offset in self._reader.leaf_readers():
            if ("text", stem) in leaf:
                ids, values = _drain(leaf.postings("text", stem))
                numbers.append(np.asarray(ids, dtype=np.int64) + offset)
                weights.append(np.asarray(values, dtype=np.float64))
        if not numbers:
            return np.zeros(0, np.int64), np.zeros(0)
        return np.concatenate(numbers), np.concatenate(weights)

    def idf(self, stem: str) -> float:
        found = len(self.postings(stem)[0])
        return float(np.log1p((len(self.serials) - found + 0.5) / (found + 0.5)))

    def bm25(self, stem: str) -> tuple[Rows, Floats]:
        """Whoosh numbers of the documents that hold the stem, and its BM25F score in each."""
        numbers, weights = self.postings(stem)
        norm = K1 * (1 - B + B * self._lengths[numbers] / self._mean_length)
        return numbers, self.idf(stem) * weights * (K1 + 1) / (weights + norm)


def _drain(matcher: Any) -> tuple[list[int], list[float]]:
    """All postings of a matcher; whole blocks at once with the whoosh3 codec, one at a time with any other."""
    matcher = getattr(matcher, "child", matcher)
    ids: list[int] = []
    weights: list[float] = []
    by_block = all(hasattr(matcher, name) for name in ("_read_ids", "_read_weights", "_next_block", "_ids", "_weights"))
    while matcher.is_active():
        if by_block:
            matcher._read_ids()
            matcher._read_weights()
            ids.extend(matcher._ids)
            weights.extend(matcher._weights)
            matcher._next_block()
        else:
            ids.append(matcher.id())
            weights.append(matcher.weight())
            matcher.next()
    return ids, weights
