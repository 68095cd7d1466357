"""How well the whole pipeline does on photos whose truth is known.

python -m bench.quality FOLDER... [--half even|odd]     folders that hold a truth.jsonl
python -m bench.quality --seed 11 --count 24            a set drawn for the occasion (measuring fonts and texts)
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import click

from bench import photos
from bench.score import table
from capture.pipeline import stages
from fresque import contract
from fresque.terminal import progress


def scan_folder(folder: Path, truths: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One flat object a photo, as `fresque scan --flat` prints it."""
    runs = []
    options = stages.Options(renditions=False)
    with progress(folder.name, len(truths)) as advance:
        for truth in truths:
            outcome = stages.run((folder / truth["photo"]).read_bytes(), options)
            runs.append(contract.flat_object(truth["photo"], outcome.scan))
            advance(note=truth["photo"])
    return runs


@click.command()
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--half", default="all", type=click.Choice(photos.HALVES), help="Half of the photos, by digest of the name."
)
@click.option("--seed", default=1, show_default=True, help="Of the set that is drawn when no folder is given.")
@click.option("--count", default=24, show_default=True)
@click.option("--split", default="measure", type=click.Choice(["tune", "measure"]))
@click.option("--difficulty", default="plain", help="Of the set that is drawn: plain or hard.")
@click.option("--runs", type=click.Path(path_type=Path), help="Keep the answers in this file.")
def main(
    folders: tuple[Path, ...], half: str, seed: int, count: int, split: str, difficulty: str, runs: Path | None
) -> None:
    """Print the scorer's table for each folder."""
    with tempfile.TemporaryDirectory() as scratch:
        places = folders or (photos.rendered(Path(scratch), seed, count, split, difficulty),)
        for folder in places:
            truths = photos.truths(folder, half)
            answers = scan_folder(folder, truths)
            if runs:
                with runs.open("a", encoding="utf-8") as file:
                    file.writelines(json.dumps(answer, ensure_ascii=False) + "\n" for answer in answers)
            print(f"\n{folder.name} ({half}, {len(truths)} photos)")
            print(table(truths, answers))


if __name__ == "__main__":
    main()
