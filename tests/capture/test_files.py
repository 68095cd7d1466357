"""Whatever a session leaves is taken in by its content: zips, HEIC, PDF, slides, minutes, texts."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from archive.model import PhotoState, Session
from archive.store import Archive
from capture import intake
from capture.intake import Intake, Taken
from capture.photo import process_photo
from capture.pipeline import stages
from capture.sandbox import Sandbox
from tests.capture import making


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.create(tmp_path / "archive") as made:
        made.catalog.add_session(Session("s", "Une session"))
        yield made


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


def take(archive: Archive, folder: Path, **files: bytes) -> list[intake.Result]:
    """Names are given with ``__`` for the dot."""
    folder.mkdir(exist_ok=True)
    paths = []
    for name, data in files.items():
        paths.append(folder / name.replace("__", "."))
        paths[-1].write_bytes(data)
    with Intake(archive, "s") as taking:
        return [result for path in paths for result in taking.take(path)]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF"])
def test_pictures_are_told_by_content_and_keep_their_exif(archive: Archive, tmp_path: Path, kind: str) -> None:
    data = making.picture(kind)
    (result,) = take(archive, tmp_path / "in", photo__bin=data)
    assert result.taken is Taken.ADDED, result.reason
    photo = archive.catalog.photos()[0]
    assert (photo.format, photo.taken_at and photo.taken_at.isoformat()) == (kind, "2024-03-05T10:15:30+00:00")
    assert archive.blobs.get(photo.blob) == data


def test_a_zip_gives_its_files_and_each_fault_its_reason(archive: Archive, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mur/IMG_1.jpg", making.picture("JPEG", 1))
        made.writestr("mur/IMG_2.heic", making.picture("HEIF", 2))
        made.writestr("notes.md", "# Décisions\n\nouvrir le samedi")
        made.writestr("__MACOSX/mur/._IMG_1.jpg", b"x")
        made.writestr(".DS_Store", b"x")
        made.writestr("../../etc/passwd.jpg", making.picture("JPEG", 3))
        made.writestr("zeros.png", b"\x89PNG" + bytes(80_000_000))
        made.writestr("inner.zip", b"PK\x03\x04 and more")
        made.writestr("tableau.xyz", b"\x00\x01\x02")
        link = zipfile.ZipInfo("lien.jpg")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
    results = take(archive, tmp_path / "in", photos__zip=buffer.getvalue())
    by_name = {result.path.name: result for result in results}
    assert {n for n, r in by_name.items() if r.taken is Taken.ADDED} == {"IMG_1.jpg", "IMG_2.heic", "notes.md"}
    for name, reason in {
        "passwd.jpg": "outside",
        "zeros.png": "measure",
        "inner.zip": "zip inside",
        "tableau.xyz": "not a picture",
        "lien.jpg": "link",
    }.items():
        assert reason in (by_name[name].reason or ""), name
    assert len(results) == 8
    assert {name for _, name, _ in archive.catalog.refused()} >= {"photos.zip/passwd.jpg", "photos.zip/zeros.png"}
    assert all(r.taken is not Taken.ADDED for r in take(archive, tmp_path / "in", photos__zip=buffer.getvalue()))
    assert len(archive.catalog.photos()) == 2


def test_a_broken_or_locked_zip_says_so(archive: Archive, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("IMG_1.jpg", making.picture("JPEG"))
    whole = buffer.getvalue()
    flag = bytearray(whole)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        flag[whole.index(mark) + place] |= 1
    half, locked = take(archive, tmp_path / "in", half__zip=whole[: len(whole) // 2], locked__zip=bytes(flag))
    assert "zip is damaged" in (half.reason or "")
    assert "password" in (locked.reason or "")


def test_documents_become_material_of_the_session(archive: Archive, tmp_path: Path) -> None:
    results = take(
        archive,
        tmp_path / "in",
        cr__pdf=making.text_pdf("Compte rendu\nle guichet du mercredi", "Deuxième page"),
        restitution__pptx=making.slides("Vision partagée", "Feuille de route"),
        proces__docx=making.minutes("Ordre du jour", "Relevé de décisions"),
        idees__md=b"- un caf\xc3\xa9 des aidants",
        vieux__txt="Réunion d'équipe".encode("cp1252"),
    )
    assert [r.taken for r in results] == [Taken.ADDED] * 5, [r.reason for r in results]
    texts = {m.title: m for m in archive.catalog.materials("s")}
    assert texts["cr"].text == "Compte rendu\nle guichet du mercredi\nDeuxième page"
    assert texts["restitution"].text.split("\n") == ["Vision partagée", "note de l'orateur", "Feuille de route"]
    assert texts["proces"].text == "Ordre du jour\nRelevé de décisions\nqui\tquand"
    assert texts["idees"].text == "- un café des aidants"
    assert texts["vieux"].text == "Réunion d'équipe"
    assert {m.format for m in texts.values()} == {"PDF", "PPTX", "DOCX", "MARKDOWN", "TEXT"}
    assert archive.blobs.get(texts["cr"].blob or "").startswith(b"%PDF")
    assert archive.catalog.photos() == []
    again = take(archive, tmp_path / "in", cr__pdf=(tmp_path / "in" / "cr.pdf").read_bytes())
    assert [r.taken for r in again] == [Taken.KNOWN]


def test_the_pages_of_a_scanned_pdf_are_photos_and_are_read(archive: Archive, tmp_path: Path, sandbox: Sandbox) -> None:
    (result,) = take(archive, tmp_path / "in", murs__pdf=making.scanned_pdf("HORAIRES", "TRANSPORT"))
    assert (result.taken, result.photos, result.text) == (Taken.ADDED, 2, False)
    photos = archive.catalog.photos()
    assert [p.page for p in photos] == [1, 2]
    for _ in photos:
        lease = archive.jobs.lease("w", 60)
        assert lease is not None
        done = process_photo(archive, lease, stages.Options(renditions=False, threads=1), sandbox)
        assert done.error is None
    assert [b.text for b in archive.catalog.boards()] == ["HORAIRES", "TRANSPORT"]
    assert {p.state for p in archive.catalog.photos()} == {PhotoState.DONE}


def test_photos_of_one_wall_are_grouped_others_are_not(archive: Archive, tmp_path: Path) -> None:
    from capture.fingerprint import fingerprint
    from capture.pipeline import load

    def seen(image: Image.Image, quality: int = 90) -> str:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=quality)
        return fingerprint(load.decode(buffer.getvalue()).frame)

    walls = {f"{n}": seen(making.wall(n)) for n in range(30)}
    first = making.wall(0)
    darker = Image.fromarray((np.asarray(first) * 0.8).astype(np.uint8))
    shifted = first.crop((6, 4, 640, 480))
    again = {"small": seen(first.resize((400, 300))), "dark": seen(darker, 40), "moved": seen(shifted)}
    from archive.lookalikes import groups

    assert groups(walls) == []
    assert groups(walls | again) == [("0", "small", "dark", "moved")]
