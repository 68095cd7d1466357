"""From light on the sensor to a JPEG with EXIF: exposure, lens and motion blur, noise, compression."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import cv2
import numpy as np
from PIL import Image as PILImage

from samples.canvas import Image
from samples.light import Light
from samples.rng import Rng

STRIP = 256
ORIENTATION, MAKE, MODEL, TIME, IFD, TAKEN, OFFSET = 0x0112, 0x010F, 0x0110, 0x0132, 0x8769, 0x9003, 0x9011


@dataclass(frozen=True)
class Exposure:
    """``blur`` sigma and ``motion`` length in pixels, ``motion_angle`` in degrees, ``noise`` in grey levels."""

    blur: float
    motion: float
    motion_angle: float
    noise: float
    quality: int


def expose(picture: Image, light: Light) -> None:
    """Lights the picture in place: grey levels are taken as square roots of linear light."""
    height, width = picture.shape[:2]
    rows, cols = light.gain.shape[:2]
    for top in range(0, height, STRIP):
        part = picture[top : top + STRIP]
        # The rows of the maps under this strip, one more on each side so that strips meet without a seam.
        where = np.array(
            [[cols / width, 0, 0.5 * cols / width - 0.5], [0, rows / height, (top + 0.5) * rows / height - 0.5]]
        )
        size = (width, part.shape[0])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        gain = cv2.warpAffine(light.gain, where, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        linear = np.multiply(part, np.float32(1 / 255), dtype=np.float32)
        cv2.multiply(linear, linear, linear)
        cv2.multiply(linear, gain, linear)
        if light.added.any():
            linear += cv2.warpAffine(light.added, where, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        cv2.sqrt(linear, linear)
        part[...] = cv2.convertScaleAbs(linear, alpha=255)


def blurred(picture: Image, exposure: Exposure) -> Image:
    if exposure.motion >= 2:
        n = int(exposure.motion) | 1
        kernel = np.zeros((n, n), np.float32)
        a = np.deg2rad(exposure.motion_angle)
        reach = (n - 1) / 2 * np.array([np.cos(a), np.sin(a)])
        ends = [tuple(int(v) for v in np.round((n - 1) / 2 + s * reach)) for s in (-1, 1)]
        cv2.line(kernel, ends[0], ends[1], 1.0)
        picture = np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum()), np.uint8)
    if exposure.blur > 0.3:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), exposure.blur), np.uint8)
    return picture


def add_noise(picture: Image, amount: float, rng: Rng) -> None:
    """Adds noise in place: fine grain with the soft colour blotches that a phone's denoiser leaves."""
    if amount <= 0:
        return
    side = 384
    tile = rng.standard_normal((side, side, 3), dtype=np.float32)
    tile = 0.75 * tile.mean(2, keepdims=True) * 1.7 + 0.35 * tile
    coarse = cv2.resize(rng.standard_normal((side // 4, side // 4, 3), dtype=np.float32), (side, side))
    tile = np.asarray(cv2.GaussianBlur(tile, (0, 0), 0.6)) * 1.6 + 0.35 * np.asarray(coarse)
    band = np.tile(np.round(tile * amount).astype(np.int16), (1, picture.shape[1] // side + 2, 1))
    for top in range(0, picture.shape[0], side):
        part = picture[top : top + side]
        at = int(rng.integers(side))
        grain = np.ascontiguousarray(band[: part.shape[0], at : at + part.shape[1]])
        cv2.add(part, grain, part, dtype=cv2.CV_8U)


def encode(picture: Image, quality: int, taken_at: datetime | None, orientation: int) -> bytes:
    """JPEG bytes with EXIF. ``picture`` is upright; it is stored so that ``orientation`` (1, 3, 6, 8) rights it."""
    turns = {1: 0, 3: 2, 6: 1, 8: 3}[orientation]
    stored = np.ascontiguousarray(np.rot90(picture, turns))
    done, data = cv2.imencode(".jpg", stored, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    body = data.tobytes()
    exif = _exif(taken_at, orientation)
    return body[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + body[2:]


def _exif(taken_at: datetime | None, orientation: int) -> bytes:
    exif = PILImage.Exif()
    exif[ORIENTATION] = orientation
    exif[MAKE], exif[MODEL] = "Fresque", "Rendered"
    if taken_at is not None:
        stamp = taken_at.strftime("%Y:%m:%d %H:%M:%S")
        exif[TIME] = stamp
        details: dict[int, str] = {TAKEN: stamp}
        if taken_at.tzinfo is not None:
            zone = taken_at.strftime("%z")
            details[OFFSET] = f"{zone[:3]}:{zone[3:]}"
        exif[IFD] = details
    return exif.tobytes()
