"""Image API requests on an image whose every pixel is known."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from archive.errors import UsageError
from fresque.iiif import image

WIDTH, HEIGHT = 60, 40


def source() -> np.ndarray:
    """Red grows to the right, green downwards: a pixel says where it was."""
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    pixels[..., 0] = np.arange(WIDTH)[None, :] * 4
    pixels[..., 1] = np.arange(HEIGHT)[:, None] * 6
    return pixels


def asked(region: str = "full", size: str = "max", rotation: str = "0") -> np.ndarray:
    out = BytesIO()
    Image.fromarray(source()).save(out, "PNG")
    request = image.parse(image.Path(region, size, rotation, "default.png"), WIDTH, HEIGHT)
    return np.asarray(Image.open(BytesIO(image.render(out.getvalue(), request))))


def test_region_and_turn_give_the_right_pixels() -> None:
    whole = source()
    assert np.array_equal(asked(), whole)
    assert np.array_equal(asked("10,5,20,15"), whole[5:20, 10:30])
    assert np.array_equal(asked("50,30,20,20"), whole[30:, 50:])  # cut at the edge, as the specification says
    assert np.array_equal(asked("square"), whole[:, 10:50])
    assert np.array_equal(asked("pct:50,50,50,50"), whole[20:, 30:])
    assert np.array_equal(asked(rotation="90"), np.rot90(whole, -1))
    assert np.array_equal(asked(rotation="270"), np.rot90(whole))
    assert np.array_equal(asked(rotation="!0"), whole[:, ::-1])
    assert np.array_equal(asked(rotation="!180"), np.rot90(whole[:, ::-1], 2))


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ("max", (60, 40)),
        ("30,", (30, 20)),
        (",10", (15, 10)),
        ("20,20", (20, 20)),
        ("!30,30", (30, 20)),
        ("!90,90", (60, 40)),
        ("pct:50", (30, 20)),
        ("^120,", (120, 80)),
        ("^!90,90", (90, 60)),
    ],
)
def test_sizes(size: str, expected: tuple[int, int]) -> None:
    assert asked(size=size).shape[1::-1] == expected


@pytest.mark.parametrize(
    ("region", "size", "rotation", "quality"),
    [
        ("60,0,10,10", "max", "0", "default.jpg"),
        ("0,0,0,10", "max", "0", "default.jpg"),
        ("a", "max", "0", "default.jpg"),
        ("pct:1..2,0,10,10", "max", "0", "default.jpg"),
        ("full", "61,", "0", "default.jpg"),
        ("full", ",", "0", "default.jpg"),
        ("full", "0,", "0", "default.jpg"),
        ("full", "^99999,", "0", "default.jpg"),
        ("full", "max", "45", "default.jpg"),
        ("full", "max", "0", "default.bmp"),
        ("full", "max", "0", "bitonal.jpg"),
    ],
)
def test_what_cannot_be_met_is_said(region: str, size: str, rotation: str, quality: str) -> None:
    with pytest.raises(UsageError):
        image.parse(image.Path(region, size, rotation, quality), WIDTH, HEIGHT)


def test_info_lists_what_is_met() -> None:
    found = image.info("https://example.org/iiif/image/b", 4000, 3000)
    for size in found["sizes"]:
        request = image.parse(image.Path("full", f"{size['width']},{size['height']}", "0", "default.jpg"), 4000, 3000)
        assert request.size == (size["width"], size["height"])
