"""Trains the scorer of ``capture.pipeline.find`` on what ``bench.fit_find`` collected:
``python -m bench.fit_find_train FILE.npz ... [--out capture/pipeline/find/data/scorer.json]``.

Small networks, of which the mean counts, give each candidate of a scene a worth, beside all the others of the scene.
They are fitted so that the candidate with the highest worth of its scene is the one that covers the board best (softmax
over the scene), and so that the worth tells on its own whether IoU 0.9 is reached (logistic). A sixth of the scenes is
held out: for the figures that are printed, and to fit the confidence of what is chosen.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from capture.pipeline.find.features import NAMES

HIDDEN, HEADS, INNER = 32, 2, 16
RIGHT = 0.9
BATCH = 32

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Scenes:
    """S scenes padded to K candidates: ``rows`` S×K×F, ``overlaps`` and ``there`` S×K."""

    rows: torch.Tensor
    overlaps: torch.Tensor
    there: torch.Tensor

    def some(self, which: NDArray[np.int64]) -> Scenes:
        mask = torch.from_numpy(which)
        return Scenes(self.rows[mask], self.overlaps[mask], self.there[mask])


def load(paths: list[Path]) -> tuple[Scenes, NDArray[np.int64]]:
    """The scenes of all files, and of which file each is."""
    groups, origin = [], []
    for at, path in enumerate(paths):
        with np.load(path) as held:  # each access unpacks the whole array anew
            rows, overlaps, numbers = held["rows"], held["overlaps"], held["scenes"]
        starts = np.flatnonzero(np.diff(numbers, prepend=-1))
        ends = [*starts[1:], len(numbers)]
        groups += [(rows[a:b], overlaps[a:b]) for a, b in zip(starts, ends, strict=True)]
        origin += [at] * len(starts)
    most = max(len(rows) for rows, _ in groups)
    padded = np.zeros((len(groups), most, len(NAMES)), np.float32)
    reached, there = np.zeros((len(groups), most), np.float32), np.zeros((len(groups), most), bool)
    for i, (described, overlap) in enumerate(groups):
        padded[i, : len(overlap)], reached[i, : len(overlap)], there[i, : len(overlap)] = described, overlap, True
    scenes = Scenes(torch.from_numpy(padded), torch.from_numpy(reached), torch.from_numpy(there))
    return scenes, np.array(origin)


class Network(torch.nn.Module):
    """``capture.pipeline.find.score.Scorer`` while it learns: candidates B×K×F, ``there`` B×K → worth B×K."""

    def __init__(self) -> None:
        super().__init__()
        self.look = torch.nn.Linear(len(NAMES), HIDDEN)
        self.attend = torch.nn.Linear(HIDDEN, HEADS)
        self.inner = torch.nn.Linear(HIDDEN * (HEADS + 2), INNER)
        self.last = torch.nn.Linear(INNER, 1)

    def forward(self, rows: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        seen = torch.tanh(self.look(rows))
        weights = torch.softmax(self.attend(seen).masked_fill(~there[..., None], -1e4), dim=1)
        summed = torch.einsum("bkh,bkf->bhf", weights, seen).flatten(1)
        each = there[..., None].float()
        mean = (seen * each).sum(1) / each.sum(1)
        others = torch.cat([summed, mean], dim=1)[:, None].expand(-1, seen.shape[1], -1)
        worth: torch.Tensor = self.last(torch.tanh(self.inner(torch.cat([seen, others], dim=2))))
        return worth[..., 0]


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


@dataclass(frozen=True)
class Plan:
    """``rate`` is the highest learning rate."""

    epochs: int
    rate: float


def train(net: Network, scenes: Scenes, mean: torch.Tensor, spread: torch.Tensor, plan: Plan) -> Network:
    """``net``, fitted further."""
    epochs = plan.epochs
    optimiser = torch.optim.AdamW(net.parameters(), lr=plan.rate / 2, weight_decay=1e-3)
    steps = epochs * (len(scenes.rows) // BATCH + 1)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, plan.rate, total_steps=steps)
    rows = (scenes.rows - mean) / spread
    for _ in range(epochs):
        order = torch.randperm(len(rows))
        for part in torch.split(order, BATCH):
            batch = Scenes(rows[part], scenes.overlaps[part], scenes.there[part])
            loss = loss_of(net(batch.rows, batch.there), batch)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            rate.step()
    return net


def fresh(count: int) -> list[Network]:
    nets = []
    for seed in range(count):
        torch.manual_seed(seed)
        nets.append(Network())
    return nets


def held_in(path: Path) -> tuple[list[Network], torch.Tensor, torch.Tensor]:
    """The networks of a scorer, with the mean and the spread of the features that they were trained on."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    nets = []
    for one in kept["networks"]:
        net = Network()
        layers = (one["look"], one["attend"], *one["layers"])
        with torch.no_grad():
            for layer, values in zip((net.look, net.attend, net.inner, net.last), layers, strict=True):
                layer.weight.copy_(torch.tensor(values["weights"]))
                layer.bias.copy_(torch.tensor(values["bias"]))
        nets.append(net)
    return nets, torch.tensor(kept["mean"]), torch.tensor(kept["spread"])


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


def _parts(test: Scenes, origin: NDArray[np.int64], files: list[Path]) -> list[tuple[str, Scenes]]:
    return [(path.stem, test.some(np.flatnonzero(origin == i))) for i, path in enumerate(files)]


def report(name: str, nets: list[Network], values: tuple[torch.Tensor, torch.Tensor], scenes: Scenes) -> None:
    """``values``: mean and spread of the features."""
    rows = (scenes.rows - values[0]) / values[1]
    with torch.no_grad():
        worth = torch.stack([net(rows, scenes.there) for net in nets]).mean(0)
    alone = chosen(worth, scenes)[1]
    print(f"{name}: {len(alone)} held out, IoU {alone.mean():.3f}, 0.9 or more {np.mean(alone >= RIGHT):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--twice", type=Path, nargs="*", default=[], help="of FILES, those that count twice")
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--networks", type=int, default=3)
    parser.add_argument("--start", type=Path, help="a scorer whose networks learn on")
    parser.add_argument("--rate", type=float, default=8e-3, help="highest learning rate")
    parser.add_argument("--out", type=Path, default=Path("capture/pipeline/find/data/scorer.json"))
    options = parser.parse_args()
    torch.set_num_threads(1)
    scenes, origin = load(options.files)
    held = np.arange(len(origin)) % 6 == 5
    again = np.isin(origin, [i for i, path in enumerate(options.files) if path in options.twice])
    learn = scenes.some(np.concatenate([np.flatnonzero(~held), np.flatnonzero(~held & again)]))
    test = scenes.some(np.flatnonzero(held))
    flat = learn.rows[learn.there]
    if options.start:
        before, mean, spread = held_in(options.start)
    else:
        before, mean, spread = fresh(options.networks), flat.mean(0), flat.std(0).clamp(min=1e-3)
    plan = Plan(options.epochs, options.rate)
    values = (mean, spread)
    for name, part in _parts(test, origin[held], options.files):
        report(f"before, {name}", before, values, part)
    torch.manual_seed(0)
    nets = [train(net, learn, mean, spread, plan) for net in before]
    with torch.no_grad():
        worths = [net((test.rows - mean) / spread, test.there) for net in nets]
    for seed, one in enumerate(worths):
        alone = chosen(one, test)[1]
        print(f"network {seed} alone: IoU {alone.mean():.3f}, 0.9 or more {np.mean(alone >= RIGHT):.3f}")
    worth, overlap = chosen(torch.stack(worths).mean(0), test)
    for name, part in _parts(test, origin[held], options.files):
        report(name, nets, values, part)
    slope, offset = calibrate(worth, (overlap >= RIGHT).astype(np.float64))
    best = (test.overlaps * test.there).max(dim=1).values.numpy()
    print(f"{len(overlap)} scenes held out: IoU {overlap.mean():.3f} (best candidate {best.mean():.3f}), ")
    print(f"0.9 or more {np.mean(overlap >= RIGHT):.3f} (best candidate {np.mean(best >= RIGHT):.3f})")
    sure = 1 / (1 + np.exp(-(slope * worth + offset)))
    for low, high in ((0, 0.5), (0.5, 0.8), (0.8, 0.9), (0.9, 1.01)):
        some = (sure >= low) & (sure < high)
        print(f"  p {low:.1f}-{min(high, 1):.1f}: {some.sum():4d}, right {np.mean(overlap[some] >= RIGHT):.3f}")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    kept = {
        "names": list(NAMES),
        "mean": _rounded(mean),
        "spread": _rounded(spread),
        "networks": [
            {"look": _layer(net.look), "attend": _layer(net.attend), "layers": [_layer(net.inner), _layer(net.last)]}
            for net in nets
        ],
        "confidence": [round(slope, 4), round(offset, 4)],
    }
    options.out.write_text(json.dumps(kept, separators=(",", ":")) + "\n", encoding="utf-8")


def _layer(layer: torch.nn.Linear) -> dict[str, object]:
    return {"weights": _rounded(layer.weight), "bias": _rounded(layer.bias)}


def _rounded(values: torch.Tensor) -> list[object]:
    return np.round(values.detach().double().numpy(), 4).tolist()  # type: ignore[no-any-return]


if __name__ == "__main__":
    main()
