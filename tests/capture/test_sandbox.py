"""The decoders' child: what breaks it, fills it or never ends is the file's fault, and the next file is read."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psutil
import pytest
from PIL import Image

from archive.errors import DamagedImage, ImageTooLarge, PhotoError
from capture import decode
from capture.pipeline import load
from capture.sandbox import Limits, Sandbox
from tests.capture import making


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


def child_of(box: Sandbox) -> psutil.Process:
    assert box._child is not None
    return psutil.Process(box._child.pid)


def test_heic_comes_out_as_it_would_here(sandbox: Sandbox) -> None:
    data = making.picture("HEIF")
    there, here = decode.decode(data, sandbox), load.decode(data)
    assert (there.frame.pixels == here.frame.pixels).all()
    assert (there.format, there.taken_at) == (here.format, here.taken_at)


def test_a_page_is_drawn_in_its_size(sandbox: Sandbox) -> None:
    frame = decode.decode(making.text_pdf("Bonjour"), sandbox, page=1).frame
    assert abs(frame.width - 595 * 200 / 72) < 2
    assert frame.pixels.min() < 60
    with pytest.raises(PhotoError):
        decode.decode(making.text_pdf("Bonjour"), sandbox, page=7)


def test_faults_keep_their_name(sandbox: Sandbox) -> None:
    data = making.picture("HEIF")
    with pytest.raises(ImageTooLarge):
        decode.decode(data, sandbox, load.Params(max_pixels=1000))
    with pytest.raises(DamagedImage):
        decode.decode(data[: len(data) // 2], sandbox)
    with pytest.raises(PhotoError):
        sandbox.call("pdf", b"%PDF-1.7 and nothing more", max_pages=10)


def test_a_child_that_dies_or_hangs_is_replaced() -> None:
    with Sandbox(Limits(seconds=4.0)) as box:
        good = making.picture("HEIF")
        decode.decode(good, box)
        child = child_of(box)
        child.suspend()
        begun = time.monotonic()
        with pytest.raises(DamagedImage, match="longer"):
            decode.decode(good, box)
        assert time.monotonic() - begun < 60
        assert decode.decode(good, box).format == "HEIF"
        child = child_of(box)
        child.kill()
        child.wait()
        assert decode.decode(good, box).format == "HEIF"


def test_memory_is_bounded() -> None:
    poster = making.text_pdf("Bonjour").replace(b"595 842", b"9999 9999")
    with Sandbox() as box:
        assert decode.decode(making.picture("HEIF"), box).format == "HEIF"
        loaded = child_of(box).memory_info().vms
        assert decode.decode(poster, box, page=1).frame.width > 4000, "with what it is usually given it can be drawn"
    with Sandbox(Limits(memory=loaded + 60_000_000)) as box:
        assert decode.decode(making.picture("HEIF"), box).format == "HEIF"
        with pytest.raises(PhotoError):
            decode.decode(poster, box, page=1)
        assert decode.decode(making.picture("HEIF"), box).format == "HEIF"


def test_nothing_is_left_behind() -> None:
    box = Sandbox()
    decode.decode(making.picture("HEIF"), box)
    child = child_of(box)
    box.close()
    assert not child.is_running()


def test_pillow_still_refuses_a_bomb() -> None:
    assert Image.MAX_IMAGE_PIXELS is None, "ours is the bound: load.Params"
    with pytest.raises(ImageTooLarge):
        load.check(making.picture("PNG"), load.Params(max_pixels=1000))
