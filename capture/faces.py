"""Faces in photos: pointed out to a person, and made unknowable in what is shown where they ask for it."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from archive.model import Photo, Polygon
from archive.store import Archive
from capture import decode, renditions
from capture.pipeline import content, load
from capture.pipeline.frame import Frame, Pixels
from capture.pipeline.stages import Renditions
from capture.sandbox import Sandbox

LOOKED_AT = 1200  # pixels of the photo's long side
SMALLEST = 0.02  # height of a face, in shares of the long side
GROW = 0.25  # of a face's size, on every side: hair and chin lie outside the detector's box
BLOCKS = 5  # across a face: what is left of it


def suggested(archive: Archive, photo: Photo) -> list[Polygon]:
    """Rectangles in photo pixels around what looks like a face from the front; a person decides. Raises PhotoError."""
    with Sandbox() as sandbox:
        pixels = decode.decode(archive.blobs.get(photo.blob), sandbox, load.Params(), photo.page).frame.pixels
    scale = max(1.0, max(pixels.shape[:2]) / LOOKED_AT)
    size = (round(pixels.shape[1] / scale), round(pixels.shape[0] / scale))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    found = []
    for x, y, width, height in _together(content.face_boxes(small, SMALLEST)):
        dx, dy = GROW * width, GROW * height
        box = [(x - dx, y - dy), (x + width + dx, y - dy), (x + width + dx, y + height + dy), (x - dx, y + height + dy)]
        found.append(tuple((a * scale, b * scale) for a, b in box))
    return found


def _together(boxes: Sequence[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """One box for what was found twice: those that share a third of the smaller one are one face."""
    found: list[tuple[int, int, int, int]] = []
    for x, y, w, h in sorted(boxes, key=lambda box: -box[2] * box[3]):
        for n, (a, b, c, d) in enumerate(found):
            wide, high = min(x + w, a + c) - max(x, a), min(y + h, b + d) - max(y, b)
            if wide > 0 and high > 0 and wide * high * 3 >= min(w * h, c * d):
                left, top = min(x, a), min(y, b)
                found[n] = (left, top, max(x + w, a + c) - left, max(y + h, b + d) - top)
                break
        else:
            found.append((x, y, w, h))
    return found


def blur_boards(archive: Archive, board_ids: Sequence[str]) -> int:
    """Make the blurred pictures that boards lack; how many boards."""
    waiting = archive.catalog.unblurred(board_ids)
    for board, places in waiting:
        straight = _picture(archive, board.renditions["straight"])
        clean = _picture(archive, board.renditions["clean"]) if "clean" in board.renditions else None
        made = Renditions(
            Frame(blurred(straight, places)), Frame(blurred(clean, places)) if clean is not None else None
        )
        archive.catalog.keep_blurred(board, places, renditions.store(archive.blobs, made))
    return len(waiting)


def blurred(pixels: Pixels, places: Sequence[Polygon]) -> Pixels:
    """A copy in which each place (polygon in its pixels) is a few blocks of colour, smoothed: too little is left to
    compute a face back from."""
    out = np.array(pixels)
    for place in places:
        x, y, width, height = cv2.boundingRect(np.rint(np.asarray(place, np.float32)).astype(np.int32))
        left, top = max(0, x), max(0, y)
        right, bottom = min(out.shape[1], x + width), min(out.shape[0], y + height)
        if right <= left or bottom <= top:
            continue
        part = out[top:bottom, left:right]
        few = cv2.resize(part, (BLOCKS, BLOCKS), interpolation=cv2.INTER_AREA)
        smooth = cv2.resize(few, (right - left, bottom - top), interpolation=cv2.INTER_LINEAR)
        mask = np.zeros(part.shape[:2], np.uint8)
        cv2.fillPoly(mask, [np.rint(np.asarray(place) - (left, top)).astype(np.int32)], 255)
        part[mask > 0] = smooth[mask > 0]
    return out


def _picture(archive: Archive, digest: str) -> Pixels:
    pixels = cv2.imdecode(np.frombuffer(archive.blobs.get(digest), np.uint8), cv2.IMREAD_COLOR)
    return np.asarray(pixels, np.uint8)
