"""Boards joined, taken apart and described; the trash; originals in one zip."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from archive.errors import NotFound, UsageError
from archive.forget import forget_photos
from archive.model import ChangeKind, CorrectionField, Material, Photo, PhotoState
from archive.originals import write_zip
from archive.store import Archive
from archive.verify import verify
from tests.archive.making import LEFT, NEW, RIGHT, box, line, scan, surface
from tests.capture import making

TITLE, OTHER = box(60, 60, 200, 30), box(560, 60, 200, 30)


def both(archive: Archive, photo: Photo, words: tuple[str, str] = ("gauche", "droite")) -> tuple[str, str]:
    surfaces = [surface(LEFT, line(words[0], TITLE)), surface(RIGHT, line(words[1], OTHER))]
    left, right = archive.catalog.commit_scan(photo.id, scan(surfaces))
    return left.id, right.id


# --- merge and split -----------------------------------------------------------------------------------------


def test_merged_boards_show_as_one_and_come_apart_again(archive: Archive, photo: Photo) -> None:
    left, right = both(archive, photo)
    made = archive.catalog.merge_boards(left, [right], "Ana")
    assert made.text == "gauche\ndroite"
    assert [b.id for b in archive.catalog.boards()] == [left]
    assert archive.catalog.board(right).replaced_by == left
    apart = archive.catalog.unmerge_board(right)
    assert apart.text == "droite"
    assert [(b.id, b.text) for b in archive.catalog.boards()] == [(left, "gauche"), (right, "droite")]
    with pytest.raises(UsageError, match="not merged"):
        archive.catalog.unmerge_board(right)
    assert verify(archive).clean


def test_a_new_reading_and_corrections_reach_each_part(archive: Archive, photo: Photo) -> None:
    left, right = both(archive, photo)
    archive.catalog.correct(photo.id, right, CorrectionField.TEXT, "à droite", OTHER)
    archive.catalog.merge_boards(left, [right])
    assert archive.catalog.board(left).text == "gauche\nà droite"
    surfaces = [surface(LEFT, line("Gauche", TITLE)), surface(RIGHT, line("Droite", OTHER))]
    archive.catalog.commit_scan(photo.id, scan(surfaces, NEW))
    assert [b.id for b in archive.catalog.boards()] == [left], "they stay one"
    assert archive.catalog.board(left).text == "Gauche\nà droite"
    archive.catalog.bring_back(photo.id)
    assert archive.catalog.board(left).text == "gauche\nà droite"
    archive.catalog.unmerge_board(left)
    assert [b.text for b in archive.catalog.boards()] == ["gauche", "à droite"]


def test_a_board_seen_in_two_photos_has_both_views(archive: Archive, photo: Photo) -> None:
    other, _ = archive.catalog.add_photo("s1", archive.blobs.put(b"two"), "IMG_2.jpg")
    left, _ = both(archive, photo)
    again, rest = both(archive, other, ("suite", "fin"))
    made = archive.catalog.merge_boards(left, [again])
    assert [v.photo_id for v in made.views] == [photo.id, other.id]
    assert [(ln.text, bool(ln.polygon)) for ln in made.lines] == [("gauche", True), ("suite", False)]
    archive.catalog.merge_boards(rest, [left])
    assert archive.catalog.board(rest).text.split("\n") == ["fin", "gauche", "suite"]


def test_what_cannot_be_merged_is_told(archive: Archive, photo: Photo) -> None:
    left, right = both(archive, photo)
    other, _ = archive.catalog.add_photo("s2", archive.blobs.put(b"two"), "IMG_2.jpg")
    elsewhere, _ = both(archive, other)
    for others in ([], [left], [elsewhere]):
        with pytest.raises(UsageError):
            archive.catalog.merge_boards(left, others)
    with pytest.raises(NotFound):
        archive.catalog.merge_boards(left, ["nobody"])
    assert len(archive.catalog.boards(session_id="s1")) == 2
    assert right


def test_a_split_gives_corners_to_the_next_reading_and_can_be_withdrawn(archive: Archive, photo: Photo) -> None:
    whole = box(20, 20, 900, 700)
    (board,) = archive.catalog.commit_scan(photo.id, scan([surface(whole, line("tout", TITLE))]))
    made = archive.catalog.split_board(board.id, [LEFT, RIGHT], "Ana")
    assert archive.jobs.lease("w", 60) is not None, "it waits to be read again"
    given = archive.catalog.given_quads(photo.id)
    assert {frozenset(quad) for quad in given} == {frozenset(LEFT), frozenset(RIGHT)}
    parts = archive.catalog.commit_scan(photo.id, scan([surface(q) for q in given], NEW))
    assert parts[0].id == board.id
    assert len(archive.catalog.boards()) == 2
    for correction in made:
        archive.catalog.withdraw(correction.id)
    assert archive.catalog.given_quads(photo.id) == ()
    with pytest.raises(UsageError):
        archive.catalog.split_board(board.id, [LEFT])


def test_the_author_of_a_fresco_is_kept_and_told_to_the_index(archive: Archive, photo: Photo) -> None:
    left, _ = both(archive, photo)
    seen = archive.catalog.last_sequence()
    made = archive.catalog.describe_board(
        left, "Ana", artist="Lise Roux", permitted_uses="usage interne", caption="La fresque"
    )
    assert (made.author, made.permitted_uses, made.caption) == ("Lise Roux", "usage interne", "La fresque")
    assert [c.object_id for c in archive.catalog.changes(seen)] == [left]
    archive.catalog.commit_scan(photo.id, scan([surface(LEFT)], NEW))
    assert archive.catalog.board(left).author == "Lise Roux"
    with pytest.raises(UsageError):
        archive.catalog.describe_board(left, colour="bleu")


# --- trash ---------------------------------------------------------------------------------------------------


def test_the_trash_hides_and_gives_back_all(archive: Archive, photo: Photo) -> None:
    left, right = both(archive, photo)
    archive.catalog.merge_boards(left, [right])
    archive.catalog.correct(photo.id, left, CorrectionField.PHASE, "ACT")
    archive.catalog.put_material(Material("m1", "s1", "texte", "CR"))
    before = (archive.catalog.boards(), archive.catalog.photos(), archive.catalog.materials())
    seen = archive.catalog.last_sequence()
    assert archive.catalog.trash([photo.id, "m1"], "Ana") == 2
    assert archive.catalog.trash([photo.id]) == 0
    assert not archive.catalog.boards()
    assert not archive.catalog.photos()
    assert not archive.catalog.materials()
    told = {(c.kind, c.object_id, c.deleted) for c in archive.catalog.changes(seen)}
    assert {(ChangeKind.BOARD, left, True), (ChangeKind.MATERIAL, "m1", True)} <= told
    assert {t.id for t in archive.catalog.trashed()} == {photo.id, "m1"}
    counts = archive.catalog.counts()
    assert (sum(counts.photos.values()), sum(counts.boards.values()), counts.materials) == (0, 0, 0)
    assert archive.catalog.untrash([photo.id, "m1"]) == 2
    after = (archive.catalog.boards(), archive.catalog.photos(), archive.catalog.materials())
    assert [b.text for b in after[0]] == [b.text for b in before[0]]
    assert [b.phase.label for b in after[0]] == [b.phase.label for b in before[0]]
    assert after[1:] == before[1:]
    assert verify(archive).clean
    with pytest.raises(NotFound):
        archive.catalog.trash(["nobody"])


def test_what_waits_in_the_trash_is_not_processed_until_it_is_back(archive: Archive, photo: Photo) -> None:
    archive.catalog.trash([photo.id])
    assert archive.jobs.lease("w", 60) is None
    archive.catalog.untrash([photo.id])
    assert archive.catalog.photo(photo.id).state is PhotoState.PENDING
    assert archive.jobs.lease("w", 60) is not None


def test_the_trash_is_emptied_for_good(archive: Archive, photo: Photo) -> None:
    both(archive, photo)
    archive.catalog.trash([photo.id])
    forget_photos(archive, [each.id for each in archive.catalog.trashed()], "trash emptied")
    assert archive.catalog.trashed() == []
    assert list(archive.blobs) == []
    assert verify(archive).clean


# --- originals -----------------------------------------------------------------------------------------------


def test_all_originals_of_a_session_in_one_zip_without_their_place(archive: Archive, tmp_path: Path) -> None:
    datas = [making.picture("JPEG", n) for n in range(3)]
    for data in datas:
        archive.catalog.add_photo("s1", archive.blobs.put(data), "IMG_1.jpg")
    blob = archive.blobs.put(b"%PDF-1.4 minutes")
    archive.catalog.put_material(Material("m1", "s1", "texte", "CR", blob=blob.sha256, file_name="CR.pdf"))
    assert write_zip(archive, "s1", tmp_path / "all.zip", "Ana") == 4
    with zipfile.ZipFile(tmp_path / "all.zip") as made:
        assert made.namelist() == ["IMG_1.jpg", "IMG_1-2.jpg", "IMG_1-3.jpg", "CR.pdf"]
        assert made.testzip() is None
        for name in made.namelist()[:3]:
            shown = Image.open(io.BytesIO(made.read(name)))
            assert shown.getexif().get_ifd(ExifTags.IFD.GPSInfo) == {}
            assert shown.size == (640, 480)
    assert archive.catalog.acts("s1")[0].action == "export"
