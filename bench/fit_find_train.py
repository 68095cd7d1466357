"""Trains the scorer of ``capture.pipeline.find`` on what ``bench.fit_find`` collected:
``python -m bench.fit_find_train FILE.npz ... [--out capture/pipeline/find/data/scorer.json]``.

A small network gives each candidate of a scene a worth. It is fitted so that the candidate with the highest worth of
its scene is the one that covers the board best (softmax over the scene), and so that the worth tells on its own
whether IoU 0.9 is reached (logistic). A sixth of the scenes is held out: for the figures that are printed, and to fit
the confidence of what is chosen.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from capture.pipeline.find.features import NAMES

HIDDEN = (32, 16)
RIGHT = 0.9
GOOD, OTHERS = 40, 160

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Scenes:
    """S scenes padded to K candidates: ``rows`` S×K×F, ``overlaps`` and ``there`` S×K."""

    rows: torch.Tensor
    overlaps: torch.Tensor
    there: torch.Tensor

    def some(self, where: NDArray[np.bool_]) -> Scenes:
        mask = torch.from_numpy(where)
        return Scenes(self.rows[mask], self.overlaps[mask], self.there[mask])


def load(paths: list[Path]) -> Scenes:
    groups = []
    for path in paths:
        with np.load(path) as held:  # each access unpacks the whole array anew
            rows, overlaps, numbers = held["rows"], held["overlaps"], held["scenes"]
        starts = np.flatnonzero(np.diff(numbers, prepend=-1))
        ends = [*starts[1:], len(numbers)]
        groups += [_fewer(rows[a:b], overlaps[a:b]) for a, b in zip(starts, ends, strict=True)]
    most = max(len(rows) for rows, _ in groups)
    padded = np.zeros((len(groups), most, len(NAMES)), np.float32)
    reached, there = np.zeros((len(groups), most), np.float32), np.zeros((len(groups), most), bool)
    for i, (described, overlap) in enumerate(groups):
        padded[i, : len(overlap)], reached[i, : len(overlap)], there[i, : len(overlap)] = described, overlap, True
    return Scenes(torch.from_numpy(padded), torch.from_numpy(reached), torch.from_numpy(there))


def _fewer(rows: Floats, overlaps: Floats) -> tuple[Floats, Floats]:
    """What there is to learn from: the good candidates, a draw of the others, and the whole photo, which is last."""
    draw = np.random.default_rng(len(rows)).random(len(rows))
    good = np.argsort(-overlaps)[:GOOD]
    others = np.argsort(draw)[:OTHERS]
    kept = np.union1d(np.union1d(good, others), [len(rows) - 1])
    return rows[kept], overlaps[kept]


def network() -> torch.nn.Sequential:
    sizes = (len(NAMES), *HIDDEN)
    layers: list[torch.nn.Module] = []
    for before, after in pairwise(sizes):
        layers += [torch.nn.Linear(before, after), torch.nn.Tanh()]
    return torch.nn.Sequential(*layers, torch.nn.Linear(sizes[-1], 1))


def loss_of(worth: torch.Tensor, scenes: Scenes) -> torch.Tensor:
    share = torch.log_softmax(worth.masked_fill(~scenes.there, -1e4), dim=1)
    best = scenes.overlaps.max(dim=1, keepdim=True).values
    target = torch.softmax(((scenes.overlaps - best) / 0.012).masked_fill(~scenes.there, -1e4), dim=1)
    usable = (best[:, 0] > 0.8).float()  # where nothing is right, nothing can be learned of choosing
    ranking = -((target * share).sum(1) * usable).mean()
    missed = ((1 - (share.exp() * scenes.overlaps).sum(1) / best[:, 0].clamp(min=0.1)) * usable).mean()
    right = ((scenes.overlaps - 0.82) / 0.12).clamp(0, 1)
    each = torch.nn.functional.binary_cross_entropy_with_logits(worth, right, reduction="none")
    return ranking + 2 * missed + 4 * (each * scenes.there).sum() / scenes.there.sum()


def train(scenes: Scenes, mean: torch.Tensor, spread: torch.Tensor, epochs: int, seed: int) -> torch.nn.Sequential:
    torch.manual_seed(seed)
    net = network()
    optimiser = torch.optim.AdamW(net.parameters(), lr=4e-3, weight_decay=1e-3)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, 8e-3, total_steps=epochs * (len(scenes.rows) // 64 + 1))
    rows = (scenes.rows - mean) / spread
    for _ in range(epochs):
        order = torch.randperm(len(rows))
        for part in torch.split(order, 64):
            batch = Scenes(rows[part], scenes.overlaps[part], scenes.there[part])
            loss = loss_of(net(batch.rows)[..., 0], batch)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            rate.step()
    return net


def chosen(worth: torch.Tensor, scenes: Scenes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Worth and overlap of the best candidate of each scene."""
    top, at = worth.masked_fill(~scenes.there, -1e4).max(dim=1)
    return top.double().numpy(), scenes.overlaps.gather(1, at[:, None])[:, 0].double().numpy()


def calibrate(worth: NDArray[np.float64], right: NDArray[np.float64]) -> tuple[float, float]:
    """Slope and offset of the logistic curve from the worth of what is chosen to how often it is right (Platt)."""
    x, y = torch.from_numpy(worth), torch.from_numpy(right)
    line = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    solver = torch.optim.LBFGS([line], max_iter=200)

    def step() -> torch.Tensor:
        solver.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(line[0] * x + line[1], y)
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    solver.step(step)  # type: ignore[no-untyped-call]
    return float(line[0].detach()), float(line[1].detach())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("capture/pipeline/find/data/scorer.json"))
    options = parser.parse_args()
    torch.set_num_threads(1)
    scenes = load(options.files)
    held = np.arange(len(scenes.rows)) % 6 == 5
    learn, test = scenes.some(~held), scenes.some(held)
    flat = learn.rows[learn.there]
    mean, spread = flat.mean(0), flat.std(0).clamp(min=1e-3)
    net = train(learn, mean, spread, options.epochs, options.seed)
    with torch.no_grad():
        worth, overlap = chosen(net((test.rows - mean) / spread)[..., 0], test)
    slope, offset = calibrate(worth, (overlap >= RIGHT).astype(np.float64))
    best = (test.overlaps * test.there).max(dim=1).values.numpy()
    print(f"{len(overlap)} scenes held out: IoU {overlap.mean():.3f} (best candidate {best.mean():.3f}), ")
    print(f"0.9 or more {np.mean(overlap >= RIGHT):.3f} (best candidate {np.mean(best >= RIGHT):.3f})")
    sure = 1 / (1 + np.exp(-(slope * worth + offset)))
    for low, high in ((0, 0.5), (0.5, 0.8), (0.8, 0.9), (0.9, 1.01)):
        some = (sure >= low) & (sure < high)
        print(f"  p {low:.1f}-{min(high, 1):.1f}: {some.sum():4d}, right {np.mean(overlap[some] >= RIGHT):.3f}")
    layers = [layer for layer in net if isinstance(layer, torch.nn.Linear)]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    kept = {
        "names": list(NAMES),
        "mean": _rounded(mean),
        "spread": _rounded(spread),
        "layers": [{"weights": _rounded(layer.weight), "bias": _rounded(layer.bias)} for layer in layers],
        "confidence": [round(slope, 4), round(offset, 4)],
    }
    options.out.write_text(json.dumps(kept, separators=(",", ":")) + "\n", encoding="utf-8")


def _rounded(values: torch.Tensor) -> list[object]:
    return np.round(values.detach().double().numpy(), 4).tolist()  # type: ignore[no-any-return]


if __name__ == "__main__":
    main()
