"""IIIF Image API 3.0, level 1 and the turns by quarters: a request's path parts to pixels.

https://iiif.io/api/image/3.0/ ; regions and sizes in pixels of the full image, origin top left.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from archive.errors import UsageError

if TYPE_CHECKING:
    from PIL import Image

MAX_SIDE = 6000
"""No answer is larger than this on its longer side: an address alone must not order a gigabyte of pixels."""

_PIXELS = re.compile(r"(\d+),(\d+),(\d+),(\d+)")
_PERCENT = re.compile(r"pct:([\d.]+),([\d.]+),([\d.]+),([\d.]+)")
_FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}


@dataclass(frozen=True)
class Request:
    """``region`` and ``size`` in pixels, ``turn`` clockwise in degrees after mirroring."""

    region: tuple[int, int, int, int]  # left, top, right, bottom
    size: tuple[int, int]
    turn: int
    mirrored: bool
    grey: bool
    format: str

    @property
    def media_type(self) -> str:
        return f"image/{'jpeg' if self.format == 'jpg' else self.format}"


@dataclass(frozen=True)
class Path:
    """The four parts of an image request's address, as they stand there."""

    region: str
    size: str
    rotation: str
    quality_format: str


def parse(path: Path, width: int, height: int) -> Request:
    """Raises UsageError (an HTTP 400) that names the part which cannot be met."""
    region = _region(path.region, width, height)
    size = _size(path.size, region[2] - region[0], region[3] - region[1])
    turned = re.fullmatch(r"(!?)(0|90|180|270|360)", path.rotation)
    if not turned:
        raise UsageError(f"rotation '{path.rotation}'", "0, 90, 180 or 270, with ! before it to mirror first")
    quality, _, ending = path.quality_format.rpartition(".")
    if quality not in ("default", "color", "gray") or ending not in _FORMATS:
        raise UsageError(f"'{path.quality_format}'", "default.jpg; also color or gray, png or webp")
    return Request(region, size, int(turned[2]) % 360, bool(turned[1]), quality == "gray", ending)


def render(data: bytes, request: Request) -> bytes:
    """The encoded answer from the encoded full image."""
    return cut(decoded(data), request)


def decoded(data: bytes) -> Image.Image:
    from PIL import Image

    with Image.open(BytesIO(data)) as image:
        made: Image.Image = image.convert("RGB")
    return made


def cut(image: Image.Image, request: Request) -> bytes:
    """The encoded answer from the full picture: decoding it is what costs, and a viewer asks for many pieces."""
    from PIL import Image, ImageOps

    part: Image.Image = image.crop(request.region)
    if part.size != request.size:
        part = part.resize(request.size, Image.Resampling.LANCZOS)
    if request.mirrored:
        part = ImageOps.mirror(part)
    if request.turn:
        # Pillow turns counter-clockwise
        part = part.transpose(
            {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}[
                request.turn
            ]
        )
    if request.grey:
        part = part.convert("L")
    out = BytesIO()
    part.save(out, _FORMATS[request.format], quality=88)
    return out.getvalue()


def info(identifier: str, width: int, height: int) -> dict[str, Any]:
    """``info.json`` of an image at the address ``identifier``."""
    scales = [2**n for n in range(7) if max(width, height) / 2**n >= 128]
    return {
        "@context": "http://iiif.io/api/image/3/context.json",
        "id": identifier,
        "type": "ImageService3",
        "protocol": "http://iiif.io/api/image",
        "profile": "level1",
        "width": width,
        "height": height,
        "maxWidth": MAX_SIDE,
        "maxHeight": MAX_SIDE,
        "sizes": [{"width": max(1, width // s), "height": max(1, height // s)} for s in reversed(scales)],
        "tiles": [{"width": 1024, "scaleFactors": scales}],
        "extraFormats": ["png", "webp"],
        "extraQualities": ["color", "gray"],
        "extraFeatures": [
            "mirroring",
            "regionByPct",
            "regionSquare",
            "rotationBy90s",
            "sizeByConfinedWh",
            "sizeByPct",
            "sizeByWh",
        ],
    }


def _region(text: str, width: int, height: int) -> tuple[int, int, int, int]:
    if text == "full":
        return 0, 0, width, height
    if text == "square":
        side = min(width, height)
        left, top = (width - side) // 2, (height - side) // 2
        return left, top, left + side, top + side
    if pixels := _PIXELS.fullmatch(text):
        x, y, w, h = map(int, pixels.groups())
    elif percent := _PERCENT.fullmatch(text):
        px, py, pw, ph = (float(v) if v.count(".") < 2 else -1.0 for v in percent.groups())
        x, y, w, h = (
            round(px * width / 100),
            round(py * height / 100),
            round(pw * width / 100),
            round(ph * height / 100),
        )
    else:
        raise UsageError(f"region '{text}'", "full, square, x,y,w,h or pct:x,y,w,h")
    right, bottom = min(x + w, width), min(y + h, height)
    if not (0 <= x < right and 0 <= y < bottom):
        raise UsageError(f"region '{text}' lies outside the image", f"the image has {width} × {height} pixels")
    return x, y, right, bottom


def _size(text: str, width: int, height: int) -> tuple[int, int]:
    """Of the region ``width`` × ``height``; larger than the region only with ^."""
    upscale, wanted = text.startswith("^"), text.removeprefix("^")
    size = _wanted(wanted, width, height, upscale)
    if size is None or min(size) < 1:
        raise UsageError(f"size '{text}'", "max, w, or ,h or w,h or !w,h or pct:n; ^ before it to enlarge")
    if not upscale and (size[0] > width or size[1] > height):
        raise UsageError(f"size '{text}' is larger than the region", "write ^ before it to enlarge")
    if max(size) > MAX_SIDE:
        if wanted != "max":
            raise UsageError(f"size '{text}' is too large", f"at most {MAX_SIDE} pixels a side")
        factor = MAX_SIDE / max(size)
        size = max(1, int(size[0] * factor)), max(1, int(size[1] * factor))
    return size


def _wanted(text: str, width: int, height: int, upscale: bool) -> tuple[int, int] | None:
    if text == "max":
        return width, height
    if found := re.fullmatch(r"pct:(\d+(?:\.\d+)?)", text):
        factor = float(found[1]) / 100
        return round(width * factor), round(height * factor)
    if found := re.fullmatch(r"(!?)(\d*),(\d*)", text):
        confined, w, h = found[1] == "!", int(found[2] or 0), int(found[3] or 0)
        if confined and w and h:
            factor = min(w / width, h / height) if upscale else min(w / width, h / height, 1.0)
            return max(1, round(width * factor)), max(1, round(height * factor))
        if w and h and not confined:
            return w, h
        if w and not found[3]:
            return w, max(1, round(height * w / width))
        if h and not found[2]:
            return max(1, round(width * h / height)), h
    return None
