"""Sessions, photos, materials and the feed: what goes in comes out, and what is not there is named helpfully."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from archive.errors import NotFound, UsageError
from archive.model import (
    AgendaItem,
    Blob,
    Change,
    ChangeKind,
    Content,
    Material,
    Method,
    Organisation,
    Person,
    Phase,
    Photo,
    PhotoState,
    Project,
    Session,
    SessionKind,
    Visibility,
)
from archive.store import Archive

FULL = Session(
    id="2026-03-parcours",
    title="Parcours « naissance »",
    kind=SessionKind.INCUBATION,
    method=Method.OTHER,
    lab="Nantes",
    project_id="p1",
    requesters=(Organisation("Direction des services", "direction"),),
    partners=(Organisation("Caf 44", "partner"), Organisation("Porteur", "outside")),
    start=date(2026, 3, 3),
    end=date(2026, 3, 5),
    themes=("congé parental", "œuvre"),
    people=(Person("Ana", "facilitator"), Person("Bob", "graphic_facilitator")),
    agenda=(AgendaItem(Phase.SCAN, datetime(2026, 3, 3, 9, tzinfo=UTC)),),
    languages=("fr",),
    visibility=Visibility.RESTRICTED,
    retention_until=date(2036, 1, 1),
    legal_basis="mission de service public",
)


def test_a_session_comes_back_as_it_was(archive: Archive) -> None:
    assert {f.name for f in dataclasses.fields(Session) if getattr(FULL, f.name) == f.default} == set()
    archive.catalog.add_project(Project("p1", "Naissance"))
    archive.catalog.add_session(FULL)
    assert archive.catalog.session(FULL.id) == FULL
    assert archive.catalog.sessions() == [FULL, Session("s1", "Parcours usager"), Session("s2", "Congé parental")]
    assert archive.catalog.sessions(project_id="p1") == [FULL]
    assert archive.catalog.projects() == [Project("p1", "Naissance")]


def test_a_session_is_changed_and_the_index_told_once(archive: Archive) -> None:
    before = archive.catalog.last_sequence()
    changed = Session("s1", "Un autre titre", visibility=Visibility.LAB)
    archive.catalog.update_session(changed)
    archive.catalog.update_session(changed)
    assert archive.catalog.session("s1") == changed
    assert archive.catalog.changes(before) == [Change(before + 1, ChangeKind.SESSION, "s1", 2)]


def test_an_id_is_given_once(archive: Archive) -> None:
    archive.catalog.add_project(Project("p1", "Naissance"))
    for again in (
        lambda: archive.catalog.add_session(Session("s1", "x")),
        lambda: archive.catalog.add_project(Project("p1", "x")),
    ):
        with pytest.raises(UsageError, match="already"):
            again()
    with pytest.raises(UsageError, match="needs an id"):
        archive.catalog.add_session(Session(" ", "x"))
    with pytest.raises(NotFound, match="no project 'p2'"):
        archive.catalog.add_session(Session("s9", "x", project_id="p2"))


def test_what_is_not_there_names_what_is_near(archive: Archive, photo: Photo) -> None:
    archive.catalog.add_session(Session("2026-03-parcours", "x"))
    with pytest.raises(NotFound) as caught:
        archive.catalog.session("2026-3-parcours")
    assert "2026-03-parcours" in str(caught.value)
    with pytest.raises(NotFound, match=photo.id):
        archive.catalog.photo(photo.id[:10])
    with pytest.raises(NotFound, match="no board yet"):
        archive.catalog.board("b1")
    for unknown in (
        archive.catalog.material,
        archive.catalog.correction,
        archive.catalog.board_raw,
        archive.catalog.history,
    ):
        with pytest.raises(NotFound):
            unknown("x")


def test_the_same_bytes_in_two_sessions_are_two_photos_and_one_blob(archive: Archive) -> None:
    blob = archive.blobs.put(b"wall")
    taken = datetime(2026, 3, 3, 10, 30, tzinfo=timezone(timedelta(hours=1)))
    first, added = archive.catalog.add_photo("s1", blob, "IMG_1.jpg", "Ana", taken)
    assert added
    assert (first.session_id, first.blob, first.file_name, first.uploader) == ("s1", blob.sha256, "IMG_1.jpg", "Ana")
    assert (first.taken_at, first.state, first.content) == (taken, PhotoState.PENDING, Content.BOARD)
    assert archive.catalog.photo(first.id) == first
    second, added = archive.catalog.add_photo("s2", blob, "IMG_1.jpg")
    assert added
    assert second.id != first.id
    assert archive.catalog.photos() == [first, second]
    assert archive.catalog.photos("s2") == [second]
    assert list(archive.blobs) == [blob.sha256]


def test_the_same_bytes_twice_in_a_session_are_one_photo(archive: Archive, photo: Photo) -> None:
    before = archive.catalog.last_sequence()
    again, added = archive.catalog.add_photo("s1", archive.blobs.put(b"one photo"), "copy of IMG_1.jpg")
    assert (again, added) == (photo, False)
    assert archive.catalog.photos(state=PhotoState.PENDING) == [photo]
    assert archive.catalog.photos(state=PhotoState.DONE) == []
    assert archive.catalog.last_sequence() == before


def test_a_photo_needs_its_session(archive: Archive) -> None:
    with pytest.raises(NotFound, match="did you mean s1"):
        archive.catalog.add_photo("s11", archive.blobs.put(b"wall"), "IMG_1.jpg")
    assert archive.catalog.photos() == []


def test_odd_names_and_times_lose_no_photo(archive: Archive) -> None:
    name = b"IMG\xff.jpg".decode("utf-8", "surrogateescape") + "\0"
    photo, _ = archive.catalog.add_photo("s1", Blob("0" * 64, 1), name, taken_at=datetime(2026, 3, 3, 10, 30))
    assert photo.file_name == "IMG\ufffd.jpg\ufffd"
    assert photo.taken_at == datetime(2026, 3, 3, 10, 30, tzinfo=UTC)


def test_a_refused_file_is_listed_until_it_is_taken_in(archive: Archive) -> None:
    archive.catalog.refuse("s1", "notes.txt", "is not an image")
    archive.catalog.refuse("s1", "IMG_2.jpg", "is empty")
    archive.catalog.refuse("s1", "IMG_2.jpg", "is truncated")
    assert archive.catalog.refused("s1") == [
        ("s1", "notes.txt", "is not an image"),
        ("s1", "IMG_2.jpg", "is truncated"),
    ]
    assert archive.catalog.refused("s2") == []
    archive.catalog.add_photo("s1", archive.blobs.put(b"good"), "IMG_2.jpg")
    assert archive.catalog.refused() == [("s1", "notes.txt", "is not an image")]
    with pytest.raises(NotFound):
        archive.catalog.refuse("s3", "notes.txt", "is not an image")


def test_materials_are_put_once_and_replaced_when_they_differ(archive: Archive) -> None:
    first = Material("m1", "s1", "Compte rendu\nœuvre", "CR", Phase.ACT)
    before = archive.catalog.last_sequence()
    assert archive.catalog.put_material(first)
    assert not archive.catalog.put_material(first)
    assert (
        archive.catalog.put_materials([first, Material("m2", None, "libre"), dataclasses.replace(first, text="autre")])
        == 2
    )
    assert archive.catalog.material("m1").text == "autre"
    assert archive.catalog.materials("s1") == [dataclasses.replace(first, text="autre")]
    assert {m.id for m in archive.catalog.materials()} == {"m1", "m2"}
    told = [(c.kind, c.object_id, c.revision) for c in archive.catalog.changes(before)]
    assert told == [(ChangeKind.MATERIAL, "m1", 1), (ChangeKind.MATERIAL, "m2", 1), (ChangeKind.MATERIAL, "m1", 2)]
    with pytest.raises(NotFound):
        archive.catalog.put_materials([Material("m3", "s1", "x"), Material("m4", "nowhere", "x")])
    assert {m.id for m in archive.catalog.materials()} == {"m1", "m2"}, "all or nothing"


def test_the_feed_is_read_in_steps(archive: Archive) -> None:
    archive.catalog.put_materials(Material(f"m{n}", "s1", "x") for n in range(25))
    seen: list[int] = []
    while step := archive.catalog.changes(seen[-1] if seen else 0, limit=10):
        assert len(step) <= 10
        seen += [change.sequence for change in step]
    assert seen == list(range(1, archive.catalog.last_sequence() + 1))
    assert len(seen) == 27
