"""What people corrected, as training data for a better reader: a picture of each line with its true text.

The form is that of PaddleOCR's recognition sets: ``images/NAME.png<TAB>text``, one list to train on and one to judge
by. All lines of a photo go into one list, so that what is judged was not seen. ``manifest.jsonl`` says where each
picture comes from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from archive.errors import PhotoError, UsageError
from archive.model import Correction, CorrectionField, Photo, Polygon
from archive.store import Archive
from capture.pipeline import load
from capture.pipeline.frame import Pixels
from capture.pipeline.read.boxes import Box, upright_corners
from capture.pipeline.read.crops import native

HELD_BACK = 10  # one photo in so many is for judging


@dataclass(frozen=True)
class Exported:
    train: int
    judge: int
    photos: int
    unreadable: tuple[str, ...]  # file names of originals that could not be decoded


def export(archive: Archive, target: Path, session_id: str | None = None) -> Exported:
    """Write the confirmed lines of an archive, or of one session, into ``target``, which must be new or empty.

    Raises UsageError when it is not, NotFound for an unknown session.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target} is not empty", "name a new folder: what is in it would mix with the new lines")
    if session_id is not None:
        archive.catalog.session(session_id)  # raises NotFound
    (target / "images").mkdir(parents=True)
    lists: dict[str, list[str]] = {"train": [], "judge": []}
    manifest, seen, unreadable = [], 0, []
    for photo, corrections in _by_photo(archive, session_id):
        try:
            pixels = load.decode(archive.blobs.get(photo.blob)).frame.pixels
        except PhotoError:
            unreadable.append(photo.file_name)
            continue
        seen += 1
        part = "judge" if int(hashlib.sha256(photo.id.encode()).hexdigest(), 16) % HELD_BACK == 0 else "train"
        for row in _write_lines(pixels, photo, corrections, target):
            lists[part].append(f"{row['image']}\t{row['text']}\n")
            manifest.append(json.dumps(row | {"list": part}, ensure_ascii=False) + "\n")
    for name, rows in (("rec_gt_train.txt", lists["train"]), ("rec_gt_val.txt", lists["judge"])):
        (target / name).write_text("".join(rows), encoding="utf-8")
    (target / "manifest.jsonl").write_text("".join(manifest), encoding="utf-8")
    return Exported(len(lists["train"]), len(lists["judge"]), seen, tuple(unreadable))


def _by_photo(archive: Archive, session_id: str | None) -> Iterator[tuple[Photo, list[Correction]]]:
    """Photos with the texts that people gave for their lines; of two for one place, the later."""
    texts = [c for c in archive.catalog.corrections() if c.field == CorrectionField.TEXT and c.anchor]
    for photo_id, group in groupby(sorted(texts, key=lambda c: c.photo_id), key=lambda c: c.photo_id):
        photo = archive.catalog.photo(photo_id)
        if session_id in (None, photo.session_id):
            latest = {c.anchor: c for c in group}
            yield photo, [c for c in latest.values() if _one_line(c)]


def _one_line(correction: Correction) -> str:
    """The text as the lists hold it; empty where a person said that nothing is written."""
    return " ".join(str(correction.value).split())


def _write_lines(
    pixels: Pixels, photo: Photo, corrections: Iterable[Correction], target: Path
) -> Iterator[dict[str, Any]]:
    for correction in corrections:
        name = f"images/{correction.id}.png"
        cv2.imwrite(str(target / name), native(pixels, line_box(correction.anchor)))
        yield {
            "image": name,
            "text": _one_line(correction),
            "session": photo.session_id,
            "photo": photo.id,
            "sha256": photo.blob,
            "polygon": [list(point) for point in correction.anchor],
            "made_at": correction.made_at.isoformat() if correction.made_at else None,
        }


def line_box(polygon: Polygon) -> Box:
    """Four points are a line's corners as it is read; any other outline is taken for text that stands upright."""
    points = np.array(polygon, dtype=np.float64)
    if len(points) == 4:
        return Box(points, 1.0)
    centre, size, angle = cv2.minAreaRect(points.astype(np.float32))
    return Box(upright_corners((centre[0], centre[1]), (size[0], size[1]), angle), 1.0)
