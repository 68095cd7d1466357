"""Whatever is handed in, a worker goes on: within memory and time, and each refused file has its reason."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from archive.model import Session
from archive.store import Archive
from archive.verify import verify
from tests.capture.malformed import malformed

MEMORY = 2_000  # megabytes
SECONDS = 60.0

WORKER = """
import json, resource, sys, time
from pathlib import Path
from archive.errors import PhotoError
from archive.store import Archive
from capture import decode
from capture.intake import Intake
from capture.sandbox import Sandbox
place, folder = Path(sys.argv[1]), Path(sys.argv[2])
with Archive.open(place) as archive, Intake(archive, "s") as intake, Sandbox() as sandbox:
    for path in sorted(folder.iterdir()):
        begun, results, faults = time.monotonic(), list(intake.take(path)), []
        for result in results:
            if result.taken == "added" and not result.text:
                photo = archive.catalog.photo(result.photo_id)
                try:
                    decode.decode(archive.blobs.get(photo.blob), sandbox, None, photo.page)
                except PhotoError as error:
                    faults.append(str(error))
        told = [r.reason for r in results if r.taken == "refused"] + faults
        print(json.dumps({"name": path.name, "seconds": time.monotonic() - begun, "told": told}))
# not ru_maxrss for itself: that begins at what the process that started this one holds
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
own, child = int(status["VmHWM"].split()[0]), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps({"megabytes": [own / 1024, child / 1024]}))
"""


def run(tmp_path: Path, count: int, seed: int) -> tuple[list[dict[str, Any]], list[float]]:
    """One worker over all of them; what it tells of each, and its peak memory and its child's in megabytes."""
    folder, place = tmp_path / "in", tmp_path / "archive"
    folder.mkdir()
    for name, data in malformed(count, seed):
        (folder / name).write_bytes(data)
    with Archive.create(place) as archive:
        archive.catalog.add_session(Session("s", "Défauts"))
    command = [sys.executable, "-c", WORKER, str(place), str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr[-2000:]
    *told, usage = [json.loads(line) for line in ran.stdout.splitlines()]
    with Archive.open(place) as archive:
        assert verify(archive).clean
    assert not (tmp_path / "etc").exists()
    return told, usage["megabytes"]


def check(told: list[dict[str, Any]], megabytes: list[float], count: int) -> None:
    assert len(told) == count, "the worker went through all of them"
    assert max(each["seconds"] for each in told) < SECONDS
    assert max(megabytes) < MEMORY
    for each in told:
        assert all(each["told"]), f"{each['name']} is refused without a reason"
        assert not any("Traceback" in reason for reason in each["told"])
    by_name = {each["name"]: each for each in told}
    for name in ("huge.png", "wide.png", "zero.png", "bomb.zip", "lies.zip", "link.zip", "many.zip", "nothing.jpg"):
        assert by_name[name]["told"], f"{name} is taken for sound"
    assert len(by_name["places.zip"]["told"]) >= 3


@pytest.mark.slow
def test_forty_malformed_files(tmp_path: Path) -> None:
    check(*run(tmp_path, 40, seed=1), 40)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_a_thousand_malformed_files(tmp_path: Path) -> None:
    told, megabytes = run(tmp_path, 1000, seed=2)
    slowest = max(told, key=lambda each: each["seconds"])
    refused = sum(bool(each["told"]) for each in told)
    sys.stdout.write(
        f"{refused} of 1000 refused; {megabytes} MB; slowest {slowest['name']} {slowest['seconds']:.1f} s\n"
    )
    check(told, megabytes, 1000)
