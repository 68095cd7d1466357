"""`fresque scan`: photos in, JSON out, no archive needed."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.errors import BatchPartlyFailed, PhotoError
from fresque import contract
from fresque.settings import Settings
from fresque.terminal import echo_json, progress, warn

if TYPE_CHECKING:
    from capture.sandbox import Sandbox


@click.command()
@click.argument("photos", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--flat", is_flag=True, help="The scorer's form: the largest board's quad, all text, notes, phase.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a photo and line (always so; for symmetry).")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Also write each board's images there.")
@click.option("--reader", help="Read with this reader: ppocr, tesseract, service (see FRESQUE_READER_URL) or none.")
def scan(photos: tuple[Path, ...], flat: bool, as_json: bool, out: Path | None, reader: str | None) -> None:
    """Straighten, read and tag PHOTOS (files or folders); print one JSON object for each.

    \b
    Example:
      fresque scan IMG_2041.jpg --out straightened/
      fresque scan photos/ --flat > run.jsonl
    """
    from capture.intake import files_in
    from capture.sandbox import Sandbox

    files = files_in(photos)
    failed = 0
    with progress("scanning", len(files), quiet=sys.stdout.isatty()) as advance, Sandbox() as sandbox:
        for path in files:
            failed += not _scan_one(path, flat, out, reader, sandbox)
            advance()
    if failed:
        raise BatchPartlyFailed(f"{failed} of {len(files)} could not be scanned", "each is named above with its reason")


def _scan_one(path: Path, flat: bool, out: Path | None, reader: str | None, sandbox: Sandbox) -> bool:
    """Scan and print one photo; False when it failed."""
    from capture import decode, renditions
    from capture.intake import printable_name, read_file
    from capture.pipeline import load, stages
    from fresque import reading

    name, digest = printable_name(path), None
    settings = Settings.from_environment()
    limit = settings.max_pixels
    options = stages.Options(
        load=load.Params(max_pixels=limit) if limit else load.Params(),
        read=reading.params(settings, reader),
        renditions=out is not None,
    )
    try:
        data = read_file(path)
        digest = hashlib.sha256(data).hexdigest()
        outcome = stages.run(decode.decode(data, sandbox, options.load), options)
    except PhotoError as error:
        warn(f"{name}: {error}")
        echo_json(contract.flat_object(name, None) if flat else contract.scan_object(name, digest, None, str(error)))
        return False
    echo_json(contract.flat_object(name, outcome.scan) if flat else contract.scan_object(name, digest, outcome.scan))
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for number, images in enumerate(outcome.renditions, start=1):
            for kind, file in renditions.encode(images).items():
                if kind != "thumb":
                    (out / f"{path.stem}-{number}-{kind}.jpg").write_bytes(file)
    return True
