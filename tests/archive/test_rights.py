"""People's rights: personal data seen, a name taken out of everything, the log closed, destroyed bytes gone."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from archive import tables as t
from archive.audit import Act
from archive.errors import Forgotten, NotFound
from archive.forget import forget_photos, forget_session, scrub
from archive.model import CorrectionField, Material, Person, Photo, Session
from archive.naming import Name, Span, part
from archive.personal import findings, is_nir
from archive.store import Archive
from archive.verify import verify
from tests.archive.making import LEFT, NEW, box, line, on_sqlite, scan, surface

TITLE = box(60, 60, 200, 30)


# --- personal data -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("écrire à karim.benali@caf.fr", {"email"}),
        ("tél. 06 12 34 56 78", {"phone"}),
        ("+33 (0)6.12.34.56.78", {"phone"}),
        ("0033 1 40 56 60 00", {"phone"}),
        ("1 84 12 76 451 089 46", {"nir"}),
        ("2840676451089 67", set()),
        ("budget 1 400 000 euros, 12/03/2024", set()),
        ("réf. 0612345678901", set()),
        ("Karim Benali", set()),
        ("Karim Benali 06 12 34 56 78", {"phone", "name"}),
        ("12 rue de la Paix", set()),
    ],
)
def test_personal_data_is_told_by_its_form(text: str, kinds: set[str]) -> None:
    assert {f.kind for f in findings([text])} == kinds


def nir(body: str) -> str:
    """With its key, reckoned apart from the code that checks it."""
    number = body.replace("2A", "19").replace("2B", "18")
    return f"{body}{97 - int(number) % 97:02}"


@pytest.mark.parametrize("body", ["1841276451089", "2690549588157", "184062A004123", "184062B004123"])
def test_the_key_of_a_social_security_number_decides(body: str) -> None:
    good = nir(body)
    assert is_nir(good)
    wrong = good[:-2] + f"{(int(good[-2:]) % 97) + 1:02}"
    assert not is_nir(wrong)


def test_the_example_of_the_administration() -> None:
    """INSEE's own: 2 55 08 14 168 025 has the key 38."""
    assert is_nir("2 55 08 14 168 025 38")


def test_a_name_beside_is_found_one_far_away_is_not() -> None:
    lines = ["Contact", "Léa Martin", "lea@caf.fr", "", "Anne Dupont", "rien"]
    assert [f.text for f in findings(lines) if f.kind == "name"] == ["Léa Martin"]


def test_boards_are_flagged_as_they_are_read_and_corrected(archive: Archive, photo: Photo) -> None:
    (board,) = archive.catalog.commit_scan(photo.id, scan([surface(LEFT, line("06 12 34 56 78", TITLE))]))
    assert board.personal == ("phone",)
    archive.catalog.correct(photo.id, board.id, CorrectionField.TEXT, "un numéro", TITLE)
    assert archive.catalog.board(board.id).personal == ()


# --- names ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Karim Benali : salle", "▮▮▮ : salle"),
        ("KARIM  BENALI, budget", "▮▮▮, budget"),
        ("voir Karim-Bénali", "voir ▮▮▮"),
        ("Karin Benali appelle", "▮▮▮ appelle"),  # one letter misread
        ("K. Benali et Karim", "K. Benali et Karim"),
        ("Benali Karim", "Benali Karim"),
        ("karimbenali", "karimbenali"),
        ("Le kart balai", "Le kart balai"),
    ],
)
def test_a_name_is_found_however_it_is_written(text: str, left: str) -> None:
    assert Name(["Karim Benali"]).without(text) == left


def test_other_ways_of_writing_are_given() -> None:
    assert Name(["Karim Benali", "K. Benali"]).without("K Benali, Karim Benali") == "▮▮▮, ▮▮▮"


@pytest.mark.parametrize(
    ("readings", "fullest"),
    [
        (("Karim Benali : salle", "Karim Benali:salle"), 0),
        (("Kasim Benali : salle", "Karim Benali : salle"), 0),  # one letter misread
        (("Lui Benali : salle", "Karim Benali : salle"), 1),  # the first name would stay
        (("Kam Bali : salle", "Karim Benali : salle"), 1),
    ],
)
def test_of_a_lines_readings_the_fullest_says_where_it_stands(readings: tuple[str, ...], fullest: int) -> None:
    assert Name(["Karim Benali", "Benali"]).fullest(readings) == readings[fullest]


def test_the_part_of_a_line_where_it_stands() -> None:
    quad = box(100, 10, 1000, 40)
    (x0, y0), (x1, _), _, (_, y3) = part(quad, "salle : Karim Benali, mars", Span(8, 20))
    assert (y0, y3) == (10, 50)
    assert 100 + 1000 * 6 / 26 < x0 < 100 + 1000 * 8 / 26
    assert 100 + 1000 * 20 / 26 < x1 < 100 + 1000 * 22 / 26


@on_sqlite
def test_a_name_leaves_no_trace_in_any_record_nor_in_the_file(archive: Archive) -> None:
    """The files of the catalogue are searched as bytes: free pages and the log beside it count too."""
    catalog = archive.catalog
    catalog.add_session(Session("s3", "Atelier Karim Benali", people=(Person("Karim Benali", "user"),)))
    photo, _ = catalog.add_photo("s3", archive.blobs.put(b"shows Karim Benali"), "karim benali.jpg", "Ana")
    (board,) = catalog.commit_scan(photo.id, scan([surface(LEFT, line("Karim Benali salle", TITLE))]))
    catalog.commit_scan(photo.id, scan([surface(LEFT, line("Karin Benali : salle", TITLE))], NEW))
    catalog.correct(photo.id, board.id, CorrectionField.TEXT, "Karim Benali, salle", TITLE)
    catalog.describe_board(board.id, artist="Karim Benali", caption="par Karim Benali")
    catalog.comment(board.id, "demander à Karim Benali", "Ana", None)
    blob = archive.blobs.put(b"minutes by Karim Benali")
    catalog.put_material(Material("m1", "s3", "Présent : Karim Benali", "CR", blob=blob.sha256, file_name="cr.docx"))
    catalog.refuse("s3", "Karim Benali.mov", "no")
    name = Name(["Karim Benali"])
    places = catalog.find_person(name)
    assert set(places.polygons) == {photo.id}
    assert places.texts == ("m1",)
    painted = archive.blobs.put(b"painted over")
    catalog.forget_person(name, {photo.id: painted}, "asked")
    from archive.prune import finish

    finish(archive)
    scrub(archive)
    assert catalog.find_person(name).nothing
    assert catalog.board(board.id).text == "▮▮▮, salle"
    assert catalog.photo(photo.id).blob == painted.sha256
    assert catalog.material("m1").blob is None
    assert len(catalog.readings(photo.id)) == 1
    assert catalog.counts().to_do == 1, "it is read again"
    assert verify(archive).clean
    archive.close()
    for file in archive.path.rglob("*"):
        if file.is_file():
            data = file.read_bytes().lower()
            assert b"benali" not in data, file
    with pytest.raises(Forgotten):
        Archive.open(archive.path).catalog.add_photo("s1", archive.blobs.put(b"shows Karim Benali"), "again.jpg")


# --- destroyed -----------------------------------------------------------------------------------------------


def test_a_photo_is_destroyed_with_all_that_hangs_on_it(archive: Archive, photo: Photo) -> None:
    image = archive.blobs.put(b"straight").sha256
    (board,) = archive.catalog.commit_scan(photo.id, scan([surface(LEFT, line("x", TITLE))]), [{"straight": image}])
    archive.catalog.correct(photo.id, board.id, CorrectionField.TEXT, "y", TITLE)
    archive.catalog.comment(board.id, "z", "Ana", None)
    twin, _ = archive.catalog.add_photo("s2", archive.blobs.put(b"one photo"), "IMG_1.jpg")
    first = forget_photos(archive, [photo.id], "asked", "Ana")
    assert first.digests == (image,), "the same picture is another session's too"
    assert archive.blobs.has(photo.blob)
    second = forget_photos(archive, [twin.id], "asked", "Ana")
    assert second.digests == (photo.blob,)
    assert list(archive.blobs) == []
    with archive.catalog.database.read() as connection:
        for table in (t.photos, t.boards, t.results, t.views, t.readings, t.corrections, t.renditions, t.jobs, t.blobs):
            assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() == 0, table.name
    assert [a.action for a in archive.catalog.acts(photo.id)] == ["forget", "add"]
    assert verify(archive).clean
    with pytest.raises(Forgotten, match="asked"):
        archive.catalog.add_photo("s1", archive.blobs.put(b"one photo"), "IMG_1.jpg")
    with pytest.raises(NotFound):
        forget_photos(archive, [photo.id], "again")


def test_a_session_goes_with_everything_in_it_and_nothing_else(archive: Archive, photo: Photo) -> None:
    other, _ = archive.catalog.add_photo("s2", archive.blobs.put(b"two"), "IMG_2.jpg")
    archive.catalog.commit_scan(photo.id, scan([surface(LEFT)]))
    archive.catalog.put_material(Material("m1", "s1", "texte"))
    archive.catalog.refuse("s1", "film.mov", "no")
    gone = forget_session(archive, "s1", "retention")
    assert (gone.photos, gone.materials) == ((photo.id,), ("m1",))
    assert [s.id for s in archive.catalog.sessions()] == ["s2"]
    assert [p.id for p in archive.catalog.photos()] == [other.id]
    assert archive.catalog.refused() == []
    assert verify(archive).clean


def test_bytes_that_a_crash_left_go_with_the_next_look(
    archive: Archive, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive import prune

    monkeypatch.setattr(prune, "finish", lambda archive: 0)
    forget_photos(archive, [photo.id], "asked")
    assert archive.blobs.has(photo.blob), "killed before the bytes went"
    monkeypatch.undo()
    assert verify(archive).unclaimed == ()
    assert prune.finish(archive) == 1
    assert not archive.blobs.has(photo.blob)


# --- the log -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'nobody'", "DELETE FROM audit"])
def test_the_log_cannot_be_changed_even_by_hand(archive: Archive, photo: Photo, statement: str) -> None:
    before = archive.catalog.acts()
    assert [a.action for a in before[:1]] == ["add"]
    with pytest.raises(sa.exc.DBAPIError, match="never changed"), archive.catalog.database.write() as connection:
        connection.execute(sa.text(statement))
    assert archive.catalog.acts() == before
    assert isinstance(before[0], Act)


def test_no_text_of_a_correction_is_in_the_log(archive: Archive, photo: Photo, tmp_path: Path) -> None:
    (board,) = archive.catalog.commit_scan(photo.id, scan([surface(LEFT, line("x", TITLE))]))
    archive.catalog.correct(photo.id, board.id, CorrectionField.TEXT, "Karim Benali", TITLE)
    assert "Karim" not in str([a.detail for a in archive.catalog.acts()])
