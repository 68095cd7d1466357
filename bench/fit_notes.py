"""Trains the network of ``capture.pipeline.notes_proof`` on drawn walls and boards, and on photos without notes.

    python -m bench.fit_notes collect FILE.npz [--seed 9100] [--count 200] [--without FOLDER --half even]
    python -m bench.fit_notes train FILE.npz... [--out capture/pipeline/data/notes.json]

A candidate is worth as much as it covers the note it lies on; a seventh of the photos is held out for the figures.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from archive.documents import quad
from bench import photos
from bench.notes import WALLS
from bench.score import iou, polygon
from capture.pipeline import ground, load, notes, notes_pieces, straighten
from capture.pipeline.frame import Frame
from capture.pipeline.notes_proof import FAR
from capture.pipeline.notes_signs import NAMES, signs
from fresque.terminal import progress
from samples.look import look
from samples.render import render
from samples.rng import stream
from samples.spec import Spec
from samples.texts import texts

SIZE = (2000, 1500)
LOOKS = ("plain", "field", "hard", "field")
KINDS = ("notes", "notes", "notes", "fresco", "whiteboard", "flipchart")
HIDDEN = 28
NOISE = 0.4  # deviations: signs are never twice the same
WORTH = (0.55, 0.9)
"""IoU with a note from which on a candidate is worth something, and everything."""


def scenes(seed: int, count: int) -> Iterator[tuple[Frame, list[Any]]]:
    """Boards laid straight, and the outlines of their notes in photo pixels; some photos as they were taken."""
    pool = texts("tune")
    for n in range(count):
        rng = stream(seed, f"scene {n}")
        how = look(LOOKS[n % len(LOOKS)], "tune")
        art: dict[str, Any] = dict(WALLS[str(rng.choice(list(WALLS)))])
        if rng.random() < 0.6:
            art["shade"] = (0.08, 0.55)
        art.setdefault("oblong", 0.3)
        how = replace(how, art=replace(how.art, **art))
        spec = Spec(pool[int(rng.integers(len(pool)))], KINDS[n % len(KINDS)], SIZE, how)
        drawn = render(spec, seed * 100_003 + n)
        frame = load.decode(drawn.jpeg).frame
        whole = drawn.truth["quad"] is None or rng.random() < 0.2
        yield frame if whole else straighten.straighten(frame, quad(drawn.truth["quad"])), drawn.truth["notes"]


def described(frame: Frame, known: list[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The signs of each candidate of a picture, and its IoU with the note that it covers best."""
    picture = notes_pieces.even(frame.pixels, ground.estimate(frame.pixels), notes_pieces.Params())
    scale = np.array(picture.scale)
    right = [polygon((frame.points_from_photo(np.array(n["poly"])) * scale).tolist()) for n in known]
    quads = notes.candidates(picture)
    shapes = [polygon(q.tolist()) for q in quads]
    overlaps = [max((iou(r, s) for r in right if r.intersects(s)), default=0.0) for s in shapes]
    return np.array([signs(picture, q) for q in quads]).reshape(-1, len(NAMES)), np.array(overlaps)


@click.group()
def main() -> None:
    """Collect candidates, then train."""


@main.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--seed", default=9100, show_default=True)
@click.option("--count", default=200, show_default=True)
@click.option("--without", type=click.Path(path_type=Path), help="Photos in which there are no notes.")
@click.option("--half", default="even", type=click.Choice(photos.HALVES))
def collect(out: Path, seed: int, count: int, without: Path | None, half: str) -> None:
    """Signs and overlaps of the candidates of drawn photos."""
    cv2.setNumThreads(1)
    rows, overlaps, numbers = [], [], []
    found: Iterator[tuple[Frame, list[Any]]] = scenes(seed, count)
    if without:
        names = [p for p in sorted(without.iterdir()) if p.suffix.lower() in (".jpg", ".jpeg", ".png")]
        kept = [p for p in names if half in ("all", photos.half_of(p.name))]
        found, count = ((load.decode(p.read_bytes()).frame, []) for p in kept), len(kept)
    with progress("collecting", count) as advance:
        for n, (frame, known) in enumerate(found):
            some, reached = described(frame, known)
            rows.append(some)
            overlaps.append(reached)
            numbers.append(np.full(len(reached), n))
            advance()
    np.savez_compressed(
        out, rows=np.concatenate(rows), overlaps=np.concatenate(overlaps), scenes=np.concatenate(numbers)
    )


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--epochs", default=60, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("--out", default="capture/pipeline/data/notes.json", type=click.Path(path_type=Path), show_default=True)
def train(files: tuple[Path, ...], epochs: int, seed: int, out: Path) -> None:
    """Fit the network and write it."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    parts = [np.load(path) for path in files]
    rows = torch.tensor(np.concatenate([p["rows"] for p in parts]), dtype=torch.float32)
    overlaps = torch.tensor(np.concatenate([p["overlaps"] for p in parts]), dtype=torch.float32)
    held = torch.tensor(np.concatenate([p["scenes"] % 7 == 6 for p in parts]))
    worth = ((overlaps - WORTH[0]) / (WORTH[1] - WORTH[0])).clamp(0, 1)
    mean, spread = rows[~held].mean(0), rows[~held].std(0).clamp(min=1e-3)
    rows = ((rows - mean) / spread).clamp(-FAR, FAR)
    net = torch.nn.Sequential(torch.nn.Linear(len(NAMES), HIDDEN), torch.nn.Tanh(), torch.nn.Linear(HIDDEN, 1))
    optimiser = torch.optim.AdamW(net.parameters(), lr=4e-3, weight_decay=1e-2)
    learn = torch.nonzero(~held)[:, 0]
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, 8e-3, total_steps=epochs * (len(learn) // 256 + 1))
    for _ in range(epochs):
        for batch in torch.split(learn[torch.randperm(len(learn))], 256):
            seen = rows[batch] + NOISE * torch.randn(len(batch), len(NAMES))
            loss = torch.nn.functional.binary_cross_entropy_with_logits(net(seen)[:, 0], worth[batch])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            rate.step()
    with torch.no_grad():
        sure = torch.sigmoid(net(rows)[:, 0])
    for name, some in (("learned from", ~held), ("held out", held)):
        right, said = overlaps[some] > 0.6, sure[some] > 0.5
        both = float((right & said).sum())
        print(f"{name}: {int(some.sum())} candidates, {int(right.sum())} of them notes;", end=" ")
        print(f"precision {both / max(1, int(said.sum())):.3f}, recall {both / max(1, int(right.sum())):.3f}")
    layers = [layer for layer in net if isinstance(layer, torch.nn.Linear)]
    kept = {
        "names": list(NAMES),
        "mean": _rounded(mean),
        "spread": _rounded(spread),
        "layers": [{"weights": _rounded(layer.weight), "bias": _rounded(layer.bias)} for layer in layers],
    }
    out.write_text(json.dumps(kept, separators=(",", ":")) + "\n", encoding="utf-8")


def _rounded(values: torch.Tensor) -> list[object]:
    return np.round(values.detach().double().numpy(), 4).tolist()  # type: ignore[no-any-return]


if __name__ == "__main__":
    main()
