"""A board's images as files to keep: straightened, cleaned, and a small one for lists."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np

from archive.blobs import BlobStore
from capture.pipeline.frame import Frame
from capture.pipeline.stages import Renditions

JPEG_QUALITY = 90  # of print; above, files grow faster than anything can be seen
THUMB_SIDE = 480  # pixels of the longer side
THUMB_QUALITY = 80


def store(blobs: BlobStore, images: Renditions) -> Mapping[str, str]:
    """Keep a board's images; name → SHA-256 of the file."""
    files = encode(images)
    return {name: blobs.put(data).sha256 for name, data in files.items()}


def encode(images: Renditions) -> dict[str, bytes]:
    """``straight`` and ``clean`` as JPEG in full size, ``thumb`` as WebP."""
    shown = images.clean or images.straight
    files = {"straight": _jpeg(images.straight), "thumb": _thumb(shown)}
    if images.clean is not None:
        files["clean"] = _jpeg(images.clean)
    return files


def _jpeg(frame: Frame) -> bytes:
    return _encoded(".jpg", frame.pixels, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])


def _thumb(frame: Frame) -> bytes:
    scale = min(1.0, THUMB_SIDE / max(frame.width, frame.height))
    size = (max(1, round(frame.width * scale)), max(1, round(frame.height * scale)))
    small = cv2.resize(frame.pixels, size, interpolation=cv2.INTER_AREA)
    return _encoded(".webp", np.asarray(small, dtype=np.uint8), [cv2.IMWRITE_WEBP_QUALITY, THUMB_QUALITY])


def _encoded(kind: str, pixels: np.ndarray, options: list[int]) -> bytes:
    ok, data = cv2.imencode(kind, pixels, options)
    if not ok:
        raise ValueError(f"{pixels.shape[1]} × {pixels.shape[0]} pixels cannot be written as {kind}")
    return bytes(data)
