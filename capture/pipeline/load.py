"""Bytes of a photo → upright pixels. The format is told by the content, never by the name."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import cv2
import numpy as np
import pillow_heif
from PIL import ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError

from archive.errors import DamagedImage, EmptyFile, ImageTooLarge, NotAnImage
from capture.pipeline.frame import Frame

VERSION = 1
STRIP = 256  # rows converted at a time
FORMATS = ("JPEG", "PNG", "HEIF", "WEBP", "TIFF", "GIF", "BMP")  # a JPEG that holds several opens as MPO

pillow_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = None  # ``Params.max_pixels`` bounds them, with an error of ours, before any pixel is decoded


@dataclass(frozen=True)
class Params:
    max_pixels: int = 220_000_000  # phones reach 200 megapixels; 660 MB decoded
    max_side: int = 32_766  # OpenCV warps no further (SHRT_MAX)


@dataclass(frozen=True)
class Decoded:
    """``taken_at`` is the camera's clock: with its own offset when EXIF holds one, otherwise taken for UTC."""

    frame: Frame
    format: str
    taken_at: datetime | None
    warnings: tuple[str, ...] = ()


def decode(data: bytes, params: Params | None = None) -> Decoded:
    """Decode a photo with its EXIF orientation applied, as sRGB in 8 bits, transparency laid on white.

    Of an animation or a document of several pages the first is taken, with a warning.
    Raises EmptyFile, NotAnImage, ImageTooLarge or DamagedImage.
    """
    params = params or Params()
    image = _open(data, params)
    warnings = []
    pictures = _pictures(_open(data, params))
    if pictures > 1 and image.format not in ("MPO", "HEIF"):
        warnings.append(f"holds {pictures} pictures: only the first is taken")
    taken_at = _taken_at(image)
    try:
        image.load()
        upright = _upright(image)
        pixels = _to_bgr(upright)
    except MemoryError as error:
        raise ImageTooLarge(f"{image.width} × {image.height} pixels do not fit into memory") from error
    except Exception as error:  # decoders raise whatever they like on damaged bytes
        raise DamagedImage(f"the picture is truncated or damaged: {_first_line(error)}") from error
    return Decoded(Frame(pixels), str(image.format), taken_at, tuple(warnings))


def check(data: bytes, params: Params | None = None) -> tuple[str, datetime | None]:
    """The format and the time taken, from the header alone: what intake asks before it stores the bytes.

    Raises EmptyFile, NotAnImage, ImageTooLarge or DamagedImage.
    """
    image = _open(data, params or Params())
    return str(image.format), _taken_at(image)


def camera(data: bytes, params: Params | None = None) -> str:
    """Maker and model as EXIF has them, empty where it says nothing. Raises like ``check``."""
    image = _open(data, params or Params())
    try:
        exif = image.getexif()
        maker, model = (str(exif.get(tag) or "").strip("\0 ") for tag in (ExifTags.Base.Make, ExifTags.Base.Model))
    except Exception:  # as above
        return ""
    return model if model.startswith(maker) else f"{maker} {model}".strip()


def _open(data: bytes, params: Params) -> Image.Image:
    if not data:
        raise EmptyFile("the file is empty")
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError as error:
        if _looks_like_image(data):
            raise DamagedImage("the picture is damaged: its header cannot be read") from error
        raise NotAnImage("not a picture in a format Fresque reads") from error
    except Exception as error:
        raise DamagedImage(f"the picture is damaged: {_first_line(error)}") from error
    width, height = image.size
    if width < 1 or height < 1:
        raise DamagedImage(f"the picture has no pixels ({width} × {height})")
    if width * height > params.max_pixels or max(width, height) > params.max_side:
        raise ImageTooLarge(
            f"{width} × {height} pixels: more than the limit of {params.max_pixels / 1e6:.0f} megapixels"
            f" or {params.max_side} a side"
        )
    return image


def _pictures(image: Image.Image) -> int:
    """How many it holds; 1 where damaged bytes do not tell. To count, a TIFF's later pages are read, which may leave
    the image on a broken one: give one that is not needed afterwards."""
    try:
        return int(getattr(image, "n_frames", 1))
    except Exception:  # decoders raise whatever they like on damaged bytes
        return 1


_MAGIC = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"II*\x00", b"MM\x00*", b"GIF8", b"BM")


def _looks_like_image(data: bytes) -> bool:
    return data.startswith(_MAGIC) or data[4:8] == b"ftyp"


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image) if _turned(image) else image
    except (ValueError, KeyError, TypeError, struct.error, OSError, zlib.error, SyntaxError):
        return image  # EXIF that cannot be written back tells no orientation that could be trusted


def _turned(image: Image.Image) -> bool:
    """Pillow copies a picture that needs no turn."""
    return bool(image.getexif().get(ExifTags.Base.Orientation, 1) != 1)


def _to_bgr(image: Image.Image) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Some rows at a time: a picture of 200 megapixels must not take several times its own size."""
    pixels = np.empty((image.height, image.width, 3), dtype=np.uint8)
    top = 65535.0 if image.mode != "F" else max(float(np.nan_to_num(image.getextrema()[1])), 1e-6)
    for row in range(0, image.height, STRIP):
        strip = image.crop((0, row, image.width, min(row + STRIP, image.height)))
        pixels[row : row + STRIP] = _strip_to_bgr(strip, top)
    return pixels


def _strip_to_bgr(image: Image.Image, top: float) -> np.ndarray[Any, np.dtype[np.uint8]]:
    if image.mode in ("I;16", "I;16B", "I;16L", "I", "F"):
        grey = _deep_grey(image, top)
        return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    image = _to_srgb(image)
    if "A" in image.getbands() or "transparency" in image.info:
        rgba = image.convert("RGBA")
        ground = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
        image = Image.alpha_composite(ground, rgba)
    rgb = image if image.mode == "RGB" else image.convert("RGB")
    # four bytes a pixel are how Pillow keeps them: taken as they are, in a quarter of the time
    held = np.frombuffer(rgb.tobytes("raw", "RGBX"), np.uint8).reshape(rgb.height, rgb.width, 4)
    return np.asarray(cv2.cvtColor(held, cv2.COLOR_RGBA2BGR), dtype=np.uint8)


def _deep_grey(image: Image.Image, top: float) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """16 or 32 bits of grey → 8. Integer pictures are taken for 16 bits, as cameras and scanners write them."""
    values = np.asarray(image).astype(np.float32)
    return np.asarray(np.clip(np.nan_to_num(values) * (255.0 / top), 0, 255), dtype=np.uint8)


def _to_srgb(image: Image.Image) -> Image.Image:
    """Into sRGB when the picture names another profile (phones: Display P3; CMYK scans), else unchanged."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "CMYK", "RGBA"):
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(source).lower():
            return image
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a profile that cannot be used changes hues a little, and loses no photo
    return converted or image


def _taken_at(image: Image.Image) -> datetime | None:
    try:
        exif = image.getexif()
        details = exif.get_ifd(ExifTags.IFD.Exif)
        text = details.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
        offset = details.get(ExifTags.Base.OffsetTimeOriginal)
        if not text:
            return None
        return datetime.strptime(str(text)[:19], "%Y:%m:%d %H:%M:%S").replace(tzinfo=_zone(offset))
    except Exception:  # whatever EXIF holds, a photo without a time is still a photo
        return None


def _zone(offset: Any) -> timezone:
    try:
        sign = -1 if str(offset)[0] == "-" else 1
        return timezone(sign * timedelta(hours=int(str(offset)[1:3]), minutes=int(str(offset)[4:6])))
    except (ValueError, IndexError):
        return UTC


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]
