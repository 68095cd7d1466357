"""A person's name forgotten: painted over in the photos, taken out of the records, the old bytes destroyed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from archive import copies, prune
from archive.errors import FresqueError
from archive.forget import scrub, tell_backups
from archive.model import Blob, Photo, Polygon
from archive.naming import Name
from archive.person import Places
from archive.remains import Remains, remains
from archive.store import Archive
from capture import decode
from capture.paint import painted
from capture.pipeline import load
from capture.sandbox import Sandbox


@dataclass(frozen=True)
class Forgotten:
    """``failed``: photos (file name, reason) that could not be painted; they are left as they are, records too."""

    places: Places
    painted: tuple[str, ...]
    digests: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]
    made_again: tuple[str, ...]
    remains: Remains


def forget_name(archive: Archive, name: Name, reason: str, author: str = "") -> Forgotten:
    """The photos wait to be read again afterwards, and the index is to be built anew."""
    places = archive.catalog.find_person(name)
    done, failed = _paint(archive, places)
    digests = archive.catalog.forget_person(name, done, reason, author) if not failed else []
    prune.finish(archive)
    copies.sweep(archive.catalog.database, archive.path)
    left = remains(archive, digests)
    tell_backups(archive, left)
    return Forgotten(places, tuple(done), tuple(digests), tuple(failed), tuple(scrub(archive)), left)


def _paint(archive: Archive, places: Places) -> tuple[dict[str, Blob], list[tuple[str, str]]]:
    """Photo id → the new bytes. Of a document every page becomes a picture: its file holds the name."""
    polygons: dict[str, tuple[Polygon, ...]] = defaultdict(tuple, places.polygons)
    done, failed = {}, []
    with Sandbox() as sandbox:
        for photo in _affected(archive, places):
            try:
                data = archive.blobs.get(photo.blob)
                picture = decode.decode(data, sandbox, load.Params(), photo.page)
                done[photo.id] = archive.blobs.put(painted(picture, polygons[photo.id]))
            except FresqueError as error:
                failed.append((photo.file_name, str(error)))
    return done, failed


def _affected(archive: Archive, places: Places) -> list[Photo]:
    """Those with the name, and every photo of the same bytes: in other sessions, of the same document."""
    every = archive.catalog.photos(trashed=True)
    blobs = {photo.blob for photo in every if photo.id in places.polygons}
    files = {archive.catalog.material(text).blob for text in places.texts}
    return [photo for photo in every if photo.blob in blobs | files]
