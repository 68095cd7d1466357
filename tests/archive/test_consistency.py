"""Whatever the order of readings and corrections: no correction is lost, no id changes hands, the feed is enough."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.model import Change, ChangeKind, Correction, CorrectionField, Photo, Quad, Recipe, Surface
from archive.store import Archive
from tests.archive.making import NEW, OLD, box, line, moved, scan, surface

WALL: tuple[Quad, ...] = tuple(box(20 + 330 * (n % 3), 20 + 400 * (n // 3), 300, 360) for n in range(6))
"""Six boards that do not touch."""


def title(board: Quad) -> Quad:
    return moved(box(0, 0, 200, 30), board[0][0] + 20, board[0][1] + 20)


readings = st.lists(
    st.tuples(st.integers(0, 5), st.integers(-30, 30), st.booleans()), max_size=6, unique_by=lambda seen: seen[0]
)
"""Which boards are found, how far off, and whether their title is read."""

acts = st.lists(
    st.one_of(
        st.tuples(st.just("read"), readings),
        st.tuples(st.just("tag"), st.integers(0, 5)),
        st.tuples(st.just("text"), st.integers(0, 5)),
        st.tuples(st.just("withdraw"), st.integers(0, 5)),
    ),
    min_size=2,
    max_size=9,
)


def as_surface(number: int, shift: int, read: bool) -> Surface:
    quad = moved(WALL[number], shift, shift / 2)
    return surface(quad, *([line(f"titre {number}", title(WALL[number]))] if read else []))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=acts)
def test_no_history_loses_a_correction_an_identity_or_a_change(fresh: Path, acts: list[tuple[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(shutil.copytree(fresh, Path(folder) / "archive"))
        with Archive.open(place) as archive:
            replay(archive, [("read", [(n, 0, True) for n in range(6)]), *acts])


@dataclass
class History:
    """What must be true by now: ``standing`` holds each correction's field and the place it was made at; ``read``
    the places found by the last reading, and whether their title was read."""

    identity: dict[int, str] = field(default_factory=dict)
    standing: dict[str, tuple[CorrectionField, int]] = field(default_factory=dict)
    read: dict[int, bool] = field(default_factory=dict)


def replay(archive: Archive, acts: list[tuple[str, object]]) -> None:
    photo, _ = archive.catalog.add_photo("s1", archive.blobs.put(b"wall"), "wall.jpg")
    history = History()
    for step, (act, what) in enumerate(acts):
        if act == "read":
            assert isinstance(what, list)
            read(archive, photo, history, what, OLD if step % 2 else NEW)
        elif act == "withdraw":
            for key in list(history.standing)[:1]:
                archive.catalog.withdraw(key)
                del history.standing[key]
        else:
            assert isinstance(what, int)
            correct(archive, photo, history, what, "ACT" if act == "tag" else f"vrai {step}")
        check_corrections(archive, history)
        check_feed(archive)


def read(archive: Archive, photo: Photo, history: History, found: list[tuple[int, int, bool]], recipe: Recipe) -> None:
    boards = archive.catalog.commit_scan(photo.id, scan([as_surface(*seen) for seen in found], recipe))
    for (number, _, _), board in zip(found, boards, strict=True):
        assert history.identity.setdefault(number, board.id) == board.id, "the same place is the same board"
    assert {b.id for b in archive.catalog.boards()} == {b.id for b in boards}
    history.read = {number: titled for number, _, titled in found}


def correct(archive: Archive, photo: Photo, history: History, number: int, value: str) -> None:
    if number not in history.read:
        return
    kind, anchor = (CorrectionField.PHASE, ()) if value == "ACT" else (CorrectionField.TEXT, title(WALL[number]))
    made = archive.catalog.correct(photo.id, history.identity[number], kind, value, anchor)
    history.standing[made.id] = (kind, number)


def check_corrections(archive: Archive, history: History) -> None:
    kept = archive.catalog.corrections()
    assert [c.id for c in kept] == list(history.standing), "none is lost, none comes back"
    boards = {board.id: board for board in archive.catalog.boards()}
    latest: dict[tuple[CorrectionField, int], Correction] = {}
    for correction in kept:
        kind, number = history.standing[correction.id]
        if number not in history.read:
            assert correction.orphaned, "its board is gone"
        elif kind is CorrectionField.PHASE or history.read[number]:
            assert not correction.orphaned, "its place is there"
        if not correction.orphaned:
            latest[kind, number] = correction
    for (kind, number), correction in latest.items():
        board = boards[history.identity[number]]
        assert correction.value == (board.phase.label if kind is CorrectionField.PHASE else board.text)


def check_feed(archive: Archive) -> None:
    """A reader that knows nothing but the feed knows which boards there are, and at which revision."""
    changes = archive.catalog.changes(0, 10_000)
    assert [c.sequence for c in changes] == list(range(1, archive.catalog.last_sequence() + 1))
    known: dict[str, Change] = {}
    for change in changes:
        if change.kind is ChangeKind.BOARD:
            assert change.object_id not in known or change.revision > known[change.object_id].revision
            known[change.object_id] = change
    fed = {i: change.revision for i, change in known.items() if not change.deleted}
    assert fed == {board.id: board.revision for board in archive.catalog.boards()}
