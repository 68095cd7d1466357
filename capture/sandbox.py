"""Decoders that are not trusted run in a child process with little memory and little time.

HEIC, PDF and office files are parsed by large libraries in C; a file made to break them may take down the child,
never the worker. The child serves one request after another, so that its start is paid once; it is started anew when
it has died or was stopped.
"""

from __future__ import annotations

import json
import os
import selectors
import struct
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self, cast

import archive.errors as errors
import capture
from archive.errors import DamagedImage, PhotoError

HEAD = struct.Struct("<II")
"""Lengths of the JSON and of the bytes that follow it, in both directions."""

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Limits:
    """``memory``: bytes of address space; ``seconds``: for one request, of the clock and of the processor."""

    memory: int = 2_000_000_000
    seconds: float = 40.0


def environment() -> dict[str, str]:
    """Of a child that must find this very code."""
    ours = str(Path(capture.__file__).parents[1])
    return os.environ | {"PYTHONPATH": os.pathsep.join([ours, *filter(None, [os.environ.get("PYTHONPATH")])])}


class Sandbox:
    """Use it in a ``with``; the child starts with the first request. Not for several threads at once."""

    def __init__(self, limits: Limits = Limits()) -> None:
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None

    def call(self, task: str, data: bytes, **given: Any) -> tuple[Mapping[str, Any], bytes]:
        """What ``capture.child`` makes of some bytes: values and bytes. Raises PhotoError, also when the child died
        or took too long."""
        child = self._running()
        try:
            self._send(child, json.dumps({"task": task, **given}).encode(), data)
            answer, found = self._receive(child)
        except TimeoutError as error:
            self.close()
            message = f"decoding took longer than {self._limits.seconds:.0f} s and was stopped"
            raise DamagedImage(message, "open it elsewhere and save it again") from error
        except (EOFError, OSError) as error:
            self.close()
            raise DamagedImage("its decoder broke down on it", "open it elsewhere and save it again") from error
        if "error" in answer:
            raise _error(answer)
        return answer, found

    def close(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            for pipe in (self._child.stdin, self._child.stdout):
                _close(pipe)
            self._child = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self.close()
        limits = [str(self._limits.memory), str(self._limits.seconds)]
        self._child = subprocess.Popen(
            [sys.executable, "-m", "capture.child", *limits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment() | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            start_new_session=True,  # Ctrl-C is the parent's business: what is under way is finished
        )
        return self._child

    def _send(self, child: subprocess.Popen[bytes], asked: bytes, data: bytes) -> None:
        pipe = cast(BinaryIO, child.stdin)
        pipe.write(HEAD.pack(len(asked), len(data)) + asked)
        pipe.write(data)
        pipe.flush()

    def _receive(self, child: subprocess.Popen[bytes]) -> tuple[Mapping[str, Any], bytes]:
        deadline = time.monotonic() + self._limits.seconds + 5  # the child's start
        with selectors.DefaultSelector() as selector:
            pipe = cast(BinaryIO, child.stdout)
            selector.register(pipe, selectors.EVENT_READ)

            def read(count: int) -> bytes:
                parts = []
                while count:
                    if not selector.select(max(0.0, deadline - time.monotonic())):
                        raise TimeoutError
                    part = os.read(pipe.fileno(), min(count, _CHUNK))
                    if not part:
                        raise EOFError
                    parts.append(part)
                    count -= len(part)
                return b"".join(parts)

            of_json, of_bytes = HEAD.unpack(read(HEAD.size))
            return json.loads(read(of_json)), read(of_bytes)


def _error(answer: Mapping[str, Any]) -> PhotoError:
    kind = getattr(errors, str(answer["error"]), DamagedImage)
    return cast(PhotoError, kind(answer["message"], answer["hint"]))


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except OSError:  # what was not sent any more is of no interest
        return
