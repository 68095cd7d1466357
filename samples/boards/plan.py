"""What is decided about a board before it is drawn."""

from __future__ import annotations

from dataclasses import dataclass

from samples.canvas import Canvas, Colour


@dataclass(frozen=True)
class Art:
    """How boards are drawn. ``small``: 0 large writing .. 1 small; ``slow``: share of hands hard to read;
    ``dirt``: smudges, curls, dog-ears and overlaps, 0..1; ``dark``: share of dark whiteboards. Of sticky notes:
    ``pads``, their colours, ``walls``, what they stick on (none: usual), ``tight``: share of walls where they touch,
    ``shade``: how dark their shadows are, which then fall to any side, ``oblong``: share of walls of 5 × 3 inch notes
    in close rows, ``lean``: up to how many degrees each is stuck askew (none: a little, as usual). ``ghosts``: share of
    sheets that show the writing on their back, and of whiteboards with old writing badly wiped off."""

    split: str
    small: float = 0.3
    slow: float = 0.35
    wobble: float = 1.0
    dirt: float = 0.5
    dark: float = 0.04
    extra: bool = False
    pads: tuple[str, ...] = ()
    walls: tuple[str, ...] = ()
    tight: float | None = None
    shade: tuple[float, float] | None = None
    oblong: float = 0.0
    lean: float | None = None
    ghosts: float = 0.0

    @property
    def script(self) -> dict[str, float]:
        return {"slow": self.slow, "wobble": self.wobble, "extra": float(self.extra)}


@dataclass(frozen=True)
class Plan:
    """Millimetres. ``variety`` is the kind's own word: "easel", "taped", "kraft", "wall" ..."""

    kind: str
    variety: str
    width: float
    height: float
    margins: tuple[float, float, float, float] = (0, 0, 0, 0)
    ground: Colour = (246, 247, 247)
    dark: bool = False
    gloss: float = 0.0
    depth: float = 2.0  # how far the surface stands before the wall
    note: tuple[float, float] = (100.0, 100.0)  # the usual sticky note's width and height

    def canvas(self, scale: float) -> Canvas:
        return Canvas(self.width, self.height, self.margins, scale, self.ground, self.dark, self.gloss)
