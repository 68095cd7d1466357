"""Seeded sets of photos: the four kinds in turn, the texts of one split."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from samples.boards import KINDS
from samples.look import look
from samples.render import Rendered, render
from samples.rng import stream
from samples.spec import Spec
from samples.texts import texts


@dataclass(frozen=True)
class SetSpec:
    """``split`` "tune" or "measure"; ``difficulty`` "plain", "hard" or "clean"; ``size`` long and short side;
    ``extra``: also the fonts of @fontsource; ``kinds`` in turn; ``art``: what is drawn otherwise than usual."""

    split: str = "tune"
    difficulty: str = "plain"
    size: tuple[int, int] = (4000, 3000)
    extra: bool = False
    kinds: tuple[str, ...] = KINDS
    flat: bool = False
    art: Mapping[str, Any] = field(default_factory=dict[str, Any])


def specs(seed: int, count: int, chosen: SetSpec) -> list[Spec]:
    pool = texts(chosen.split)
    order = stream(seed, "texts").permutation(len(pool))
    how = look(chosen.difficulty, chosen.split, chosen.extra)
    how = replace(how, art=replace(how.art, **chosen.art))
    return [
        Spec(
            pool[int(order[i % len(pool)])],
            chosen.kinds[i % len(chosen.kinds)],
            chosen.size,
            how,
            f"R{seed}_{i:04d}.jpg",
            flat=chosen.flat,
        )
        for i in range(count)
    ]


def photo_set(seed: int, count: int, chosen: SetSpec | None = None) -> Iterator[Rendered]:
    """Renders ``count`` photos, one at a time; photo ``i`` does not depend on ``count``."""
    for i, spec in enumerate(specs(seed, count, chosen or SetSpec())):
        yield render(spec, seed * 100_003 + i)
