"""How hard a photo is: every number a photographer's bad luck depends on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from samples.boards.plan import Art

Range = tuple[float, float]


@dataclass(frozen=True)
class Look:
    """Angles in degrees, blur in pixels of a 12-megapixel photo, shares in 0..1 (chance that a photo has it)."""

    art: Art = field(default_factory=lambda: Art("tune"))
    yaw: float = 17
    pitch: float = 7
    roll: float = 3
    fill: Range = (0.72, 0.95)
    cut: float = 0.1  # a side out of shot
    same_wall: float = 0.15  # a wall of the board's colour
    walls: tuple[tuple[int, int, int], ...] = ()  # BGR of the venue's walls; none: any of the split's palette
    contrast: float = 15  # least difference in grey levels between the board and any other wall
    texture: float = 0.5  # strength of the wall's texture
    clutter: Range = (0, 4)
    uneven: Range = (0.1, 0.5)
    half_lit: float = 0.08
    tint: float = 0.06
    exposure: Range = (0.55, 1.0)
    glare: float = 0.25
    window: float = 0.15
    shadow: float = 0.15
    person: float = 0.08
    front: float = 0.06  # furniture in front
    blur: Range = (0.6, 1.6)
    motion: float = 0.05
    noise: Range = (1.0, 4.0)
    quality: Range = (78, 93)


PLAIN = Look(
    art=Art("tune", small=0.0, slow=0.12, wobble=0.6, dirt=0.2, dark=0.0),
    yaw=13, pitch=6, roll=3, fill=(0.78, 0.95), cut=0.05, same_wall=0.02, contrast=45, texture=0.1, clutter=(0, 3),
    uneven=(0.05, 0.3), half_lit=0.02, exposure=(0.7, 1.0), glare=0.15, window=0.05, shadow=0.05, person=0.02,
    front=0.02, blur=(0.6, 1.2), motion=0.0, noise=(1.0, 3.0),
)  # fmt: skip
FIELD = Look()
HARD = Look(
    art=Art("tune", small=0.75, slow=0.5, wobble=1.3, dirt=0.9, dark=0.08),
    yaw=30, pitch=13, roll=5, fill=(0.55, 1.02), cut=0.22, same_wall=0.35, contrast=0, texture=1.0, clutter=(3, 10),
    uneven=(0.3, 0.8), half_lit=0.25, tint=0.12, exposure=(0.35, 1.05), glare=0.5, window=0.4, shadow=0.4, person=0.25,
    front=0.25, blur=(1.0, 2.8), motion=0.2, noise=(3.0, 9.0), quality=(60, 88),
)  # fmt: skip
CLEAN = Look(
    art=Art("tune", dirt=0.0, dark=0.0),
    cut=0, same_wall=0, texture=0.3, clutter=(0, 0), uneven=(0, 0), half_lit=0, tint=0, exposure=(1, 1), glare=0,
    window=0, shadow=0, person=0, front=0, blur=(0.4, 0.4), motion=0, noise=(0, 0), quality=(97, 97),
)  # fmt: skip
LOOKS = {"plain": PLAIN, "field": FIELD, "hard": HARD, "clean": CLEAN}


def look(name: str, split: str, extra: bool = False) -> Look:
    """A named difficulty for a split; ``extra`` also uses the fonts of @fontsource."""
    base = LOOKS[name]
    return replace(base, art=replace(base.art, split=split, extra=extra))
