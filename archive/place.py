"""The place of shooting taken out of a photo's bytes, for whatever is shown or exported. No pixel changes.

EXIF keeps it in the GPS directory (tag 0x8825 of Exif 2.3), XMP in ``exif:GPS…`` properties. Both are blanked where
they lie, so that no offset moves; of PNG the checksums are made anew. The original in the archive stays as it is.
"""

from __future__ import annotations

import re
import struct
import zlib

GPS_TAG = 0x8825
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}  # bytes by TIFF type
_XMP = re.compile(rb"(?s)(?:exif:GPS\w+=(?P<q>[\"'])(.*?)(?P=q)|<exif:GPS(\w+)>(.*?)</exif:GPS\3>)")
_PNG = b"\x89PNG\r\n\x1a\n"


def without_place(data: bytes) -> bytes:
    """The same file without the place; the very bytes that were given when it holds none."""
    changed = bytearray(data)
    for start in _tiff_starts(data):
        _blank_gps(changed, start)
    for found in _XMP.finditer(data):
        for group in (2, 4):
            if found.group(group):
                changed[found.start(group) : found.end(group)] = b" " * (found.end(group) - found.start(group))
    if changed == data:
        return data
    if data.startswith(_PNG):
        _renew_checksums(changed)
    return bytes(changed)


def _tiff_starts(data: bytes) -> list[int]:
    """Where blocks of TIFF begin: the file itself, after ``Exif\\0\\0`` (JPEG, HEIC), PNG's and WebP's chunks."""
    starts = [0] if data[:4] in (b"II*\x00", b"MM\x00*") else []
    for mark in (b"Exif\x00\x00II*\x00", b"Exif\x00\x00MM\x00*"):
        starts += [found.start() + 6 for found in re.finditer(re.escape(mark), data)]
    for chunk, skip in ((b"eXIf", 4), (b"EXIF", 8)):
        for found in re.finditer(re.escape(chunk), data):
            if data[found.start() + skip : found.start() + skip + 4] in (b"II*\x00", b"MM\x00*"):
                starts.append(found.start() + skip)
    return starts


def _blank_gps(data: bytearray, start: int) -> None:
    order = "<" if data[start : start + 2] == b"II" else ">"

    def number(form: str, at: int) -> int:
        return int(struct.unpack_from(order + form, data, start + at)[0])

    try:
        first = number("I", 4)
        for entry in range(number("H", first)):
            at = first + 2 + 12 * entry
            if number("H", at) == GPS_TAG:
                _blank_directory(data, start, number("I", at + 8), order)
    except struct.error:  # a directory that points outside of the file holds no place
        return


def _blank_directory(data: bytearray, start: int, directory: int, order: str) -> None:
    (count,) = struct.unpack_from(order + "H", data, start + directory)
    for entry in range(count):
        at = start + directory + 2 + 12 * entry
        kind, values, offset = struct.unpack_from(order + "HII", data, at + 2)
        size = _SIZES.get(kind, 1) * values
        if size > 4 and start + offset + size <= len(data):
            data[start + offset : start + offset + size] = bytes(size)
    end = min(start + directory + 2 + 12 * count, len(data))
    data[start + directory : end] = bytes(end - start - directory)  # a directory of no entries


def _renew_checksums(data: bytearray) -> None:
    at = len(_PNG)
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        end = at + 8 + length
        if end + 4 > len(data):
            return
        struct.pack_into(">I", data, end, zlib.crc32(data[at + 4 : end]))
        at = end + 4
