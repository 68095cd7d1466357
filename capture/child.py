"""The child behind ``capture.sandbox``: ``python -m capture.child MEMORY SECONDS`` answers until its input ends."""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

Answer = tuple[Mapping[str, Any], bytes]


def main() -> None:
    memory, seconds = int(sys.argv[1]), float(sys.argv[2])
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not come between
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while (request := _read(sys.stdin.buffer)) is not None:
        _allow(seconds)
        answer, data = _answer(*request)
        told = json.dumps(answer).encode()
        answers.write(len(told).to_bytes(4, "little") + len(data).to_bytes(4, "little") + told)
        answers.write(data)
        answers.flush()


def _read(pipe: BinaryIO) -> tuple[Mapping[str, Any], bytes] | None:
    head = pipe.read(8)
    if len(head) < 8:
        return None
    of_json, of_bytes = int.from_bytes(head[:4], "little"), int.from_bytes(head[4:], "little")
    return json.loads(pipe.read(of_json)), pipe.read(of_bytes)


def _allow(seconds: float) -> None:
    """That much of the processor from now; the kernel ends the process after it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _answer(asked: Mapping[str, Any], data: bytes) -> Answer:
    from archive.errors import PhotoError

    given = {name: value for name, value in asked.items() if name != "task"}
    try:
        return _TASKS[asked["task"]](data, **given)
    except PhotoError as error:
        return {"error": type(error).__name__, "message": error.message, "hint": error.hint}, b""
    except MemoryError:
        return {"error": "ImageTooLarge", "message": "decoding it takes too much memory", "hint": "scale it down"}, b""
    except Exception as error:  # libraries raise whatever they like on damaged bytes
        reason = (str(error) or type(error).__name__).splitlines()[0][:200]
        message = f"the file is damaged: {reason}"
        return {"error": "DamagedImage", "message": message, "hint": "open it elsewhere and save it again"}, b""


def _check(data: bytes, max_pixels: int, max_side: int) -> Answer:
    from capture.pipeline import load

    kind, taken_at = load.check(data, load.Params(max_pixels, max_side))
    return {"format": kind, "taken_at": taken_at.isoformat() if taken_at else None}, b""


def _camera(data: bytes, max_pixels: int, max_side: int) -> Answer:
    from capture.pipeline import load

    return {"camera": load.camera(data, load.Params(max_pixels, max_side))}, b""


def _decode(data: bytes, max_pixels: int, max_side: int) -> Answer:
    from capture.pipeline import load

    found = load.decode(data, load.Params(max_pixels, max_side))
    answer = {
        "format": found.format,
        "taken_at": found.taken_at.isoformat() if found.taken_at else None,
        "warnings": list(found.warnings),
        "size": [found.frame.width, found.frame.height],
    }
    return answer, found.frame.pixels.tobytes()


def _pdf(data: bytes, max_pages: int) -> Answer:
    from capture import pdf

    return {"pages": pdf.texts(data, max_pages)}, b""


def _pdf_page(data: bytes, page: int, max_pixels: int, max_side: int) -> Answer:
    from capture import pdf

    pixels = pdf.picture(data, page, max_pixels, max_side)
    return {"format": "PDF", "size": [pixels.shape[1], pixels.shape[0]]}, pixels.tobytes()


def _office(data: bytes, kind: str) -> Answer:
    from capture import office

    return {"text": office.text(data, kind)}, b""


_TASKS: dict[str, Callable[..., Answer]] = {
    "check": _check,
    "camera": _camera,
    "decode": _decode,
    "pdf": _pdf,
    "pdf_page": _pdf_page,
    "office": _office,
}

if __name__ == "__main__":
    main()
