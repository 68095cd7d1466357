"""Pictures as they are served: encoded anew, sized, cached by the digest of what they were made of."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fastapi import Request, Response

from archive import durable
from archive.errors import NotFound, PhotoError, UsageError
from archive.model import Photo, Polygon, digest_of
from fresque.web.state import State

if TYPE_CHECKING:
    from PIL import Image

QUALITY = 82
PREVIEW_SIDE = 1400  # pixels of the photo that previews are made from
WIDTHS = (320, 480, 800, 1200, 1600, 2400, 6000)
"""Widths that are made: one asked for is rounded up, so that nobody fills the disk with a thousand sizes."""


def answer(data: bytes, kind: str, tag: str, request: Request, for_good: bool = True) -> Response:
    """Bytes that never change under their address, or, not ``for_good``, that the browser asks for again each time;
    only the browser of who may see them keeps them."""
    etag = f'"{tag}"'
    headers = {"Cache-Control": "private, max-age=604800, immutable" if for_good else "private, no-cache", "ETag": etag}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(data, media_type=kind, headers=headers)


def download(data: bytes, name: str) -> Response:
    """``name`` was given by people: it goes into the header only percent-encoded."""
    plain = quote(name.encode("utf-8", "replace").decode(), safe="")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{plain}",
        "Content-Security-Policy": "sandbox",
        "Cache-Control": "private, no-store",
    }
    return Response(data, media_type="application/octet-stream", headers=headers)


def of_board(state: State, digest: str, width: int | None) -> tuple[bytes, str]:
    """A rendition and its media type: as it is kept, or smaller as WebP."""
    data = state.app.archive.blobs.get(digest)
    kind = "image/webp" if data[8:12] == b"WEBP" else "image/jpeg"
    if width is None:
        return data, kind
    return _cached(state, f"{digest}-{_round_up(width)}", lambda: _smaller(data, _round_up(width))), "image/webp"


def of_photo(state: State, photo: Photo, width: int) -> bytes:
    """Upright, at most ``width`` wide, as WebP. Raises PhotoError when it cannot be decoded."""
    size = _round_up(width)
    faces = state.catalog.faces(photo.id)
    name = f"{photo.blob}-{photo.page}-{size}{of_faces(faces)}"
    return _cached(state, name, lambda: _upright(state.app.archive.blobs.get(photo.blob), photo.page, size, faces))


def of_faces(faces: Sequence[Polygon]) -> str:
    """What a name ends in where these are blurred."""
    return f"-{digest_of([[list(map(list, face)) for face in faces]])[:12]}" if faces else ""


def straightened(state: State, photo: Photo, corners: list[float]) -> bytes:
    """A small picture of the board that these corners give. Raises UsageError when they enclose nothing."""
    import cv2
    import numpy as np

    from capture.pipeline.frame import Frame
    from capture.pipeline.straighten import straighten

    pixels, scale = _preview_pixels(state, photo)
    points = [(corners[i] * scale, corners[i + 1] * scale) for i in range(0, 8, 2)]
    try:
        frame = straighten(Frame(pixels), (points[0], points[1], points[2], points[3]))
    except (ValueError, cv2.error) as error:
        raise UsageError("Ces coins n’entourent rien.") from error
    ok, data = cv2.imencode(".webp", np.asarray(frame.pixels), [cv2.IMWRITE_WEBP_QUALITY, 70])
    if not ok or frame.width < 2 or frame.height < 2:
        raise UsageError("Ces coins n’entourent rien.")
    return bytes(data)


# --- making and keeping --------------------------------------------------------------------------------------


def _round_up(width: int) -> int:
    return next((w for w in WIDTHS if w >= width), WIDTHS[-1])


def _cached(state: State, name: str, make: Any) -> bytes:
    file = state.cache / name[:2] / f"{name}.webp"
    try:
        return file.read_bytes()
    except FileNotFoundError:
        pass
    data: bytes = make()
    file.parent.mkdir(parents=True, exist_ok=True)
    durable.write(file, data, state.cache / durable.TEMPORARY)
    return data


def _smaller(data: bytes, width: int) -> bytes:
    """Of a JPEG, PNG or WebP; a JPEG is decoded at the size that is needed."""
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(data)) as opened:
        opened.draft("RGB", (width, width))
        return _webp(ImageOps.exif_transpose(opened).convert("RGB"), width)


def _upright(data: bytes, page: int, width: int, faces: Sequence[Polygon] = ()) -> bytes:
    """Of a photo, whatever its format, within the bounds of pixels; untrusted formats are decoded in the sandbox."""
    from PIL import Image

    from capture.decode import check, decode
    from capture.faces import blurred
    from capture.sandbox import Sandbox

    with Sandbox() as sandbox:
        if not page and not faces and check(data, sandbox)[0] == "JPEG":
            return _smaller(data, width)
        pixels = blurred(decode(data, sandbox, page=page).frame.pixels, faces)
    return _webp(Image.fromarray(pixels[:, :, ::-1]), width)


def _webp(upright: Image.Image, width: int) -> bytes:
    from PIL import Image

    if upright.width > width:
        height = max(1, round(upright.height * width / upright.width))
        upright = upright.resize((width, height), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    upright.save(out, "WEBP", quality=QUALITY, method=2)
    return out.getvalue()


_previews: OrderedDict[tuple[Path, str], Any] = OrderedDict()
_previews_lock = threading.Lock()
_MOST_PREVIEWS = 8


def _preview_pixels(state: State, photo: Photo) -> tuple[Any, float]:
    """The photo small (H×W×3 uint8 BGR) and its scale; the last few stay in memory while corners are dragged."""
    import cv2
    import numpy as np

    key = (state.cache, f"{photo.blob}-{photo.page}{of_faces(state.catalog.faces(photo.id))}")
    with _previews_lock:
        known = _previews.get(key)
    if known is None:
        data = of_photo(state, photo, PREVIEW_SIDE)
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        if pixels is None:
            raise PhotoError(f"{photo.file_name} cannot be decoded")
        known = (pixels, pixels.shape[1] / photo.width if photo.width else 1.0)
        with _previews_lock:
            _previews[key] = known
            while len(_previews) > _MOST_PREVIEWS:
                _previews.popitem(last=False)
    return known


def rendition(renditions: Any, name: str) -> str:
    """The digest of a board's picture. Raises NotFound."""
    digest = renditions.get(name) or (renditions.get("straight") if name == "clean" else None)
    if digest is None:
        raise NotFound(f"no picture '{name}'")
    return str(digest)
