"""Files made to break whoever reads them: sound ones of every kind, cut, changed and grown by dice; known tricks."""

from __future__ import annotations

import io
import random
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

from tests.capture import making

KINDS = ("JPEG", "PNG", "HEIF", "TIFF", "WEBP", "PDF", "SCAN", "ZIP", "PPTX", "DOCX")


def sound(kind: str) -> bytes:
    if kind == "PDF":
        return making.text_pdf("Compte rendu\nle guichet du mercredi", "Deuxième page")
    if kind == "SCAN":
        return making.scanned_pdf("HORAIRES")
    if kind == "ZIP":
        return _zip({"a.jpg": making.picture("JPEG", 4), "b.txt": b"Bonjour"})
    if kind == "PPTX":
        return making.slides("Vision")
    if kind == "DOCX":
        return making.minutes("Ordre du jour")
    return making.picture(kind)


def malformed(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Names and bytes: the tricks first, then mutations of each kind in turn."""
    dice = random.Random(seed)
    made = list(_tricks().items())[:count]
    yield from made
    sources = {kind: sound(kind) for kind in KINDS}
    for number in range(count - len(made)):
        kind = KINDS[number % len(KINDS)]
        suffix = {"SCAN": "pdf", "HEIF": "heic"}.get(kind, kind.lower())
        yield f"{number:04}-{kind}.{suffix}", _mutated(sources[kind], dice)


def _mutated(data: bytes, dice: random.Random) -> bytes:
    ways: list[Callable[[bytearray, random.Random], None]] = [_flip, _cut, _repeat, _numbers, _noise, _drop]
    changed = bytearray(data)
    for _ in range(dice.randrange(1, 4)):
        _apply(dice.choice(ways), changed, dice)
    return bytes(changed)


def _apply(way: Callable[[bytearray, random.Random], None], data: bytearray, dice: random.Random) -> None:
    if len(data) > 16:
        way(data, dice)


def _flip(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.randrange(1, 40)):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def _cut(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(8, len(data)) :]


def _repeat(data: bytearray, dice: random.Random) -> None:
    start = dice.randrange(len(data))
    part = data[start : start + dice.randrange(1, 4000)]
    data[start:start] = part * dice.randrange(1, 6)


def _numbers(data: bytearray, dice: random.Random) -> None:
    """The values that lengths and offsets break on, near the start, where headers are."""
    for _ in range(dice.randrange(1, 6)):
        value = dice.choice((0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF))
        form = dice.choice(("<I", ">I", "<H", ">H"))
        at = dice.randrange(min(len(data) - 4, 600))
        struct.pack_into(form, data, at, value & (0xFFFF if form[1] == "H" else 0xFFFFFFFF))


def _noise(data: bytearray, dice: random.Random) -> None:
    start = dice.randrange(len(data))
    length = min(dice.randrange(1, 2000), len(data) - start)
    data[start : start + length] = dice.randbytes(length)


def _drop(data: bytearray, dice: random.Random) -> None:
    start = dice.randrange(8, len(data))
    del data[start : start + dice.randrange(1, 2000)]


# --- tricks --------------------------------------------------------------------------------------------------


def _tricks() -> dict[str, bytes]:
    link = zipfile.ZipInfo("lien.jpg")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    inner = _zip({f"{n}.bin": bytes(10_000_000) for n in range(4)})
    return {
        "huge.png": _png(60_000, 60_000),
        "wide.png": _png(4_000_000, 20),
        "large.png": _png(15_000, 15_000),
        "zero.png": _png(0, 0),
        "bomb.zip": _zip({"zeros.png": b"\x89PNG" + bytes(300_000_000)}),
        "nested.zip": _zip({f"{n}.zip": inner for n in range(8)}),
        "places.zip": _zip({"../../../etc/cron.d/x.jpg": b"x", "/etc/passwd.jpg": b"x", "C:\\x.jpg": b"x", "..": b"x"}),
        "link.zip": _zip({}, link),
        "many.zip": _zip({f"{n}.jpg": b"" for n in range(25_000)}),
        "lies.zip": _lying_zip(),
        "laughs.docx": _laughs(),
        "bomb.docx": _office_bomb("word/document.xml"),
        "bomb.pptx": _office_bomb("ppt/presentation.xml"),
        "pages.pdf": _pdf_that_loops(),
        "poster.pdf": making.text_pdf("x").replace(b"595 842", b"9e9 9e9"),
        "empty.heic": b"\x00\x00\x00\x18ftypheic",
        "huge.heic": _heif_that_says_it_is_huge(),
        "loop.tif": b"II*\x00\x08\x00\x00\x00\x00\x00\x08\x00\x00\x00",
        "deep.tif": b"II*\x00\x08\x00\x00\x00"
        + b"\x01\x00"
        + struct.pack("<HHII", 0x8769, 4, 1, 8)
        + b"\x08\x00\x00\x00",
        "nothing.jpg": b"",
        "text.jpg": b"Compte rendu",
        "nul.txt": b"\x00" * 100,
    }


def _png(width: int, height: int) -> bytes:
    """As many pixels as it says, all zero: a few kilobytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    packer = zlib.compressobj(9)
    row = bytes(1 + width * 3)
    rows = b"".join(packer.compress(row) for _ in range(min(height, 20_000))) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _zip(files: dict[str, bytes], *links: zipfile.ZipInfo) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
        for each in links:
            made.writestr(each, "/etc/passwd")
    return buffer.getvalue()


def _lying_zip() -> bytes:
    """Its directory says that a file of fifty megabytes has ten bytes."""
    data = bytearray(_zip({"a.jpg": bytes(50_000_000)}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(mark) + place, 10)
    return bytes(data)


def _laughs() -> bytes:
    """A billion laughs: entities that grow ten times with each step."""
    steps = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "lol">{steps}]><w>&l9;</w>'
    return _office({"word/document.xml": body.encode()})


def _office_bomb(part: str) -> bytes:
    return _office({part: b"<a>" + b" " * 400_000_000 + b"</a>"})


def _office(changed: dict[str, bytes]) -> bytes:
    source = making.minutes("x") if "word/document.xml" in changed else making.slides("x")
    with zipfile.ZipFile(io.BytesIO(source)) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    return _zip(files | changed)


def _pdf_that_loops() -> bytes:
    """A tree of pages that holds itself."""
    return making.text_pdf("x").replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]")


def _heif_that_says_it_is_huge() -> bytes:
    data = bytearray(making.picture("HEIF"))
    at = data.index(b"ispe") + 8
    struct.pack_into(">II", data, at, 60_000, 60_000)
    return bytes(data)
