"""Decoding against pictures made here, whose pixels and faults are known."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from PIL import Image, ImageCms

from archive.errors import DamagedImage, EmptyFile, ImageTooLarge, NotAnImage
from capture.pipeline import load

RED, GREEN = (220, 30, 30), (30, 160, 60)


def two_tone(mode: str = "RGB", size: tuple[int, int] = (64, 32)) -> Image.Image:
    """Left half red, right half green."""
    image = Image.new("RGB", size, RED)
    image.paste(GREEN, (size[0] // 2, 0, size[0], size[1]))
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def bgr(rgb: tuple[int, int, int]) -> np.ndarray:
    return np.array(rgb[::-1], dtype=int)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {"quality": 95}),
        ("PNG", {}),
        ("WEBP", {"lossless": True}),
        ("TIFF", {}),
        ("BMP", {}),
        ("GIF", {}),
        ("HEIF", {"quality": 95}),
    ],
)
def test_every_format_gives_its_colours(kind: str, options: dict[str, object]) -> None:
    decoded = load.decode(saved(two_tone(), kind, **options))
    assert decoded.frame.pixels.shape == (32, 64, 3)
    assert np.abs(decoded.frame.pixels[16, 10].astype(int) - bgr(RED)).max() < 16
    assert np.abs(decoded.frame.pixels[16, 54].astype(int) - bgr(GREEN)).max() < 16


@pytest.mark.parametrize(
    ("orientation", "shape", "red_at"),
    [(1, (32, 64), (16, 10)), (3, (32, 64), (16, 54)), (6, (64, 32), (10, 16)), (8, (64, 32), (54, 16))],
)
def test_exif_orientation_is_applied(orientation: int, shape: tuple[int, int], red_at: tuple[int, int]) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    pixels = load.decode(saved(two_tone(), "JPEG", exif=exif, quality=95)).frame.pixels
    assert pixels.shape[:2] == shape
    assert np.abs(pixels[red_at].astype(int) - bgr(RED)).max() < 16


def test_time_comes_with_its_offset() -> None:
    exif = Image.Exif()
    details = exif.get_ifd(0x8769)
    details[0x9003] = "2024:03:05 16:40:12"
    details[0x9011] = "+01:00"
    taken = load.decode(saved(two_tone(), "JPEG", exif=exif)).taken_at
    assert taken == datetime(2024, 3, 5, 16, 40, 12, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize("text", ["0000:00:00 00:00:00", "hier", "2024:13:45 99:99:99"])
def test_a_clock_that_says_nothing_is_no_time(text: str) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = text
    assert load.decode(saved(two_tone(), "JPEG", exif=exif)).taken_at is None


def test_time_without_offset_is_taken_for_utc() -> None:
    exif = Image.Exif()
    exif[0x0132] = "2024:03:05 16:40:12"
    assert load.decode(saved(two_tone(), "JPEG", exif=exif)).taken_at == datetime(2024, 3, 5, 16, 40, 12, tzinfo=UTC)


def test_cmyk() -> None:
    pixels = load.decode(saved(two_tone("CMYK"), "JPEG", quality=95)).frame.pixels
    assert np.abs(pixels[16, 10].astype(int) - bgr(RED)).max() < 40


def test_sixteen_bits_of_grey_keep_their_scale() -> None:
    deep = np.tile(np.linspace(0, 65535, 64, dtype=np.uint16), (32, 1))
    pixels = load.decode(saved(Image.fromarray(deep), "PNG")).frame.pixels
    assert np.abs(pixels[16, :, 0].astype(int) - np.linspace(0, 255, 64)).max() <= 1.5


def test_transparency_lies_on_white() -> None:
    clear = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    assert (load.decode(saved(clear, "PNG")).frame.pixels == 255).all()


def test_palette_with_transparency() -> None:
    image = two_tone("P")
    assert load.decode(saved(image, "PNG", transparency=0)).frame.pixels.shape == (32, 64, 3)


def test_an_animation_gives_its_first_picture_and_says_so() -> None:
    frames = [Image.new("RGB", (16, 16), RED), Image.new("RGB", (16, 16), GREEN)]
    decoded = load.decode(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert np.abs(decoded.frame.pixels[8, 8].astype(int) - bgr(RED)).max() < 16
    assert "2 pictures" in decoded.warnings[0]


def test_another_colour_profile_is_brought_to_srgb() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    data = saved(two_tone(), "PNG", icc_profile=profile.tobytes())
    assert load.decode(data).frame.pixels.shape == (32, 64, 3)  # a profile that cannot apply stops nothing


def test_pixels_cannot_be_changed() -> None:
    pixels = load.decode(saved(two_tone(), "PNG")).frame.pixels
    with pytest.raises(ValueError, match="read-only"):
        pixels[0, 0] = 0


def bomb(width: int, height: int) -> bytes:
    """A PNG whose header alone promises width × height pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", EmptyFile),
        (b"Compte rendu de la session", NotAnImage),
        (b"%PDF-1.7 ...", NotAnImage),
        (saved(two_tone(), "JPEG")[:200], DamagedImage),
        (saved(two_tone(size=(640, 480)), "JPEG")[:-900], DamagedImage),
        (saved(two_tone(), "PNG")[:60], DamagedImage),
        (saved(two_tone(), "HEIF")[:80], DamagedImage),
        (saved(two_tone(), "WEBP")[:40], DamagedImage),
        (b"\xff\xd8\xff", DamagedImage),
        (bomb(40_000, 40_000), ImageTooLarge),
        (bomb(0, 0), DamagedImage),
        (bomb(40_000, 2), ImageTooLarge),
    ],
)
def test_what_cannot_be_read_is_named(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        load.decode(data)
    assert "\n" not in str(caught.value)
    assert str(caught.value).strip()


def test_the_limit_on_pixels_is_the_callers() -> None:
    data = saved(two_tone(), "PNG")
    with pytest.raises(ImageTooLarge, match="megapixels"):
        load.decode(data, load.Params(max_pixels=2000))
    assert load.decode(data, load.Params(max_pixels=2048)).frame.width == 64


def test_a_broken_second_page_does_not_cost_the_first() -> None:
    pages = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    data = bytearray(out.getvalue())
    assert data[:4] == b"II*\0"
    first = int.from_bytes(data[4:8], "little")
    link = first + 2 + 12 * int.from_bytes(data[first : first + 2], "little")
    second = int.from_bytes(data[link : link + 4], "little")
    assert int.from_bytes(data[second + 2 : second + 4], "little") == 256  # its width: now there is none
    data[second + 2 : second + 4] = (65_000).to_bytes(2, "little")
    decoded = load.decode(bytes(data))
    assert tuple(decoded.frame.pixels[15, 20]) == (0, 0, 255)
