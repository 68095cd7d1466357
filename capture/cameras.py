"""Which camera took a photo, as the original's EXIF says: cameras of one person may differ in their clocks."""

from __future__ import annotations

from collections.abc import Sequence

from archive.errors import FresqueError
from archive.model import Photo
from archive.store import Archive
from capture.kinds import Kind, kind_of
from capture.pipeline import load
from capture.sandbox import Sandbox


def cameras(archive: Archive, photos: Sequence[Photo]) -> dict[str, str]:
    """Maker and model by photo id, empty where nothing says it. Reads the header of each original, no pixels."""
    sandbox = Sandbox()
    try:
        return {photo.id: _of(archive, photo, sandbox) for photo in photos}
    finally:
        sandbox.close()


def _of(archive: Archive, photo: Photo, sandbox: Sandbox) -> str:
    try:
        data = archive.blobs.get(photo.blob)
        if kind_of(data) is not Kind.HEIF:
            return load.camera(data)
        params = load.Params()
        found, _ = sandbox.call("camera", data, max_pixels=params.max_pixels, max_side=params.max_side)
        return str(found["camera"])
    except FresqueError:  # a document's page, or a lost original: no camera is known
        return ""
