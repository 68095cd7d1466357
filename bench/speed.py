"""Seconds a 12-megapixel photo by stage, against a bare RapidOCR call in the same run; memory; one worker and two.

    python -m bench.speed [FOLDER] [--count 6]

Photos are taken in turn by both, so that a machine whose speed drifts treats them alike. Ratios count, not seconds.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from archive.model import Session
from archive.store import Archive
from bench import photos
from capture.pipeline import stages

MEGAPIXELS = 12


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--count", default=6, show_default=True, help="Photos.")
@click.option("--memory-of", hidden=True, type=click.Path(path_type=Path), multiple=True)
def main(folder: Path | None, count: int, memory_of: tuple[Path, ...]) -> None:
    """Print the tables."""
    if memory_of:
        _scan_and_print_peak(memory_of)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = folder or photos.rendered(Path(scratch) / "photos", seed=3, count=count, split="measure")
        files = _of_twelve_megapixels(folder)[:count]
        by_stage(files)
        print(f"\npeak memory of one worker: {_peak_memory(files):.2f} GB")
        by_workers(files, Path(scratch))


def by_stage(files: list[Path]) -> None:
    from rapidocr import RapidOCR

    bare = RapidOCR(params={"Global.log_level": "error"})
    bare(str(files[0]))
    stages.run(files[0].read_bytes())
    ours: list[float] = []
    theirs: list[float] = []
    ratios: list[float] = []
    by_name: dict[str, list[float]] = {}
    for file in files:
        theirs.append(_seconds(partial(bare, str(file))))
        data = file.read_bytes()
        start = time.perf_counter()
        outcome = stages.run(data)
        ours.append(time.perf_counter() - start)
        ratios.append(ours[-1] / theirs[-1])
        for name, value in outcome.scan.seconds.items():
            by_name.setdefault(name, []).append(value)
    print(f"{len(files)} photos of {MEGAPIXELS} megapixels, median seconds")
    for name, values in by_name.items():
        print(f"  {name:12s} {statistics.median(values):6.2f}")
    print(f"  {'all':12s} {statistics.median(ours):6.2f}")
    print(f"  {'RapidOCR':12s} {statistics.median(theirs):6.2f}   (bare call on the photo)")
    print(f"ratio to RapidOCR, photo by photo: median {statistics.median(ratios):.2f}, largest {max(ratios):.2f}")


def by_workers(files: list[Path], scratch: Path) -> None:
    rates = {}
    for workers in (1, 2):
        place = scratch / f"archive-{workers}"
        with Archive.create(place) as archive:
            archive.catalog.add_session(Session("s", "speed"))
        command = [sys.executable, "-m", "fresque", "--archive", str(place)]
        subprocess.run(
            [*command, "ingest", "--session", "s", "--no-process", *map(str, files)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        processing = [*command, "process", "--workers", str(workers)]
        seconds = _seconds(partial(subprocess.run, processing, check=True, stdout=subprocess.DEVNULL))
        rates[workers] = len(files) / seconds
        print(f"workers {workers}: {rates[workers]:.2f} photos/s, start-up included")
    print(f"two workers do {rates[2] / rates[1]:.2f} times the work of one ({os.cpu_count()} cores)")


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _of_twelve_megapixels(folder: Path) -> list[Path]:
    from PIL import Image

    found = []
    for file in sorted(folder.glob("*.jp*g")):
        with Image.open(file) as image:
            if abs(image.width * image.height / 1e6 - MEGAPIXELS) < 0.5:
                found.append(file)
    if not found:
        raise click.ClickException(f"no photo of {MEGAPIXELS} megapixels in {folder}")
    return found


def _peak_memory(files: list[Path]) -> float:
    """GB of a fresh process that scans the photos one after another."""
    arguments = [word for file in files for word in ("--memory-of", str(file))]
    done = subprocess.run([sys.executable, "-m", "bench.speed", *arguments], check=True, capture_output=True, text=True)
    return float(done.stdout)


def _scan_and_print_peak(files: tuple[Path, ...]) -> None:
    for file in files:
        stages.run(file.read_bytes())
    # not ru_maxrss: that begins at what the process that started this one holds
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines())
    print(int(status["VmHWM"].split()[0]) / 1e6)


if __name__ == "__main__":
    main()
